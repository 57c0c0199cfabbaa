"""The control port and its twin in the same process."""

import hashlib
import time
from typing import Any

import httpx2
import pytest

from mxm_sandbox import ConfigError, Sandbox, SandboxConfig
from sandbox.helpers import GOOD_LOGIN, client_of, data_of

BOXES = "/domains/example.com/email-accounts"


async def test_state_is_the_same_from_both_sides(
    api: httpx2.AsyncClient, world: Sandbox, control: httpx2.AsyncClient
) -> None:
    await api.post(BOXES, json={"username": "alex", "password": GOOD_LOGIN})
    state = (await control.get("/state")).json()
    assert state == world.state
    assert "alex" in state["account"]["domains"]["example.com"]["mailboxes"]


async def test_log_tells_everything_but_the_bodies(api: httpx2.AsyncClient, control: httpx2.AsyncClient) -> None:
    await api.get("/domains?page=2")
    raw = b'{"username": "alex", "password": "Abcd1234"}'
    await api.post(BOXES, content=raw)
    first, second = (await control.get("/log")).json()["entries"]
    assert (first["sequence"], first["method"], first["status"], first["applied"]) == (1, "GET", 200, False)
    assert (first["query"], first["body_sha256"]) == ("page=2", None)
    assert (second["fields"], second["status"], second["applied"]) == (["password", "username"], 201, True)
    assert second["operation"] == "POST /domains/{domain}/email-accounts"
    assert second["body_sha256"] == hashlib.sha256(raw).hexdigest()
    later = (await control.get("/log?since=1")).json()
    assert [entry["sequence"] for entry in later["entries"]] == [2]
    assert later["last_sequence"] == 2
    assert (await control.get("/log?since=2")).json() == {"entries": [], "last_sequence": 2}
    assert (await control.get("/log?since=x")).status_code == 400


async def test_counts(api: httpx2.AsyncClient, control: httpx2.AsyncClient) -> None:
    await api.get("/domains")
    await api.get("/nowhere")
    await api.delete("/domains/quiet.example")
    await api.delete("/domains/quiet.example")
    await api.get("/domains", headers={"X-API-Key": "no"})
    counts = (await control.get("/counts")).json()
    assert counts == {
        "requests": 5,
        "reads": 2,
        "writes": 2,
        "writes_applied": 1,
        "refused_401": 1,
        "refused_429": 0,
        "by_operation": {"DELETE /domains/{domain}": 2, "GET /domains": 1, "unknown": 1},
        "by_status": {"200": 1, "204": 1, "401": 1, "404": 2},
    }


async def test_the_log_forgets_the_oldest(api: httpx2.AsyncClient, world: Sandbox) -> None:
    world.configure(log_max_entries=2)
    for _ in range(3):
        await api.get("/domains")
    assert [entry.sequence for entry in world.log] == [2, 3]
    assert world.counts["requests"] == 3


async def test_reset_goes_back_to_the_seed(
    api: httpx2.AsyncClient, world: Sandbox, control: httpx2.AsyncClient
) -> None:
    before = {**world.state, "account": {**world.state["account"], "usage": None}}
    await api.delete("/domains/example.com")
    await api.patch("/domains/healthy.example/mail-status", json={"enabled": False})
    world.publish("x.example", "TXT", ["y"])
    world.configure(reseller=True, faults=[{"kind": "drop"}])
    assert (await control.post("/reset")).status_code == 200
    after = {**world.state, "account": {**world.state["account"], "usage": None}}
    assert after == before
    assert world.log == []
    assert world.counts["requests"] == 0
    assert world.config == SandboxConfig(limits_enabled=False)
    assert (await api.get("/domains")).status_code == 200


async def test_config_is_partial_and_immediate(api: httpx2.AsyncClient, control: httpx2.AsyncClient) -> None:
    answer = await control.post("/config", json={"reseller": True})
    assert (answer.status_code, answer.json()["reseller"]) == (200, True)
    assert "api_key" not in answer.json()
    assert (await api.get("/reseller/users")).status_code == 200
    faults = [{"match": {"path": "users"}, "kind": "status", "status_code": 500, "times": 1}]
    assert (await control.post("/config", json={"faults": faults})).status_code == 200
    assert [(await api.get("/reseller/users")).status_code for _ in range(2)] == [500, 200]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"read_limits": 5, "colour": "red", "reseller": True}, ["read_limits", "colour"]),
        ({"read_limit": -1}, ["read_limit"]),
        ({"faults": [{"kind": "drop", "often": 1}]}, ["faults.0.often"]),
        ({"seed": 5}, ["seed"]),
        ({"latency_ms_min": 9}, ["latency_ms_max"]),
    ],
)
async def test_bad_config_is_named_and_changes_nothing(
    world: Sandbox, control: httpx2.AsyncClient, body: dict[str, Any], named: list[str]
) -> None:
    before = world.config
    answer = await control.post("/config", json=body)
    assert answer.status_code == 400
    assert all(name in answer.json()["error"] for name in named)
    assert world.config == before
    with pytest.raises(ConfigError):
        world.configure(**body)


async def test_dns_and_passwords(api: httpx2.AsyncClient, world: Sandbox, control: httpx2.AsyncClient) -> None:
    name = f"{world.state['account']['verification_key']}.new.example"
    record = {"name": name, "type": "TXT", "values": ["domain-verified"]}
    assert (await control.post("/dns", json=record)).status_code == 200
    assert record in world.state["dns"]
    assert (await api.post("/domains", json={"domain": "new.example"})).status_code == 201
    await control.post("/dns", json={**record, "values": []})
    assert record not in world.state["dns"]
    await api.post(BOXES, json={"username": "alex", "password": GOOD_LOGIN})
    for password, match in ((GOOD_LOGIN, True), ("other", False)):
        check = {"email": "Alex@example.com", "password": password}
        assert (await control.post("/check-password", json=check)).json() == {"match": match}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/dns", {"name": "x"}),
        ("/dns", {"name": "x", "values": [], "ttl_seconds": 5}),
        ("/scale", {"domains": -1, "mailboxes": 0}),
        ("/scale", {"domains": 1}),
        ("/check-password", []),
        ("/config", "text"),
    ],
)
async def test_bad_bodies(control: httpx2.AsyncClient, path: str, body: object) -> None:
    answer = await control.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_unknown_routes(control: httpx2.AsyncClient) -> None:
    assert (await control.get("/nowhere")).status_code == 404
    assert (await control.get("/reset")).status_code == 405


async def test_scale_is_fast_exact_and_repeatable(world: Sandbox, control: httpx2.AsyncClient) -> None:
    started = time.process_time()  # what other processes take of the machine does not count
    assert (await control.post("/scale", json={"domains": 1000, "mailboxes": 20_000})).status_code == 200
    assert time.process_time() - started < 3
    domains = world.state["account"]["domains"]
    assert len(domains) == 1000
    assert sum(len(domain["mailboxes"]) for domain in domains.values()) == 20_000
    assert "alex" not in domains["example.com"]["mailboxes"]
    other = Sandbox(SandboxConfig())
    other.scale(domains=1000, mailboxes=20_000)
    assert other.state["account"]["domains"] == domains
    async with client_of(world) as api:
        assert len(data_of(await api.get("/quota/email"))["accounts"]) == 20_000
    world.scale(domains=10, mailboxes=10)
    assert len(world.state["account"]["domains"]) == 1000


def test_scale_of_an_empty_world() -> None:
    sandbox = Sandbox(SandboxConfig(world="empty"))
    sandbox.scale(domains=3, mailboxes=7)
    domains = sandbox.state["account"]["domains"]
    assert sorted(len(domain["mailboxes"]) for domain in domains.values()) == [2, 2, 3]
    none = Sandbox(SandboxConfig(world="empty"))
    none.scale(domains=0, mailboxes=5)
    assert none.state["account"]["domains"] == {}
