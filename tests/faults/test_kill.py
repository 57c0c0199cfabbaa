"""`kill -9` at any moment: after it nothing is lost, nothing is sent twice, and every claim is true.

Servers are real processes with their real waiting times; the sandbox is on a socket, slow, and stalls now and then.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.requestlog import LogEntry
from support.databases import new_postgresql_database
from support.journal_truth import Books, Row, audit_gaps, sent_more_than_once, writes
from support.program import Program, admin_token, program, server_environment, until
from support.quick_start import Forked, Starter

D = "example.com"
PASSWORD, CHANGED = "Abcd1234", "Changed1234"
ROUNDS = 50
SETTLED_WITHIN = 40.0
FAULTS = [
    {"match": {"method": method}, "kind": kind, "probability": chance, **more}
    for method in ("POST", "DELETE", "PATCH")
    for kind, chance, more in (
        ("stall", 0.15, {"delay_seconds": 1.5}),
        ("stall_after_effect", 0.15, {"delay_seconds": 0.4}),
        ("lose_answer", 0.05, {}),
        ("html_after_effect", 0.05, {"status_code": 500}),
        ("status", 0.05, {"status_code": 500}),
    )
]

Made = tuple[str, str, dict[str, Any] | None]
"""Method, path below `/api/domains/example.com`, body."""


def _requests(number: int) -> list[Made]:
    """Six writes about things of their own."""
    mailbox = {"username": f"new{number}", "password": PASSWORD, "recovery_email": f"r{number}@example.org"}
    return [
        ("POST", "/email-accounts", mailbox),
        ("POST", "/forwarders", {"alias": f"fwd{number}", "destinations": ["info@example.com"]}),
        ("POST", "/spam/blacklist", {"entry": f"s{number}@x.test"}),
        ("DELETE", f"/email-accounts/old{number}", None),
        ("DELETE", f"/forwarders/oldfwd{number}", None),
        ("PATCH", f"/email-accounts/kept{number}", {"password": CHANGED}),
    ]


async def _prepare(sandbox: Sandbox, mxroute_url: str, numbers: range) -> None:
    """What the deletions and changes will be about."""
    server, user, key = sandbox.credentials
    headers = {"X-Server": server, "X-Username": user, "X-API-Key": key}
    async with httpx2.AsyncClient(
        base_url=f"{mxroute_url}/domains/{D}", headers=headers, trust_env=False, verify=False
    ) as client:
        for number in numbers:
            for name in (f"old{number}", f"kept{number}"):
                await client.post("/email-accounts", json={"username": name, "password": PASSWORD})
            wanted = {"alias": f"oldfwd{number}", "destinations": ["info@example.com"]}
            await client.post("/forwarders", json=wanted)
    assert f"old{numbers[-1]}" in sandbox.state["account"]["domains"][D]["mailboxes"]


def _client(token: str) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False, verify=False)


async def _fire(client: httpx2.AsyncClient, url: str, made: Made, key: str | None) -> int | None:
    """Send one; its status, or None when there was no answer."""
    method, path, body = made
    headers = {"Idempotency-Key": key} if key else {}
    try:
        return (await client.request(method, f"{url}/api/domains/{D}{path}", json=body, headers=headers)).status_code
    except httpx2.TransportError:
        return None


def _holds(sandbox: Sandbox) -> dict[str, Callable[[Row], bool]]:
    """For each action, whether its effect is there."""
    account = sandbox.state["account"]
    domain, black = account["domains"][D], account["spam_lists"]["blacklist"]

    def local(row: Row) -> str:
        return row.target.partition("@")[0]

    return {
        "mailbox.create": lambda row: local(row) in domain["mailboxes"],
        "forwarder.create": lambda row: local(row) in domain["forwarders"],
        "spam.blacklist_add": lambda row: row.entry in black,
        "mailbox.delete": lambda row: local(row) not in domain["mailboxes"],
        "forwarder.delete": lambda row: local(row) not in domain["forwarders"],
        "mailbox.password_update": lambda row: sandbox.check_password(row.target, CHANGED),
    }


def _check_truth(sandbox: Sandbox, books: Books, sent: list[LogEntry]) -> list[Row]:
    intents = books.intents()
    holds = _holds(sandbox)
    lies = [
        row
        for row in intents
        if (row.outcome == "unknown" and row.action != "mailbox.password_update")
        or (row.outcome != "unknown" and (row.outcome == "applied") is not holds[row.action](row))
    ]
    assert lies == []
    assert len({row.thing for row in intents}) == len(intents), "one intent for each request"
    assert len(sent) <= len(intents), "nothing is sent without an intent"
    assert sent_more_than_once(sent) == {}
    assert audit_gaps(intents, books.audit()) == []
    recovery = {row[0] for row in books.rows("SELECT username FROM recovery_address")}
    made = {i.target.partition("@")[0] for i in intents if i.action == "mailbox.create" and i.outcome == "applied"}
    assert recovery == made, "recovery addresses follow the mailboxes that exist"
    return intents


async def _round(
    client: httpx2.AsyncClient, url: str, number: int, end: Callable[[], Awaitable[None]] | None = None
) -> list[int | None]:
    """Six writes at once, and the server's end while they run; what was answered."""
    made = enumerate(_requests(number))
    sent = [asyncio.ensure_future(_fire(client, url, each, _key(number, place))) for place, each in made]
    if end is not None:
        await end()
    return await asyncio.gather(*sent)


def _key(number: int, place: int) -> str | None:
    """Creations carry a key of their own."""
    return f"{number}-{place}" if place < 3 else None


async def _repeat(sandbox: Sandbox, client: httpx2.AsyncClient, url: str, heard: list[list[int | None]]) -> None:
    """Every creation once more with its key: what took effect is not done again, what did not is done now."""
    before = len(writes(sandbox))
    for number, answers in enumerate(heard):
        creations = enumerate(_requests(number)[:3])
        repeated = await asyncio.gather(*(_fire(client, url, made, _key(number, place)) for place, made in creations))
        for first, second in zip(answers[:3], repeated, strict=True):
            assert second == 201 or (second == 409 and first != 201), (first, second)
    applied = Counter((e.method, e.path, e.body_sha256) for e in writes(sandbox) if e.applied)
    assert max(applied.values()) == 1, "nothing took effect twice"
    refused = [e for e in writes(sandbox)[before:] if not e.applied]
    assert refused == [], "what had taken effect was not even sent again"


async def test_fifty_kills_in_a_row_lose_and_repeat_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=2, latency_ms_max=40))
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    token = await admin_token(tmp_path)
    async with sandbox.serve() as world, _client(token) as client:
        await _prepare(sandbox, world.mxroute_url, range(ROUNDS))
        prepared = len(writes(sandbox))
        sandbox.configure(faults=FAULTS)
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        with Starter(tmp_path) as starter:
            heard = []
            for number in range(ROUNDS):
                server = await starter.serve(env)
                end = partial(_kill_after, chance.uniform(0.02, 0.35), server)
                heard.append(await _round(client, await server.url(), number, end))
            sandbox.configure(faults=[])
            last = await (await starter.serve(env)).url()
            await until(lambda: books.open_intents() == 0, patience=SETTLED_WITHIN)

            intents = _check_truth(sandbox, books, writes(sandbox)[prepared:])
            how = Counter((row.outcome, row.settled_by) for row in intents)
            assert how[("applied", "answer")] > 0
            assert how[("applied", "recovery")] > 20, how
            await _repeat(sandbox, client, last, heard)


async def test_a_surviving_replica_settles_what_a_killed_one_left(tmp_path: Path, postgresql: str) -> None:
    address = new_postgresql_database(postgresql)
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=2, latency_ms_max=20))
    books = Books(address)
    token = await admin_token(tmp_path, database_url=address)
    async with sandbox.serve() as world, _client(token) as client:
        await _prepare(sandbox, world.mxroute_url, range(8))
        prepared = len(writes(sandbox))
        sandbox.configure(faults=[{**fault, "probability": 0.4} for fault in FAULTS if "stall" in str(fault["kind"])])
        env = server_environment(tmp_path, world.mxroute_url, sandbox, DATABASE_URL=address)
        async with (
            program(tmp_path, "serve", env=env, name="first") as first,
            program(tmp_path, "serve", env=env, name="second") as second,
        ):
            doomed, survivor = await first.url(), await second.url()
            rounds = [_round(client, doomed, number, partial(_kill_when_busy, first, books)) for number in range(4)]
            rounds += [_round(client, survivor, number) for number in range(4, 8)]
            heard = await asyncio.gather(*rounds)
            assert books.open_intents() > 0, "something was left behind"
            await until(lambda: books.open_intents() == 0, patience=SETTLED_WITHIN)
            intents = _check_truth(sandbox, books, writes(sandbox)[prepared:])
            assert [row for row in intents if row.settled_by == "recovery"]
            sandbox.configure(faults=[])
            await _repeat(sandbox, client, survivor, heard)


async def _kill_after(seconds: float, server: Forked) -> None:
    await asyncio.sleep(seconds)
    await server.kill()


async def _kill_when_busy(server: Program, books: Books) -> None:
    await until(lambda: books.open_intents() > 6)
    await server.stop()
