"""One request to the MXroute part, read and decoded once, and what a handler gives back."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from starlette.types import Receive, Scope

from mxm_sandbox.answers import ConnectionDropped
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.mxroute.errors import invalid

MAX_BODY_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a status and the data that go into the envelope."""

    data: Any = None
    status: int = 200
    bare: bool = False


NO_CONTENT = Reply(status=204)


@dataclass(slots=True)
class Call:
    """A request. `segments` were percent-decoded once, after splitting, so that an encoded slash separates nothing."""

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    raw_body: bytes
    config: SandboxConfig
    now: float
    params: dict[str, str] = field(default_factory=dict)
    txt_values: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The decoded path, for rules and reading; never for finding a route."""
        return unquote(self.raw_path)

    @property
    def segments(self) -> list[str]:
        """Path segments; bytes that are no UTF-8 become characters that no name has."""
        return [unquote_to_bytes(part).decode("utf-8", "replace") for part in self.raw_path.split("/")[1:]]

    def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises a 400 when it is something else."""
        parsed = parse_object(self.raw_body)
        if parsed is None:
            raise invalid("Request body must be a JSON object")
        return parsed

    def field_names(self) -> tuple[str, ...]:
        """Names of the body's fields, for the log."""
        return tuple(sorted(parse_object(self.raw_body) or ()))


def parse_object(raw: bytes) -> dict[str, Any] | None:
    """A JSON object, or none for anything else (too large, too deep, no JSON, a list …)."""
    if not raw or len(raw) > MAX_BODY_BYTES:
        return None
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


async def read_call(scope: Scope, receive: Receive, config: SandboxConfig, now: float) -> Call:
    """Read a whole request off the wire."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8")
    return Call(
        method=scope["method"],
        raw_path=raw_path.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        raw_body=await _read_body(receive),
        config=config,
        now=now,
    )


async def _read_body(receive: Receive) -> bytes:
    """The body; of one that is too large only enough is kept to know that it is."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionDropped
        if len(body) <= MAX_BODY_BYTES:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body[: MAX_BODY_BYTES + 1])
