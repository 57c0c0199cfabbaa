"""On real sockets: ports, loopback, latency, many at once, and the blocking call for a command line."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import GOOD_LOGIN, client_of, headers_of

SOURCE = Path(__file__).parents[2] / "src"


async def test_two_ports_that_are_reported_and_released(caplog: pytest.LogCaptureFixture) -> None:
    sandbox = Sandbox()
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    levels = [logging.getLogger(name).level for name in ("uvicorn.error", "uvicorn.access")]
    async with sandbox.serve() as running, httpx2.AsyncClient() as client:
        assert running.mxroute_url != running.control_url
        answer = await client.get(f"{running.mxroute_url}/domains", headers=headers_of(sandbox))
        assert answer.status_code == 200
        assert "server" not in answer.headers
        assert (await client.get(f"{running.control_url}/counts")).json()["reads"] == 1
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert [logging.getLogger(name).level for name in ("uvicorn.error", "uvicorn.access")] == levels
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.ConnectError):
            await client.get(running.mxroute_url)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
async def test_the_control_port_stays_on_loopback(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        async with Sandbox().serve(control_host=host):
            raise AssertionError("it must not listen")


async def test_a_taken_port_is_an_error_and_frees_the_other() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            async with Sandbox().serve(mxroute_port=taken.getsockname()[1]):
                raise AssertionError("it must not listen")


async def test_latency_lies_in_its_range_and_is_repeatable() -> None:
    runs: list[list[float]] = []
    for _ in range(2):
        waits: list[float] = []

        async def sleep(seconds: float, waits: list[float] = waits) -> None:
            waits.append(seconds)

        sandbox = Sandbox(SandboxConfig(latency_ms_min=20, latency_ms_max=80), sleep=sleep)
        async with client_of(sandbox) as client:
            for _ in range(20):
                await client.get("/domains")
        runs.append(waits)
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 20
    assert all(0.02 <= wait <= 0.08 for wait in runs[0])


async def test_answers_do_not_wait_for_acknowledgements() -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with (
        sandbox.serve() as running,
        httpx2.AsyncClient(base_url=running.mxroute_url, headers=headers_of(sandbox)) as client,
    ):
        started = time.monotonic()
        for _ in range(50):
            await client.get("/domains/forty.example/email-accounts")
    # with Nagle's algorithm at work this takes over two seconds
    assert time.monotonic() - started < 1.5


async def test_two_that_want_the_same_name_do_not_both_get_it() -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_max=5))
    async with (
        sandbox.serve() as running,
        httpx2.AsyncClient(base_url=running.mxroute_url, headers=headers_of(sandbox)) as client,
    ):
        body = {"username": "alex", "password": GOOD_LOGIN}
        wanted = [client.post("/domains/example.com/email-accounts", json=body) for _ in range(10)]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*wanted))
    assert statuses == [201] + [409] * 9


def start(call: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", f"from mxm_sandbox import SandboxConfig, run; run({call})"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_announces_itself_and_ends_cleanly(number: signal.Signals) -> None:
    with start("SandboxConfig(api_key='mine')") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(10)]
        text = "".join(lines)
        url = lines[0].split()[-1]
        headers = {"X-Server": "sandbox.mxrouting.net", "X-Username": "sandbox", "X-API-Key": "mine"}
        assert httpx2.get(f"{url}/domains", headers=headers).status_code == 200
        assert all(value in text for value in headers.values())
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_run_says_in_one_line_that_a_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with start(f"mxroute_port={taken.getsockname()[1]}") as process:
            out, err = process.communicate(timeout=10)
    assert process.returncode == 1
    assert out == ""
    assert err.count("\n") == 1
    assert "in use" in err
