"""A hand-made HTTP server on loopback that does as a test says: answers, breaks off, keeps silent. It counts all."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from mxm.upstreams.transport.exchange import Limits


@dataclass(frozen=True)
class Seen:
    """One request as it was on the wire."""

    method: str
    target: bytes
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What goes back. `close` ends the connection after it, `hang` keeps it open and silent instead."""

    raw: bytes = b""
    close: bool = False
    hang: bool = False


Script = Callable[[Seen], Reply]


def http(status: int, body: bytes | str | dict[str, Any] = b"", **headers: str) -> Reply:
    """A whole answer; a dict becomes JSON; `_` in header names stands for `-`."""
    kind = "application/json" if isinstance(body, dict) else "text/html"
    data = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Something", f"Content-Type: {kind}"]
    if status != 204:
        lines.append(f"Content-Length: {len(data)}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Reply("\r\n".join([*lines, "", ""]).encode() + data)


def ok(data: Any = None, status: int = 200, **headers: str) -> Reply:
    """An enveloped success."""
    return http(status, {"success": True, "data": data}, **headers)


def error(status: int, code: str, message: str = "It went wrong", **headers: str) -> Reply:
    """An enveloped failure."""
    return http(status, {"success": False, "error": {"code": code, "message": message}}, **headers)


def half(status: int = 200) -> Reply:
    """An answer that breaks off in its body."""
    head = f"HTTP/1.1 {status} Something\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    return Reply(head.encode() + b'{"success": true, "da', close=True)


SILENCE = Reply(hang=True)
CLOSED = Reply(close=True)


def limits(*, silent: bool = False) -> Limits:
    """A client's patience: short where no answer will come; else so long that a busy machine makes no silence."""
    return Limits(connect=10.0, read=0.4 if silent else 20.0, whole=20.0)


@dataclass
class StandIn:
    """`async with StandIn(script) as standin`: serves on `standin.url` and keeps every request in `seen`."""

    script: Script
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    _connections: int = 0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def count(self, method: str | None = None) -> int:
        return sum(1 for each in self.seen if method is None or each.method == method)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._connections += 1
        try:
            await self._serve(reader, writer, self._connections)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        while True:
            seen = await _request(reader, connection)
            self.seen.append(seen)
            reply = self.script(seen)
            writer.write(reply.raw)
            await writer.drain()
            if reply.hang:
                await reader.read()
                return
            if reply.close:
                return


async def _request(reader: asyncio.StreamReader, connection: int) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    method, target, _version = head[0].split(b" ", 2)
    pairs = (line.split(b":", 1) for line in head[1:] if line)
    headers = {name.decode().lower(): value.strip().decode() for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method.decode(), target, headers, body, connection)


def in_turn(*replies: Reply) -> Script:
    """The replies one after the other; the last one again and again."""
    left = list(replies)
    return lambda _seen: left.pop(0) if len(left) > 1 else left[0]
