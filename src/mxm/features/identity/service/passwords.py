"""Slow hashing of people's passwords: Argon2id with OWASP's parameters, in a thread, at most four at once."""

import asyncio
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher as Argon2

_AT_ONCE = 4


@cache
def _argon2() -> "Argon2":
    from argon2 import PasswordHasher as Argon2

    return Argon2(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys() -> str:
    """A hash to spend the same time on when there is no user."""
    return _argon2().hash("nobody's password")


class PasswordHasher:
    """19 MiB, two passes, one lane."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to store, with its salt and parameters."""
        async with self._slots:
            return await asyncio.to_thread(_argon2().hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Without a stored hash it takes as long, and does not fit."""
        async with self._slots:
            fits = await asyncio.to_thread(self._verify, stored, password)
        return fits and stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return _argon2().check_needs_rehash(stored)

    def warm_up(self) -> None:
        """Have everything ready, so that the first sign-in takes no longer than any other."""
        _nobodys()

    def _verify(self, stored: str | None, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return _argon2().verify(stored or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
