"""Slows guessing down: failures are counted for one user from one place, and for one place, over 15 minutes.

A place is an address (the /64 for IPv6). Nobody is locked out from elsewhere.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from weakref import WeakValueDictionary

from sqlalchemy import delete, exists, func, select

from mxm.features.identity.models import LoginFailureRow
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import RateLimited
from mxm.platform.keys import KeyRing
from mxm.platform.networks import network_of

WINDOW = timedelta(minutes=15)
USER_LIMIT = 5
PLACE_LIMIT = 20
_NOTE_SECONDS = 60.0
_PLACES_NOTED = 10_000


class Throttle:
    """Counts in the database, so that replicas count together and a restart forgets nothing."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, keys: KeyRing) -> None:
        self._database, self._clock, self._chance, self._keys = database, clock, chance, keys
        self._noted: dict[str, float] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def worth_noting(self, address: str) -> bool:
        """Whether a refusal shall be written down: one a minute and place, or guessing would fill the disk."""
        place, now = network_of(address), self._clock.monotonic()
        if len(self._noted) > _PLACES_NOTED:
            self._noted.clear()
        if now - self._noted.get(place, float("-inf")) < _NOTE_SECONDS:
            return False
        self._noted[place] = now
        return True

    @asynccontextmanager
    async def attempt(self, login: str, address: str) -> AsyncIterator[None]:
        """One sign-in, decided before any hashing. Raises `RateLimited`.

        Attempts from one place come one after another: many at once are no way round the limit, and those with the
        right password do not count against each other.
        """
        place = network_of(address)
        lock = self._locks.setdefault(place, asyncio.Lock())
        async with lock:
            await self._check(place, self._login_hash(login))
            yield

    async def failed(self, login: str, address: str) -> None:
        """Count a failure."""
        row = LoginFailureRow(
            id=self._chance.token(16).hex(),
            at=self._clock.now(),
            place=network_of(address),
            login_hash=self._login_hash(login),
        )
        async with self._database.write() as tx:
            tx.session.add(row)

    async def succeeded(self, login: str, address: str) -> None:
        """Forget this user's failures from this place; those of other users there still count."""
        place, login_hash = network_of(address), self._login_hash(login)
        mine = (LoginFailureRow.place == place, LoginFailureRow.login_hash == login_hash)
        async with self._database.read() as session:
            if not (await session.execute(select(exists().where(*mine)))).scalar():
                return
        async with self._database.write() as tx:
            await tx.session.execute(delete(LoginFailureRow).where(*mine))

    async def tidy(self) -> None:
        """Forget what lies before the window."""
        async with self._database.write() as tx:
            await tx.session.execute(delete(LoginFailureRow).where(LoginFailureRow.at < self._clock.now() - WINDOW))

    async def _check(self, place: str, login_hash: bytes) -> None:
        now = self._clock.now()
        recent = (LoginFailureRow.place == place, LoginFailureRow.at > now - WINDOW)
        async with self._database.read() as session:
            for limit, extra in ((USER_LIMIT, (LoginFailureRow.login_hash == login_hash,)), (PLACE_LIMIT, ())):
                query = select(func.count(), func.min(LoginFailureRow.at)).where(*recent, *extra)
                count, oldest = (await session.execute(query)).one()
                if count >= limit:
                    wait = (oldest + WINDOW - now).total_seconds() if oldest else 60
                    raise RateLimited("Too many failed sign-ins. Try again later.", retry_after=wait)

    def _login_hash(self, login: str) -> bytes:
        """People type passwords into the user field."""
        return self._keys.digest("throttle", login.lower().encode("utf-8", "replace"))
