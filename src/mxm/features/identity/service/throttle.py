"""Slows guessing down: failures are counted for one user from one place, and for one place, over 15 minutes.

A place is an address (the /64 for IPv6). Nobody is locked out from elsewhere. An attempt counts from its beginning,
so that many at once are no way round; a success takes it back.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, text

from mxm.features.identity.models import LoginFailureRow
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database, WriteTx
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

    def worth_noting(self, address: str) -> bool:
        """Whether a refusal shall be written down: one a minute and place, or guessing would fill the disk."""
        place, now = network_of(address), self._clock.monotonic()
        if len(self._noted) > _PLACES_NOTED:
            self._noted.clear()
        if now - self._noted.get(place, float("-inf")) < _NOTE_SECONDS:
            return False
        self._noted[place] = now
        return True

    async def enter(self, login: str, address: str) -> str:
        """Count an attempt before any hashing; returns its id. Raises `RateLimited`."""
        place, login_hash = network_of(address), self._keys.digest("throttle", login.lower().encode())
        now = self._clock.now()
        recent = (LoginFailureRow.place == place, LoginFailureRow.at > now - WINDOW)
        async with self._database.write() as tx:
            await self._one_at_a_time(tx, place)
            for limit, extra in ((USER_LIMIT, (LoginFailureRow.login_hash == login_hash,)), (PLACE_LIMIT, ())):
                query = select(func.count(), func.min(LoginFailureRow.at)).where(*recent, *extra)
                count, oldest = (await tx.session.execute(query)).one()
                if count >= limit:
                    wait = (oldest + WINDOW - now).total_seconds() if oldest else 60
                    raise RateLimited("Too many failed sign-ins. Try again later.", retry_after=wait)
            attempt = LoginFailureRow(id=self._chance.token(16).hex(), at=now, place=place, login_hash=login_hash)
            tx.session.add(attempt)
        return attempt.id

    async def succeeded(self, login: str, address: str) -> None:
        """Forget this user's failures from this place; those of other users there still count."""
        place, login_hash = network_of(address), self._keys.digest("throttle", login.lower().encode())
        mine = (LoginFailureRow.place == place, LoginFailureRow.login_hash == login_hash)
        async with self._database.write() as tx:
            await tx.session.execute(delete(LoginFailureRow).where(*mine))

    async def tidy(self) -> None:
        """Forget what lies before the window."""
        async with self._database.write() as tx:
            await tx.session.execute(delete(LoginFailureRow).where(LoginFailureRow.at < self._clock.now() - WINDOW))

    async def _one_at_a_time(self, tx: WriteTx, place: str) -> None:
        """SQLite's writer is alone anyway; PostgreSQL needs a lock for count-then-add."""
        if self._database.is_postgresql:
            await tx.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:place))"), {"place": place})
