"""Jobs that come round: each slot of a schedule makes one job, by its id, however many processes tick."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from mxm.platform.access.principal import SYSTEM, Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.jobs.models import UNFINISHED_JOB, JobRow
from mxm.platform.jobs.store import SCHEDULED, JobStore

log = logging.getLogger("mxm.jobs")

Period = float | Callable[[], float]
"""Seconds; a callable is asked at every tick. 0 = off."""


@dataclass(slots=True)
class _Schedule:
    name: str
    every: Period
    kind: str
    params: Mapping[str, Any]
    slot: int | None = None
    """The last one that this process has seen made."""


class Schedules:
    """Ticked by the leader only; missed slots are not made up for."""

    def __init__(self, store: JobStore, database: Database, clock: Clock) -> None:
        self._store, self._database, self._clock = store, database, clock
        self._schedules: dict[str, _Schedule] = {}

    def register(self, name: str, every_seconds: Period, kind: str, params: Mapping[str, Any] | None = None) -> None:
        """A job of `kind` every so often, counted from the epoch."""
        if name in self._schedules or len(name) > 40:
            raise ValueError(f"schedule {name} is registered twice, or its name is too long")
        self._schedules[name] = _Schedule(name, every_seconds, kind, dict(params or {}))

    async def tick(self) -> None:
        """Make the job of each slot that has begun; asks the database only then."""
        for schedule in self._schedules.values():
            period = schedule.every() if callable(schedule.every) else schedule.every
            if period > 0 and schedule.slot != int(self._clock.now().timestamp() // period):
                await self._begin(schedule, period)

    async def _begin(self, schedule: _Schedule, period: float) -> None:
        """One transaction for the slot and its job. While an earlier one is not over the slot goes without."""
        try:
            async with self._database.write() as tx:
                now = await self._store.now(tx.session)  # replicas' clocks differ: the database's names the slot
                slot = int(now.timestamp() // period)
                job_id = f"{SCHEDULED}{schedule.name}:{slot}"
                earlier = JobRow.id.startswith(f"{SCHEDULED}{schedule.name}:", autoescape=True)
                there = exists().where((JobRow.id == job_id) | (earlier & JobRow.state.in_(UNFINISHED_JOB)))
                if not (await tx.session.execute(select(there))).scalar():
                    caller = Caller(SYSTEM, f"{SCHEDULED}{schedule.name}")
                    await self._store.create(tx, caller, schedule.kind, schedule.params, job_id=job_id)
        except IntegrityError:
            log.info("slot %s of %s was made by another process", slot, schedule.name)
        schedule.slot = slot
