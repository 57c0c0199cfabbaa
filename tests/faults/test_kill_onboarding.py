"""`kill -9` at any moment while domains are set up: each is registered once, each zone made once, each record
published once, and the logs tell it all."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from faults.import_trial import KILLS
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of
from support.jobs import FINAL, finished
from support.journal_truth import Books, audit_gaps
from support.program import admin_token, server_environment
from support.quick_start import Starter

WITHIN = 150.0
DOMAINS = ["onboard.example", "moving.example", "fresh-start.example", "new-shop.example.net"]
"""With a zone and without, with the verification record and without."""
FAULTS = [
    {"match": {"method": "POST", "upstream": upstream}, "kind": kind, "probability": chance, **more}
    for upstream in ("mxroute", "cloudflare")
    for kind, chance, more in (
        ("stall", 0.1, {"delay_seconds": 0.8}),
        ("stall_after_effect", 0.15, {"delay_seconds": 0.5}),
        ("lose_answer", 0.1, {}),
        ("html_after_effect", 0.1, {"status_code": 500}),
        ("status", 0.05, {"status_code": 500}),
    )
]


async def _begin(client: httpx2.AsyncClient, url: str) -> list[dict[str, Any]]:
    jobs: list[dict[str, Any]] = []
    for domain in DOMAINS:
        body = {"domain": domain, "webmail": True, "dmarc_record": "v=DMARC1; p=quarantine"}
        jobs.append(data_of(await client.post(f"{url}/api/cloudflare/setup", json=body), 202))
    return jobs


def _applied(sandbox: Sandbox, path: str) -> Counter[str | None]:
    """Bodies of the requests to `path` that took effect."""
    log = sandbox.log
    return Counter(e.body_sha256 for e in log if e.method == "POST" and e.path.endswith(path) and e.applied)


def _check_world(sandbox: Sandbox, before: Mapping[str, Sequence[Any]]) -> None:
    registered = _applied(sandbox, "/domains")
    assert (len(registered), max(registered.values())) == (len(DOMAINS), 1), "each domain was registered once"
    assert sum(_applied(sandbox, "/client/v4/zones").values()) == 1, "one zone was missing, and made once"
    assert set(DOMAINS) <= set(sandbox.state["account"]["domains"])
    for domain in DOMAINS:
        records = sandbox.state["cloudflare"][domain]["records"]
        meanings = Counter((r["type"], r["name"], r["content"]) for r in records)
        assert max(meanings.values()) == 1
        kept = {r["id"] for r in before.get(domain, [])}
        assert kept <= {r["id"] for r in records}, "what was there stays"
        proven = any("domain-verified" in r["content"] for r in before.get(domain, []))
        assert len(records) - len(kept) == 8 - proven, "two MX, SPF, DKIM, DMARC, proof, mail, webmail"


def _check_books(sandbox: Sandbox, books: Books) -> None:
    intents, audit = books.intents(), books.audit()
    sent = [
        intent for intent in intents if intent.action != "cloudflare.setup"
    ]  # asking for the job is told as that, too
    assert audit_gaps(sent, [entry for entry in audit if entry.action in {i.action for i in sent}]) == []
    told = Counter((entry.action, entry.target) for entry in audit if entry.outcome == "applied")
    assert {target: told["domain.create", target] for target in DOMAINS} == dict.fromkeys(DOMAINS, 1)
    ours = {
        (r["type"], r["name"])
        for domain in DOMAINS
        for r in sandbox.state["cloudflare"][domain]["records"]
        if r["comment"] == "managed by mxm"
    }
    logged = Counter((row[0], row[1]) for row in books.rows("SELECT type, name FROM dns_change"))
    assert ours == set(logged), "the change log knows all that we wrote"
    assert max(logged.values()) == 1, "and each of it once"


async def test_twenty_kills_while_four_domains_are_set_up(tmp_path: Path) -> None:
    chance = random.Random(5)
    sandbox = Sandbox(
        SandboxConfig(
            limits_enabled=False,
            latency_ms_min=30,
            latency_ms_max=150,
            cloudflare_latency_ms_min=30,
            cloudflare_latency_ms_max=150,
            cloudflare_activation_seconds=8,
        )
    )
    before = {name: zone["records"] for name, zone in sandbox.state["cloudflare"].items()}
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    token = await admin_token(tmp_path)
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        sandbox.serve() as world,
        httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False, verify=False) as client,
    ):
        sandbox.configure(faults=FAULTS)
        env = server_environment(
            tmp_path,
            world.mxroute_url,
            sandbox,
            CLOUDFLARE_API_URL=world.cloudflare_url,
            CF_API_TOKEN=sandbox.cloudflare_token,
            CF_ACCOUNT_ID=sandbox.cloudflare_account,
            DNS_RESOLVERS=world.dns_address,
        )
        with Starter(tmp_path) as starter:
            server = await starter.serve(env)
            jobs = await _begin(client, await server.url())
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(0.05, 0.6))
                await server.kill()
                server = await starter.serve(env)
                url = await server.url()
            sandbox.configure(faults=[])
            for job in jobs:
                last = await finished(client, job, url, patience=WITHIN)
                assert last["state"] == "succeeded", (last["steps"], last["error"])
            assert {row[0] for row in books.rows("SELECT state FROM job WHERE kind = 'cloudflare.setup'")} <= FINAL
            assert books.open_intents() == 0
            _check_world(sandbox, before)
            _check_books(sandbox, books)
            claims = sum(row[0] for row in books.rows("SELECT claims FROM job WHERE kind = 'cloudflare.setup'"))
            assert claims > KILLS, "they were really interrupted"
