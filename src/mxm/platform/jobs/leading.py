"""Who works on jobs: of several processes on one database always one, so that one budget is spent by one."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.jobs.models import LeaderRow
from mxm.platform.jobs.store import JobStore

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("mxm.jobs")

LEAD = timedelta(seconds=6)
_SURE_SECONDS = 1.5
"""How long a confirmed lead counts without a look; the loop asks at least once a second."""
_NAME = "jobs"


class Lead(Protocol):
    """The right to begin jobs and to tick schedules."""

    @property
    def owner(self) -> str | None:
        """What a claim has to prove inside its transaction; None when the lead cannot be lost."""
        ...

    async def hold(self) -> bool:
        """Whether this process leads, freshly confirmed; tries to take a lead that is free."""
        ...

    async def resign(self) -> None:
        """This process ends: another one may lead at once."""
        ...


def lead_of(database: Database, store: JobStore, clock: Clock, chance: Chance) -> Lead:
    """The kind of lead that fits the database."""
    file = database.sqlite_file
    if file is not None and fcntl is not None:
        return FileLead(file.with_name(f"{file.name}.lock"), store)
    return RowLead(database, store, clock, chance)


class FileLead:
    """SQLite: a locked file, held for the life of the process, which the operating system gives back whatever happens.

    Whoever gets it knows that nobody else can hold a lease, and takes over what was running.
    """

    owner = None

    def __init__(self, file: Path, store: JobStore) -> None:
        self._file, self._store = file, store
        self._held: IO[bytes] | None = None
        self._adopted = False
        self._told = False

    async def hold(self) -> bool:
        if not self._adopted:
            if self._held is None and not self._lock():
                return False
            await self._store.adopt_all()
            self._adopted = True
        return True

    async def resign(self) -> None:
        if self._held is not None:
            self._held.close()
        self._held, self._adopted = None, False

    def _lock(self) -> bool:
        handle = self._file.open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            if not self._told:
                log.warning("another server works on the jobs of this database; this one waits for %s", self._file)
                self._told = True
            return False
        self._held = handle
        return True


class RowLead:
    """PostgreSQL: a row under a lease, by the database's clock."""

    def __init__(self, database: Database, store: JobStore, clock: Clock, chance: Chance) -> None:
        self._database, self._store, self._clock = database, store, clock
        self.owner: str = chance.token(16).hex()
        self._sure_until = float("-inf")

    async def hold(self) -> bool:
        began = self._clock.monotonic()
        if began < self._sure_until:
            return True
        self._sure_until = float("-inf")
        if await self._another_leads() or not await self._take():
            return False
        self._sure_until = began + _SURE_SECONDS
        return True

    async def resign(self) -> None:
        self._sure_until = float("-inf")
        async with self._database.write() as tx:
            mine = update(LeaderRow).where(LeaderRow.name == _NAME, LeaderRow.owner == self.owner)
            await tx.session.execute(mine.values(until=await self._store.now(tx.session)))

    async def _another_leads(self) -> bool:
        """Seen without writing: followers look each second."""
        async with self._database.read() as session:
            now = await self._store.now(session)
            other = (LeaderRow.name == _NAME, LeaderRow.owner != self.owner, LeaderRow.until > now)
            return (await session.execute(select(LeaderRow.owner).where(*other))).scalar() is not None

    async def _take(self) -> bool:
        insert = postgresql.insert if self._database.is_postgresql else sqlite.insert
        async with self._database.write() as tx:
            now = await self._store.now(tx.session)
            values = {"owner": self.owner, "until": now + LEAD}
            free = (LeaderRow.owner == self.owner) | (LeaderRow.until <= now)
            wanted = insert(LeaderRow).values(name=_NAME, **values)
            taken = wanted.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
            return (await tx.session.execute(taken.returning(LeaderRow.owner))).scalar() is not None
