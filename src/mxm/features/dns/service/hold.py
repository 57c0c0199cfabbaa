"""One at a time works on a zone: two repairs at once would each see what is missing, and publish it twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from mxm.features.dns import repository
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError, Conflict, Doubt, UpstreamFailure
from mxm.upstreams.cloudflare import Zone

_HELD_FOR = timedelta(seconds=30)
"""Renewed while the work goes on. Whatever a process sent before it died has taken effect by then, or never will
(the journal waits 15 s for that)."""
_RENEW_SECONDS = 10.0
_PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.25


class Busy(Conflict):
    """Somebody else works on the zone; that passes."""


class Holds:
    """One for each process; the hold itself is a row, so that replicas respect each other's."""

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database, self._clock, self._chance = database, clock, chance

    @asynccontextmanager
    async def of(self, zone: Zone) -> AsyncIterator[None]:
        """Have the zone for oneself. Raises `Busy` when somebody else has it for long.

        A write without an answer may still take effect: the zone stays held until that is over.
        """
        owner = self._chance.token(16).hex()
        await self._take(zone, owner)
        settled = True
        try:
            async with self._renewing(zone, owner):
                yield
        except AppError as error:
            settled = not (isinstance(error, UpstreamFailure) and error.doubt is Doubt.OPEN)
            raise
        except BaseException:
            settled = False  # cut short: what was sent may be under way
            raise
        finally:
            if settled:
                await self._give_back(zone, owner)

    async def _take(self, zone: Zone, owner: str) -> None:
        ends_at = self._clock.monotonic() + _PATIENCE_SECONDS
        while not await self._held(zone, owner):
            if self._clock.monotonic() >= ends_at:
                raise Busy(f"Another repair of {zone.name} is under way. Try again shortly.", retry_after=10)
            await self._clock.sleep(_LOOK_SECONDS)

    @asynccontextmanager
    async def _renewing(self, zone: Zone, owner: str) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await self._clock.sleep(_RENEW_SECONDS)
                with contextlib.suppress(AppError):  # the next one may succeed; two may fail
                    await self._held(zone, owner)

        task = asyncio.ensure_future(renew())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _held(self, zone: Zone, owner: str) -> bool:
        async with self._database.write() as tx:
            await tx.alone(f"dns.hold:{zone.id}")
            now = self._clock.now()
            return await repository.hold(tx.session, zone.id, owner, now, now + _HELD_FOR)

    async def _give_back(self, zone: Zone, owner: str) -> None:
        try:
            async with self._database.write() as tx:
                await repository.let_go(tx.session, zone.id, owner)
        except AppError:
            return  # it runs out by itself
