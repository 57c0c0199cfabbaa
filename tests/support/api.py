"""Asking the manager's API in tests: answers taken apart, raw requests, and a walk over all routes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.routing import APIRoute

PASSWORD = "Abcd123!"
ACCOUNTS = "/api/domains/example.com/email-accounts"
JSON = {"Content-Type": "application/json"}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def data_of(answer: httpx2.Response, status: int = 200) -> Any:
    """What a successful answer says."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["success"] is True
    return body["data"]


def error_of(answer: httpx2.Response, status: int, code: str) -> Any:
    """The error of a failed answer, checked to be in the envelope."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    body = answer.json()
    assert set(body) == {"success", "error"}
    assert body["success"] is False
    error = body["error"]
    assert error["code"] == code, error
    assert error["message"]
    assert error["request_id"] == answer.headers["x-request-id"]
    return error


def wrong_fields(answer: httpx2.Response) -> list[str]:
    """The fields that a validation error names, sorted."""
    error = error_of(answer, 400, "validation_error")
    assert error["field"] == error["details"][0]["field"]
    return sorted({detail["field"] for detail in error["details"]})


@dataclass
class RawAnswer:
    """What an ASGI application sent, byte for byte."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    parts_read: int = 0

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value.decode() for key, value in self.headers if key == name.encode()), None)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


async def raw_request(
    asgi: Any,
    method: str,
    raw_path: bytes,
    *,
    path: str | None = None,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    parts: Iterable[bytes] = (b"",),
    client: tuple[str, int] = ("192.0.2.10", 40_000),
) -> RawAnswer:
    """One request as a server would hand it on: nothing is normalised. `parts` are the pieces of the body."""
    from urllib.parse import unquote

    bare, _, query = raw_path.partition(b"?")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(bare.decode("latin-1")) if path is None else path,
        "raw_path": bare,
        "query_string": query,
        "root_path": "",
        "headers": [
            (b"host", b"manager.test"),
            *((name.lower().encode(), value.encode("latin-1")) for name, value in pairs),
        ],
        "client": client,
        "server": ("manager.test", 80),
        "state": {},
    }
    answer = RawAnswer()
    pieces = iter(parts)

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        if piece is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        answer.parts_read += 1
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    await asgi(scope, receive, send)
    return answer


@dataclass(frozen=True)
class RouteOf:
    """One method of one path of the running application."""

    method: str
    path: str
    route: APIRoute

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def all_routes(app: FastAPI) -> list[RouteOf]:
    """Every route, whichever router it was included with."""
    return [RouteOf(method, r.path, r) for r in _flat(app.routes) for method in sorted(r.methods or ())]


def _flat(routes: Iterable[object]) -> Iterator[APIRoute]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _flat(included.routes)
        else:
            assert isinstance(route, APIRoute), f"{route} is no route that the walk understands"
            yield route


EXAMPLES = {
    "domain": "example.com",
    "user": "info",
    "alias": "hello",
    "pointer": "pointed.test",
    "entry": "*@spam.test",
    "email": "nobody@example.com",
    "id": "0" * 32,
    "change": "1",
    "asset": "reference.js",
    "page": "domains",
    "path": "index.js",
}
"""A value for each path parameter; those of `example.com` exist in the sandbox."""


def filled(path: str, **values: str) -> str:
    """A route's path with its parameters filled in."""
    return path.replace(":path}", "}").format(**{**EXAMPLES, **values})
