"""Durable jobs: the faults that the prototypes had, each held off."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from mxm.platform.access import SYSTEM, Caller
from mxm.platform.clock import SystemChance
from mxm.platform.db import Database
from mxm.platform.errors import Unavailable, UpstreamError
from mxm.platform.jobs import JobContext, JobRow, JobRunner, JobState, JobStore, NewItem, Suspended
from mxm.platform.jobs.context import JobCancelled, LeaseLost
from support.clock import FakeClock
from support.databases import migrated_sqlite
from support.program import given_settings

CALLER = Caller(SYSTEM, "request-1")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
async def database(tmp_path: Path, database_url: str | None) -> AsyncIterator[Database]:
    settings = given_settings(tmp_path, database_url=database_url)
    if database_url is None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        settings.sqlite_file.write_bytes(migrated_sqlite())
    found = Database(settings)
    yield found
    await found.close()


@pytest.fixture
def store(database: Database, clock: FakeClock) -> JobStore:
    return JobStore(database, clock, SystemChance())


async def new_job(database: Database, store: JobStore, kind: str = "test", *items: NewItem) -> str:
    async with database.write() as tx:
        return (await store.create(tx, CALLER, kind, {"n": 1}, items)).id


async def row(database: Database, job_id: str) -> JobRow:
    async with database.read() as session:
        return (await session.execute(select(JobRow).where(JobRow.id == job_id))).scalar_one()


async def expire(database: Database, job_id: str) -> None:
    """Its lease has run out: its process is dead or frozen."""
    async with database.write() as tx:
        job = await tx.session.get_one(JobRow, job_id)
        job.lease_until = datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_job_is_claimed_once_and_each_claim_has_a_token_of_its_own(database: Database, store: JobStore) -> None:
    job_id = await new_job(database, store)
    first = await store.claim(["test"], [])
    assert first is not None
    assert await store.claim(["test"], []) is None
    await expire(database, job_id)
    second = await store.claim(["test"], [])
    assert second is not None
    assert second[1] != first[1]
    assert (await row(database, job_id)).claims == 2


async def test_of_many_who_claim_at_once_one_gets_it(database: Database, store: JobStore) -> None:
    await new_job(database, store)
    claimed = await asyncio.gather(*(store.claim(["test"], []) for _ in range(8)))
    assert len([claim for claim in claimed if claim is not None]) == 1


async def test_a_process_never_claims_what_it_still_has_in_hand(database: Database, store: JobStore) -> None:
    job_id = await new_job(database, store)
    await store.claim(["test"], [])
    await expire(database, job_id)
    assert await store.claim(["test"], [job_id]) is None


async def test_unknown_kinds_are_left_to_those_who_know_them(database: Database, store: JobStore) -> None:
    await new_job(database, store, "of another version")
    assert await store.claim(["test"], []) is None


async def context_of(database: Database, store: JobStore, clock: FakeClock) -> JobContext:
    claimed = await store.claim(["test"], [])
    assert claimed is not None
    return JobContext(database, clock, claimed[0], claimed[1], CALLER)


async def test_a_frozen_process_that_thaws_can_record_nothing(
    database: Database, store: JobStore, clock: FakeClock
) -> None:
    job_id = await new_job(database, store)
    frozen = await context_of(database, store, clock)
    await expire(database, job_id)
    await store.claim(["test"], [])
    with pytest.raises(LeaseLost):
        async with frozen.tx(final=True):
            pytest.fail("the fence let it in")
    assert await store.release(job_id, frozen.token, state=JobState.SUCCEEDED) is False
    assert await store.renew({job_id: frozen.token}) == {}


async def test_a_cancelled_job_stops_at_its_next_step_but_records_what_happened(
    database: Database, store: JobStore, clock: FakeClock
) -> None:
    job_id = await new_job(database, store)
    ctx = await context_of(database, store, clock)
    async with database.write() as tx:
        (await tx.session.get_one(JobRow, job_id)).cancel_requested = True
    await ctx.step("sent", "done")
    with pytest.raises(JobCancelled):
        async with ctx.tx():
            pytest.fail("the fence let it in")
    assert [step["name"] for step in (await row(database, job_id)).steps] == ["sent"]
    assert await store.renew({job_id: ctx.token}) == {job_id: True}


async def seconds_until(database: Database, store: JobStore, at: datetime) -> float:
    """By the clock that decides about leases."""
    async with database.read() as session:
        return (at - await store.now(session)).total_seconds()


async def ran(database: Database, store: JobStore, clock: FakeClock, handler: object) -> JobRow:
    """A job after one claim by a runner with this handler."""
    job_id = await new_job(database, store, "test", NewItem("one"))
    runner = JobRunner(store, database, clock)
    runner.register("test", handler)  # type: ignore[arg-type]
    working = asyncio.ensure_future(runner.work())
    try:
        for _ in range(500):
            await asyncio.sleep(0.01)
            found = await row(database, job_id)
            if found.claims and found.lease_owner is None:
                return found
        raise AssertionError("the job was not ended")
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await runner.stop()


async def test_a_handler_says_how_it_ended(database: Database, store: JobStore, clock: FakeClock) -> None:
    async def handler(ctx: JobContext) -> JobState:
        return JobState.PARTLY_FAILED

    found = await ran(database, store, clock, handler)
    assert (found.state, found.total) == (JobState.PARTLY_FAILED, 1)
    assert found.finished_at is not None


async def test_only_faults_that_pass_are_tried_again(database: Database, store: JobStore, clock: FakeClock) -> None:
    async def handler(ctx: JobContext) -> JobState:
        raise Unavailable("locked", retry_after=3)

    found = await ran(database, store, clock, handler)
    assert (found.state, found.troubles) == (JobState.QUEUED, 1)
    assert 1 <= await seconds_until(database, store, found.run_at) + 1 <= 3


@pytest.mark.parametrize(
    "error", [UpstreamError("MXroute refused"), ValueError("a secret in a body"), OperationalError("x", {}, OSError())]
)
async def test_anything_else_fails_at_once_and_tells_no_body(
    database: Database, store: JobStore, clock: FakeClock, error: Exception
) -> None:
    async def handler(ctx: JobContext) -> JobState:
        raise error

    found = await ran(database, store, clock, handler)
    assert found.state == JobState.FAILED
    assert "secret" not in (found.error_message or "")
    assert found.error_code == ("upstream_error" if isinstance(error, UpstreamError) else "internal_error")


async def test_a_long_wait_gives_the_lease_back(database: Database, store: JobStore, clock: FakeClock) -> None:
    async def handler(ctx: JobContext) -> JobState:
        raise Suspended(3600)

    found = await ran(database, store, clock, handler)
    assert found.state == JobState.QUEUED
    assert 3590 <= await seconds_until(database, store, found.run_at) <= 3600


async def test_a_stop_gives_claims_back_at_once(database: Database, store: JobStore, clock: FakeClock) -> None:
    started = asyncio.Event()

    async def handler(ctx: JobContext) -> JobState:
        started.set()
        await asyncio.Event().wait()
        return JobState.SUCCEEDED

    job_id = await new_job(database, store)
    runner = JobRunner(store, database, clock)
    runner.register("test", handler)
    working = asyncio.ensure_future(runner.work())
    await asyncio.wait_for(started.wait(), 5)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await runner.stop()
    found = await row(database, job_id)
    assert (found.state, found.lease_owner) == (JobState.QUEUED, None)


async def test_after_a_restart_of_the_only_process_nothing_waits_for_its_lease(
    database: Database, store: JobStore
) -> None:
    await new_job(database, store)
    await store.claim(["test"], [])
    assert await store.claim(["test"], []) is None
    await store.adopt_all()
    assert await store.claim(["test"], []) is not None
