"""Starting and stopping: quick, quiet, with the exit code 0, and nothing is forgotten."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from mxm.entrypoints.web import build_app, with_layers
from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.world import Running
from support.journal_truth import Books, writes
from support.manager import URL, Manager
from support.program import admin_token, program, server_environment, until

MAILBOXES = "/api/domains/example.com/email-accounts"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(SandboxConfig(limits_enabled=False))


@pytest.fixture
async def world(sandbox: Sandbox) -> AsyncIterator[Running]:
    async with sandbox.serve() as running:
        yield running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_server_ends_at_once_with_0(
    tmp_path: Path, world: Running, sandbox: Sandbox, number: signal.Signals
) -> None:
    env = server_environment(tmp_path, world.mxroute_url, sandbox)
    async with program(tmp_path, "serve", env=env) as server:
        await server.url()
        began = time.monotonic()
        server.signal(number)
        assert await server.ended() == 0
        assert time.monotonic() - began < 2
        assert {line["level"] for line in server.log} <= {"INFO"}


async def test_a_server_answers_health_within_two_and_a_half_seconds_of_its_start(
    tmp_path: Path, world: Running, sandbox: Sandbox
) -> None:
    began = time.monotonic()
    async with program(tmp_path, "serve", env=server_environment(tmp_path, world.mxroute_url, sandbox)) as server:
        url = await server.url()
        assert time.monotonic() - began - server.starved < 2.5, "others' work on the machine does not count"
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{url}/health")).content == b'{"status":"ok"}'
            assert (await client.get(f"{url}/health/ready")).status_code == 200


async def test_a_write_under_way_is_given_its_time(tmp_path: Path, world: Running, sandbox: Sandbox) -> None:
    answer, status, _ = await _stopped_during_a_write(tmp_path, world, sandbox, seconds=1.5)
    assert status == 0
    assert answer is not None
    assert answer.status_code == 201
    assert [i.outcome for i in Books(tmp_path / "data" / "mxm.sqlite3").intents()] == ["applied"]


async def test_a_write_that_takes_too_long_is_settled_by_the_next_start(
    tmp_path: Path, world: Running, sandbox: Sandbox
) -> None:
    answer, status, took = await _stopped_during_a_write(tmp_path, world, sandbox, seconds=30)
    assert status == 0
    assert took < 5.5
    assert answer is not None
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert "may have taken effect" in answer.json()["error"]["message"]
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    assert [(i.outcome, i.settled_by) for i in books.intents()] == [("open", None)]
    sandbox.configure(faults=[])
    env = server_environment(tmp_path, world.mxroute_url, sandbox)
    async with program(tmp_path, "serve", env=env, name="next") as server:
        await server.url()
        await until(lambda: books.open_intents() == 0, patience=6)
    assert [(i.outcome, i.settled_by) for i in books.intents()] == [("applied", "recovery")]
    assert len(writes(sandbox)) == 1


async def _stopped_during_a_write(
    folder: Path, world: Running, sandbox: Sandbox, *, seconds: float
) -> tuple[httpx2.Response | None, int, float]:
    """SIGTERM while MXroute is silent for `seconds` after the effect: the answer, the exit code, how long it took."""
    headers = {"Authorization": f"Bearer {await admin_token(folder)}"}
    stall = {"match": {"method": "POST"}, "kind": "stall_after_effect", "delay_seconds": seconds}
    sandbox.configure(faults=[stall])
    env = server_environment(folder, world.mxroute_url, sandbox)
    async with (
        program(folder, "serve", env=env) as server,
        httpx2.AsyncClient(headers=headers, base_url=await server.url(), trust_env=False, timeout=30) as client,
    ):
        sending = asyncio.ensure_future(client.post(MAILBOXES, json={"username": "alex", "password": "Abcd1234"}))
        await until(lambda: bool(writes(sandbox)))
        began = time.monotonic()
        server.signal(signal.SIGTERM)
        status = await server.ended()
        took = time.monotonic() - began
        [answer] = await asyncio.gather(sending, return_exceptions=True)
        assert "Traceback" not in server.err, server.err
    return (answer if isinstance(answer, httpx2.Response) else None), status, took


async def test_readiness_names_a_worker_that_died(manager: Manager) -> None:
    app = build_app(manager.services)
    transport = httpx2.ASGITransport(app=with_layers(app, manager.services))
    async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
        early = await client.get("/health/ready")
        assert (early.status_code, early.json()["error"]["code"]) == (503, "unavailable")
        living = asyncio.ensure_future(asyncio.sleep(60))
        app.state.background = [living]
        assert (await client.get("/health/ready")).status_code == 200
        died = asyncio.ensure_future(asyncio.sleep(0))
        await died
        app.state.background = [living, died]
        dead = await client.get("/health/ready")
        assert dead.status_code == 503
        assert [each["field"] for each in dead.json()["error"]["details"]] == ["workers"]
        assert (await client.get("/health")).status_code == 200
        living.cancel()
