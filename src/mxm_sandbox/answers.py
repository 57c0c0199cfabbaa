"""An HTTP answer as data and how it is put on the wire, whole or mangled."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from starlette.types import Send

Sleep = Callable[[float], Awaitable[None]]
Delivery = Literal["whole", "half", "slow"]
_SLOW_PIECES = 10


class ConnectionDropped(Exception):
    """The connection is to be closed without (the rest of) an answer; the server room turns it into a closed socket."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body, and how the body is delivered."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = "whole"
    delay_seconds: float = 0.0

    def with_headers(self, headers: tuple[tuple[str, str], ...]) -> "Answer":
        """The same answer with more headers."""
        return replace(self, headers=self.headers + headers) if headers else self

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """Headers as ASGI wants them; a 204 has neither type nor length (RFC 9110 section 8.6)."""
        pairs = list(self.headers)
        if self.status not in {204, 304}:
            pairs = [("content-type", self.media_type), ("content-length", str(len(self.body))), *pairs]
        return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


async def deliver(answer: Answer, send: Send, sleep: Sleep) -> None:
    """Send `answer` as its delivery says."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.raw_headers()})
    if answer.delivery == "half":
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        raise ConnectionDropped
    if answer.delivery == "slow":
        await _send_slowly(answer, send, sleep)
        return
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _send_slowly(answer: Answer, send: Send, sleep: Sleep) -> None:
    size = max(1, -(-len(answer.body) // _SLOW_PIECES))
    for start in range(0, len(answer.body), size):
        await sleep(answer.delay_seconds / _SLOW_PIECES)
        await send({"type": "http.response.body", "body": answer.body[start : start + size], "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
