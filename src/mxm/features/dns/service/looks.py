"""Everything that public DNS says about a domain's mail, asked at once and within one deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.wanted import TextRecord, Wanted
from mxm.upstreams.resolver import Lookup, Outcome, SpfCost, spf_cost
from mxm.upstreams.resolver.client import RecordType

Ask = Callable[[str, RecordType], Awaitable[Lookup]]

DEADLINE_SECONDS = 8.0
"""For all look-ups of one domain together; what has not come by then is unknown."""


@dataclass(frozen=True, slots=True)
class NameLooks:
    """What `mail.` or `webmail.` is."""

    cname: Lookup
    address: Lookup


@dataclass(frozen=True, slots=True)
class Looks:
    """The answers. `redirected` is the look-up of what the SPF record hands over to, `inherited` the DMARC look-up of
    the nearest parent that has a policy."""

    mx: Lookup
    texts: Lookup
    cost: SpfCost | None
    redirected: Lookup | None
    dkim: Lookup | None
    dmarc: Lookup
    inherited: Lookup | None
    verification: Lookup | None
    mail: NameLooks
    webmail: NameLooks


class PublicDns:
    """Looks around for one domain; made anew each time, for its deadline runs from the start."""

    def __init__(self, ask: Ask, *, seconds: float = DEADLINE_SECONDS) -> None:
        self._ask = ask
        self._ends_at = asyncio.get_running_loop().time() + seconds

    async def ask(self, name: str, record_type: RecordType) -> Lookup:
        """One look-up; unknown when the deadline passes first."""
        try:
            async with asyncio.timeout_at(self._ends_at):
                return await self._ask(name, record_type)
        except TimeoutError:
            return Lookup(name, record_type, Outcome.UNKNOWN, reason="no answer in time")

    async def around(self, wanted: Wanted) -> Looks:
        """All that the checks need."""
        domain = wanted.domain
        (mail, webmail), mx, (texts, cost, redirected), dkim, (policy, inherited), verification = await asyncio.gather(
            self.names(domain),
            self.ask(domain, "MX"),
            self._spf(domain),
            self._text(wanted.dkim),
            self._dmarc(domain),
            self._text(wanted.verification),
        )
        return Looks(mx, texts, cost, redirected, dkim, policy, inherited, verification, mail, webmail)

    async def names(self, domain: str) -> tuple[NameLooks, NameLooks]:
        """What `mail.` and `webmail.` are."""
        return await asyncio.gather(self._name(f"mail.{domain}"), self._name(f"webmail.{domain}"))

    async def cost(self, domain: str, record: str) -> SpfCost:
        """What evaluating `record` for `domain` takes."""
        return await spf_cost(self.ask, domain, record)

    async def inherited_dmarc(self, domain: str) -> Lookup | None:
        """The nearest parent's policy: a name without one of its own falls under it. Unknown when it cannot be told."""
        labels = domain.split(".")
        for first in range(1, len(labels) - 1):
            found = await self.ask(f"_dmarc.{'.'.join(labels[first:])}", "TXT")
            if found.is_unknown or any(dmarc.is_dmarc(text) for text in found.values):
                return found
        return None

    async def redirected(self, record: str) -> Lookup | None:
        """The texts of the domain that an SPF record hands over to; None when it does not."""
        target = spf.redirect_of(record)
        return None if target is None else await self.ask(target, "TXT")

    async def _spf(self, domain: str) -> tuple[Lookup, SpfCost | None, Lookup | None]:
        texts = await self.ask(domain, "TXT")
        records = [text for text in texts.values if spf.is_spf(text)]
        if len(records) != 1:
            return texts, None, None
        cost, redirected = await asyncio.gather(self.cost(domain, records[0]), self.redirected(records[0]))
        return texts, cost, redirected

    async def _dmarc(self, domain: str) -> tuple[Lookup, Lookup | None]:
        own = await self.ask(f"_dmarc.{domain}", "TXT")
        if own.is_unknown or any(dmarc.is_dmarc(text) for text in own.values):
            return own, None
        return own, await self.inherited_dmarc(domain)

    async def _text(self, record: TextRecord | None) -> Lookup | None:
        return None if record is None else await self.ask(record.name, "TXT")

    async def _name(self, name: str) -> NameLooks:
        cname, v4, v6 = await asyncio.gather(self.ask(name, "CNAME"), self.ask(name, "A"), self.ask(name, "AAAA"))
        if cname.outcome is Outcome.FOUND:
            return NameLooks(cname, Lookup(name, "A", Outcome.ABSENT))  # its addresses are its target's
        values = v4.values + v6.values
        unknown = next((each for each in (v4, v6) if each.is_unknown), None)
        if unknown is not None and not values:
            return NameLooks(cname, unknown)
        return NameLooks(cname, Lookup(name, "A", Outcome.FOUND if values else Outcome.ABSENT, values))
