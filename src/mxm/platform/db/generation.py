"""How every process learns what any process changed: it looks at one number each second.

A process that could not look for two seconds no longer knows who may do what, and refuses (fails closed).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy import delete, select, text

from mxm.platform.clock import Clock
from mxm.platform.db.engine import Database
from mxm.platform.db.work import ChangeRow, GenerationRow
from mxm.platform.errors import AppError, Unavailable

log = logging.getLogger("mxm.generation")

LOOK_SECONDS = 1.0
TRUST_SECONDS = 2.0
_KEPT_CHANGES = 10_000
EVERYTHING = frozenset({"*"})
"""Told to listeners when changes were missed: drop all you hold."""

Listener = Callable[[frozenset[str]], Awaitable[None]]


class Generation:
    """The number of the last change this process has taken in, and who wants to hear of changes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._listeners: list[Listener] = []
        self._value = 0
        self._confirmed = float("-inf")
        self._lock = asyncio.Lock()
        database.on_commit(self._after_own_commit)

    @property
    def value(self) -> int:
        """The last change taken in."""
        return self._value

    def subscribe(self, listener: Listener) -> None:
        """`listener` gets the tags of each change, before the change counts as taken in."""
        self._listeners.append(listener)

    async def start(self) -> None:
        """Take the present number as the beginning; listeners load everything."""
        async with self._database.read() as session:
            self._value = (await session.execute(select(GenerationRow.value))).scalar_one()
        await self._tell(EVERYTHING)
        self._confirmed = self._clock.monotonic()

    async def catch_up(self) -> None:
        """Take in all changes committed so far, ours and others'."""
        async with self._lock:
            began = self._clock.monotonic()
            async with self._database.read() as session:
                value = (await session.execute(select(GenerationRow.value))).scalar_one()
                rows = select(ChangeRow.tag).where(ChangeRow.value > self._value, ChangeRow.value <= value)
                tags = list((await session.execute(rows)).scalars()) if value != self._value else []
            if value != self._value:
                complete = len(tags) == value - self._value
                await self._tell(frozenset(tags) if complete else EVERYTHING)
            self._value, self._confirmed = value, began

    async def _after_own_commit(self) -> None:
        """What was committed stays committed: a failed look only makes the next request look again."""
        try:
            await self.catch_up()
        except AppError as error:
            log.warning("cannot take in our own change: %s", error.message)
            self._confirmed = float("-inf")

    async def ensure_fresh(self) -> None:
        """Return at once when a look was had within two seconds; else look now. Raises `Unavailable`."""
        if self._clock.monotonic() - self._confirmed <= TRUST_SECONDS:
            return
        try:
            await asyncio.wait_for(self.catch_up(), TRUST_SECONDS)
        except (AppError, TimeoutError) as error:
            raise Unavailable("Permissions cannot be checked for the moment.", retry_after=2) from error

    async def watch(self) -> None:
        """Look each second, for ever; the loop outlives every fault of the database."""
        rounds = 0
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            try:
                await self.catch_up()
                rounds += 1
                if rounds % 600 == 0:
                    await self._trim()
            except Exception as error:  # noqa: BLE001 - the watch must outlive every fault
                log.warning("cannot look for changes: %s", type(error).__name__)

    async def _trim(self) -> None:
        async with self._database.write() as tx:
            await tx.session.execute(delete(ChangeRow).where(ChangeRow.value < self._value - _KEPT_CHANGES))

    async def _tell(self, tags: frozenset[str]) -> None:
        for listener in self._listeners:
            await listener(tags)


async def database_answers(database: Database) -> None:
    """Raises when the database cannot be read."""
    async with database.read() as session:
        await session.execute(text("SELECT 1"))
