"""Writes of six kinds for trials by `kill -9`, and how their truth is checked afterwards."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

from mxm_sandbox import Sandbox
from mxm_sandbox.requestlog import LogEntry
from support.journal_truth import Books, Row, audit_gaps, sent_more_than_once, writes

D = "example.com"
PASSWORD, CHANGED = "Abcd1234", "Changed1234"
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


async def prepare(sandbox: Sandbox, mxroute_url: str, numbers: range) -> None:
    """Make what the deletions and changes will be about."""
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


def client_of(token: str) -> httpx2.AsyncClient:
    """Who sends all of it."""
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


def check_truth(sandbox: Sandbox, books: Books, sent: list[LogEntry]) -> list[Row]:
    """Every outcome in the books is true, and nothing was sent without or twice; gives the intents."""
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


async def fire_round(
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


async def repeat(sandbox: Sandbox, client: httpx2.AsyncClient, url: str, heard: list[list[int | None]]) -> None:
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
