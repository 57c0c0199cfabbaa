"""One at a time works on a zone: two repairs at once would each see what is missing, and publish it twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from mxm.features.dns import repository
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError, Conflict, Doubt, UpstreamFailure
from mxm.upstreams.cloudflare import Zone

_HELD_FOR = timedelta(seconds=90)
"""A write of Cloudflare's takes at most 60 s (the transport's patience): whoever died cannot change anything then."""
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.25


class Holds:
    """One for each process; the hold itself is a row, so that replicas respect each other's."""

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database, self._clock, self._chance = database, clock, chance

    @asynccontextmanager
    async def of(self, zone: Zone) -> AsyncIterator[None]:
        """Have the zone for oneself. Raises `Conflict` when somebody else has it for long.

        A write without an answer may still take effect: the zone stays held until that is over.
        """
        owner = self._chance.token(16).hex()
        await self._take(zone, owner)
        try:
            yield
        except UpstreamFailure as failure:
            if failure.doubt is not Doubt.OPEN:
                await self._give_back(zone, owner)
            raise
        except BaseException:
            await self._give_back(zone, owner)
            raise
        await self._give_back(zone, owner)

    async def _take(self, zone: Zone, owner: str) -> None:
        ends_at = self._clock.monotonic() + _PATIENCE_SECONDS
        while True:
            async with self._database.write() as tx:
                await tx.alone(f"dns.hold:{zone.id}")
                now = self._clock.now()
                if await repository.hold(tx.session, zone.id, owner, now, now + _HELD_FOR):
                    return
            if self._clock.monotonic() >= ends_at:
                raise Conflict(f"Another repair of {zone.name} is under way. Try again shortly.", retry_after=10)
            await self._clock.sleep(_LOOK_SECONDS)

    async def _give_back(self, zone: Zone, owner: str) -> None:
        try:
            async with self._database.write() as tx:
                await repository.let_go(tx.session, zone.id, owner)
        except AppError:
            return  # it runs out by itself
