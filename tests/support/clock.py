"""Clocks and chance for tests: time moves when a test says so, or faster than outside."""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta


class FakeClock:
    """A `Clock` that stands still. `advance` moves it and wakes sleepers in order.

    With `auto=True` every sleep moves it at once: for tests with one task, where sleeping is the only way on.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC), *, auto: bool = False) -> None:
        self._start = start
        self._elapsed = 0.0
        self._auto = auto
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return 1000.0 + self._elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self._auto:
            self._elapsed += max(0.0, seconds)
        if self._auto or seconds <= 0:
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), wake))
        await wake

    async def advance(self, seconds: float) -> None:
        """Move on by `seconds`, stopping at every sleeper on the way so that it runs at its own time."""
        end = self._elapsed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, wake = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, at)
            if not wake.done():
                wake.set_result(None)
                await settle()
        self._elapsed = end
        await settle()

    def jump(self, seconds: float) -> None:
        """Move on without letting anybody run."""
        self._elapsed += seconds


class SwiftClock:
    """A clock that runs `speed` times as fast as the machine's: waits of the product pass sooner, in the same order.

    PostgreSQL's own clock and other processes keep the machine's time: good for one process alone.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start, self._began = datetime.now(UTC), time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed())

    def monotonic(self) -> float:
        return self._began + self._elapsed()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / self._speed)

    def _elapsed(self) -> float:
        return (time.monotonic() - self._began) * self._speed


async def settle(rounds: int = 20) -> None:
    """Let every task that can run do so."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class FixedChance:
    """A `Chance` without surprises."""

    def __init__(self, jitter: float = 0.5) -> None:
        self._jitter = jitter

    def token(self, size: int) -> bytes:
        return b"\x07" * size

    def jitter(self) -> float:
        return self._jitter
