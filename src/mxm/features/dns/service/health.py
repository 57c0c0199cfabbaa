"""Health of a domain's mail DNS: what MXroute expects, what public DNS says, and what follows."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from mxm.features.dns.rules import checks as judge
from mxm.features.dns.rules.overall import overall
from mxm.features.dns.rules.wanted import DmarcWish, TextRecord, Wanted, text_record, wanted
from mxm.features.dns.schemas import (
    Check,
    Checks,
    ExpectedDns,
    ExpectedMx,
    ExpectedRecord,
    Health,
    SetupHealth,
    Status,
    ZoneOut,
)
from mxm.features.dns.service.looks import Looks, PublicDns
from mxm.features.dns.service.policies import Policies
from mxm.platform.clock import Clock
from mxm.platform.errors import AppError, NotConfigured, NotFound, RateLimited, UpstreamFailure
from mxm.upstreams.cloudflare import Cloudflare
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.mxroute.models import DnsInfo, DnsRecord
from mxm.upstreams.resolver import Resolver
from mxm.upstreams.transport.cache import Reading

T = TypeVar("T")

Watcher = Callable[[str, Health, datetime], Awaitable[None]]
"""Told how a domain of the account was seen, and when that look began."""

VERIFIED = "domain-verified"
"""The value of MXroute's verification record (facts.md)."""
_LABELS = ("MX", "SPF", "DKIM", "DMARC", "Verification", "mail", "webmail")
_NOT_COVERED = " The certificate there does not cover the name yet; ask for one in MXroute's panel."


class Certificates(Protocol):
    """Looks at the certificate that a host presents; see `upstreams.probes`."""

    async def look(self, host: str, port: int) -> str:
        """`covers`, `does_not_cover` or `unreachable`; kept for an hour."""
        ...


@dataclass(frozen=True, slots=True)
class Expectation:
    """What MXroute says of a domain. Without `info` it could not be read, or the domain is not there."""

    info: DnsInfo | None
    mail_hosting: bool | None
    reachable: bool
    on_mxroute: bool | None
    verification: TextRecord | None = None
    """Known before the domain is registered."""


class DnsHealth:
    """One for each process. DNS is looked up live each time; what MXroute expects is kept for a day."""

    def __init__(
        self,
        mxroute: MXroute,
        cloudflare: Cloudflare,
        resolver: Resolver,
        certificates: Certificates,
        policies: Policies,
        clock: Clock,
        host: str | None,
        watcher: Watcher,
    ) -> None:
        """`host` is the account's mail server (MX_SERVER)."""
        self._mxroute, self._cloudflare, self._resolver = mxroute, cloudflare, resolver
        self._certificates, self._policies, self._clock, self._host = certificates, policies, clock, host
        self._watcher = watcher

    async def expected(self, domain: str) -> Reading[ExpectedDns]:
        """The records to publish. Raises `NotFound` when the domain is not on the account."""
        reading = await self._mxroute.dns(domain).cached()
        info, wish = reading.value, await self._policies.wish(domain)
        shown = ExpectedDns(
            domain=domain,
            mx_records=[
                ExpectedMx(priority=r.priority, hostname=r.hostname, description=r.description)
                for r in info.mx_records or []
            ],
            spf=_shown(domain, info.spf),
            dkim=_shown(domain, info.dkim),
            verification=_shown(domain, info.verification),
            dmarc=ExpectedRecord(name="_dmarc", fqdn=f"_dmarc.{domain}", value=wish.record, type="TXT"),
        )
        return Reading(shown, reading.fetched_at, reading.stale)

    async def wanted(self, domain: str) -> Wanted:
        """What should be published. Raises `NotFound`, or why MXroute cannot be read."""
        info = (await self._mxroute.dns(domain).cached()).value
        return wanted(domain, info, await self._policies.wish(domain), self._host)

    async def of(self, domain: str) -> Health:
        """A domain of the account. Raises `NotFound` when it is none."""
        return await self._with_certificates(await self.seen(domain))

    async def seen(self, domain: str) -> Health:
        """As `brief`, and kept for the overview of all domains."""
        since = self._clock.now()
        health = await self.brief(domain)
        await self._watcher(domain, health, since)
        return health

    async def brief(self, domain: str) -> Health:
        """The same without a look at certificates, which no status depends on and which may take seconds."""
        expectation = await self._expectation(domain)
        if expectation.on_mxroute is False:
            raise NotFound(f"{domain} is not a domain of the MXroute account.")
        return await self._judged(domain, expectation)

    async def setup(self, domain: str) -> SetupHealth:
        """A domain that may not be on the account yet, and the zone that holds it."""
        since = self._clock.now()
        expectation, (zone, zone_known) = await asyncio.gather(self._expectation(domain), self._zone(domain))
        if expectation.on_mxroute is False:
            expectation = await self._before_registration(domain, expectation)
        judged = await self._judged(domain, expectation)
        if expectation.on_mxroute:
            await self._watcher(domain, judged, since)
        health = await self._with_certificates(judged)
        return SetupHealth(**dict(health), on_mxroute=expectation.on_mxroute, zone=zone, zone_known=zone_known)

    async def verification_record(self, domain: str) -> TextRecord:
        """What has to be in public DNS before the domain can be registered."""
        key = (await self._mxroute.verification_key().cached()).value
        known = text_record(domain, key.record)
        return known or TextRecord(f"{key.key.lower()}.{domain}", VERIFIED)

    async def names(self, domain: str, *, seconds: float) -> tuple[Check, Check]:
        """`mail.`, with a look at its certificate, and `webmail.`: within `seconds`, without asking MXroute anything.

        What DNS has not told by then is unknown; a certificate not seen by then is left out.
        """
        ends_at = asyncio.get_running_loop().time() + seconds
        known = self._mxroute.dns(domain).known()
        wanting = wanted(domain, known.value if known else None, DmarcWish("", custom=False), self._host)
        mail_look, webmail_look = await PublicDns(self._resolver.lookup, seconds=seconds).names(domain)
        mail_name, webmail_name = f"mail.{domain}", f"webmail.{domain}"
        mail = judge.name("mail", mail_name, wanting, mail_look.cname, mail_look.address)
        webmail = judge.name("webmail", webmail_name, wanting, webmail_look.cname, webmail_look.address, opt_in=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(ends_at):
                mail = await self._with_certificate(mail, mail_name, 993)
        return mail, webmail

    async def certificate(self, host: str, port: int) -> str:
        """`covers`, `does_not_cover` or `unreachable`."""
        return await self._certificates.look(host, port)

    async def _expectation(self, domain: str) -> Expectation:
        detail, info = await asyncio.gather(
            _known(self._mxroute.domains.one(domain).cached()), _known(self._mxroute.dns(domain).cached())
        )
        readings = [each for each in (detail, info) if isinstance(each, Reading)]
        missing = detail is None or info is None
        return Expectation(
            info=info.value if isinstance(info, Reading) else None,
            mail_hosting=detail.value.mail_hosting if isinstance(detail, Reading) else None,
            reachable=not any(isinstance(each, AppError) for each in (detail, info))
            and not any(r.stale for r in readings),
            on_mxroute=False if missing else (True if readings else None),
        )

    async def _before_registration(self, domain: str, found: Expectation) -> Expectation:
        try:
            record = await self.verification_record(domain)
        except AppError:
            return found
        return Expectation(found.info, None, found.reachable, found.on_mxroute, record)

    async def _judged(self, domain: str, expectation: Expectation) -> Health:
        wish = await self._policies.wish(domain)
        wanting = wanted(domain, expectation.info, wish, self._host)
        if expectation.on_mxroute is False:
            wanting = Wanted(domain, wish, verification=expectation.verification, host=self._host)
        if expectation.mail_hosting is False:
            checks = _all_skipped("Mail hosting is switched off for this domain.")
        else:
            looks = await PublicDns(self._resolver.lookup).around(wanting)
            checks = await self._checks(wanting, looks, registered=expectation.on_mxroute is not False)
        return Health(
            domain=domain,
            overall=overall(checks),
            checks=checks,
            dmarc_policy=wish.record,
            mail_hosting_enabled=expectation.mail_hosting,
            mxroute_reachable=expectation.reachable,
            cf_configured=self._cloudflare.configured,
            checked_at=self._clock.now(),
        )

    async def _checks(self, wanting: Wanted, looks: Looks, *, registered: bool) -> Checks:
        dmarc = judge.dmarc_check(wanting.dmarc, looks.dmarc, looks.inherited)
        verification = judge.verification(wanting, looks.verification)
        if not registered:
            return _all_pending(dmarc, verification)
        mail_name, webmail_name = f"mail.{wanting.domain}", f"webmail.{wanting.domain}"
        mail = judge.name("mail", mail_name, wanting, looks.mail.cname, looks.mail.address)
        webmail = judge.name("webmail", webmail_name, wanting, looks.webmail.cname, looks.webmail.address, opt_in=True)
        return Checks(
            mx=judge.mx(wanting, looks.mx),
            spf=judge.spf_check(wanting, looks.texts, looks.cost, looks.redirected),
            dkim=judge.dkim(wanting, looks.dkim),
            dmarc=dmarc,
            verification=verification,
            mail=mail,
            webmail=webmail,
        )

    async def _with_certificates(self, health: Health) -> Health:
        mail, webmail = await asyncio.gather(
            self._with_certificate(health.checks.mail, f"mail.{health.domain}", 993),
            self._with_certificate(health.checks.webmail, f"webmail.{health.domain}", 443),
        )
        checks = health.checks.model_copy(update={"mail": mail, "webmail": webmail})
        return health.model_copy(update={"checks": checks})

    async def _with_certificate(self, check: Check, host: str, port: int) -> Check:
        """What the certificate is like is only told: MXroute's panel issues it, no repair can (facts.md)."""
        if check.status is not Status.PASS:
            return check
        verdict = await self.certificate(host, port)
        message = check.message + (_NOT_COVERED if verdict == "does_not_cover" else "")
        return check.model_copy(update={"certificate": verdict, "message": message})

    async def _zone(self, domain: str) -> tuple[ZoneOut | None, bool]:
        """The zone that holds the name, if there is one, and whether that is known."""
        if not self._cloudflare.configured:
            return None, True
        try:
            zone = await self._cloudflare.zone_of(domain)
        except AppError:
            return None, False
        return (ZoneOut.of(zone) if zone else None), True


async def _known(read: Awaitable[Reading[T]]) -> Reading[T] | AppError | None:
    """A reading; None when there is no such domain; the error when it could not be read."""
    try:
        return await read
    except NotFound:
        return None
    except (UpstreamFailure, RateLimited, NotConfigured) as error:
        return error


def _shown(domain: str, record: DnsRecord | None) -> ExpectedRecord | None:
    found = text_record(domain, record)
    if found is None or record is None:
        return None
    return ExpectedRecord(
        type=record.type or "TXT",
        name=record.name or "",
        fqdn=found.name,
        value=found.value,
        description=record.description,
    )


def _all_skipped(why: str) -> Checks:
    mx, spf, dkim, dmarc, verification, mail, webmail = (judge.skipped(label, why) for label in _LABELS)
    return Checks(mx=mx, spf=spf, dkim=dkim, dmarc=dmarc, verification=verification, mail=mail, webmail=webmail)


def _all_pending(dmarc: Check, verification: Check) -> Checks:
    why = "The domain is not on MXroute yet."
    mx, spf, dkim, _, _, mail, webmail = (judge.pending(label, why) for label in _LABELS)
    return Checks(mx=mx, spf=spf, dkim=dkim, dmarc=dmarc, verification=verification, mail=mail, webmail=webmail)
