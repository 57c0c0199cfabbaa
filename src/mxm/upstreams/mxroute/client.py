"""The entrance to MXroute: credentials in, resources out.

`mx.mailboxes.all("example.com")` is a read: `.live()` gives the value, `.cached()` a `Reading`.
`mx.mailboxes.create(…)` is a write: the journal observes, reserves and sends it.
"""

from dataclasses import dataclass, field

import httpx2

from mxm.platform.clock import Chance, Clock
from mxm.upstreams.mxroute import reads
from mxm.upstreams.mxroute.domains import Domains, Pointers
from mxm.upstreams.mxroute.envelope import MXROUTE
from mxm.upstreams.mxroute.examine import MXrouteExaminer
from mxm.upstreams.mxroute.forwarding import CatchAlls, Forwarders
from mxm.upstreams.mxroute.link import Link, MXrouteRead
from mxm.upstreams.mxroute.mailboxes import Mailboxes
from mxm.upstreams.mxroute.models import DnsInfo, EmailQuota, Quota, VerificationKey
from mxm.upstreams.mxroute.reseller import Packages, Users
from mxm.upstreams.mxroute.spam import Spam
from mxm.upstreams.transport.budget import Budget
from mxm.upstreams.transport.cache import ReadCache
from mxm.upstreams.transport.client import Transport
from mxm.upstreams.transport.exchange import Limits

API_URL = "https://api.mxroute.com"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What MXroute wants in `X-Server`, `X-Username`, `X-API-Key`; None where the setting is missing."""

    server: str | None
    user: str | None
    api_key: str | None = field(repr=False)

    def problem(self) -> str:
        """A sentence naming the settings that are missing or cannot be sent; empty when all is well."""
        values = dict(zip(MXROUTE.credential_settings, (self.server, self.user, self.api_key), strict=True))
        if missing := [name for name, value in values.items() if not value]:
            return f"MXroute is not configured: set {', '.join(missing)}."
        if odd := [name for name, value in values.items() if value and not _sendable(value)]:
            return f"MXroute is not configured: {', '.join(odd)} holds characters that cannot be sent in a header."
        return ""

    def headers(self) -> dict[str, str]:
        """The three headers; only of complete credentials."""
        return {"X-Server": self.server or "", "X-Username": self.user or "", "X-API-Key": self.api_key or ""}


def _sendable(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


class MXroute:
    """One MXroute account. Without complete credentials it can be built, and its first use raises `NotConfigured`."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Clock,
        chance: Chance,
        base_url: str = API_URL,
        budget: Budget | None = None,
        cache: ReadCache | None = None,
        limits: Limits | None = None,
        http: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`base_url` is MXROUTE_API_URL and may have a path prefix; a wrong one is a ValueError that names the setting.

        `budget` and `cache` are made here unless shared; `http` replaces the network in tests.
        """
        self.budget = budget or Budget(clock, name=MXROUTE.name)
        self.cache = cache or ReadCache(clock)
        problem = credentials.problem()
        transport = None
        if not problem:
            transport = Transport(
                MXROUTE,
                base_url=base_url,
                headers=credentials.headers(),
                budget=self.budget,
                clock=clock,
                chance=chance,
                limits=limits,
                http=http,
            )
        self._link = link = Link(transport, self.cache, clock, problem=problem, secret=credentials.api_key or "")
        self.domains = Domains(link)
        self.pointers = Pointers(link)
        self.mailboxes = Mailboxes(link)
        self.forwarders = Forwarders(link)
        self.catch_all = CatchAlls(link)
        self.spam = Spam(link)
        self.users = Users(link)
        self.packages = Packages(link)
        self.examiner = MXrouteExaminer(link)

    def dns(self, domain: str) -> MXrouteRead[DnsInfo]:
        """The records that MXroute expects of `domain`."""
        return reads.dns(self._link, domain)

    def quota(self) -> MXrouteRead[Quota]:
        """Disk usage of the account, refreshed hourly upstream."""
        return reads.quota(self._link)

    def email_quota(self) -> MXrouteRead[EmailQuota]:
        """Disk usage of all mailboxes of the account in one read, hourly old."""
        return reads.email_quota(self._link)

    def verification_key(self) -> MXrouteRead[VerificationKey]:
        """The label to publish below a domain before it is registered. Upstream's failure to find it is a 500."""
        return reads.verification_key(self._link)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._link.aclose()
