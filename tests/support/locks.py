"""Makes databases unusable from outside: locked by another, full, or gone."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path


@asynccontextmanager
async def locked_sqlite(file: Path) -> AsyncIterator[None]:
    """Another connection holds the write lock.

    It is asked for without blocking: the manager in this very process may hold it, and needs the loop to let it go.
    """
    other = sqlite3.connect(file, isolation_level=None, timeout=0)
    while not _begun(other):  # noqa: ASYNC110 - SQLite tells nobody when a lock is free
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def _begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """To that process every file is as large as it may ever be: writing fails, reading does not."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
