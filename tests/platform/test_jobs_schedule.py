"""Schedules: one job for each slot, however often and by whom it is ticked."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from mxm.platform.jobs import JobRow, JobState, Schedules
from support.clock import FakeClock
from support.desk import Desk, desk_on, working


async def made(desk: Desk) -> list[str]:
    async with desk.database.read() as session:
        return sorted((await session.execute(select(JobRow.id))).scalars())


async def end_all(desk: Desk) -> None:
    async with desk.database.write() as tx:
        await tx.session.execute(update(JobRow).values(state=JobState.SUCCEEDED, finished_at=desk.clock.now()))


def schedules(desk: Desk, every: float = 60.0) -> Schedules:
    found = Schedules(desk.store, desk.database, desk.clock)
    found.register("fleet", every, "test", {"all": True})
    return found


async def slot(desk: Desk, period: float = 60.0) -> int:
    async with desk.database.read() as session:
        return int((await desk.store.now(session)).timestamp() // period)


async def test_a_slot_makes_one_job_by_the_system_whoever_ticks_and_after_a_kill_too(desk: Desk) -> None:
    at = await slot(desk, 3600)
    ours, others = schedules(desk, 3600), desk_on(desk.settings)
    await asyncio.gather(*(each.tick() for each in (ours, schedules(others, 3600), schedules(desk, 3600))))
    await ours.tick()
    await end_all(desk)
    await schedules(desk, 3600).tick()  # the process that made it was killed and came back within the slot
    assert await made(desk) in ([f"sched:fleet:{at}"], [f"sched:fleet:{at + 1}"])
    [job_id] = await made(desk)
    found = await desk.row(job_id)
    assert (found.created_by, found.kind, found.params) == ("system", "test", {"all": True})
    await others.database.close()


async def test_missed_slots_are_not_made_up_for(desk: Desk) -> None:
    assert isinstance(desk.clock, FakeClock)
    if desk.database.is_postgresql:
        return  # its own clock names the slot
    ticking = schedules(desk)
    await ticking.tick()
    await end_all(desk)
    desk.clock.jump(600)
    await ticking.tick()
    assert len(await made(desk)) == 2


async def test_while_the_last_one_is_not_over_its_successor_is_left_out(desk: Desk) -> None:
    ticking = schedules(desk, 0.05)
    await ticking.tick()
    first = await made(desk)
    for _ in range(5):
        await asyncio.sleep(0.06)
        if isinstance(desk.clock, FakeClock):
            desk.clock.jump(0.06)
        await ticking.tick()
    assert await made(desk) == first
    await end_all(desk)
    await asyncio.sleep(0.06)
    if isinstance(desk.clock, FakeClock):
        desk.clock.jump(0.06)
    await ticking.tick()
    assert len(await made(desk)) == 2


async def test_a_period_of_zero_is_off_and_is_asked_for_at_every_tick(desk: Desk) -> None:
    period = 0.0
    ticking = Schedules(desk.store, desk.database, desk.clock)
    ticking.register("fleet", lambda: period, "test")
    await ticking.tick()
    assert await made(desk) == []
    period = 60.0
    await ticking.tick()
    assert len(await made(desk)) == 1


async def test_the_runner_ticks(desk: Desk) -> None:
    from mxm.platform.jobs import JobContext, JobRunner

    async def handler(ctx: JobContext) -> JobState:
        return JobState.SUCCEEDED

    runner = JobRunner(desk.store, desk.database, desk.clock, schedules=schedules(desk))
    runner.register("test", handler)
    async with working(runner):
        for _ in range(300):
            if found := await made(desk):
                break
            await asyncio.sleep(0.01)
        await desk.until(found[0], JobState.SUCCEEDED)


async def test_old_jobs_go_scheduled_ones_sooner_and_what_nobody_fetched_is_erased(desk: Desk) -> None:
    from mxm.platform.jobs import JobItemRow, NewItem

    async with desk.database.read() as session:
        now = await desk.store.now(session)
    kept, old, waiting = await desk.new(NewItem("row")), await desk.new(NewItem("row")), await desk.new()
    for _ in (kept, old):
        ctx = await desk.context()
        await ctx.finish(0, "made", handover={"password": "x"})
        await desk.store.release(ctx.job_id, ctx.token, state=JobState.SUCCEEDED)
    await schedules(desk).tick()
    [scheduled] = [job_id for job_id in await made(desk) if job_id.startswith("sched:")]
    await desk.change(scheduled, state=JobState.SUCCEEDED, finished_at=now - timedelta(days=2, minutes=1))
    await desk.change(old, finished_at=now - timedelta(days=30, minutes=1))
    await desk.change(kept, finished_at=now - timedelta(days=29), handover_until=now - timedelta(seconds=1))
    await desk.change(waiting, created_at=now - timedelta(days=99))
    await desk.store.tidy()
    assert await made(desk) == sorted([kept, waiting])
    async with desk.database.read() as session:
        rows = (await session.execute(select(JobItemRow))).scalars().all()
    assert [(row.job_id, row.handover) for row in rows] == [(kept, None)]
