"""A desk for tests of durable jobs: a database, a store with a seal, a clock that stands still by itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from mxm.platform.access import SYSTEM, Caller
from mxm.platform.clock import Clock, SystemChance
from mxm.platform.db import Database
from mxm.platform.jobs import JobContext, JobItemRow, JobRow, JobRunner, JobState, JobStore, NewItem
from mxm.platform.jobs.runner import Handler
from mxm.platform.keys import KeyRing
from mxm.platform.sealing import Sealer
from mxm.platform.settings import Settings
from support.clock import FakeClock
from support.databases import KEY

CALLER = Caller(SYSTEM, "request-1")


@dataclass
class Desk:
    """What a process has of durable work."""

    settings: Settings
    database: Database
    clock: Clock
    store: JobStore
    sealer: Sealer

    async def new(self, *items: NewItem, kind: str = "test", caller: Caller = CALLER) -> str:
        """A job in the queue."""
        async with self.database.write() as tx:
            return (await self.store.create(tx, caller, kind, {"n": 1}, items)).id

    async def row(self, job_id: str) -> JobRow:
        """The job as it is now."""
        async with self.database.read() as session:
            return (await session.execute(select(JobRow).where(JobRow.id == job_id))).scalar_one()

    async def items(self, job_id: str) -> Sequence[JobItemRow]:
        """Its items, in order."""
        query = select(JobItemRow).where(JobItemRow.job_id == job_id).order_by(JobItemRow.position)
        async with self.database.read() as session:
            return (await session.execute(query)).scalars().all()

    async def change(self, job_id: str, **values: object) -> None:
        """Change the row behind everybody's back."""
        async with self.database.write() as tx:
            job = await tx.session.get_one(JobRow, job_id)
            for name, value in values.items():
                setattr(job, name, value)

    async def expire(self, job_id: str) -> None:
        """Its lease has run out: its process is dead or frozen."""
        await self.change(job_id, lease_until=datetime(2020, 1, 1, tzinfo=UTC))

    async def cancel(self, job_id: str) -> bool:
        """As the API does."""
        async with self.database.write() as tx:
            return await self.store.cancel(tx, job_id)

    async def context(self, *kinds: str) -> JobContext:
        """A claim of the next job."""
        claimed = await self.store.claim(list(kinds) or ["test"], [])
        assert claimed is not None
        return JobContext(self.database, self.clock, claimed[0], claimed[1], CALLER, sealer=self.sealer)

    def runner(self, handler: Handler | None = None, *, store: JobStore | None = None) -> JobRunner:
        """A runner of its own, with `handler` for the kind `test`."""
        found = JobRunner(store or self.store, self.database, self.clock)
        if handler is not None:
            found.register("test", handler)
        return found

    async def until(self, job_id: str, *states: JobState) -> JobRow:
        """The job once it is in one of `states` and nobody has it in hand."""
        for _ in range(1000):
            found = await self.row(job_id)
            if found.state in states and found.lease_owner is None:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"the job is {found.state}")

    async def seconds_until(self, at: datetime) -> float:
        """By the clock that decides about leases."""
        async with self.database.read() as session:
            return (at - await self.store.now(session)).total_seconds()


@asynccontextmanager
async def working(runner: JobRunner, *, beats: bool = False) -> AsyncIterator[None]:
    """The runner at work while inside; afterwards stopped as a server stops it."""
    tasks = [asyncio.ensure_future(runner.work())]
    if beats:
        tasks.append(asyncio.ensure_future(runner.beat()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runner.stop()


def desk_on(settings: Settings, clock: Clock | None = None) -> Desk:
    """A desk on a database that exists."""
    database, found = Database(settings), clock or FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    sealer = Sealer(KeyRing(KEY.get_secret_value()), SystemChance())
    return Desk(settings, database, found, JobStore(database, found, SystemChance(), sealer), sealer)
