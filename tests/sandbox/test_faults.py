"""Every kind of fault: what is applied, what is answered, and how often it happens."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from mxm_sandbox import Fault, Sandbox, SandboxConfig
from mxm_sandbox.answers import ConnectionDropped
from sandbox.helpers import client_of, headers_of, opened, refusal

LIST = "/domains/example.com/spam/blacklist"
ENTRY = {"entry": "karen@hr.example.com"}


def applied(sandbox: Sandbox) -> bool:
    return "karen@hr.example.com" in sandbox.state["account"]["spam_lists"]["blacklist"]


@pytest.fixture
async def served(caplog: pytest.LogCaptureFixture) -> AsyncIterator[tuple[Sandbox, httpx2.AsyncClient]]:
    """A sandbox on a real socket; nothing may be logged as an error while it misbehaves."""
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with (
        sandbox.serve() as running,
        httpx2.AsyncClient(base_url=running.mxroute_url, headers=headers_of(sandbox)) as client,
    ):
        yield sandbox, client
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


ANSWERED = [
    # fault, status of the answer, whether the write took effect
    ({"kind": "status", "status_code": 503}, 503, False),
    ({"kind": "status_after_effect", "status_code": 500}, 500, True),
    ({"kind": "html"}, 200, False),
    ({"kind": "html", "status_code": 502}, 502, False),
    ({"kind": "html_after_effect", "status_code": 520}, 520, True),
    ({"kind": "garbage"}, 200, False),
    ({"kind": "garbage_after_effect"}, 200, True),
    ({"kind": "wrong_envelope"}, 200, True),
    ({"kind": "stall", "delay_seconds": 0.01}, 201, True),
    ({"kind": "stall_after_effect", "delay_seconds": 0.01}, 201, True),
    ({"kind": "slow_body", "delay_seconds": 0.02}, 201, True),
]


@pytest.mark.parametrize(("fault", "status", "takes_effect"), ANSWERED, ids=str)
async def test_faults_with_an_answer(
    served: tuple[Sandbox, httpx2.AsyncClient], fault: dict[str, Any], status: int, takes_effect: bool
) -> None:
    sandbox, client = served
    sandbox.configure(faults=[fault])
    answer = await client.post(LIST, json=ENTRY)
    assert answer.status_code == status
    assert applied(sandbox) is takes_effect
    entry = sandbox.log[-1]
    assert (entry.fault, entry.applied, entry.status) == (fault["kind"], takes_effect, status)


@pytest.mark.parametrize(
    ("kind", "takes_effect", "error"),
    [
        ("drop", False, httpx2.RemoteProtocolError),
        ("lose_answer", True, httpx2.RemoteProtocolError),
        ("half_body", True, httpx2.RemoteProtocolError),
    ],
)
async def test_faults_that_close_the_connection(
    served: tuple[Sandbox, httpx2.AsyncClient], kind: str, takes_effect: bool, error: type[Exception]
) -> None:
    sandbox, client = served
    sandbox.configure(faults=[{"kind": kind, "times": 1}])
    with pytest.raises(error):
        await client.post(LIST, json=ENTRY)
    assert applied(sandbox) is takes_effect
    assert sandbox.log[-1].applied is takes_effect
    # the server lives on, and the next request is served
    assert (await client.get("/domains")).status_code == 200


@pytest.mark.parametrize("kind", ["half_body", "slow_body"])
async def test_an_answer_without_a_body_can_be_mangled_too(
    served: tuple[Sandbox, httpx2.AsyncClient], kind: str
) -> None:
    sandbox, client = served
    sandbox.configure(faults=[{"kind": kind, "delay_seconds": 0.01, "times": 1}])
    request = client.delete("/domains/example.com/email-accounts/info")
    if kind == "half_body":
        with pytest.raises(httpx2.RemoteProtocolError):
            await request
    else:
        assert (await request).status_code == 200
    assert (await client.get("/domains/example.com/email-accounts/info")).status_code == 404


async def test_in_process_a_closed_connection_is_an_exception() -> None:
    async with opened(faults=[{"kind": "lose_answer"}]) as (sandbox, client):
        with pytest.raises(ConnectionDropped):
            await client.post(LIST, json=ENTRY)
        assert applied(sandbox)
        assert sandbox.log[-1].status is None


async def test_what_the_bodies_look_like() -> None:
    faults = [{"kind": kind, "times": 1} for kind in ("html", "garbage", "wrong_envelope")]
    async with opened(faults=faults) as (_, client):
        page, garbage, wrong = [await client.get("/domains") for _ in range(3)]
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.startswith("<!DOCTYPE html>")
    assert garbage.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated"):
        garbage.json()
    assert wrong.json() == {"success": True}


async def test_injected_errors_say_what_they_are_told() -> None:
    told = {"kind": "status", "status_code": 429, "retry_after_seconds": 7, "message": "Slow down", "code": "X"}
    async with opened(faults=[told]) as (sandbox, client):
        answer = await client.post(LIST, json=ENTRY)
        assert refusal(answer) == (429, "X", None)
        assert (answer.headers["retry-after"], answer.json()["error"]["message"]) == ("7", "Slow down")
        sandbox.configure(faults=[{"kind": "status", "status_code": 429}])
        assert refusal(await client.get("/domains"))[1] == "RATE_LIMITED"
        sandbox.configure(faults=[{"kind": "status", "status_code": 504}])
        assert refusal(await client.get("/domains"))[1] == "SERVER_ERROR"


async def test_stalls_wait_on_the_right_side_of_the_effect() -> None:
    waits: list[tuple[float, bool]] = []

    async def sleep(seconds: float) -> None:
        waits.append((seconds, applied(sandbox)))

    sandbox = Sandbox(SandboxConfig(limits_enabled=False), sleep=sleep)
    async with client_of(sandbox) as client:
        sandbox.configure(faults=[{"kind": "stall", "delay_seconds": 90}])
        await client.post(LIST, json=ENTRY)
        sandbox.reset()
        sandbox.configure(faults=[{"kind": "stall_after_effect", "delay_seconds": 60}])
        await client.post(LIST, json=ENTRY)
    assert waits == [(90, False), (60, True)]


async def test_a_slow_body_comes_in_pieces() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    sandbox = Sandbox(SandboxConfig(faults=(Fault(kind="slow_body", delay_seconds=5),)), sleep=sleep)
    async with client_of(sandbox) as client:
        answer = await client.get("/domains")
    assert answer.json()["success"] is True
    assert len(waits) == 10
    assert sum(waits) == pytest.approx(5)


async def test_matching_counting_and_sparing() -> None:
    rule = {
        "match": {"method": "get", "path": "^/domains/[^/]+$"},
        "kind": "status",
        "status_code": 500,
        "after": 1,
        "times": 2,
    }
    async with opened(faults=[rule]) as (sandbox, client):
        assert (await client.get("/domains")).status_code == 200
        assert (await client.delete("/domains/quiet.example")).status_code == 204
        statuses = [(await client.get("/domains/example%2ecom")).status_code for _ in range(5)]
        assert statuses == [200, 500, 500, 200, 200]
        sandbox.configure(latency_ms_max=0)
        assert (await client.get("/domains/example.com")).status_code == 200
        sandbox.configure(faults=[rule])
        assert [(await client.get("/domains/example.com")).status_code for _ in range(2)] == [200, 500]


async def test_probability_is_repeatable() -> None:
    rule = {"kind": "status", "status_code": 500, "probability": 0.5}
    runs = []
    for seed in (1, 1, 2):
        async with opened(faults=[rule], seed=seed) as (_, client):
            runs.append([(await client.get("/domains")).status_code for _ in range(40)])
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert 8 < runs[0].count(500) < 32


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "stall"},
        {"kind": "status"},
        {"kind": "status", "status_code": 204},
        {"kind": "explode"},
        {"kind": "drop", "matches": {}},
        {"kind": "drop", "match": {"path": "("}},
        {"kind": "drop", "times": 0},
        {"kind": "drop", "probability": 2},
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Fault.model_validate(wrong)


async def test_stopping_does_not_wait_for_a_stall(caplog: pytest.LogCaptureFixture) -> None:
    stalled = asyncio.Event()

    async def sleep(seconds: float) -> None:
        stalled.set()
        await asyncio.sleep(seconds)

    sandbox = Sandbox(SandboxConfig(faults=(Fault(kind="stall", delay_seconds=3600),)), sleep=sleep)
    started = time.monotonic()
    async with httpx2.AsyncClient(headers=headers_of(sandbox)) as client:
        async with sandbox.serve() as running:
            request = asyncio.create_task(client.get(f"{running.mxroute_url}/domains"))
            await stalled.wait()
        with pytest.raises(httpx2.TransportError):
            await request
    assert time.monotonic() - started < 5
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
