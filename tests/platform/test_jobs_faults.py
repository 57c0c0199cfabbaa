"""What may go wrong around jobs: nothing ends the loop, and work carries on by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mxm.platform.clock import SystemChance, SystemClock
from mxm.platform.jobs import JobContext, JobRow, JobState, JobStore, NewItem
from support.clock import SwiftClock
from support.desk import Desk, desk_on, working
from support.locks import locked_sqlite
from support.program import until

LOCKED_SECONDS = 10.0


class FlakyStore(JobStore):
    """A store whose first calls fail as a database may."""

    def __init__(self, desk: Desk, failing: str, times: int, error: Exception) -> None:
        super().__init__(desk.database, desk.clock, SystemChance(), desk.sealer)
        self.failing, self.left, self.error = failing, times, error
        self.renewals = 0

    async def claim(self, *args: Any, **options: Any) -> tuple[JobRow, str] | None:
        self._fail("claim")
        return await super().claim(*args, **options)

    async def renew(self, *args: Any, **options: Any) -> dict[str, bool]:
        self._fail("renew")
        renewed = await super().renew(*args, **options)
        self.renewals += bool(renewed)
        return renewed

    async def release(self, *args: Any, **options: Any) -> bool:
        self._fail("release")
        return await super().release(*args, **options)

    def _fail(self, name: str) -> None:
        if name == self.failing and self.left:
            self.left -= 1
            raise self.error


FAULTS = [PoolTimeout("no connection in time"), OSError("gone"), RuntimeError("our own mistake")]


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("failing", ["claim", "renew", "release"])
async def test_the_loop_the_heartbeat_and_the_last_change_outlive_every_fault(
    desk: Desk, failing: str, error: Exception
) -> None:
    quick = desk_on(desk.settings, SwiftClock(10))
    store = FlakyStore(quick, failing, 2 if failing != "renew" else 1, error)

    async def handler(ctx: JobContext) -> JobState:
        if failing == "renew":
            await until(lambda: store.renewals)
        return JobState.SUCCEEDED

    job_id = await quick.new()
    async with working(quick.runner(handler, store=store), beats=True):
        for _ in range(10):
            await asyncio.sleep(0.05)
        found = await quick.until(job_id, JobState.SUCCEEDED)
    assert found.claims == 1
    assert store.left == 0
    await quick.database.close()


@asynccontextmanager
async def locked_postgresql(url: str) -> AsyncIterator[None]:
    """Somebody has the table of jobs to himself."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("LOCK TABLE job IN ACCESS EXCLUSIVE MODE")
        yield
        await connection.rollback()


def locked(desk: Desk, database_url: str | None) -> AbstractAsyncContextManager[None]:
    return locked_sqlite(desk.settings.sqlite_file) if database_url is None else locked_postgresql(database_url)


async def test_a_database_locked_for_ten_seconds_in_the_middle(desk: Desk, database_url: str | None) -> None:
    """The job carries on by itself, and every item is done once."""
    quick, runs = desk_on(desk.settings, SystemClock()), list[int]()

    async def handler(ctx: JobContext) -> JobState:
        async for item in ctx.items():
            await ctx.finish(item.position, "made")
            runs.append(item.position)
            await asyncio.sleep(0.01)
        return JobState.SUCCEEDED

    job_id = await quick.new(*(NewItem(f"row {n}") for n in range(100)))
    async with working(quick.runner(handler), beats=True):
        while len(runs) < 10:  # noqa: ASYNC110 - the handler tells by its list
            await asyncio.sleep(0.01)
        async with locked(quick, database_url):
            before = len(runs)
            await asyncio.sleep(LOCKED_SECONDS)
            assert len(runs) <= before + 1
        for _ in range(4):
            try:
                found = await quick.until(job_id, JobState.SUCCEEDED)
                break
            except AssertionError:
                continue
    assert (found.state, found.done) == (JobState.SUCCEEDED, 100)
    assert {item.state for item in await quick.items(job_id)} == {"made"}
    await quick.database.close()


async def test_a_stop_gives_back_what_is_in_hand_and_forgets_what_ended(desk: Desk) -> None:
    """One job ended before the stop, one was lost, one runs: only the last one has anything to give back."""
    begun = asyncio.Event()

    async def handler(ctx: JobContext) -> JobState:
        if ctx.params["n"] and ctx.job_id == ended:
            return JobState.SUCCEEDED
        begun.set()
        await asyncio.Event().wait()
        return JobState.SUCCEEDED

    ended = await desk.new()
    runner = desk.runner(handler)
    async with working(runner):
        await desk.until(ended, JobState.SUCCEEDED)
        running = await desk.new()
        runner.wake()
        await asyncio.wait_for(begun.wait(), 5)
    found = await desk.row(running)
    assert (found.state, found.lease_owner) == (JobState.QUEUED, None)
    assert await desk.seconds_until(found.run_at) <= 0
    assert (await desk.row(ended)).state == JobState.SUCCEEDED


async def test_a_handler_whose_claim_was_lost_is_ended_and_records_nothing(desk: Desk) -> None:
    quick, begun, ended = desk_on(desk.settings, SystemClock()), asyncio.Event(), list[str]()

    async def handler(ctx: JobContext) -> JobState:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return JobState.SUCCEEDED

    job_id = await quick.new()
    async with working(quick.runner(handler), beats=True):
        await asyncio.wait_for(begun.wait(), 5)
        await quick.change(job_id, lease_owner="another")
        for _ in range(500):
            if ended:
                break
            await asyncio.sleep(0.01)
    assert ended == ["cancelled"]
    assert (await quick.row(job_id)).lease_owner == "another"
    await quick.database.close()


async def test_values_are_json(desk: Desk) -> None:
    with pytest.raises(Exception, match=r"JSON|serializable"):
        await desk.new(NewItem("row", {"when": object()}))
    job_id = await desk.new(NewItem("row", {"line": 1}))
    async with desk.database.read() as session:
        [stored] = (await session.execute(text("SELECT CAST(public AS TEXT) FROM job_item"))).scalars()
    assert stored == '{"line": 1}'
    assert (await desk.row(job_id)).params == {"n": 1}


async def test_a_passing_fault_is_tried_again_later_each_time_and_not_for_ever(desk: Desk) -> None:
    from mxm.platform.errors import Unavailable

    job_id = await desk.new(NewItem("row"))
    pauses = list[float]()
    for troubles in (0, 1, 10, 100):
        await desk.change(job_id, troubles=troubles, run_at=(await desk.row(job_id)).created_at)
        ctx = await desk.context()
        assert await desk.store.put_off(job_id, ctx.token, Unavailable("locked"))
        pauses.append(round(await desk.seconds_until((await desk.row(job_id)).run_at)))
    assert pauses == [2, 4, 22, 60]
    await desk.change(job_id, troubles=200, run_at=(await desk.row(job_id)).created_at)
    ctx = await desk.context()
    await desk.store.put_off(job_id, ctx.token, Unavailable("locked"))
    found = await desk.row(job_id)
    assert (found.state, found.error_code, found.error_message) == (JobState.FAILED, "unavailable", "locked")
    assert not await desk.store.put_off(job_id, ctx.token, Unavailable("locked")), "the claim is gone"
