"""The entrance to Cloudflare: token and account in, zones and records out.

`cf.records(zone.id)` is a read: `.live()` gives the value, `.cached()` a `Reading`.
`cf.apply(zone, batch)` is a write: the journal observes, reserves and sends it.
"""

import httpx2

from mxm.platform.clock import Chance, Clock
from mxm.upstreams.cloudflare import batch as batches
from mxm.upstreams.cloudflare import tokens, zones
from mxm.upstreams.cloudflare.envelope import CLOUDFLARE
from mxm.upstreams.cloudflare.examine import CloudflareExaminer
from mxm.upstreams.cloudflare.link import CloudflareRead, Link
from mxm.upstreams.cloudflare.models import Batch, Record, TokenState, Zone
from mxm.upstreams.cloudflare.write import CloudflareWrite
from mxm.upstreams.transport.budget import Budget, Together
from mxm.upstreams.transport.cache import ReadCache
from mxm.upstreams.transport.client import Transport
from mxm.upstreams.transport.exchange import Limits

API_URL = "https://api.cloudflare.com/client/v4"
LIMIT = Together(requests=1200, seconds=300.0)
"""Of a user, for everything at once ("Rate limits" in Cloudflare's documentation). Whoever goes over it is blocked for
five minutes, so reads and writes share one bucket: two of a minute each would either waste most of it or, at the seams
of their windows, let more through than it allows. `RateLimit` in each answer counts both kinds as well, over the same
five minutes, and so can be believed as it is: it also knows what the dashboard and other replicas have used. A person's
call that finds the window empty is told when it ends at once; waiting up to five minutes would serve nobody."""


class Cloudflare:
    """One Cloudflare token. Without one it can be built, and its first use raises `NotConfigured`."""

    def __init__(
        self,
        token: str | None,
        account_id: str | None,
        *,
        clock: Clock,
        chance: Chance,
        base_url: str = API_URL,
        budget: Budget | None = None,
        cache: ReadCache | None = None,
        limits: Limits | None = None,
        http: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`account_id` narrows the zones and is needed to make one. `base_url` is CLOUDFLARE_API_URL; a wrong one is a
        ValueError that names the setting. `budget` and `cache` are made here unless shared; `http` replaces the network
        in tests."""
        self.budget = budget or Budget(clock, name=CLOUDFLARE.name, together=LIMIT)
        self.cache = cache or ReadCache(clock)
        self.problem = _problem(token)
        transport = None
        if not self.problem:
            transport = Transport(
                CLOUDFLARE,
                base_url=base_url,
                headers={"Authorization": f"Bearer {token}"},
                budget=self.budget,
                clock=clock,
                chance=chance,
                limits=limits,
                http=http,
            )
        self._link = Link(
            transport, self.cache, clock, account=account_id or None, problem=self.problem, secret=token or ""
        )
        self.examiner = CloudflareExaminer(self._link)

    @property
    def configured(self) -> bool:
        """Whether there is a token that can be sent; `problem` says what is missing."""
        return not self.problem

    def zones(self) -> CloudflareRead[list[Zone]]:
        """Every zone that the token can see, of our account where one is set."""
        return zones.every(self._link)

    def zone_named(self, name: str) -> CloudflareRead[Zone | None]:
        """The zone of exactly this name, whatever its status."""
        return zones.named(self._link, name)

    def zone(self, zone_id: str) -> CloudflareRead[Zone]:
        """One zone."""
        return zones.one(self._link, zone_id)

    async def zone_of(self, domain: str, *, live: bool = False) -> Zone | None:
        """The zone that holds `domain`: its own, else that of the nearest parent; none that was moved or deleted.
        Raises what `zones` raises."""
        read = self.zones()
        return zones.holding(await read.live() if live else (await read.cached()).value, domain)

    def records(self, zone_id: str) -> CloudflareRead[list[Record]]:
        """All records of a zone. An answer that may be incomplete is an `UpstreamError`."""
        return batches.records(self._link, zone_id)

    def create_zone(self, name: str) -> CloudflareWrite[Zone]:
        """A new zone, pending until its name servers are found. Raises `NotConfigured` without CF_ACCOUNT_ID; `observe`
        raises `Conflict` when it exists."""
        return zones.create(self._link, name)

    def check_activation(self, zone: Zone) -> CloudflareWrite[None]:
        """Ask Cloudflare to look for the zone's name servers soon; harmless, and refused when asked too often."""
        return zones.check_activation(self._link, zone)

    def apply(self, zone: Zone, batch: Batch) -> CloudflareWrite[list[Record]]:
        """All changes of `batch` or none; gives the posted, then the patched records as they hold now.

        Raises `Conflict` for more than `MOST_IN_BATCH` changes and `ValueError` for a batch that makes no sense;
        `observe` raises `Conflict` when the zone is not as `batch` presumes, `send` when it changed meanwhile.
        """
        return batches.apply(self._link, zone, batch)

    def token(self) -> CloudflareRead[TokenState]:
        """What Cloudflare says of our token. One that it does not know is an `UpstreamError`."""
        return tokens.state(self._link)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._link.aclose()


def _problem(token: str | None) -> str:
    """A sentence naming the setting that is missing or cannot be sent; empty when all is well."""
    if not token:
        return "Cloudflare is not configured: set CF_API_TOKEN."
    if not token.isascii() or not token.isprintable() or " " in token:
        return "Cloudflare is not configured: CF_API_TOKEN holds characters that cannot be sent in a header."
    return ""
