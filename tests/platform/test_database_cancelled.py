"""A task that is cancelled in the middle of a transaction leaves neither a lock nor half a change behind."""

import asyncio
import random
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from mxm.platform.db import Database
from mxm.platform.db.work import GenerationRow
from support.databases import migrated_sqlite
from support.program import given_settings


@pytest.mark.parametrize("again", [0, 3], ids=["once", "again and again"])
async def test_the_database_stays_usable(tmp_path: Path, database_url: str | None, again: int) -> None:
    """Before, one unlucky moment in forty kept the lock of a SQLite database for the rest of the process's life."""
    settings, chance = given_settings(tmp_path, database_url=database_url), random.Random(1)
    if database_url is None:
        settings.sqlite_file.write_bytes(migrated_sqlite())
    database = Database(settings)
    begun, longest = 0, 0.0

    async def write() -> None:
        nonlocal begun
        async with database.write() as tx:
            begun += 1
            await tx.session.execute(update(GenerationRow).values(value=GenerationRow.value + 1))
            await tx.session.execute(text("SELECT 1"))
            await tx.session.execute(update(GenerationRow).values(value=GenerationRow.value + 1))

    for _ in range(250):
        task = asyncio.ensure_future(write())
        await asyncio.sleep(chance.uniform(0, 0.004))
        task.cancel()
        for _ in range(again):
            await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        began = time.monotonic()
        await write()
        longest = max(longest, time.monotonic() - began)
    assert longest < 2
    async with database.read() as session:
        value = (await session.execute(select(GenerationRow.value))).scalar_one()
    assert value % 2 == 0, "no half of a transaction was committed"
    assert 2 * 250 <= value <= 2 * begun
    await asyncio.sleep(0.2)
    await database.close()
