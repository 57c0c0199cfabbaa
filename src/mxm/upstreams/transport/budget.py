"""The budget of one upstream account, shared by all tasks: who may send now, who waits, who is told to come back.

People go before background work, callers take turns by their key, nobody waits longer than `max_wait` for a person.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from mxm.platform.clock import Clock
from mxm.platform.context import BudgetWait, Requester, requester
from mxm.platform.errors import RateLimited
from mxm.upstreams.transport import limiter, rate_headers
from mxm.upstreams.transport.limiter import Kind

MAX_WAIT_SECONDS = 65.0
"""One window and a little: a person's call that cannot go by then is refused."""


@dataclass(frozen=True, slots=True)
class BucketSnapshot:
    """One bucket for people and metrics; `reset_seconds` is None while no window has begun."""

    limit: int
    remaining: int
    reset_seconds: float | None
    in_flight: int
    waiting: int


@dataclass(frozen=True, slots=True)
class BudgetSnapshot:
    """Both buckets at one moment; one and the same where reads and writes share it."""

    reads: BucketSnapshot
    writes: BucketSnapshot


@dataclass(frozen=True, slots=True)
class Share:
    """So many `requests` in each window of `seconds`."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Together:
    """One limit for reads and writes: so many `requests` in `seconds`."""

    requests: int
    seconds: float


@dataclass(eq=False, slots=True)
class _Waiter:
    key: str
    background: bool
    granted: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class _Turns:
    """Waiters in turns: one of each key, then the next of each."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, deque[_Waiter]] = OrderedDict()
        self.size = 0

    def add(self, waiter: _Waiter) -> None:
        self._keys.setdefault(waiter.key, deque()).append(waiter)
        self.size += 1

    def pop(self) -> _Waiter:
        key, waiters = self._keys.popitem(last=False)
        waiter = waiters.popleft()
        if waiters:
            self._keys[key] = waiters
        self.size -= 1
        return waiter

    def remove(self, waiter: _Waiter) -> None:
        waiters = self._keys[waiter.key]
        waiters.remove(waiter)
        if not waiters:
            del self._keys[waiter.key]
        self.size -= 1


class _Bucket:
    """One window and the two queues before it."""

    def __init__(self, kind: Kind, limit: int, clock: Clock, seconds: float = limiter.WINDOW_SECONDS) -> None:
        self.kind = kind
        self.clock = clock
        self.window = limiter.fresh(limit, seconds)
        self.people = _Turns()
        self.background = _Turns()

    def queue(self, waiter: _Waiter) -> _Turns:
        return self.background if waiter.background else self.people

    def roll(self) -> float:
        now = self.clock.monotonic()
        self.window = limiter.rolled(self.window, now)
        return now

    def pump(self) -> None:
        """Let go whoever may: people first; background only beyond what is kept for people."""
        now = self.roll()
        while self.people.size and limiter.free(self.window):
            self._grant(self.people.pop(), now)
        while self.background.size and limiter.free(self.window, self.kept()):
            self._grant(self.background.pop(), now)

    def kept(self) -> int:
        """What background work leaves to people."""
        return limiter.kept_for_people(self.kind, self.window.limit)

    def _grant(self, waiter: _Waiter, now: float) -> None:
        self.window = limiter.granted(self.window, now)
        waiter.granted.set_result(None)

    def snapshot(self) -> BucketSnapshot:
        now = self.roll()
        window = self.window
        return BucketSnapshot(
            limit=window.limit,
            remaining=max(0, window.left - window.in_flight),
            reset_seconds=None if window.ends_at is None else max(0.0, window.ends_at - now),
            in_flight=window.in_flight,
            waiting=self.people.size + self.background.size,
        )


class Ticket:
    """The right to send one request. Ends with `settle` or `release`; whatever comes after the first is ignored."""

    def __init__(self, bucket: _Bucket) -> None:
        self._bucket = bucket
        self._open = True

    def release(self) -> None:
        """Give it back: nothing reached upstream."""
        if self._close():
            self._bucket.window = limiter.released(self._bucket.window)
            self._bucket.pump()

    def settle(self, headers: Mapping[str, str] | None, *, refused: bool = False) -> None:
        """The request ended: with lower-case answer `headers`, or None without an answer; `refused` means 429."""
        if not self._close():
            return
        bucket = self._bucket
        now = bucket.roll()
        said = None if headers is None else rate_headers.report(headers, bucket.clock.now(), refused=refused)
        bucket.window = limiter.settled(bucket.window, now, said)
        bucket.pump()

    def _close(self) -> bool:
        was_open, self._open = self._open, False
        return was_open


class Budget:
    """Reads and writes of one upstream account. Limits are what the answers say; `reads` and `writes` hold before."""

    def __init__(
        self,
        clock: Clock,
        *,
        name: str = "upstream",
        reads: int = 100,
        writes: int = 20,
        together: Together | None = None,
        max_wait: float = MAX_WAIT_SECONDS,
    ) -> None:
        """`name` is what messages call the upstream; limits are requests a minute; `max_wait` is in seconds.

        `together` is for an upstream that does not count reads and writes apart; `reads` and `writes` mean nothing
        then, and background work leaves a fifth of the whole to people.
        """
        self._clock = clock
        self._name = name
        self._max_wait = max_wait
        if together is None:
            read, write = _Bucket(Kind.READ, reads, clock), _Bucket(Kind.WRITE, writes, clock)
        else:
            read = write = _Bucket(Kind.READ, together.requests, clock, together.seconds)
        self._buckets = {Kind.READ: read, Kind.WRITE: write}
        self._is_shared = together is not None

    async def reserve(self, kind: Kind, *, patience: float | None = None) -> Ticket:
        """Wait for a turn. A person's call waits at most `patience` (default: `max_wait`) seconds, background as long
        as it takes. Raises `RateLimited` with `retry_after`, at once when waiting would be in vain."""
        who = requester.get()
        bucket = self._buckets[kind]
        limit = self._max_wait if patience is None else min(patience, self._max_wait)
        bucket.pump()
        if not who.background:
            self._refuse_the_hopeless(bucket, limit)
        waiter = _Waiter(who.key, who.background)
        bucket.queue(waiter).add(waiter)
        bucket.pump()
        try:
            deadline = None if who.background else self._clock.monotonic() + limit
            await self._wait(kind, waiter, deadline, who)
        except BaseException:
            self._withdraw(bucket, waiter)
            raise
        return Ticket(bucket)

    def snapshot(self) -> BudgetSnapshot:
        """What is left, of what, until when: for the user interface and the metrics."""
        return BudgetSnapshot(self._buckets[Kind.READ].snapshot(), self._buckets[Kind.WRITE].snapshot())

    def background_share(self, kind: Kind) -> Share:
        """The most that background work gets of each window."""
        bucket = self._buckets[kind]
        return Share(bucket.window.limit - bucket.kept(), bucket.window.length)

    def _refuse_the_hopeless(self, bucket: _Bucket, limit: float) -> None:
        wait = limiter.expected_wait(bucket.window, self._clock.monotonic(), bucket.people.size)
        if wait > limit:
            raise self._exhausted(wait)

    async def _wait(self, kind: Kind, waiter: _Waiter, deadline: float | None, who: Requester) -> None:
        bucket = self._buckets[kind]
        while not waiter.granted.done():
            now = self._clock.monotonic()
            if deadline is not None and now >= deadline:
                raise self._exhausted(max(1.0, limiter.expected_wait(bucket.window, now, 0)))
            self._tell(kind, who, now)
            moments = [moment for moment in (bucket.window.ends_at, deadline) if moment is not None]
            await self._until(waiter.granted, min(moments) - now if moments else None)
            bucket.pump()

    def _tell(self, kind: Kind, who: Requester, now: float) -> None:
        bucket = self._buckets[kind]
        window, kept = bucket.window, bucket.kept() if who.background else 0
        if who.on_wait is None or window.ends_at is None or not limiter.used_up(window, kept):
            return
        until = self._clock.now() + timedelta(seconds=window.ends_at - now)
        counted = "request" if self._is_shared else kind.value
        who.on_wait(BudgetWait(self._name, counted, window.limit, window.length, until))

    async def _until(self, granted: "asyncio.Future[None]", seconds: float | None) -> None:
        if seconds is None:
            await asyncio.wait({granted})
            return
        sleeper = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({granted, sleeper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()

    @staticmethod
    def _withdraw(bucket: _Bucket, waiter: _Waiter) -> None:
        if waiter.granted.done():
            Ticket(bucket).release()
        else:
            bucket.queue(waiter).remove(waiter)

    def _exhausted(self, wait: float) -> RateLimited:
        seconds = math.ceil(wait)
        message = f"The request limit of {self._name} is used up. Nothing was sent. Try again in {seconds} seconds."
        return RateLimited(message, retry_after=float(seconds))
