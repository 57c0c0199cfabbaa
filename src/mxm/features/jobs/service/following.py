"""Waking up those who follow a job when it changes, wherever it runs; and how many may follow."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from mxm.platform.clock import Clock
from mxm.platform.db.generation import EVERYTHING, Generation
from mxm.platform.errors import RateLimited
from mxm.platform.jobs.items import TAG

MOST_EACH = 8
MOST_IN_ALL = 256


class Follower:
    """One who follows. `changed` is true until it is taken."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def tell(self) -> None:
        """The job may have changed."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Whether the job may have changed within so many seconds."""
        event, pause = asyncio.ensure_future(self._event.wait()), asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({event, pause}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in (event, pause):
                each.cancel()
        told = self._event.is_set()
        self._event.clear()
        return told


class Followers:
    """One for each process. Changes made elsewhere are heard of through the generation, within a second."""

    def __init__(self, generation: Generation, clock: Clock) -> None:
        self._clock = clock
        self._followers: dict[str, set[Follower]] = {}
        self.stopping = False
        generation.subscribe(self._on_change)

    @contextmanager
    def of(self, job_id: str) -> Iterator[Follower]:
        """Follow a job while inside."""
        follower = Follower(self._clock)
        self._followers.setdefault(job_id, set()).add(follower)
        try:
            yield follower
        finally:
            others = self._followers[job_id]
            others.discard(follower)
            if not others:
                del self._followers[job_id]

    def stop(self) -> None:
        """The server ends: whoever follows shall end now."""
        self.stopping = True
        for job_id in self._followers:
            self._tell(job_id)

    async def _on_change(self, tags: frozenset[str]) -> None:
        known = self._followers if tags == EVERYTHING else {tag.removeprefix(TAG) for tag in tags}
        for job_id in known:
            self._tell(job_id)

    def _tell(self, job_id: str) -> None:
        for follower in self._followers.get(job_id, ()):
            follower.tell()


class Places:
    """Streams that may be open at once: each holds a connection for as long as its client likes."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def check(self, key: str) -> None:
        """Raises `RateLimited` when there is none left."""
        if not self._is_free(key):
            raise RateLimited(f"At most {MOST_EACH} event streams may be open at once. Close one.", retry_after=5)

    @contextmanager
    def taken(self, key: str) -> Iterator[bool]:
        """Hold a place while inside; false when others were quicker since `check`."""
        if not self._is_free(key):
            yield False
            return
        self._taken[key] += 1
        try:
            yield True
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]

    def _is_free(self, key: str) -> bool:
        return self._taken[key] < MOST_EACH and self._taken.total() < MOST_IN_ALL
