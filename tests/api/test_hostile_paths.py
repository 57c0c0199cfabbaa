"""Paths that mean another place than they seem to: none reaches MXroute, whoever sends them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from support.api import JSON, RawAnswer, raw_request
from support.manager import Manager, running_manager

E = "/api/domains/example.com"
HOSTILE = [
    *("..%2F..%2Fquota", "..%2fhealthy.example", "%2e%2e", "%2e%2e%2f", "..", ".", "%2e", "%2E%2e", ".%2e"),
    *("%2f", "a%2Fb", "%5c", "..%5c..", "a%5cb", "\\", "..\\", "%00", "a%00", "info%00", "%0a", "%0d%0aX-Evil:%201"),
    *(
        "%1f",
        "%7f",
        "info%09",
        "%252e%252e",
        "%252e%252e%252f",
        "%252f",
        "%255c",
        "%2500",
        "..%252F..",
        "%25252e%25252e",
    ),
    *("%c0%ae%c0%ae", "%ff%fe", "%e0%80%af", "%ef%bc%8f", "%e2%88%95", "%ef%bc%8e%ef%bc%8e", "%e2%80%ae", "%ed%a0%80"),
    *("info;x=1", "info%3f", "info%23", "*", "%2a", "~", "%u002e", "%", "%zz", "%2", "a" * 5000, "%41" * 3000),
    *("%20", "%20info", "info%20", "..;", "..%00", "....//", "..././"),
]
PLACES = [
    ("GET", "/api/domains/{}"),
    ("DELETE", "/api/domains/{}"),
    ("GET", "/api/domains/{}/email-accounts"),
    ("GET", "/api/domains/{}/spam/blacklist"),
    ("GET", E + "/email-accounts/{}"),
    ("PATCH", E + "/email-accounts/{}"),
    ("DELETE", E + "/email-accounts/{}"),
    ("PATCH", E + "/email-accounts/{}/recovery"),
    ("DELETE", E + "/forwarders/{}"),
    ("DELETE", E + "/pointers/{}"),
    ("DELETE", E + "/spam/blacklist/{}"),
    ("DELETE", "/api/admin/delegations/{}"),
    ("DELETE", "/api/admin/sessions/{}"),
]
BODIES = {"/email-accounts/{}": b'{"quota": 5}', "/recovery": b'{"recovery_email": "a@b.org"}'}


def body_for(method: str, place: str) -> bytes:
    """A body that the route takes."""
    return next((b for end, b in BODIES.items() if place.endswith(end)), b"") if method == "PATCH" else b""


def judge(answer: RawAnswer, method: str, raw: str) -> None:
    """Refused in the envelope. A name that is odd but harmless is not there."""
    assert answer.status in {400, 403, 404, 405}, f"{method} {raw[:80]}: {answer.status} {answer.body[:200]!r}"
    assert answer.json()["success"] is False


def check_sandbox(manager: Manager, before: dict[str, object]) -> None:
    """Nothing odd arrived, and nothing was changed."""
    odd = [entry.raw_path[:100] for entry in manager.sandbox.log if entry.odd_path]
    assert odd == []
    assert manager.sandbox.state == before
    assert not [entry for entry in manager.sandbox.log if "quota" in entry.path or "healthy" in entry.path]


@pytest.mark.parametrize("who", ["admin", "delegate", "stranger"])
async def test_no_hostile_path_gets_through(manager: Manager, who: str) -> None:
    every = ["dashboard", "emails", "forwarders", "spam", "dns"]
    grants = {"admin": None, "delegate": {"example.com": every}, "stranger": {"quiet.example": every}}[who]
    headers = {"Authorization": f"Bearer {await manager.token(grants)}", **JSON}
    before = manager.sandbox.state
    for method, place in PLACES:
        for hostile in HOSTILE:
            raw = place.format(hostile)
            parts = [body_for(method, place)]
            answer = await raw_request(manager.asgi, method, raw.encode("latin-1"), headers=headers, parts=parts)
            judge(answer, method, raw)
            if who == "stranger" and "admin" not in place:
                assert answer.status in {400, 403, 404}, raw
    if who == "stranger":
        assert [entry.path for entry in manager.sandbox.log] == ["/domains"]
    check_sandbox(manager, before)


async def test_a_whole_path_may_not_climb_either(manager: Manager) -> None:
    headers = {"Authorization": f"Bearer {await manager.token()}"}
    before = manager.sandbox.state
    for raw in (
        "/api/domains/example.com/../healthy.example",
        "/api/domains/example.com/%2e%2e/healthy.example",
        "/api/../api/quota",
        "/api/./me",
        "/api/domains/example.com/..%2fhealthy.example/email-accounts",
        "/api/domains//example.com",
        "/api\\domains",
        "/api/domains/example.com%2Femail-accounts",
        "/api%2fquota",
        "/%61pi%2fquota",
        "//api/quota",
        "/api/domains/\x01",
        "/api/domains/" + "a/" * 3000,
    ):
        judge(await raw_request(manager.asgi, "GET", raw.encode("latin-1"), headers=headers), "GET", raw)
    check_sandbox(manager, before)


async def test_a_guarded_path_stays_guarded_however_it_is_written(manager: Manager) -> None:
    for raw in ("/api/quota", "/%61pi/quota", "/api/%71uota", "/api%2fquota", "/api/auth/login/../../quota", "/api/"):
        answer = await raw_request(manager.asgi, "GET", raw.encode())
        assert answer.status in {401, 404}, raw
    assert manager.sandbox.log == []


async def test_a_path_without_its_raw_form_is_judged_as_well(manager: Manager) -> None:
    """Not every server hands the raw path on."""
    headers = {"Authorization": f"Bearer {await manager.token()}"}
    for path in (
        E + "/email-accounts/../x",
        E + "/email-accounts/a\\b",
        E + "/email-accounts/%2e%2e",
        E + "/email-accounts/\0",
    ):
        answer = await raw_request(manager.asgi, "GET", b"", path=path, headers=headers)
        assert answer.status == 400, path
    assert not [entry for entry in manager.sandbox.log if entry.odd_path]


@contextlib.asynccontextmanager
async def served(manager: Manager) -> AsyncIterator[int]:
    """The application on a real socket."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(manager.asgi, log_config=None, access_log=False, lifespan="off", proxy_headers=False)
        server = uvicorn.Server(config)
        task = asyncio.ensure_future(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        await task


async def over_the_wire(port: int, request: bytes) -> int:
    """The status that a raw request gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    line = await reader.readline()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return int(line.split()[1])


async def test_the_same_over_a_real_socket(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager, served(manager) as port:
        token = await manager.token({"example.com": ["emails"]})
        head = f"Host: manager.test\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode()
        before = manager.sandbox.state
        assert await over_the_wire(port, b"GET /api/me HTTP/1.1\r\n" + head) == 200
        for hostile in HOSTILE:
            raw = f"{E}/email-accounts/{hostile}"
            for method in ("GET", "DELETE"):
                status = await over_the_wire(port, f"{method} {raw} HTTP/1.1\r\n".encode("latin-1") + head)
                assert status in {400, 403, 404}, f"{method} {hostile[:40]}: {status}"
        check_sandbox(manager, before)
