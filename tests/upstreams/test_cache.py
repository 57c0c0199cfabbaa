"""Sharing, keeping, dropping, and stale values that say so."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from mxm.platform.context import spending_as
from mxm.platform.errors import AppError, NotFound, RateLimited, UpstreamError, UpstreamTimeout
from mxm.upstreams.transport.cache import PATIENCE_SECONDS, ReadCache, Reading
from support.clock import FakeClock, settle


class Source:
    """A slow upstream read that a test finishes by hand."""

    def __init__(self) -> None:
        self.calls = 0
        self.cancelled = 0
        self._pending: list[asyncio.Future[str]] = []

    async def __call__(self) -> str:
        self.calls += 1
        pending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._pending.append(pending)
        try:
            return await pending
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    def finish(self, value: str | AppError, which: int = 0) -> None:
        pending = self._pending.pop(which)
        if isinstance(value, AppError):
            pending.set_exception(value)
        else:
            pending.set_result(value)


def value(of: str | AppError) -> Callable[[], Awaitable[str]]:
    async def fill() -> str:
        if isinstance(of, AppError):
            raise of
        return of

    return fill


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def cache(clock: FakeClock) -> ReadCache:
    return ReadCache(clock)


def ask(cache: ReadCache, source: Source, *, background: bool = False) -> "asyncio.Task[Reading[str]]":
    with spending_as("x", background=background):
        return asyncio.ensure_future(cache.get("k", source, ttl=15, tags={"t"}))


async def test_a_hundred_callers_one_call(cache: ReadCache) -> None:
    source = Source()
    tasks = [ask(cache, source) for _ in range(100)]
    await settle()
    source.finish("v")
    assert {(await task).value for task in tasks} == {"v"}
    assert source.calls == 1


async def test_cancelling_one_leaves_the_others(cache: ReadCache) -> None:
    source = Source()
    first, second = ask(cache, source), ask(cache, source)
    await settle()
    first.cancel()
    await settle()
    source.finish("v")
    assert (await second).value == "v"
    assert (source.calls, source.cancelled) == (1, 0)


async def test_when_nobody_waits_the_read_ends(cache: ReadCache) -> None:
    source = Source()
    only = ask(cache, source)
    await settle()
    only.cancel()
    await settle()
    assert source.cancelled == 1
    again = ask(cache, source)
    await settle()
    source.finish("v", which=-1)
    assert (await again).value == "v"


async def test_an_error_goes_to_all_and_is_not_kept(cache: ReadCache) -> None:
    source = Source()
    tasks = [ask(cache, source) for _ in range(3)]
    await settle()
    source.finish(UpstreamError("broken"))
    for task in tasks:
        with pytest.raises(UpstreamError):
            await task
    assert (await cache.get("k", value("v"), ttl=15)).value == "v"


async def test_fresh_for_its_time(cache: ReadCache, clock: FakeClock) -> None:
    first = await cache.get("k", value("old"), ttl=15)
    assert (first.stale, first.fetched_at) == (False, clock.now())
    clock.jump(14.9)
    assert (await cache.get("k", value("new"), ttl=15)).value == "old"
    clock.jump(0.1)
    assert cache.peek("k") is None
    assert (await cache.get("k", value("new"), ttl=15)).value == "new"


async def test_age_counts_from_the_question(cache: ReadCache, clock: FakeClock) -> None:
    source = Source()
    asked_at, task = clock.now(), ask(cache, source)
    await settle()
    clock.jump(10)
    source.finish("v")
    assert (await task).fetched_at == asked_at
    clock.jump(5)
    assert cache.peek("k") is None


@pytest.mark.parametrize("error", [UpstreamError("x"), UpstreamTimeout("x"), RateLimited("x")])
async def test_stale_beats_none(cache: ReadCache, clock: FakeClock, error: AppError) -> None:
    first = await cache.get("k", value("old"), ttl=15, tags={"t"})
    clock.jump(60)
    stale = await cache.get("k", value(error), ttl=15, tags={"t"})
    assert stale == Reading("old", first.fetched_at, stale=True)
    assert (await cache.get("k", value("new"), ttl=15)).stale is False
    cache.drop({"t"})
    with pytest.raises(type(error)):
        await cache.get("other", value(error), ttl=15)


async def test_a_dropped_value_never_comes_back_as_stale(cache: ReadCache) -> None:
    await cache.get("k", value("old"), ttl=15, tags={"t"})
    cache.drop({"t"})
    with pytest.raises(UpstreamError):
        await cache.get("k", value(UpstreamError("x")), ttl=15, tags={"t"})


async def test_not_found_forgets(cache: ReadCache, clock: FakeClock) -> None:
    await cache.get("k", value("old"), ttl=15)
    clock.jump(60)
    with pytest.raises(NotFound):
        await cache.get("k", value(NotFound("gone")), ttl=15)
    with pytest.raises(UpstreamError):
        await cache.get("k", value(UpstreamError("x")), ttl=15)


@pytest.mark.parametrize("everything", [True, False])
async def test_a_fill_from_before_the_drop(cache: ReadCache, everything: bool) -> None:
    source = Source()
    before = ask(cache, source)
    await settle()
    if everything:
        cache.drop_all()
    else:
        cache.drop({"t", "unknown"})
    after = ask(cache, source)
    await settle()
    assert source.calls == 2
    source.finish("before")
    assert (await before).value == "before"
    assert cache.peek("k") is None, "not stored"
    source.finish("after")
    assert (await after).value == "after", "not shared"
    assert (await cache.get("k", source, ttl=15)).value == "after"


async def test_a_drop_of_other_tags_changes_nothing(cache: ReadCache) -> None:
    await cache.get("k", value("v"), ttl=15, tags={"t"})
    cache.drop({"u"})
    assert cache.peek("k") is not None


async def test_people_do_not_wait_in_a_background_fill(cache: ReadCache) -> None:
    slow, quick = Source(), Source()
    job = ask(cache, slow, background=True)
    await settle()
    person = ask(cache, quick)
    await settle()
    quick.finish("new")
    assert (await person).value == "new"
    slow.finish("old")
    await job
    known = cache.peek("k")
    assert known is not None


async def test_background_joins_people(cache: ReadCache) -> None:
    source = Source()
    tasks = [ask(cache, source), ask(cache, source, background=True)]
    await settle()
    assert source.calls == 1
    source.finish("v")
    await asyncio.gather(*tasks)


async def overdue(cache: ReadCache, clock: FakeClock) -> Reading[str]:
    """An old value is kept, and no longer fresh."""
    old = await cache.get("k", value("old"), ttl=15, tags={"t"})
    clock.jump(60)
    return old


async def test_nobody_waits_long_for_what_is_known_of_old(cache: ReadCache, clock: FakeClock) -> None:
    old, silent = await overdue(cache, clock), Source()
    first = ask(cache, silent)
    await clock.advance(PATIENCE_SECONDS - 0.1)
    assert not first.done()
    await clock.advance(0.1)
    assert first.done()
    assert await first == Reading("old", old.fetched_at, stale=True)
    later = ask(cache, silent)
    await settle()
    assert later.done(), "whoever comes later waits not even that"
    assert (await later).stale
    silent.finish("new")
    await settle()
    assert (await cache.get("k", silent, ttl=15)) == Reading("new", old.fetched_at + timedelta(seconds=60))
    assert (silent.calls, silent.cancelled) == (1, 0)


async def test_background_work_waits_for_the_present_state(cache: ReadCache, clock: FakeClock) -> None:
    """It waits for budget a minute at a time: an old value in its place would be taken for a silent upstream."""
    await cache.get("k", value("old"), ttl=15, tags={"t"})
    await clock.advance(60)
    slow = Source()
    waiting = ask(cache, slow, background=True)
    await clock.advance(600)
    assert not waiting.done()
    slow.finish("new")
    assert (await waiting).value == "new"
    await clock.advance(60)
    broken = ask(cache, slow, background=True)
    await settle()
    slow.finish(UpstreamTimeout("silent"))
    assert (await broken).stale, "when upstream fails, stale beats none for background work too"


async def test_an_answer_in_time_is_waited_for(cache: ReadCache, clock: FakeClock) -> None:
    await overdue(cache, clock)
    source = Source()
    asking = ask(cache, source)
    await clock.advance(2)
    source.finish("new")
    assert (await asking).value == "new"
    await clock.advance(60)


async def test_without_an_old_value_there_is_only_waiting(cache: ReadCache, clock: FakeClock) -> None:
    source = Source()
    asking = ask(cache, source)
    await clock.advance(60)
    assert not asking.done()
    source.finish("v")
    assert (await asking).value == "v"


async def test_a_value_dropped_while_waiting_is_not_given(cache: ReadCache, clock: FakeClock) -> None:
    await overdue(cache, clock)
    source = Source()
    asking = ask(cache, source)
    await clock.advance(1)
    cache.drop({"t"})
    await clock.advance(60)
    assert not asking.done()
    source.finish("new")
    assert (await asking).value == "new"


@pytest.mark.parametrize("error", [UpstreamTimeout("x"), NotFound("gone")])
async def test_a_read_that_fails_when_nobody_waits_any_more(
    cache: ReadCache, clock: FakeClock, error: AppError
) -> None:
    await overdue(cache, clock)
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    source = Source()
    asking = ask(cache, source)
    await clock.advance(PATIENCE_SECONDS)
    assert asking.done()
    assert (await asking).stale
    source.finish(error)
    await settle()
    del source
    gc.collect()
    assert complaints == [], "never retrieved"
    assert len(cache) == (0 if isinstance(error, NotFound) else 1)


async def test_cancelling_the_only_one_who_waits_beside_an_old_value(cache: ReadCache, clock: FakeClock) -> None:
    await overdue(cache, clock)
    source = Source()
    first, second = ask(cache, source), ask(cache, source)
    await clock.advance(1)
    first.cancel()
    await settle()
    assert source.cancelled == 0
    second.cancel()
    await settle()
    assert source.cancelled == 1


def test_an_empty_cache_is_not_taken_for_none(cache: ReadCache) -> None:
    assert len(cache) == 0
    assert cache


async def test_bounded(clock: FakeClock) -> None:
    cache = ReadCache(clock, max_entries=2)
    await cache.get("a", value("a"), ttl=15)
    await cache.get("b", value("b"), ttl=15)
    cache.peek("a")
    await cache.get("c", value("c"), ttl=15)
    assert len(cache) == 2
    assert cache.peek("b") is None
    assert cache.peek("a") is not None
