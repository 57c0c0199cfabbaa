"""One HTTP request as it came off the wire, read once, the same for every upstream of the sandbox."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from starlette.types import Receive, Scope

from mxm_sandbox.answers import ConnectionDropped

MAX_BODY_BYTES = 1_048_576


@dataclass(slots=True)
class Wire:
    """A request. `segments` were percent-decoded once, after splitting, so that an encoded slash separates nothing."""

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    raw_body: bytes

    @property
    def path(self) -> str:
        """The decoded path, for rules and reading; never for finding a route."""
        return unquote(self.raw_path)

    @property
    def segments(self) -> list[str]:
        """Path segments; bytes that are no UTF-8 become characters that no name has."""
        return [unquote_to_bytes(part).decode("utf-8", "replace") for part in self.raw_path.split("/")[1:]]

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


async def read_wire(scope: Scope, receive: Receive) -> Wire:
    """Read a whole request off the wire."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8")
    return Wire(
        method=scope["method"],
        raw_path=raw_path.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        raw_body=await _read_body(receive),
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
