"""What holds for every answer: envelope, request id, headers, the order of checks, sizes and types of bodies."""

import logging
import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from mxm.entrypoints.web import build_app, build_asgi, with_layers
from support.api import (
    ACCOUNTS,
    JSON,
    PASSWORD,
    WRITES,
    all_routes,
    data_of,
    error_of,
    filled,
    raw_request,
    wrong_fields,
)
from support.manager import URL, Manager

MIB = 1024 * 1024
OPEN = {"/health", "/health/ready", "/api/auth/login", "/login", "/logout", "/static/pages.css"}
OPEN |= {"/{page:path}", "/assets/{path:path}", "/favicon.svg"}


async def test_health_is_exactly_this_and_asks_nobody(manager: Manager) -> None:
    answer = await manager.client.get("/health")
    assert answer.content == b'{"status":"ok"}'
    assert answer.headers["content-type"] == "application/json"
    head = await manager.client.head("/health")
    assert (head.status_code, head.content) == (200, b"")
    ready = await manager.client.get("/health/ready")
    assert data_of(ready) == {"database": True, "workers": True}
    assert manager.sandbox.log == []


async def test_ready_says_what_is_missing(manager: Manager) -> None:
    """An application whose background work was never started."""
    answer = await raw_request(build_asgi(manager.services), "GET", b"/health/ready")
    assert answer.status == 503
    error = answer.json()["error"]
    assert error["code"] == "unavailable"
    assert [detail["field"] for detail in error["details"]] == ["workers"]
    assert answer.header("retry-after") == "2"


@pytest.mark.parametrize("own", ["a", "A-b_c.9", "x" * 64])
async def test_a_callers_own_request_id_is_kept(manager: Manager, own: str) -> None:
    for path in ("/health", "/api/me", "/nowhere", "/login"):
        assert (await manager.client.get(path, headers={"X-Request-ID": own})).headers["x-request-id"] == own
    refused = await manager.client.get("/api/me", headers={"X-Request-ID": own})
    assert refused.json()["error"]["request_id"] == own


@pytest.mark.parametrize("bad", ["", "x" * 65, "a b", "ü", "a/b", "<script>", "a\tb"])
async def test_any_other_request_id_is_replaced(manager: Manager, bad: str) -> None:
    headers = [(b"X-Request-ID", bad.encode("latin-1"))]
    found = (await manager.client.get("/health", headers=headers)).headers["x-request-id"]
    assert found != bad
    assert len(found) == 16
    assert found != (await manager.client.get("/health", headers=headers)).headers["x-request-id"]


async def test_every_api_answer_forbids_keeping_and_carries_its_id(manager: Manager) -> None:
    admin = await manager.bearer()
    token = admin.headers["authorization"]
    for route in all_routes(build_app(manager.services)):
        if not route.path.startswith("/api") or route.method not in {"GET", "POST", "PATCH"}:
            continue
        for headers in ({}, {"Authorization": token}):
            answer = await manager.client.request(route.method, filled(route.path), headers=headers)
            assert answer.headers["x-request-id"]
            assert "no-store" in answer.headers["cache-control"], str(route)
            assert not [name for name in answer.headers if name.startswith("access-control-")]
    for path in ("/api", "/api/", "/api/nowhere"):
        answer = await admin.get(path)
        error_of(answer, 404, "not_found")
        assert answer.headers["cache-control"] == "no-store"


async def test_nothing_is_offered_to_other_origins(manager: Manager) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        await manager.client.options("/api/auth/login", headers=headers),
        await manager.client.options("/api/domains", headers=headers),
        await (await manager.bearer()).options("/api/domains", headers=headers),
    ):
        assert answer.status_code >= 400
        assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_without_credentials_every_guarded_route_is_401(manager: Manager) -> None:
    guarded = [r for r in all_routes(build_app(manager.services)) if r.path not in OPEN]
    assert len(guarded) > 40
    for route in guarded:
        answer = await manager.client.request(route.method, filled(route.path), content=b"{broken")
        error_of(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"
    for path in ("/api", "/api/", "/api/nowhere", "/api/auth/login-as", "/api/auth/login/", "/api/auth/loginx"):
        error_of(await manager.client.post(path, json={}), 401, "unauthorized")
    assert manager.sandbox.log == []


async def test_credentials_are_checked_before_a_body_is_read(manager: Manager) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536

    for headers in (
        {},
        {"Authorization": "Bearer mxm_x"},
        {"Content-Length": str(10**12)},
        {"Cookie": "mxm_session=x"},
    ):
        answer = await raw_request(manager.asgi, "POST", ACCOUNTS.encode(), headers=headers, parts=endless())
        assert answer.status == 401
        assert answer.parts_read == 0


async def test_csrf_and_paths_are_checked_before_a_body_is_read(manager: Manager) -> None:
    browser = await manager.session()
    cookie = {"Cookie": f"mxm_session={browser.cookies['mxm_session']}"}
    answer = await raw_request(manager.asgi, "POST", ACCOUNTS.encode(), headers=cookie, parts=[b"x"] * 9)
    assert answer.json()["error"]["code"] == "csrf_failed"
    assert answer.parts_read == 0


@pytest.mark.parametrize("path", [ACCOUNTS, "/api/auth/login", "/login"])
async def test_a_declared_size_over_1_mib_is_refused_unread(manager: Manager, path: str) -> None:
    headers = {"Authorization": f"Bearer {await manager.token()}", **JSON, "Content-Length": str(MIB + 1)}
    answer = await raw_request(manager.asgi, "POST", path.encode(), headers=headers, parts=[b"x"] * 9)
    assert answer.status == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert answer.parts_read == 0


@pytest.mark.parametrize("declared", [None, "10", "-5", "nonsense"])
async def test_a_streamed_body_is_counted_whatever_was_declared(manager: Manager, declared: str | None) -> None:
    headers = {"Authorization": f"Bearer {await manager.token()}", **JSON}
    if declared:
        headers["Content-Length"] = declared
    parts = [b" " * 65_536] * 100
    answer = await raw_request(manager.asgi, "POST", ACCOUNTS.encode(), headers=headers, parts=parts)
    assert answer.status == 413
    assert answer.parts_read == 17


async def test_a_body_of_exactly_1_mib_is_taken(manager: Manager) -> None:
    client = await manager.bearer()
    body = b'{"username": "alex", "password": "Abcd123!"}'
    answer = await client.post(ACCOUNTS, content=body.ljust(MIB), headers=JSON)
    assert answer.status_code == 201
    answer = await client.post(ACCOUNTS, content=body.ljust(MIB + 1), headers=JSON)
    error_of(answer, 413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
async def test_a_body_of_another_type_is_refused(manager: Manager, kind: str) -> None:
    client = await manager.bearer()
    headers = {"Content-Type": kind} if kind else {}
    answer = await client.post(ACCOUNTS, content=b'{"username": "alex", "password": "Abcd123!"}', headers=headers)
    error_of(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/vnd.api+json"]
)
async def test_json_is_json_however_it_is_called(manager: Manager, kind: str) -> None:
    client = await manager.bearer()
    body = b'{"username": "alex", "password": "Abcd123!"}'
    answer = await client.post(ACCOUNTS, content=body, headers={"Content-Type": kind})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'a': 1}",
        b"\xff\xfe",
        b"nonsense",
        b'{"username": NaN}',
        b'{"quota": Infinity}',
        b"[" * 100_000,
        b'{"username": "\\ud800", "password": "Abcd123!"}',
        b'{"username": "a"} x',
        b"\xef\xbb\xbf" + b"{",
    ],
)
async def test_broken_json_is_a_validation_error(manager: Manager, body: bytes) -> None:
    client = await manager.bearer()
    answer = await client.post(ACCOUNTS, content=body, headers=JSON)
    assert wrong_fields(answer) == ["body"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"[{}]", b'"text"', b"5", b"true"])
async def test_a_body_that_is_no_object_is_a_validation_error(manager: Manager, body: bytes) -> None:
    client = await manager.bearer()
    assert wrong_fields(await client.post(ACCOUNTS, content=body, headers=JSON)) == ["body"]


async def test_a_delegate_without_the_right_is_told_403_whatever_the_body(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    for body in (b"{", b"", b"[]", b'{"username": 1}'):
        error_of(await client.post(ACCOUNTS, content=body, headers=JSON), 403, "forbidden")


async def test_paths_are_exact_and_nothing_redirects(manager: Manager) -> None:
    client = await manager.bearer()
    for path in ("/api/domains/", "/api/me/", ACCOUNTS + "/", f"{URL}//api/domains", "/api//domains", "/API/domains"):
        answer = await client.get(path)
        assert answer.status_code in {400, 404}, f"{path}: {answer.status_code}"
        assert "location" not in answer.headers
    error_of(await client.get("/api/domains/"), 404, "not_found")
    error_of(await client.get("/health/"), 404, "not_found")
    error_of(await client.get("/nowhere"), 404, "not_found")


async def test_a_method_that_a_path_does_not_take_is_405(manager: Manager) -> None:
    client = await manager.bearer()
    routes = [r for r in all_routes(build_app(manager.services)) if r.path.startswith("/api")]
    taken: dict[str, set[str]] = {}
    for route in routes:
        taken.setdefault(route.path, set()).add(route.method)
    for path, methods in taken.items():
        for method in {"GET", *WRITES} - methods:
            answer = await client.request(method, filled(path))
            error_of(answer, 405, "method_not_allowed")
            assert answer.headers["allow"], path
    error_of(await client.request("BREW", "/api/me"), 405, "method_not_allowed")
    error_of(await manager.client.delete("/health"), 405, "method_not_allowed")


async def test_a_delete_answers_200_with_data_null(manager: Manager) -> None:
    client = await manager.bearer()
    answer = await client.delete(f"{ACCOUNTS}/info")
    assert answer.status_code == 200
    assert answer.json() == {"success": True, "data": None}


async def test_an_unexpected_fault_tells_nothing_of_our_insides(manager: Manager) -> None:
    client = await manager.bearer()

    async def broken(*_args: object) -> None:
        raise ZeroDivisionError("secret insides")

    layers = with_layers(broken, manager.services)
    headers = {"Authorization": client.headers["authorization"]}
    answer = await raw_request(layers, "GET", b"/api/me", headers=headers)
    assert answer.status == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert b"insides" not in answer.body
    assert answer.header("x-request-id") == answer.json()["error"]["request_id"]


async def test_two_changes_that_meet_are_503_and_nothing_of_them_is_logged(
    manager: Manager, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = await manager.bearer()

    async def meet(*_args: object) -> None:
        raise IntegrityError("INSERT hidden", {"p": "hidden"}, sqlite3.IntegrityError("UNIQUE failed: hidden"))

    monkeypatch.setattr(manager.services.audit, "page", meet)
    with caplog.at_level(logging.DEBUG, "mxm"):
        answer = await client.get("/api/admin/logs")
    assert error_of(answer, 503, "unavailable")["message"] == "Two changes met; try again."
    assert answer.headers["retry-after"] == "1"
    assert "two changes met: IntegrityError" in caplog.messages
    assert "hidden" not in caplog.text + answer.text


async def test_passwords_are_never_repeated_in_an_answer(manager: Manager) -> None:
    client = await manager.bearer()
    for body in (
        {"username": "al ex", "password": "Hidden-Pass-1"},
        {"username": "alex", "password": "hidden-pass-only-lower"},
        {"username": "alex", "password": "Hidden-Pass-1", "quota": -1},
        {"username": "alex", "password": ["Hidden-Pass-1"]},
    ):
        answer = await client.post(ACCOUNTS, json=body)
        assert answer.status_code == 400
        assert "idden" not in answer.text
    answer = await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD})
    assert PASSWORD not in answer.text
