"""Small helpers for the pure ASGI layers: reading headers and answering without the framework."""

import json
import math
from collections.abc import Mapping
from typing import Any

from starlette.types import Scope, Send

from mxm.platform.envelope import failure_content
from mxm.platform.errors import AppError

Header = tuple[bytes, bytes]


def header_values(scope: Scope, name: bytes) -> list[str]:
    """All values of a header, in order; bytes that are no Latin-1 text cannot occur."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def header(scope: Scope, name: bytes) -> str | None:
    """The first value of a header."""
    for key, value in scope["headers"]:
        if key == name:
            found: str = value.decode("latin-1")
            return found
    return None


def failure_headers(error: AppError) -> dict[str, str]:
    """The headers that belong to an error."""
    headers = dict(error.headers)
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return headers


def failure_body(error: AppError, request_id: str) -> Mapping[str, Any]:
    """The envelope of an error."""
    details = [{"field": d.field, "message": d.message} for d in error.details]
    return failure_content(error.code, error.message, request_id, field=error.field, details=details)


async def send_failure(send: Send, error: AppError, request_id: str) -> None:
    """Answer with an error in the envelope."""
    await send_json(send, error.status, failure_body(error, request_id), failure_headers(error))


async def send_json(send: Send, status: int, content: Any, headers: Mapping[str, str] | None = None) -> None:
    """Answer with JSON."""
    await send_bytes(
        send, status, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), headers
    )


async def send_bytes(send: Send, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
    """Answer with JSON that is already written."""
    listed: list[Header] = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    listed += [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})
