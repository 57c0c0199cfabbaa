"""`kill -9` to the replica that works on jobs: the other one goes on with them within seconds."""

import asyncio
import time
from pathlib import Path

from faults.import_trial import FAULTS, SETTLED_WITHIN, ImportTrial, Trial, client_of, slow_sandbox
from mxm_sandbox import Sandbox
from support.databases import new_postgresql_database
from support.jobs import finished
from support.journal_truth import Books, writes
from support.program import admin_token, program, server_environment, until


async def test_a_second_replica_takes_over_within_seconds(tmp_path: Path, postgresql: str) -> None:
    address = new_postgresql_database(postgresql)
    sandbox, books = slow_sandbox(), Books(address)
    trial: Trial = ImportTrial(sandbox, books)
    token = await admin_token(tmp_path, database_url=address)
    async with sandbox.serve() as world, client_of(token) as client:
        sandbox.configure(faults=FAULTS)
        env = server_environment(tmp_path, world.mxroute_url, sandbox, DATABASE_URL=address)
        async with program(tmp_path, "serve", env=env, name="first") as first:
            await first.url()  # it leads: it was alone
            await until(lambda: books.rows("SELECT owner FROM leader"))
            async with program(tmp_path, "serve", env=env, name="second") as second:
                url = await second.url()
                job = await trial.begin(client, url)
                await until(lambda: len(writes(sandbox)) > 8)
                await first.stop()
                took = await _time_to_go_on(sandbox)
                last = await finished(client, job, url, patience=SETTLED_WITHIN)
                assert 2 < took < 9, f"the other replica took {took:.1f} s"
                await trial.check(client, url, last)


async def _time_to_go_on(sandbox: Sandbox) -> float:
    """Seconds until the next write after those that were under way; reads may be the settler's."""
    await asyncio.sleep(0.5)
    began, before = time.monotonic(), len(writes(sandbox))
    await until(lambda: len(writes(sandbox)) > before)
    return time.monotonic() - began + 0.5
