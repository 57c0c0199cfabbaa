"""One process works on jobs: the lock of a SQLite file, the leader's row on PostgreSQL, and who begins what."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxm.platform.access import Caller, Principal
from mxm.platform.clock import SystemChance
from mxm.platform.jobs import JobContext, JobRunner, JobState
from mxm.platform.jobs.leading import FileLead, Lead, RowLead, lead_of
from mxm.platform.jobs.models import LeaderRow
from mxm.platform.jobs.notices import listen
from support.clock import FakeClock
from support.databases import new_postgresql_database
from support.desk import Desk, desk_on, working
from support.program import given_settings, until

_END_LISTENERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE 'LISTEN%'
"""


def lead(desk: Desk) -> Lead:
    return lead_of(desk.database, desk.store, desk.clock, SystemChance())


@pytest.fixture
async def three(desk: Desk) -> AsyncIterator[list[Desk]]:
    """Three processes on one database, each with its own clock."""
    others = [desk_on(desk.settings), desk_on(desk.settings)]
    yield [desk, *others]
    for other in others:
        await other.database.close()


async def test_of_three_who_ask_at_once_one_leads_and_keeps_the_lead(three: list[Desk]) -> None:
    leads = [lead(each) for each in three]
    first = await asyncio.gather(*(each.hold() for each in leads))
    assert sorted(first) == [False, False, True]
    assert [await each.hold() for each in leads] == first
    for each in leads:
        await each.resign()


async def test_who_resigns_is_followed_at_once(three: list[Desk]) -> None:
    one, two, _ = (lead(each) for each in three)
    assert await one.hold()
    assert not await two.hold()
    await one.resign()
    assert await two.hold()
    assert not await one.hold()
    await two.resign()


async def test_three_who_work_at_once_begin_jobs_in_one_place_only(three: list[Desk]) -> None:
    """Importing at once they would draw refusals: none knows what the others have spent."""
    ran = list[int]()

    def runner(number: int, desk: Desk) -> JobRunner:
        async def handler(ctx: JobContext) -> JobState:
            ran.append(number)
            await asyncio.sleep(0.02)
            return JobState.SUCCEEDED

        found = JobRunner(desk.store, desk.database, desk.clock, lead=lead(desk))
        found.register("test", handler)
        return found

    jobs = [await three[0].new() for _ in range(6)]
    runners = [runner(number, each) for number, each in enumerate(three)]
    async with working(runners[0]), working(runners[1]), working(runners[2]):
        for job_id in jobs:
            await three[0].until(job_id, JobState.SUCCEEDED)
        assert len(ran) == 6, "each ran once"
        assert len(set(ran)) == 1


async def test_with_sqlite_what_was_running_is_taken_over_only_under_the_lock(tmp_path: Path) -> None:
    desk = await sqlite_desk(tmp_path)
    job_id = await desk.new()
    await desk.context()
    first, second = lead(desk), lead(desk)
    assert isinstance(first, FileLead)
    assert await first.hold()
    lease = (await desk.row(job_id)).lease_until
    assert lease == desk.clock.now(), "its lease ended: nobody else can hold one"
    await desk.store.claim(["test"], [])
    renewed = (await desk.row(job_id)).lease_until
    assert not await second.hold()
    assert (await desk.row(job_id)).lease_until == renewed, "a second server adopts nothing"
    await first.resign()
    assert await second.hold()
    await second.resign()
    await desk.database.close()


async def sqlite_desk(folder: Path) -> Desk:
    from support.databases import migrated_sqlite

    settings = given_settings(folder)
    settings.sqlite_file.write_bytes(migrated_sqlite())
    return desk_on(settings)


async def test_a_lead_that_ran_out_goes_to_another_and_its_claims_begin_nothing(postgresql: str) -> None:
    settings = given_settings(Path(), database_url=new_postgresql_database(postgresql))
    one, two = desk_on(settings), desk_on(settings)
    first, second = lead(one), lead(two)
    assert isinstance(first, RowLead)
    assert await first.hold()
    job_id = await one.new()
    async with one.database.write() as tx:  # frozen for longer than its lease
        (await tx.session.get_one(LeaderRow, "jobs")).until = datetime(2020, 1, 1, tzinfo=UTC)
    assert await second.hold()
    assert await first.hold(), "it has not looked again yet"
    assert await one.store.claim(["test"], [], leader=first.owner) is None, "the claim looks"
    assert isinstance(one.clock, FakeClock)
    one.clock.jump(2)
    assert not await first.hold()
    assert await two.store.claim(["test"], [], leader=second.owner) is not None
    assert (await one.row(job_id)).claims == 1
    for each in (one, two):
        await each.database.close()


def caller(name: str) -> Caller:
    return Caller(Principal(f"user:{name}", name, "session"), "request-1")


async def test_neither_a_kind_nor_a_creator_keeps_others_from_beginning(desk: Desk) -> None:
    """Ten long jobs of one person are in the queue first; another kind and another person do not wait for them."""
    begun, end = list[str](), asyncio.Event()

    async def handler(ctx: JobContext) -> JobState:
        begun.append(f"{ctx.caller.name}'s {ctx.params['n']}")
        await end.wait()
        return JobState.SUCCEEDED

    runner = desk.runner(handler)
    runner.register("other", handler)
    jobs = [await desk.new(caller=caller("ann")) for _ in range(10)]
    async with working(runner):
        await until(lambda: len(begun) == 4)
        jobs.append(await desk.new(kind="other", caller=caller("ann")))
        jobs.append(await desk.new(caller=caller("bob")))
        runner.wake()
        await until(lambda: len(begun) == 6)
        await asyncio.sleep(0.1)
        assert len(begun) == 6, "the others of the same kind and person wait"
        end.set()
        for job_id in jobs:
            await desk.until(job_id, JobState.SUCCEEDED)


async def test_what_was_due_first_begins_first(desk: Desk) -> None:
    later, sooner = await desk.new(), await desk.new()
    await desk.change(later, run_at=datetime(2020, 1, 2, tzinfo=UTC))
    await desk.change(sooner, run_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert [(await desk.context()).job_id for _ in range(2)] == [sooner, later]


async def test_postgresql_tells_of_new_jobs_when_they_are_committed_and_not_before(postgresql: str) -> None:
    desk = desk_on(given_settings(Path(), database_url=new_postgresql_database(postgresql)))
    told = list[int]()
    listening = asyncio.ensure_future(listen(desk.database, desk.clock, lambda: told.append(1)))
    await until(lambda: len(told) == 1)
    async with desk.database.write() as tx:
        await desk.store.create(tx, caller("ann"), "test", {})
        await asyncio.sleep(0.1)
        assert len(told) == 1
    await until(lambda: len(told) == 2)
    with pytest.raises(ValueError, match="rolled back"):
        await _roll_back(desk)
    await asyncio.sleep(0.1)
    assert len(told) == 2
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await desk.database.close()


async def _roll_back(desk: Desk) -> None:
    async with desk.database.write() as tx:
        await desk.store.create(tx, caller("ann"), "test", {})
        raise ValueError("rolled back")


async def test_a_lost_connection_for_notices_is_made_anew(postgresql: str) -> None:
    from sqlalchemy import text

    desk = desk_on(given_settings(Path(), database_url=new_postgresql_database(postgresql)), FakeClock(auto=True))
    told = list[int]()
    listening = asyncio.ensure_future(listen(desk.database, desk.clock, lambda: told.append(1)))
    await until(lambda: len(told) == 1)
    async with desk.database.write() as tx:
        await tx.session.execute(text(_END_LISTENERS))
    await until(lambda: len(told) == 2)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await desk.database.close()
