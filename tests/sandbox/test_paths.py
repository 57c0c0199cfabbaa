"""Paths: decoded once, one segment at a time, and remembered exactly as they came."""

import asyncio

import httpx2
import pytest

from mxm_sandbox import Sandbox
from sandbox.helpers import data_of, headers_of, opened, refusal


async def raw_request(url: str, target: str, sandbox: Sandbox, method: str = "DELETE") -> int:
    """One request whose path no client library has touched; gives the status."""
    address = httpx2.URL(url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    lines = [f"{method} {target} HTTP/1.1", "Host: sandbox", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers_of(sandbox).items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


TRAVERSALS = [
    "/domains/example.com/spam/blacklist/..",
    "/domains/example.com/spam/blacklist/../../..",
    "/domains/example.com/spam/blacklist/%2e%2e",
    "/domains/example.com/spam/blacklist/%2E.",
    "/domains/example.com/spam/blacklist/.",
    "/domains/example.com/email-accounts/%2e%2e%2f%2e%2e",
    "/domains/example.com/email-accounts/..%2f..%2fexample.com",
    "/domains/example.com/email-accounts/..%5cinfo",
    "/domains/example.com/email-accounts/./info",
    "/domains/healthy.example/../example.com",
    "/domains/healthy.example%2f..%2fexample.com",
    "/domains//example.com",
    "//domains/example.com",
    "/domains/%252e%252e",
    "/domains/example.com%00",
    "/domains/%ff",
]


async def test_nothing_else_is_addressed_and_everything_is_remembered() -> None:
    async with opened() as (sandbox, _), sandbox.serve() as running:
        before = sandbox.state
        for target in TRAVERSALS:
            assert await raw_request(running.mxroute_url, target, sandbox) in {400, 404, 405}, target
        assert sandbox.state == before
        assert [entry.raw_path for entry in sandbox.log] == TRAVERSALS
        assert all(entry.odd_path for entry in sandbox.log), [e.raw_path for e in sandbox.log if not e.odd_path]
        assert not any(entry.applied for entry in sandbox.log)


@pytest.mark.parametrize("segment", ["..", ".", "%2e%2e", "%2E"])
async def test_dot_segments_are_refused_as_such(segment: str) -> None:
    async with opened() as (sandbox, _), sandbox.serve() as running:
        assert await raw_request(running.mxroute_url, f"/domains/{segment}", sandbox, "GET") == 400


async def test_ordinary_paths_are_not_odd(api: httpx2.AsyncClient, world: Sandbox) -> None:
    for path in ("/domains", "/domains/example.com/spam/blacklist/karen%40hr.example.com", "/domains/..x"):
        await api.get(path)
    assert [entry.odd_path for entry in world.log] == [False] * 3
    assert world.log[1].raw_path.endswith("karen%40hr.example.com")
    assert world.log[1].path.endswith("karen@hr.example.com")


async def test_segments_are_decoded_once(api: httpx2.AsyncClient) -> None:
    assert data_of(await api.get("/domains/example%2Ecom"))["domain"] == "example.com"
    assert refusal(await api.get("/domains/example%252Ecom")) == (404, "NOT_FOUND", None)


@pytest.mark.parametrize("segment", ["a%2Fb", "a%5Cb", "..%2fexample.com"])
async def test_unsafe_segments_are_refused(api: httpx2.AsyncClient, segment: str) -> None:
    assert refusal(await api.get(f"/domains/{segment}")) == (400, "VALIDATION_ERROR", "domain")
