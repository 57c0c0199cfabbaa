"""Engines and sessions: one writer that never loses an update, readers that never wait for it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, make_url, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from mxm.platform.clock import Clock
from mxm.platform.db.work import Published, WriteTx, record_changes
from mxm.platform.errors import Unavailable
from mxm.platform.settings import Settings

_BUSY_SECONDS = 5
_PASSING = (
    "database is locked",
    "database table is locked",
    "disk is full",
    "disk i/o error",
    "unable to open database",
)


class Database:
    """Opens transactions. `write()` commits on leaving and then tells who listens which tags changed."""

    def __init__(self, settings: Settings) -> None:
        self.is_postgresql = settings.uses_postgresql
        self.sqlite_file = None if self.is_postgresql else settings.sqlite_file
        if self.is_postgresql:
            self.writer = _postgresql(settings.database_url or "")
            # One reading sees one moment, as with SQLite: rights are read table by table.
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            self.writer, self.reader = _sqlite(settings.sqlite_file, writes=True), _sqlite(settings.sqlite_file)
        self._write_sessions = async_sessionmaker(self.writer, expire_on_commit=False)
        self._read_sessions = async_sessionmaker(self.reader, expire_on_commit=False)
        self._listeners: list[Published] = []

    def on_commit(self, listener: Published) -> None:
        """`listener` is awaited after each of our commits that changed a tag, before the writer goes on."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteTx]:
        """A transaction that takes the write lock at once. Raises `Unavailable` when locked or full."""
        with _passing_faults():
            async with self._write_sessions() as session:
                tx = WriteTx(session)
                try:
                    yield tx
                    if tx.tags:
                        await record_changes(session, tx.tags)
                except BaseException:
                    await _whole(session.rollback())
                    raise
                await _whole(session.commit())
        if tx.tags:
            for listener in self._listeners:
                await listener()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads. Raises `Unavailable` when the database cannot be read."""
        with _passing_faults():
            async with self._read_sessions() as session:
                yield session

    async def now(self, session: AsyncSession, clock: Clock) -> datetime:
        """The time that decides between processes: on PostgreSQL the database's, for replicas' clocks differ."""
        if self.is_postgresql:
            found: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
            return found
        return clock.now()

    async def close(self) -> None:
        """Close all connections."""
        await self.writer.dispose()
        await self.reader.dispose()


async def _whole(ending: Coroutine[Any, Any, None]) -> None:
    """The end of a transaction, to its end: a task that is cancelled meanwhile is so afterwards."""
    task, cancelled = asyncio.ensure_future(ending), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except BaseException:  # noqa: BLE001, S110 - it is the task's own, and raised below
            pass
    task.result()
    if cancelled is not None:
        raise cancelled


class _passing_faults:  # noqa: N801 - used as a statement
    """Turns faults of the database that pass by themselves into one clear error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, PoolTimeout):
            raise Unavailable("The database is busy. Try again shortly.", retry_after=5) from error
        if isinstance(error, DBAPIError) and (error.connection_invalidated or _is_passing(error)):
            raise Unavailable(
                "The database cannot be used for the moment (locked, full or gone). Try again shortly.", retry_after=5
            ) from error


def _is_passing(error: DBAPIError) -> bool:
    if not isinstance(error, OperationalError):
        return False
    text = str(error.orig).lower()
    return "psycopg" in type(error.orig).__module__ or any(sign in text for sign in _PASSING)


class _SqliteConnection(sqlite3.Connection):
    """Ends its transaction before it closes.

    A task that is cancelled inside a transaction has its connection closed under it; SQLite then keeps what has
    unfinished statements open as a "zombie", and with it the write lock, for the rest of the process's life.
    """

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.rollback()
        super().close()


def _sqlite(file: Path, *, writes: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{file}",
        hide_parameters=True,  # an error's text goes to the log
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writes else 4,
        max_overflow=0,
        pool_timeout=_BUSY_SECONDS * 2,
        # SQLAlchemy's own BEGIN below replaces the driver's, which would come too late and deferred.
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS, "factory": _SqliteConnection},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if not writes:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> AsyncEngine:
    return create_async_engine(
        postgresql_url(url),
        hide_parameters=True,  # an error's text goes to the log
        pool_size=8,
        max_overflow=4,
        pool_timeout=_BUSY_SECONDS * 2,
        pool_pre_ping=True,
    )


def postgresql_url(url: str) -> str:
    """The address with the driver named, whatever short form the operator used, and times in UTC.

    In a server's, database's or user's zone the driver cannot read what lies beyond the year 9999 there.
    """
    given = make_url(url.replace("postgres://", "postgresql://", 1))
    options = given.query.get("options", ())
    kept = (options,) if isinstance(options, str) else options
    return (
        given.set(drivername="postgresql+psycopg")
        .update_query_dict({"options": " ".join([*kept, "-c timezone=UTC"])})  # of two the last one holds
        .render_as_string(hide_password=False)
    )
