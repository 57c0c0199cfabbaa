"""Cancelling: at once where nothing runs, at the next good place where something does."""

import asyncio
import time

import pytest

from mxm.platform.clock import SystemClock
from mxm.platform.jobs import JobContext, JobState, NewItem, Suspended
from mxm.platform.jobs.context import JobCancelled
from support.desk import Desk, desk_on, working

ITEM = NewItem("row", {"line": 1}, secret={"password": "x"})


async def test_a_waiting_job_is_cancelled_at_once_whenever_it_was_to_go_on(desk: Desk) -> None:
    async def handler(ctx: JobContext) -> JobState:
        raise Suspended(3600)

    job_id = await desk.new(ITEM)
    async with working(desk.runner(handler)):
        await desk.until(job_id, JobState.QUEUED)
        for _ in range(200):
            if (await desk.row(job_id)).claims:
                break
            await asyncio.sleep(0.01)
        await desk.until(job_id, JobState.QUEUED)
        assert await desk.cancel(job_id)
    found = await desk.row(job_id)
    assert (found.state, found.finished_at is None) == (JobState.CANCELLED, False)
    assert [(item.state, item.sealed) for item in await desk.items(job_id)] == [("cancelled", None)]
    assert not await desk.cancel(job_id), "it is over"
    assert not await desk.cancel("unknown")


async def test_a_running_job_stops_at_its_next_fence(desk: Desk) -> None:
    begun, go_on, passed = asyncio.Event(), asyncio.Event(), list[str]()

    async def handler(ctx: JobContext) -> JobState:
        begun.set()
        await go_on.wait()
        await ctx.step("after", "done")  # what happened is recorded all the same
        async with ctx.tx():
            passed.append(ctx.job_id)
        return JobState.SUCCEEDED

    job_id = await desk.new(ITEM)
    async with working(desk.runner(handler)):
        await asyncio.wait_for(begun.wait(), 5)
        assert await desk.cancel(job_id)
        assert (await desk.row(job_id)).state == JobState.RUNNING
        go_on.set()
        found = await desk.until(job_id, JobState.CANCELLED)
    assert [step["name"] for step in found.steps] == ["after"]
    assert passed == [], "the fence let it in"


async def test_the_heartbeat_ends_a_wait_but_nothing_else(desk: Desk) -> None:
    quick = desk_on(desk.settings, SystemClock())
    at = list[str]()

    async def handler(ctx: JobContext) -> JobState:
        try:
            await ctx.sleep(29)
        except JobCancelled:
            at.append("woken up")
            await asyncio.sleep(0.05)  # an upstream write would come to its end
            at.append("ended in order")
            raise
        return JobState.SUCCEEDED

    job_id = await quick.new(ITEM)
    began = time.monotonic()
    async with working(quick.runner(handler), beats=True):
        await asyncio.sleep(0.3)
        await quick.cancel(job_id)
        await quick.until(job_id, JobState.CANCELLED)
    assert time.monotonic() - began < 5
    assert at == ["woken up", "ended in order"]
    await quick.database.close()


async def test_a_wait_that_is_over_first_gives_its_result(desk: Desk) -> None:
    await desk.new(ITEM)
    ctx = await desk.context()

    async def quick() -> int:
        return 7

    assert await ctx.interruptible(quick()) == 7
    ctx.note_cancel()
    with pytest.raises(JobCancelled):
        await ctx.interruptible(asyncio.sleep(60))


async def test_a_wait_of_more_than_thirty_seconds_gives_the_lease_back(desk: Desk) -> None:
    await desk.new(ITEM)
    ctx = await desk.context()
    with pytest.raises(Suspended) as pause:
        await ctx.sleep(31)
    assert pause.value.seconds == 31


async def test_a_job_cancelled_while_it_suspends_itself_does_not_sleep_first(desk: Desk) -> None:
    job_id = await desk.new(ITEM)
    ctx = await desk.context()
    await desk.cancel(job_id)
    await desk.store.release(job_id, ctx.token, state=JobState.QUEUED, run_in=3600)
    assert (await desk.row(job_id)).state == JobState.CANCELLED


async def test_what_was_sent_is_looked_up_before_a_waiting_job_counts_as_cancelled(desk: Desk) -> None:
    job_id = await desk.new(ITEM)
    ctx = await desk.context()
    await ctx.attempt(0)
    await desk.store.release(job_id, ctx.token, state=JobState.QUEUED, run_in=3600)
    await desk.cancel(job_id)
    found = await desk.row(job_id)
    assert found.state == JobState.QUEUED
    assert await desk.seconds_until(found.run_at) <= 0, "it is due now"
    passed = list[str]()

    async def handler(ctx: JobContext) -> JobState:
        await ctx.finish(0, "created")
        async with ctx.tx():
            passed.append(ctx.job_id)
        return JobState.SUCCEEDED

    async with working(desk.runner(handler)):
        await desk.until(job_id, JobState.CANCELLED)
    assert [item.state for item in await desk.items(job_id)] == ["created"]
    assert passed == [], "the fence let it in"


async def test_the_handler_of_a_cancelled_job_is_not_even_begun(desk: Desk) -> None:
    job_id = await desk.new(ITEM)
    await desk.change(job_id, cancel_requested=True)
    called = list[str]()

    async def handler(ctx: JobContext) -> JobState:
        called.append(ctx.job_id)
        return JobState.SUCCEEDED

    async with working(desk.runner(handler)):
        await desk.until(job_id, JobState.CANCELLED)
    assert called == []
