"""Items of jobs: in order, each finished once, their secrets sealed and erased."""

import asyncio
from datetime import timedelta

import pytest

from mxm.platform.db import WriteTx
from mxm.platform.jobs import ItemState, JobContext, JobItem, JobState, NewItem
from mxm.platform.jobs.context import JobCancelled, LeaseLost
from mxm.platform.jobs.items import SEAL, finish_item, place
from support.desk import Desk, working


def numbered(count: int) -> list[NewItem]:
    return [NewItem(f"row {n}", {"line": n}, secret={"password": f"Secret{n}"}) for n in range(count)]


async def test_secrets_are_sealed_bound_to_their_place_and_opened_by_the_handler(desk: Desk) -> None:
    job_id = await desk.new(*numbered(2))
    first, second = await desk.items(job_id)
    assert first.sealed is not None
    assert b"Secret0" not in first.sealed
    ctx = await desk.context()
    assert [ctx.open(item) async for item in ctx.items()] == [{"password": "Secret0"}, {"password": "Secret1"}]
    await swap(desk, job_id)
    with pytest.raises(Exception, match="cannot be opened"):
        [ctx.open(item) async for item in ctx.items()]
    assert second.position == 1


async def swap(desk: Desk, job_id: str) -> None:
    """Somebody with access to the database puts one row's secret into another's place."""
    from mxm.platform.jobs import JobItemRow

    async with desk.database.write() as tx:
        one, two = [await tx.session.get_one(JobItemRow, (job_id, n)) for n in (0, 1)]
        one.sealed, two.sealed = two.sealed, one.sealed


async def test_items_come_in_order_in_chunks(desk: Desk) -> None:
    await desk.new(*numbered(7))
    ctx = await desk.context()
    assert [item.position async for item in ctx.items(chunk=3)] == list(range(7))
    await ctx.attempt(2)
    assert [item.position async for item in ctx.items(chunk=2)] == [0, 1, 3, 4, 5, 6]
    assert [item.position async for item in ctx.items(ItemState.ATTEMPTING)] == [2]


async def test_finishing_gives_the_word_erases_the_secret_counts_and_does_what_else_belongs_to_it(desk: Desk) -> None:
    job_id = await desk.new(*numbered(2))
    ctx = await desk.context()
    seen: list[str] = []

    async def also(tx: WriteTx) -> None:
        seen.append("done in the same transaction")

    await ctx.finish(0, "made", {"message": "well"}, handover={"password": "Secret0"}, also=also)
    await ctx.finish(0, "made again", {"message": "a second word is ignored"})
    first, second = await desk.items(job_id)
    assert (first.state, first.result, first.sealed) == ("made", {"message": "well"}, None)
    assert desk.sealer.open(SEAL, first.handover or b"", place(job_id, 0)) == {"password": "Secret0"}
    assert second.sealed is not None
    assert seen
    assert (await desk.row(job_id)).done == 1


async def test_what_also_fails_leaves_the_item_as_it_was(desk: Desk) -> None:
    job_id = await desk.new(*numbered(1))
    ctx = await desk.context()

    async def also(tx: WriteTx) -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours
        await ctx.finish(0, "made", also=also)
    [item] = await desk.items(job_id)
    assert (item.state, item.sealed is None) == ("queued", False)


async def test_a_follow_up_finishes_an_item_without_the_claim_and_may_hand_over_its_secret(desk: Desk) -> None:
    job_id = await desk.new(*numbered(1))
    await desk.context()
    async with desk.database.write() as tx:
        tags = await finish_item(tx.session, job_id, 0, "made", hand_over=True)
        assert tags == [f"job:{job_id}"]
    async with desk.database.write() as tx:
        assert await finish_item(tx.session, job_id, 0, "made", hand_over=True) == []
        assert await finish_item(tx.session, "unknown", 0, "made") == []
    [item] = await desk.items(job_id)
    assert desk.sealer.open(SEAL, item.handover or b"", place(job_id, 0)) == {"password": "Secret0"}
    assert (await desk.row(job_id)).done == 1


async def test_nothing_is_attempted_under_a_lost_claim_or_after_a_cancellation(desk: Desk) -> None:
    job_id = await desk.new(*numbered(2))
    frozen = await desk.context()
    await desk.expire(job_id)
    ctx = await desk.context()
    with pytest.raises(LeaseLost):
        await frozen.attempt(0)
    await desk.cancel(job_id)
    with pytest.raises(JobCancelled):
        await ctx.attempt(0)
    assert {item.state for item in await desk.items(job_id)} == {"queued"}


async def test_a_finished_item_is_not_attempted(desk: Desk) -> None:
    job_id = await desk.new(*numbered(1))
    ctx = await desk.context()
    await ctx.finish(0, "made")
    with pytest.raises(LeaseLost):
        await ctx.attempt(0)
    assert [item.state for item in await desk.items(job_id)] == ["made"]


async def test_finished_rows_of_the_beginning_keep_their_place(desk: Desk) -> None:
    job_id = await desk.new(NewItem("bad", {"line": 1}, state="failed", result={"message": "no"}), *numbered(1))
    found = await desk.row(job_id)
    assert (found.total, found.done, found.params["done_before"]) == (2, 1, 1)
    ctx = await desk.context()
    assert [item.position async for item in ctx.items()] == [1]


async def test_several_rows_at_once_and_after_an_error_no_new_one_begins(desk: Desk) -> None:
    await desk.new(*numbered(20))
    ctx = await desk.context()
    begun, ended = list[int](), list[int]()

    async def handle(item: JobItem) -> None:
        begun.append(item.position)
        await asyncio.sleep(0.01)
        if item.position == 2:
            raise ValueError("this one fails")
        await asyncio.sleep(0.05)
        ended.append(item.position)

    with pytest.raises(ValueError, match="this one"):
        await ctx.each(handle, at_once=4)
    assert begun == [0, 1, 2, 3]
    assert sorted(ended) == [0, 1, 3], "those under way came to their end"


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
async def test_at_the_end_no_secret_and_no_open_item_is_left(desk: Desk, state: JobState) -> None:
    async def handler(ctx: JobContext) -> JobState:
        await ctx.finish(0, "made", handover={"password": "x"})
        await ctx.attempt(1)
        return state

    job_id = await desk.new(*numbered(3))
    async with working(desk.runner(handler)):
        found = await desk.until(job_id, state)
    items = await desk.items(job_id)
    never = "cancelled" if state is JobState.CANCELLED else "failed"
    assert [item.state for item in items] == ["made", "unknown", never]
    assert all(item.sealed is None for item in items)
    assert found.handover_until is not None
    assert found.finished_at is not None
    assert found.handover_until - found.finished_at == timedelta(hours=24)


async def test_what_a_crash_left_unknown_may_still_get_its_true_word(desk: Desk) -> None:
    job_id = await desk.new(*numbered(1))
    ctx = await desk.context()
    await ctx.attempt(0)
    await desk.store.release(job_id, ctx.token, state=JobState.FAILED)
    async with desk.database.write() as tx:
        await finish_item(tx.session, job_id, 0, "created")
    assert [item.state for item in await desk.items(job_id)] == ["created"]
