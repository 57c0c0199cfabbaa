"""One HTTP request and its answer, or how far it got. Repeats nothing: that is for `client` to decide.

httpx2 and httpcore2 (2.16) send a request once: `retries=0` is their default, and a pooled connection is left only
before the first byte (`ConnectionNotAvailable`). A write error is swallowed there in the hope of an answer, so a stale
connection shows as a read or protocol error after sending.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import httpx2


class Phase(StrEnum):
    """How far a request came before it broke."""

    UNSENT = "unsent"
    """No connection: upstream saw nothing."""
    SENT = "sent"
    """Upstream may have it, and has not begun to answer."""
    ANSWERING = "answering"
    """The status came, the body did not come whole or cannot be read."""


class ExchangeError(Exception):
    """No usable answer. `status` is known only while answering; `reason` holds no secret."""

    def __init__(self, phase: Phase, reason: str, *, timeout: bool = False, status: int | None = None) -> None:
        super().__init__(reason)
        self.phase = phase
        self.reason = reason
        self.timeout = timeout
        self.status = status
        self.headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """Patience in seconds for one exchange, and the largest body in bytes that is read."""

    connect: float = 5.0
    read: float = 30.0
    whole: float = 60.0
    body: int = 32 * 1024 * 1024


async def exchange(http: httpx2.AsyncClient, request: httpx2.Request, limits: Limits) -> Answer:
    """Send `request` once and read its answer. Raises `ExchangeError`."""
    begun: list[httpx2.Response] = []
    try:
        # The read timeout starts anew with each byte; only this bounds an answer that drips.
        async with asyncio.timeout(limits.whole):
            return await _send(http, request, limits, begun)
    except ExchangeError:
        raise
    except (httpx2.HTTPError, OSError) as error:
        broken = _broken(error, begun[0].status_code if begun else None)
        if begun:
            broken.headers = dict(begun[0].headers)
        # Without its cause: h11 quotes the header that it cannot send, and ours hold the API key.
        raise broken from None


async def _send(
    http: httpx2.AsyncClient, request: httpx2.Request, limits: Limits, begun: list[httpx2.Response]
) -> Answer:
    response = await http.send(request, stream=True)
    begun.append(response)
    try:
        body = await _body(response, limits.body)
    finally:
        await response.aclose()
    return Answer(response.status_code, dict(response.headers), body)


async def _body(response: httpx2.Response, most: int) -> bytes:
    # Counted after decompression, so that a small compressed answer cannot fill the memory.
    parts = bytearray()
    async for part in response.aiter_bytes():
        parts += part
        if len(parts) > most:
            broken = ExchangeError(
                Phase.ANSWERING, f"its answer is larger than {most} bytes", status=response.status_code
            )
            broken.headers = dict(response.headers)
            raise broken
    return bytes(parts)


def _broken(error: Exception, status: int | None) -> ExchangeError:
    match error:
        case httpx2.ConnectTimeout():
            return ExchangeError(Phase.UNSENT, "no connection in time", timeout=True)
        case httpx2.PoolTimeout():
            return ExchangeError(Phase.UNSENT, "too many requests were under way", timeout=True)
        case httpx2.ConnectError():
            return ExchangeError(Phase.UNSENT, _connect_reason(error))
        case TimeoutError() | httpx2.TimeoutException():
            phase = Phase.SENT if status is None else Phase.ANSWERING
            return ExchangeError(phase, "no whole answer in time", timeout=True, status=status)
        case _ if status is None:
            return ExchangeError(Phase.SENT, "the connection broke before an answer")
        case _:
            return ExchangeError(Phase.ANSWERING, "its answer broke off or could not be read", status=status)


def _connect_reason(error: httpx2.ConnectError) -> str:
    text = str(error)
    if "CERTIFICATE" in text.upper():
        return "its certificate was not accepted"
    if "name or service" in text.lower() or "getaddrinfo" in text.lower() or "nodename" in text.lower():
        return "its name could not be resolved"
    return "the connection was refused or failed"
