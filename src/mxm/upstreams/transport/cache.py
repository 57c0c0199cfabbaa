"""Reads that are shared while they run and kept for a while after: ask upstream as little as possible, truthfully."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from mxm.platform.clock import Clock
from mxm.platform.context import requester
from mxm.platform.errors import RateLimited, UpstreamFailure

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Fill = Callable[[], Awaitable[T]]

PATIENCE_SECONDS = 5.0
"""How long a read may take before an older value is given instead. MXroute answers within 0.2-2 s (facts.md): a read
that takes longer meets silence or waits for budget, and either can last a minute."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value and when it held: `fetched_at` is when the read began; `stale` when no newer one came in time."""

    value: T_co
    fetched_at: datetime
    stale: bool = False


@dataclass(slots=True)
class _Entry:
    reading: Reading[Any]
    fresh_until: float
    tags: frozenset[str]


@dataclass(eq=False, slots=True)
class _Flight:
    """A read under way. Once `void`, a drop came after its start: it serves those who wait already and nobody else."""

    task: "asyncio.Task[Reading[Any]]"
    tags: frozenset[str]
    background: bool
    began: float
    waiting: int = 0
    void: bool = False


class ReadCache:
    """Values by key, each with its time to live and tags. Bounded: the least recently used goes first."""

    def __init__(self, clock: Clock, *, max_entries: int = 5000) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._flights: dict[str, _Flight] = {}

    async def get(self, key: str, fill: Fill[T], *, ttl: float, tags: Iterable[str] = ()) -> Reading[T]:
        """The value of `key`: kept when younger than its `ttl` seconds, else from `fill`, called once for all callers.

        When `fill` fails for want of an answer (`UpstreamError`, `UpstreamTimeout`, `RateLimited`), the last value
        that nobody dropped is returned as stale. Any other error forgets that value. Errors are never kept.
        When there is such a value, people wait at most `PATIENCE_SECONDS` for a newer one: `fill` runs on, and who
        asks later finds what it brings. Background work waits: it is after the present state, and most of its time
        goes by waiting for budget.
        """
        known: Reading[T] | None = self.peek(key)
        if known is not None:
            return known
        flight = self._flights.get(key)
        background = requester.get().background
        # People do not wait in a fill that waits behind people.
        if flight is None or (flight.background and not background):
            flight = self._start(key, fill, ttl, frozenset(tags), background=background)
        return await self._join(key, flight, patient=background)

    def peek(self, key: str) -> Reading[Any] | None:
        """The fresh value of `key`, if there is one; asks nobody."""
        entry = self._entries.get(key)
        if entry is None or self._clock.monotonic() >= entry.fresh_until:
            return None
        self._entries.move_to_end(key)
        return entry.reading

    def drop(self, tags: Iterable[str]) -> None:
        """Forget every value with one of `tags`, and keep reads that are under way from bringing it back."""
        gone = frozenset(tags)
        for key in [key for key, entry in self._entries.items() if entry.tags & gone]:
            del self._entries[key]
        for key in [key for key, flight in self._flights.items() if flight.tags & gone]:
            self._flights.pop(key).void = True

    def drop_all(self) -> None:
        """Forget everything."""
        self._entries.clear()
        for flight in self._flights.values():
            flight.void = True
        self._flights.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        """An empty cache is one too: `cache or ReadCache(…)` must not replace it."""
        return True

    def _start(self, key: str, fill: Fill[Any], ttl: float, tags: frozenset[str], *, background: bool) -> _Flight:
        began, at = self._clock.monotonic(), self._clock.now()

        async def run() -> Reading[Any]:
            reading = Reading(await fill(), at)
            if not flight.void:
                self._keep(key, _Entry(reading, began + ttl, tags))
            return reading

        # A task of its own: the caller who happened to be first may be cancelled without harm to the others.
        flight = _Flight(asyncio.ensure_future(run()), tags, background, began)
        self._flights[key] = flight
        flight.task.add_done_callback(lambda task: self._landed(key, flight, task))
        return flight

    async def _join(self, key: str, flight: _Flight, *, patient: bool) -> Reading[Any]:
        flight.waiting += 1
        try:
            if not patient and self._stale(key, flight) is not None:
                await self._patiently(flight)
                if not flight.task.done() and (stale := self._stale(key, flight)) is not None:
                    return stale
            return await asyncio.shield(flight.task)
        except (UpstreamFailure, RateLimited):
            stale = self._stale(key, flight)
            if stale is None:
                raise
            return stale
        except asyncio.CancelledError:
            if flight.waiting == 1:  # nobody else wants it: spend no budget on it
                self._forget_flight(key, flight)
                flight.task.cancel()
            raise
        finally:
            flight.waiting -= 1

    def _stale(self, key: str, flight: _Flight) -> Reading[Any] | None:
        """What may be given in place of what `flight` would bring: an older value, unless a drop made it untrue."""
        entry = self._entries.get(key)
        return None if entry is None or flight.void else replace(entry.reading, stale=True)

    async def _patiently(self, flight: _Flight) -> None:
        """Wait for `flight`, at most until it has taken too long: counted from its start, whoever joined when."""
        left = flight.began + PATIENCE_SECONDS - self._clock.monotonic()
        sleeper = asyncio.ensure_future(self._clock.sleep(left))
        try:
            await asyncio.wait({flight.task, sleeper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()

    def _landed(self, key: str, flight: _Flight, task: "asyncio.Task[Reading[Any]]") -> None:
        self._forget_flight(key, flight)
        error = None if task.cancelled() else task.exception()
        if error is not None and not flight.void and not isinstance(error, UpstreamFailure | RateLimited):
            self._entries.pop(key, None)

    def _forget_flight(self, key: str, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    def _keep(self, key: str, entry: _Entry) -> None:
        held = self._entries.get(key)
        if held is not None and held.reading.fetched_at > entry.reading.fetched_at:
            return  # a person's read overtook a background one that began before it
        self._entries[key] = entry
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)
