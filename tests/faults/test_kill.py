"""`kill -9` at any moment: after it nothing is lost, nothing is sent twice, and every claim is true.

Servers are real processes with their real waiting times; the sandbox is on a socket, slow, and stalls now and then.
"""

import asyncio
import random
from collections import Counter
from functools import partial
from pathlib import Path

from faults.write_trial import FAULTS, SETTLED_WITHIN, check_truth, client_of, fire_round, prepare, repeat
from mxm_sandbox import Sandbox, SandboxConfig
from support.journal_truth import Books, writes
from support.program import admin_token, server_environment, until
from support.quick_start import Forked, Starter

ROUNDS = 50


async def test_fifty_kills_in_a_row_lose_and_repeat_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=2, latency_ms_max=40))
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    token = await admin_token(tmp_path)
    async with sandbox.serve() as world, client_of(token) as client:
        await prepare(sandbox, world.mxroute_url, range(ROUNDS))
        prepared = len(writes(sandbox))
        sandbox.configure(faults=FAULTS)
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        with Starter(tmp_path) as starter:
            heard = []
            for number in range(ROUNDS):
                server = await starter.serve(env)
                end = partial(_kill_after, chance.uniform(0.02, 0.35), server)
                heard.append(await fire_round(client, await server.url(), number, end))
            sandbox.configure(faults=[])
            last = await (await starter.serve(env)).url()
            await until(lambda: books.open_intents() == 0, patience=SETTLED_WITHIN)

            intents = check_truth(sandbox, books, writes(sandbox)[prepared:])
            how = Counter((row.outcome, row.settled_by) for row in intents)
            assert how[("applied", "answer")] > 0
            assert how[("applied", "recovery")] > 10, how  # how many are cut off depends on the machine
            await repeat(sandbox, client, last, heard)


async def _kill_after(seconds: float, server: Forked) -> None:
    await asyncio.sleep(seconds)
    await server.kill()
