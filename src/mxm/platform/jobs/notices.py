"""PostgreSQL tells at once that there is work; what is missed meanwhile the poll once a second finds."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.jobs.store import CHANNEL

log = logging.getLogger("mxm.jobs")

_ALIVE_SECONDS = 30.0
_AGAIN_SECONDS = 2.0


async def listen(database: Database, clock: Clock, wake: Callable[[], None]) -> None:
    """Call `wake` at each notice, for ever; a lost connection is made anew. Returns at once with SQLite."""
    if not database.is_postgresql:
        return
    while True:
        try:
            await _listen(database.writer, wake)
        except Exception as error:  # noqa: BLE001 - the listener must outlive every fault
            log.warning("cannot listen for jobs: %s", type(error).__name__)
        await clock.sleep(_AGAIN_SECONDS)


async def _listen(engine: AsyncEngine, wake: Callable[[], None]) -> None:
    import psycopg

    where, how = engine.dialect.create_connect_args(engine.url)  # exactly as the pool connects
    async with await psycopg.AsyncConnection.connect(*where, **{**how, "autocommit": True}) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        wake()  # for what was made while nobody listened
        while True:
            async for _ in connection.notifies(timeout=_ALIVE_SECONDS):
                wake()
            async with asyncio.timeout(5):  # a connection may be dead without saying so
                await connection.execute("SELECT 1")
