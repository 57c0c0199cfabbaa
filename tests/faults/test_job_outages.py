"""A disk that fills up and a replica that is stopped in order, both in the middle of an import."""

import asyncio
import signal
import time
from pathlib import Path

from faults.import_trial import SETTLED_WITHIN, ImportTrial, client_of, slow_sandbox
from support.databases import new_postgresql_database
from support.jobs import finished
from support.journal_truth import Books, writes
from support.locks import full_disk
from support.program import admin_token, program, server_environment, until


async def test_a_full_disk_in_the_middle_is_waited_for(tmp_path: Path) -> None:
    sandbox, books = slow_sandbox(), Books(tmp_path / "data" / "mxm.sqlite3")
    trial, token = ImportTrial(sandbox, books, rows=30), await admin_token(tmp_path)
    async with sandbox.serve() as world, client_of(token) as client:
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        async with program(tmp_path, "serve", env=env) as server:
            url = await server.url()
            job = await trial.begin(client, url)
            await until(lambda: len(writes(sandbox)) > 6)
            with full_disk(server.process.pid):
                await asyncio.sleep(1)
                sent = len(writes(sandbox))
                await asyncio.sleep(3)
                assert len(writes(sandbox)) == sent, "nothing leaves without an intent on disk"
            last = await finished(client, job, url, patience=SETTLED_WITHIN)
            assert "Traceback" not in server.err, server.err
            await trial.check(client, url, last)


async def test_a_replica_that_is_stopped_hands_its_jobs_over_at_once(tmp_path: Path, postgresql: str) -> None:
    address = new_postgresql_database(postgresql)
    sandbox, books = slow_sandbox(), Books(address)
    trial, token = ImportTrial(sandbox, books), await admin_token(tmp_path, database_url=address)
    async with sandbox.serve() as world, client_of(token) as client:
        env = server_environment(tmp_path, world.mxroute_url, sandbox, DATABASE_URL=address)
        async with program(tmp_path, "serve", env=env, name="first") as first:
            await first.url()
            await until(lambda: books.rows("SELECT owner FROM leader"))
            async with program(tmp_path, "serve", env=env, name="second") as second:
                url = await second.url()
                job = await trial.begin(client, url)
                await until(lambda: len(writes(sandbox)) > 6)
                first.signal(signal.SIGTERM)
                assert await first.ended() == 0
                assert "Traceback" not in first.err, first.err
                ended, sent = time.monotonic(), len(writes(sandbox))
                await until(lambda: len(writes(sandbox)) > sent)
                assert time.monotonic() - ended < 4
                last = await finished(client, job, url, patience=SETTLED_WITHIN)
                await trial.check(client, url, last)
