"""`kill -9` to one of two replicas in the midst of its writes: the other one finds out what became of them."""

import asyncio
from functools import partial
from pathlib import Path

from faults.write_trial import FAULTS, SETTLED_WITHIN, check_truth, client_of, fire_round, prepare, repeat
from mxm_sandbox import Sandbox, SandboxConfig
from support.databases import new_postgresql_database
from support.journal_truth import Books, writes
from support.program import Program, admin_token, program, server_environment, until


async def test_a_surviving_replica_settles_what_a_killed_one_left(tmp_path: Path, postgresql: str) -> None:
    address = new_postgresql_database(postgresql)
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=2, latency_ms_max=20))
    books = Books(address)
    token = await admin_token(tmp_path, database_url=address)
    async with sandbox.serve() as world, client_of(token) as client:
        await prepare(sandbox, world.mxroute_url, range(8))
        prepared = len(writes(sandbox))
        sandbox.configure(faults=[{**fault, "probability": 0.4} for fault in FAULTS if "stall" in str(fault["kind"])])
        env = server_environment(tmp_path, world.mxroute_url, sandbox, DATABASE_URL=address)
        async with (
            program(tmp_path, "serve", env=env, name="first") as first,
            program(tmp_path, "serve", env=env, name="second") as second,
        ):
            doomed, survivor = await first.url(), await second.url()
            rounds = [fire_round(client, doomed, number, partial(_kill_when_busy, first, books)) for number in range(4)]
            rounds += [fire_round(client, survivor, number) for number in range(4, 8)]
            heard = await asyncio.gather(*rounds)
            assert books.open_intents() > 0, "something was left behind"
            await until(lambda: books.open_intents() == 0, patience=SETTLED_WITHIN)
            intents = check_truth(sandbox, books, writes(sandbox)[prepared:])
            assert [row for row in intents if row.settled_by == "recovery"]
            sandbox.configure(faults=[])
            await repeat(sandbox, client, survivor, heard)


async def _kill_when_busy(server: Program, books: Books) -> None:
    await until(lambda: books.open_intents() > 6)
    await server.stop()
