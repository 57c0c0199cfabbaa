"""Time, waiting and chance, handed in everywhere so that tests never wait and never guess."""

import asyncio
import random
import secrets
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of time in UTC and seconds."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`; zero or less gives way once."""
        ...


class Chance(Protocol):
    """A source of randomness: secrets for keys, jitter for pauses."""

    def token(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...

    def jitter(self) -> float:
        """A number in [0, 1); never used for secrets."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class SystemChance:
    """The operating system's randomness."""

    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def jitter(self) -> float:
        return random.random()
