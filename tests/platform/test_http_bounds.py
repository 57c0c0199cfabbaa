"""What somebody without credentials may send over a real socket: bounded, and answered in the envelope."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.program import program, server_environment

GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with program(folder, "serve", env=server_environment(folder, "http://127.0.0.1:1")) as running:
        address = urlsplit(await running.url())
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def send(folder: Path, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send the pieces; the status, headers and body of the answer."""
    async with connected(folder) as (reader, writer):
        for piece in pieces:
            try:
                writer.write(piece)
                await writer.drain()
            except ConnectionError:
                break
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}
        body = await asyncio.wait_for(reader.readexactly(int(headers["content-length"])), 5)
        return int(lines[0].split()[1]), headers, body


@pytest.mark.parametrize(
    ("broken", "status", "code"),
    [
        ([GET + b"X: " + b"a" * 70_000 + b"\r\n"], 431, "headers_too_large"),
        ([b"GET /" + b"a" * 70_000], 431, "headers_too_large"),
        ([GET + b"a: b\r\n" * 250 + b"\r\n"], 431, "headers_too_large"),
        ([b"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"], 400, "validation_error"),
        ([b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n"], 400, "validation_error"),
        ([b"no http at all\r\n\r\n"], 400, "validation_error"),
    ],
    ids=["one long header", "a long address", "many headers", "control", "method", "noise"],
)
async def test_what_is_no_sensible_request_is_refused_in_the_envelope(
    tmp_path: Path, broken: list[bytes], status: int, code: str
) -> None:
    found, headers, body = await send(tmp_path, *broken)
    answer = json.loads(body)
    assert (found, answer["error"]["code"]) == (status, code)
    assert headers["x-request-id"] == answer["error"]["request_id"]


@pytest.mark.parametrize(
    "begun",
    [GET, b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n"],
    ids=["headers", "trailers"],
)
async def test_a_flood_of_headers_or_trailers_ends_the_connection(tmp_path: Path, begun: bytes) -> None:
    async with connected(tmp_path) as (reader, writer):
        writer.write(begun)
        try:
            for _ in range(6000):
                writer.write(b"X: " + b"a" * 1000 + b"\r\n")
                await writer.drain()
            await asyncio.wait_for(reader.read(), 5)
            assert reader.at_eof()
        except ConnectionError:
            pass  # the same, told more roughly


async def test_an_upgrade_is_not_taken_up(tmp_path: Path) -> None:
    upgrade = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    status, headers, body = await send(tmp_path, GET + upgrade)
    assert (status, body) == (200, b'{"status":"ok"}')
    assert "x-request-id" in headers


async def test_ordinary_requests_pass_one_after_another(tmp_path: Path) -> None:
    async with connected(tmp_path) as (reader, writer):
        for _ in range(200):  # together far more than one head may be
            writer.write(GET + b"X: " + b"a" * 1000 + b"\r\n\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 200")
            await reader.readexactly(15)


async def test_too_many_requests_in_line_end_the_connection(tmp_path: Path) -> None:
    login = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    async with connected(tmp_path) as (reader, writer):
        writer.write(login + b"GET /a HTTP/1.1\r\n\r\n" * 10_000)
        with contextlib.suppress(ConnectionError):
            answers = await asyncio.wait_for(reader.read(), 5)
            assert answers.count(b"HTTP/1.1") < 200


async def test_noise_behind_a_request_is_never_its_answer(tmp_path: Path) -> None:
    """A write that takes effect must not be taken for refused because of what followed it on the connection."""
    slow = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    body = b'{"username":"admin","password":"wrong"}'
    async with connected(tmp_path) as (reader, writer):
        writer.write(slow % (len(body), body) + b"bad\r\n\r\n")
        try:
            answers = await asyncio.wait_for(reader.read(), 10)
        except ConnectionError:
            answers = b""
        assert b"Invalid HTTP request" not in answers


async def test_a_long_body_is_not_counted_into_the_next_head(tmp_path: Path) -> None:
    body = b'{"username":"' + b"a" * 15_000 + b'"}'
    first = (
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    )
    async with connected(tmp_path) as (reader, writer):
        for _ in range(6):
            writer.write(first % (len(body), body))
        writer.write(b"GET /health HTTP/1.1\r\nHost")
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.write(b": x\r\nConnection: close\r\n\r\n")
        answers = await asyncio.wait_for(reader.read(), 10)
        assert answers.endswith(b'{"status":"ok"}')
        assert b" 431 " not in answers
