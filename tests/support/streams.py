"""Reading Server-Sent Events from an ASGI application while they come."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Event:
    """One event as a browser would see it."""

    name: str
    id: int
    data: dict[str, Any]


@dataclass
class Stream:
    """`async with Stream(asgi, path, headers) as stream`: what comes is in `events`; leaving hangs up."""

    asgi: Any
    path: str
    headers: Mapping[str, str]
    status: int = 0
    events: list[Event] = field(default_factory=list)
    comments: int = 0
    ended: bool = False
    _text: str = ""

    async def __aenter__(self) -> Self:
        self._gone = asyncio.Event()
        self._task = asyncio.ensure_future(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._task
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def until_end(self, seconds: float = 10) -> None:
        """Wait until the server ends it."""
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._task)

    async def _run(self) -> None:
        path, _, query = self.path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"manager.test"),
                *((k.lower().encode(), v.encode()) for k, v in self.headers.items()),
            ],
            "client": ("192.0.2.10", 40_000),
            "server": ("manager.test", 80),
            "state": {},
        }
        await self.asgi(scope, self._receive, self._send)
        self.ended = True

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self._text += message.get("body", b"").decode()
        *whole, self._text = self._text.split("\n\n")
        for block in whole:
            self._take(block)

    def _take(self, block: str) -> None:
        if block.startswith(":"):
            self.comments += 1
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            self.events.append(Event(fields["event"], int(fields["id"]), json.loads(fields["data"])))
