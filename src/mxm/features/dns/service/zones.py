"""A domain's zone at Cloudflare, looked at closely enough to plan changes."""

from collections.abc import Iterable, Sequence

from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.plan import Situation
from mxm.features.dns.rules.wanted import Wanted
from mxm.features.dns.schemas import Key, Replaceable
from mxm.features.dns.service.changelog import ChangeLog
from mxm.features.dns.service.looks import PublicDns
from mxm.features.domains.api import Domains
from mxm.platform.errors import Conflict, NotConfigured, NotFound
from mxm.upstreams.cloudflare import Cloudflare, Record, Zone
from mxm.upstreams.resolver import Lookup, Resolver, SpfCost


class Zones:
    """One for each process."""

    def __init__(self, cloudflare: Cloudflare, resolver: Resolver, log: ChangeLog, domains: Domains) -> None:
        self._cloudflare, self._resolver, self._log, self._domains = cloudflare, resolver, log, domains

    async def of(self, domain: str) -> Zone:
        """The zone that holds a domain. Raises `NotConfigured`, or `NotFound` when there is none."""
        if not self._cloudflare.configured:
            raise NotConfigured(self._cloudflare.problem)
        zone = await self._cloudflare.zone_of(domain)
        if zone is None:
            raise NotFound(
                f"No zone of the Cloudflare account holds {domain}: its DNS is elsewhere. "
                f"GET /api/domains/{domain}/dns lists the records to publish there."
            )
        return zone

    async def records(self, zone: Zone) -> Sequence[Record]:
        """All records, live. Raises `Conflict` when the zone is gone: it may have another id by now."""
        try:
            return await self._cloudflare.records(zone.id).live()
        except NotFound:
            await self._cloudflare.zone_of(zone.name, live=True)
            raise Conflict(f"The zone {zone.name} is not where it was; look at it again.") from None

    async def others(self, domain: str) -> frozenset[str]:
        """The other domains of the account."""
        return await self._domains.known() - {domain}

    async def situation(
        self, zone: Zone, wanted: Wanted, keys: Iterable[Key], replace: Iterable[Replaceable]
    ) -> Situation:
        """All that a plan for `keys` is made from."""
        asked = frozenset(keys)
        records = await self.records(zone)
        dns = PublicDns(self._resolver.lookup)
        costs, redirected = await self._spf(dns, wanted, records) if Key.SPF in asked else ({}, ())
        inherited = await self._inherited(dns, wanted, records) if Key.DMARC in asked else None
        return Situation(
            zone=zone.name,
            records=records,
            wanted=wanted,
            replace=frozenset(replace),
            ours=await self._log.ours(zone, _names(wanted)),
            spf_cost=costs.get,
            spf_redirected=redirected,
            domains=await self.others(wanted.domain),
            inherited_dmarc=next(filter(dmarc.is_dmarc, inherited.values), None) if inherited else None,
            inherited_unknown=inherited is not None and inherited.is_unknown,
        )

    @staticmethod
    async def _spf(
        dns: PublicDns, wanted: Wanted, records: Sequence[Record]
    ) -> tuple[dict[str, SpfCost], Sequence[str]]:
        """The cost of the record that a repair would publish, counted in public DNS before anything is planned; and
        the texts that the present record hands over to."""
        present = [r.content for r in records if (r.type, r.name) == ("TXT", wanted.domain) and spf.is_spf(r.content)]
        if wanted.spf is None or not present:
            return {}, ()
        redirected = await dns.redirected(present[0]) if len(present) == 1 else None
        merged = spf.merge(present, wanted.spf).record
        costs = {} if merged is None else {merged: await dns.cost(wanted.domain, merged)}
        return costs, redirected.values if redirected else ()

    @staticmethod
    async def _inherited(dns: PublicDns, wanted: Wanted, records: Sequence[Record]) -> Lookup | None:
        """The nearest parent's policy, where the domain has none of its own."""
        if any((r.type, r.name) == ("TXT", wanted.dmarc_name) for r in records):
            return None
        return await dns.inherited_dmarc(wanted.domain)


def _names(wanted: Wanted) -> set[str]:
    texts = [record.name for record in (wanted.dkim, wanted.verification) if record]
    return {wanted.domain, wanted.dmarc_name, f"mail.{wanted.domain}", f"webmail.{wanted.domain}", *texts}
