"""The budget among tasks: people first, turns, waiting with an end, cancelling without loss."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from mxm.platform.context import BudgetWait, spending_as
from mxm.platform.errors import RateLimited
from mxm.upstreams.transport.budget import Budget, Share, Ticket, Together
from mxm.upstreams.transport.limiter import Kind
from support.clock import FakeClock, settle

UNIX = 1767225600  # FakeClock's start


def said(left: int, *, limit: int = 20, reset_in: int = 30, at: float = 0) -> dict[str, str]:
    values = {"limit": limit, "remaining": left, "reset": int(UNIX + at + reset_in)}
    return {f"x-ratelimit-{name}": str(value) for name, value in values.items()}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def tasks() -> AsyncIterator[list["asyncio.Task[Ticket]"]]:
    started: list[asyncio.Task[Ticket]] = []
    yield started
    for task in started:
        task.cancel()
    await asyncio.gather(*started, return_exceptions=True)


def ask(budget: Budget, kind: Kind = Kind.WRITE, key: str = "a", *, background: bool = False) -> "asyncio.Task[Ticket]":
    with spending_as(key, background=background):
        return asyncio.ensure_future(budget.reserve(kind))


async def spent(budget: Budget, kind: Kind, left: int, **more: int) -> None:
    """Let one request tell the state of the window."""
    (await budget.reserve(kind)).settle(said(left, **more))


async def test_starts_with_probes_then_follows_the_headers(
    clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]
) -> None:
    budget = Budget(clock)
    assert budget.snapshot().reads.limit == 100
    assert budget.snapshot().writes.remaining == 20
    first = await budget.reserve(Kind.WRITE)
    tasks += [ask(budget) for _ in range(30)]
    await settle()
    assert not any(task.done() for task in tasks), "the window is not proven yet"
    first.settle(said(12))
    await settle()
    assert sum(task.done() for task in tasks) == 12
    writes = budget.snapshot().writes
    assert (writes.limit, writes.remaining, writes.in_flight, writes.waiting) == (20, 0, 12, 18)
    assert writes.reset_seconds == 31.0


async def test_who_waits_for_a_window_is_told_until_when(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget, told = Budget(clock, name="MXroute"), list[BudgetWait]()

    def ask_and_tell() -> None:
        with spending_as("a", background=True, on_wait=told.append):
            tasks.append(asyncio.ensure_future(budget.reserve(Kind.WRITE)))

    first = await budget.reserve(Kind.WRITE)
    ask_and_tell()
    await settle()
    assert told == [], "it waits for an answer, not for a window"
    first.settle(said(2))
    ask_and_tell()
    await settle()
    assert told[-1] == BudgetWait("MXroute", "write", 20, 60.0, clock.now() + timedelta(seconds=31))
    assert [task.done() for task in tasks] == [True, False], "the last write is kept for people"
    assert budget.background_share(Kind.WRITE) == Share(19, 60.0)


async def test_reads_and_writes_are_separate(clock: FakeClock) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0)
    assert budget.snapshot().reads.remaining == 100
    (await budget.reserve(Kind.READ)).release()


async def test_waits_for_the_reset_and_does_not_burst(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0)
    tasks += [ask(budget, key=str(n)) for n in range(15)]
    await clock.advance(30.5)
    assert sum(task.done() for task in tasks) == 0
    await clock.advance(1)
    assert sum(task.done() for task in tasks) == 1, "one probes the new window, the others wait for its answer"
    next(task for task in tasks if task.done()).result().settle(said(19, reset_in=60, at=31))
    await settle()
    assert sum(task.done() for task in tasks) == 15


async def test_refuses_at_once_when_the_reset_is_too_far(clock: FakeClock) -> None:
    budget = Budget(clock, name="MXroute")
    ticket = await budget.reserve(Kind.WRITE)
    ticket.settle({"retry-after": "120"}, refused=True)
    with pytest.raises(RateLimited) as caught:
        await budget.reserve(Kind.WRITE)
    assert caught.value.retry_after == 121.0
    assert "MXroute" in caught.value.message
    assert clock.slept == []


async def test_refuses_at_once_when_the_queue_is_too_long(
    clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]
) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0)
    tasks += [ask(budget) for _ in range(20)]
    await settle()
    with pytest.raises(RateLimited):
        await budget.reserve(Kind.WRITE)


async def test_gives_up_after_65_seconds(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0, reset_in=60)
    tasks += [ask(budget), ask(budget)]
    await clock.advance(64)
    hung, waiting = tasks
    assert hung.done(), "the only probe, and it never ends"
    assert not waiting.done()
    await clock.advance(2)
    assert isinstance(waiting.exception(), RateLimited)


async def test_patience_may_be_shorter(clock: FakeClock) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0)
    with pytest.raises(RateLimited):
        await budget.reserve(Kind.WRITE, patience=20)


async def test_people_before_background(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    hung = await budget.reserve(Kind.WRITE)
    job, person = ask(budget, background=True), ask(budget, key="person")
    tasks += [job, person]
    await settle()
    hung.settle(said(2))
    await settle()
    assert person.done()
    assert not job.done(), "the last write of the window is kept for people"


@pytest.mark.parametrize(("kind", "limit", "kept"), [(Kind.WRITE, 20, 1), (Kind.READ, 100, 20), (Kind.READ, 200, 40)])
async def test_what_background_leaves(
    clock: FakeClock, tasks: list["asyncio.Task[Ticket]"], kind: Kind, limit: int, kept: int
) -> None:
    budget = Budget(clock)
    await spent(budget, kind, limit - 1, limit=limit)
    tasks += [ask(budget, kind, background=True) for _ in range(limit)]
    await settle()
    assert sum(task.done() for task in tasks) == limit - 1 - kept
    (await budget.reserve(kind)).release()


async def test_background_waits_beyond_the_patience_of_people(
    clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]
) -> None:
    budget = Budget(clock)
    (await budget.reserve(Kind.WRITE)).settle({"retry-after": "300"}, refused=True)
    tasks.append(ask(budget, background=True))
    await clock.advance(299)
    assert not tasks[0].done()
    await clock.advance(3)
    assert tasks[0].done()


async def test_callers_take_turns(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    hung = await budget.reserve(Kind.WRITE)
    greedy = [ask(budget, key="greedy") for _ in range(10)]
    modest = [ask(budget, key=f"modest {n}") for n in range(2)]
    tasks += greedy + modest
    await settle()
    hung.settle(said(4))
    await settle()
    assert [task.done() for task in modest] == [True, True]
    assert sum(task.done() for task in greedy) == 2


async def test_cancelling_loses_nothing(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    hung = await budget.reserve(Kind.WRITE)
    waiting, granted = ask(budget), ask(budget)
    tasks += [waiting, granted]
    await settle()
    waiting.cancel()
    await settle()
    assert budget.snapshot().writes.waiting == 1
    hung.settle(said(5))  # grants, before the waiter has run
    granted.cancel()
    await settle()
    assert granted.cancelled()
    writes = budget.snapshot().writes
    assert (writes.remaining, writes.in_flight, writes.waiting) == (5, 0, 0)


async def test_a_ticket_ends_once(clock: FakeClock) -> None:
    budget = Budget(clock)
    ticket = await budget.reserve(Kind.WRITE)
    ticket.release()
    ticket.settle(said(0))
    ticket.release()
    assert budget.snapshot().writes.remaining == 20


async def test_no_headers_at_all(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock, writes=3)
    for _ in range(3):
        (await budget.reserve(Kind.WRITE)).settle({})
    tasks.append(ask(budget))
    await clock.advance(59)
    assert not tasks[0].done()
    await clock.advance(2)
    assert tasks[0].done()


async def test_skew_without_date_is_survived(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    budget = Budget(clock)
    await spent(budget, Kind.WRITE, 0, reset_in=7200)
    tasks.append(ask(budget))
    await clock.advance(61)
    assert tasks[0].done(), "a reset two hours off is skew: one window is waited for, not two hours"


async def test_reads_and_writes_together(clock: FakeClock, tasks: list["asyncio.Task[Ticket]"]) -> None:
    """One bucket, and the window of that upstream: people are told at once what they cannot wait for."""
    budget = Budget(clock, together=Together(5, 300.0))
    for kind in (Kind.READ, Kind.WRITE, Kind.READ, Kind.WRITE):
        (await budget.reserve(kind)).settle({})
    snapshot = budget.snapshot()
    assert snapshot.reads == snapshot.writes
    assert (snapshot.reads.limit, snapshot.reads.remaining, snapshot.reads.reset_seconds) == (5, 1, 300.0)
    tasks.append(ask(budget, background=True))
    await settle()
    assert not tasks[0].done(), "a fifth is kept for people"
    (await budget.reserve(Kind.WRITE)).settle({})
    for kind in Kind:
        with pytest.raises(RateLimited) as caught:
            await budget.reserve(kind)
        assert caught.value.retry_after == 300.0
    await clock.advance(301)
    assert tasks[0].done()


async def test_a_policy_changes_the_window(clock: FakeClock) -> None:
    budget = Budget(clock, together=Together(1200, 300.0))
    policy = {"ratelimit": '"default";r=9;t=5', "ratelimit-policy": '"default";q=10;w=20'}
    (await budget.reserve(Kind.READ)).settle(policy)
    reads = budget.snapshot().reads
    assert (reads.limit, reads.remaining, reads.reset_seconds) == (10, 9, 6.0)
    await clock.advance(7)
    (await budget.reserve(Kind.READ)).settle({})
    assert budget.snapshot().reads.reset_seconds == 20.0


async def test_a_refusal_without_a_word_closes_the_whole_window(clock: FakeClock) -> None:
    budget = Budget(clock, together=Together(1200, 300.0))
    (await budget.reserve(Kind.WRITE)).settle({}, refused=True)
    with pytest.raises(RateLimited) as caught:
        await budget.reserve(Kind.READ)
    assert caught.value.retry_after == 300.0
