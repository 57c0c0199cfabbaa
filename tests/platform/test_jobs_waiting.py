"""A running job tells what it waits for: soon, but not at the rate of its requests."""

import asyncio
from datetime import timedelta

from mxm.platform.context import BudgetWait, requester
from mxm.platform.jobs import JobContext, JobState
from support.clock import FakeClock
from support.desk import Desk, working

BEAT = 2.0


async def test_a_wait_for_budget_is_told_once_for_each_window(desk: Desk) -> None:
    clock, begun, over = desk.clock, asyncio.Event(), asyncio.Event()
    assert isinstance(clock, FakeClock)
    began = clock.now()
    asks = list[JobContext]()

    async def handler(ctx: JobContext) -> JobState:
        tell = requester.get().on_wait
        assert tell is not None
        asks.append(ctx)
        begun.set()
        await over.wait()
        return JobState.SUCCEEDED

    def wait(seconds: float) -> None:
        asks[0].note_wait(BudgetWait("MXroute", "write", 20, 60.0, began + timedelta(seconds=seconds)))

    job_id = await desk.new()
    versions = list[int]()

    async def beats(seconds: float) -> dict[str, object] | None:
        wait(seconds)
        await clock.advance(BEAT)
        await asyncio.sleep(0.05)
        row = await desk.row(job_id)
        versions.append(row.version)
        return row.waiting

    async with working(desk.runner(handler), beats=True):
        await begun.wait()
        assert await beats(3) is None, "it is over at once"
        told = await beats(60)
        until = (began + timedelta(seconds=60)).isoformat()
        assert told == {"upstream": "MXroute", "kind": "write", "limit": 20, "seconds": 60.0, "until": until, "done": 0}
        assert await beats(60.5) == told
        assert versions[1] == versions[2] == versions[0] + 1
        again = await beats(120)
        assert again != told
        over.set()
        await desk.until(job_id, JobState.SUCCEEDED)
