"""`kill -9` at any moment of a job: nothing is lost, nothing is done twice, and every word is true.

A kind of job takes part with a `Trial`: how it begins, and how its truth is checked when it is over.
"""

import asyncio
import random
from pathlib import Path

from faults.import_trial import FAULTS, KILLS, SETTLED_WITHIN, ImportTrial, Trial, client_of, slow_sandbox
from support.jobs import FINAL, finished
from support.journal_truth import Books
from support.program import admin_token, server_environment
from support.quick_start import Starter


async def test_twenty_kills_during_an_import_lose_and_repeat_nothing(tmp_path: Path) -> None:
    chance, sandbox = random.Random(11), slow_sandbox()
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    trial: Trial = ImportTrial(sandbox, books)
    token = await admin_token(tmp_path)
    async with sandbox.serve() as world, client_of(token) as client:
        sandbox.configure(faults=FAULTS)
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        with Starter(tmp_path) as starter:
            server = await starter.serve(env)
            job = await trial.begin(client, await server.url())
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(0.02, 0.5))
                assert _state(books, job["id"]) not in FINAL, "it was over before the last kill"
                await server.kill()
                server = await starter.serve(env)
                await server.url()
            url = await server.url()
            last = await finished(client, job, url, patience=SETTLED_WITHIN)
            assert books.open_intents() == 0
            await trial.check(client, url, last)
            assert max(row[0] for row in books.rows("SELECT claims FROM job")) > KILLS / 2, "it was really interrupted"


def _state(books: Books, job_id: str) -> str:
    states: dict[str, str] = dict(books.rows("SELECT id, state FROM job"))
    return states[job_id]
