"""Settles intents whose process died or whose answer was lost: by reading upstream, never by sending again."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select, update

from mxm.platform.clock import Clock
from mxm.platform.context import spending_as
from mxm.platform.db import Database
from mxm.platform.errors import AppError
from mxm.platform.journal.journal import Journal
from mxm.platform.journal.models import DEAD_AFTER, OPEN, IntentRow, ProcessRow
from mxm.platform.journal.write import Effect, Examiner, Finding

log = logging.getLogger("mxm.journal")

ROUND_SECONDS = 2.0
BEAT_SECONDS = 2.0
LATE_EFFECT = timedelta(seconds=15)
"""MXroute answers within 2 s (facts.md); a write not seen to hold by then is not coming."""
GIVE_UP = timedelta(hours=24)
LONGEST_PAUSE = 300.0
"""Seconds between two looks while upstream cannot be read: the reads of a long outage are few, its end is seen soon."""
_LOOKS_A_ROUND = 50
_MOST_ADOPTED = 5000
"""Far more than a crash leaves; those that wait for a readable upstream must not keep others from being seen."""
_KEEP_SETTLED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Pause:
    seconds: float
    until: float


class _Patience:
    """When to look again at what could not be read: after 2 s, and twice as long with each failure. In memory only:
    a new process may try at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def __len__(self) -> int:
        return len(self._pauses)

    def is_due(self, intent_id: str) -> bool:
        pause = self._pauses.get(intent_id)
        return pause is None or self._clock.monotonic() >= pause.until

    def failed(self, intent_id: str) -> None:
        last = self._pauses.get(intent_id)
        seconds = ROUND_SECONDS if last is None else min(2 * last.seconds, LONGEST_PAUSE)
        self._pauses[intent_id] = _Pause(seconds, self._clock.monotonic() + seconds)

    def forget(self, intent_id: str) -> None:
        self._pauses.pop(intent_id, None)

    def keep_only(self, intent_ids: Iterable[str]) -> None:
        """Others settle intents too: without this, theirs would be remembered for ever."""
        kept = frozenset(intent_ids)
        self._pauses = {each: pause for each, pause in self._pauses.items() if each in kept}


class Settler:
    """Beats for this process and settles what others left open."""

    def __init__(self, journal: Journal, database: Database, clock: Clock, examiners: Mapping[str, Examiner]) -> None:
        self._journal, self._database, self._clock, self._examiners = journal, database, clock, examiners
        self._rounds = 0
        self._patience = _Patience(clock)
        self.unsettled = 0
        """Open intents that nobody had in hand at the last look."""

    async def keep_beating(self) -> None:
        """Beat, for ever: apart from the rounds, which may wait long for upstream."""
        while True:
            await self._clock.sleep(BEAT_SECONDS)
            try:
                await self.beat()
            except Exception as error:  # noqa: BLE001 - the loop must outlive every fault
                log.warning("cannot show that this process lives: %s", type(error).__name__)

    async def watch(self) -> None:
        """One round every two seconds, for ever; no fault ends it."""
        while True:
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - the loop must outlive every fault
                log.warning("settling failed this time: %s", type(error).__name__)
            await self._clock.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Adopt what was cut short here and what dead processes left; look at what is open.

        What could not be read waits longer before each next look; what is only too early to say does not.
        """
        await self._journal.let_go()
        adopted = await self._adopted()
        self.unsettled = len(adopted)
        self._patience.keep_only(intent.id for intent, _ in adopted)
        due = [found for found in adopted if self._patience.is_due(found[0].id)]
        for intent, age in due[:_LOOKS_A_ROUND]:
            await self._look_at(intent, age)
        self._rounds += 1
        if self._rounds % 1800 == 1:
            await self._tidy()

    async def farewell(self) -> None:
        """This process ends: what it leaves open is the next one's to settle, once it cannot take effect any more."""
        mine = update(IntentRow).where(IntentRow.owner == self._journal.process_id, IntentRow.state == OPEN)
        async with self._database.write() as tx:
            await tx.session.execute(mine.values(owner=None, free_since=self._clock.now()))
            await tx.session.execute(delete(ProcessRow).where(ProcessRow.id == self._journal.process_id))

    async def beat(self) -> None:
        """Show that this process lives; due before its first write."""
        mine = ProcessRow.id == self._journal.process_id
        async with self._database.write() as tx:
            now = self._clock.now()
            beaten = await tx.session.execute(
                update(ProcessRow).where(mine).values(seen_at=now).returning(ProcessRow.id)
            )
            if beaten.scalar() is None:
                tx.session.add(ProcessRow(id=self._journal.process_id, started_at=now, seen_at=now))

    async def _adopted(self) -> list[tuple[IntentRow, timedelta]]:
        """Open intents that nobody has in hand, each with the time since when.

        Two processes may look at the same one; only one outcome is recorded. What this process has in hand is never
        adopted, however late its own beat is.
        """
        async with self._database.read() as session:
            now = self._clock.now()
            dead = or_(ProcessRow.id.is_(None), ProcessRow.seen_at <= now - DEAD_AFTER)
            alone = or_(IntentRow.owner.is_(None), and_(IntentRow.owner != self._journal.process_id, dead))
            query = (
                select(IntentRow, ProcessRow.seen_at)
                .outerjoin(ProcessRow, ProcessRow.id == IntentRow.owner)
                .where(IntentRow.state == OPEN, alone)
                .order_by(IntentRow.created_at)
                .limit(_MOST_ADOPTED)
            )
            rows = (await session.execute(query)).all()
        return [
            (row, now - max(row.created_at, row.free_since or row.created_at, seen or row.created_at))
            for row, seen in rows
        ]

    async def _look_at(self, intent: IntentRow, age: timedelta) -> None:
        try:
            with spending_as("settler", background=True):
                finding = await self._examiners[intent.upstream].examine(intent.check)
        except AppError as unreadable:
            self._patience.failed(intent.id)
            if age > GIVE_UP:
                await self._journal.settle(intent, Finding(Effect.UNKNOWN, unreadable.message), "recovery")
            return
        self._patience.forget(intent.id)
        finding = await self._journal.honest(intent, finding)
        if finding.effect is Effect.APPLIED or age > LATE_EFFECT:
            await self._journal.settle(intent, finding, "recovery")
            log.info("intent %s (%s %s) settled: %s", intent.id, intent.action, intent.target, finding.effect)

    async def _tidy(self) -> None:
        now = self._clock.now()
        async with self._database.write() as tx:
            await tx.session.execute(delete(ProcessRow).where(ProcessRow.seen_at < now - timedelta(days=1)))
            old = IntentRow.settled_at < now - _KEEP_SETTLED
            await tx.session.execute(delete(IntentRow).where(IntentRow.state != OPEN, old))
