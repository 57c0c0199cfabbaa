"""What a token opens and what stays shut; how it stands beside cookies and other schemes."""

import pytest

from support.api import ACCOUNTS, PASSWORD, data_of, error_of
from support.manager import Manager

TOKENS = "/api/admin/api-tokens"


async def test_emails_on_one_domain_touches_no_other(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    made = await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD})
    assert made.status_code == 201
    seen = len(manager.sandbox.log)
    answers = []
    for domain in ("healthy.example", "nowhere.test"):
        accounts = f"/api/domains/{domain}/email-accounts"
        for method, path, body in (
            ("GET", accounts, None),
            ("POST", accounts, {"username": "alex", "password": PASSWORD}),
            ("PATCH", f"{accounts}/info", {"quota": 1}),
            ("DELETE", f"{accounts}/info", None),
            ("GET", f"/api/domains/{domain}", None),
        ):
            error = error_of(await client.request(method, path, json=body), 403, "forbidden")
            error.pop("request_id")
            answers.append((method, path.replace(domain, "-"), str(error).replace(domain, "-")))
    half = len(answers) // 2
    assert answers[:half] == answers[half:], "a refusal tells whether the domain exists"
    assert len(manager.sandbox.log) == seen, "a refused call asked MXroute"


async def test_the_right_permission_on_the_wrong_kind_of_thing_is_refused(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    for path in ("/forwarders", "/catch-all", "/spam/settings", "/spam/blacklist", "/pointers", "/quota"):
        error_of(await client.get("/api/domains/example.com" + path), 403, "forbidden")


@pytest.mark.parametrize("is_admin", [True, False])
async def test_no_token_manages_tokens(manager: Manager, is_admin: bool) -> None:
    client = await manager.bearer(None if is_admin else {"example.com": ["emails"]})
    browser = await manager.session()
    [token] = data_of(await browser.get(TOKENS))
    wanted = {"label": "child", "is_admin": True}
    for method, path, body in (
        ("GET", TOKENS, None),
        ("POST", TOKENS, wanted),
        ("POST", TOKENS, {"nonsense": 1}),
        ("POST", f"{TOKENS}/{token['id']}/rotate", None),
        ("DELETE", f"{TOKENS}/{token['id']}", None),
        ("DELETE", f"{TOKENS}/unknown", None),
    ):
        error_of(await client.request(method, path, json=body), 403, "forbidden")
    assert [t["id"] for t in data_of(await browser.get(TOKENS))] == [token["id"]]


@pytest.mark.parametrize("is_admin", [True, False])
async def test_no_token_opens_the_reference(manager: Manager, is_admin: bool) -> None:
    client = await manager.bearer(None if is_admin else {"example.com": ["emails"]})
    for path in ("/api/docs", "/api/openapi.json", "/api/docs/reference.js"):
        error_of(await client.get(path), 403, "forbidden")
        error_of(await client.get(path, headers={"Accept": "text/html"}), 403, "forbidden")


async def test_no_token_does_what_belongs_to_a_person(manager: Manager) -> None:
    client = await manager.bearer()
    error_of(await client.post("/api/auth/logout"), 403, "forbidden")
    error_of(await client.patch("/api/me/profile", json={"contact_email": None}), 403, "forbidden")
    body = {"current_password": "Admin-pass-1", "new_password": "another password"}
    error_of(await client.post("/api/me/password", json=body), 403, "forbidden")


async def test_an_admin_token_may_everything_else(manager: Manager) -> None:
    client = await manager.bearer()
    for path in (
        "/api/domains",
        "/api/quota",
        "/api/quota/email",
        "/api/verification-key",
        "/api/admin/delegations",
        "/api/admin/sessions",
        "/api/admin/logs",
        "/api/admin/logs/download",
        "/api/domains/healthy.example/email-accounts",
        "/metrics",
    ):
        assert (await client.get(path)).status_code == 200, path
    person = {"email": "kim@example.com", "grants": [{"domain": "example.com", "permissions": ["spam"]}]}
    data_of(await client.post("/api/admin/delegations", json=person), 201)
    data_of(await client.delete("/api/admin/delegations/kim@example.com"))


async def test_a_scoped_token_is_no_administrator(manager: Manager) -> None:
    every = ["dashboard", "emails", "forwarders", "spam", "dns"]
    client = await manager.bearer({"example.com": every})
    for method, path in (
        ("POST", "/api/domains"),
        ("DELETE", "/api/domains/example.com?confirm=example.com"),
        ("PATCH", "/api/domains/example.com/mail-status"),
        ("GET", "/api/quota"),
        ("GET", "/api/admin/delegations"),
        ("GET", "/api/admin/logs"),
        ("GET", "/metrics"),
    ):
        error_of(await client.request(method, path), 403, "forbidden")
    assert "example.com" in manager.sandbox.state["account"]["domains"]


async def test_a_bearer_wins_over_a_cookie(manager: Manager) -> None:
    browser = await manager.session()
    token = await manager.token({"example.com": ["emails"]}, label="narrow")
    answer = await browser.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert data_of(answer)["email"] == "token:narrow"
    assert data_of(answer)["csrf_token"] is None
    refused = await browser.get("/api/quota", headers={"Authorization": f"Bearer {token}"})
    error_of(refused, 403, "forbidden")


@pytest.mark.parametrize(
    "value", ["Bearer mxm_nonsense", "Bearer ", "Bearer", "bearer x", "BEARER\tx", "Bearer  ", " Bearer x"]
)
async def test_a_bad_or_empty_bearer_never_falls_back_to_the_cookie(manager: Manager, value: str) -> None:
    browser = await manager.session()
    assert (await browser.get("/api/me")).status_code == 200
    error_of(await browser.get("/api/me", headers={"Authorization": value}), 401, "unauthorized")
    error_of(await browser.get("/metrics", headers={"Authorization": value}), 401, "unauthorized")


@pytest.mark.parametrize("value", ["Basic YWRtaW46cGFzcw==", "Digest x", "mxm_abc", "Bearerish x", ""])
async def test_another_scheme_is_ignored(manager: Manager, value: str) -> None:
    browser = await manager.session()
    assert data_of(await browser.get("/api/me", headers={"Authorization": value}))["email"] == "admin"
    alone = await manager.client.get("/api/me", headers={"Authorization": value})
    error_of(alone, 401, "unauthorized")


async def test_two_credentials_at_once_are_refused(manager: Manager) -> None:
    token = await manager.token()
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    error_of(await manager.client.get("/api/me", headers=headers), 401, "unauthorized")


async def test_the_scheme_is_read_in_any_case_of_letters(manager: Manager) -> None:
    token = await manager.token()
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert (await manager.client.get("/api/me", headers={"Authorization": f"{scheme} {token}"})).status_code == 200


async def test_a_token_opens_no_page(manager: Manager) -> None:
    client = await manager.bearer()
    for path in ("/", "/domains"):
        answer = await client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/login?next={path}"
    assert (await client.get("/login")).status_code == 200


async def test_a_token_needs_no_csrf_token_and_makes_no_session(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    answer = await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD})
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers
