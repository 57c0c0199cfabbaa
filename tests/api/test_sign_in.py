"""Signing in, by JSON and by the form: one message, no other site's page, and a limit on guessing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from support.api import data_of, error_of, wrong_fields
from support.clock import FakeClock
from support.manager import ADMIN_PASSWORD, Manager, running_manager

LOGIN = "/api/auth/login"
GOOD = {"username": "admin", "password": ADMIN_PASSWORD}
BAD = {"username": "admin", "password": "not the password"}


async def failures(client: httpx2.AsyncClient, how_many: int, username: str = "admin") -> None:
    """Fail to sign in so often."""
    for _ in range(how_many):
        error_of(await client.post(LOGIN, json={**BAD, "username": username}), 401, "unauthorized")


async def test_a_sign_in_answers_like_me_and_sets_both_cookies(either_manager: Manager) -> None:
    client = either_manager.new_client()
    answer = await client.post(LOGIN, json=GOOD)
    data = data_of(answer)
    assert data == data_of(await client.get("/api/me"))
    assert data["email"] == "admin"
    assert data["auth_via"] == "session"
    assert data["is_admin"] is True
    assert data["csrf_token"] == client.cookies["csrf_token"]
    assert "mxm_session" in client.cookies


async def test_the_user_name_is_trimmed_and_read_in_any_case(manager: Manager) -> None:
    assert (await manager.new_client().post(LOGIN, json={**GOOD, "username": "  ADMIN "})).status_code == 200


async def test_one_message_for_unknown_user_wrong_password_and_a_user_without_one(manager: Manager) -> None:
    admin = await manager.bearer()
    person = {"email": "kim@example.com", "grants": [{"domain": "example.com", "permissions": ["spam"]}]}
    data_of(await admin.post("/api/admin/delegations", json=person), 201)
    messages = set()
    for username in ("admin", "nobody", "kim@example.com", "admin\x00", "ü" * 300):
        answer = await manager.client.post(LOGIN, json={**BAD, "username": username})
        messages.add(error_of(answer, 401, "unauthorized")["message"])
        assert "set-cookie" not in answer.headers
    assert len(messages) == 1


async def test_a_nul_in_the_user_name_is_no_error_of_ours(either_manager: Manager) -> None:
    answer = await either_manager.client.post(LOGIN, json={**BAD, "username": "a\x00b"})
    assert answer.status_code in {400, 401}, answer.text
    form = await either_manager.client.post("/login", data={"username": "a\x00b", "password": "x\x00"})
    assert form.status_code in {400, 401}, form.text


async def test_a_failed_sign_in_leaves_the_session_alone(manager: Manager) -> None:
    browser = await manager.session()
    answer = await browser.post(LOGIN, json=BAD)
    error_of(answer, 401, "unauthorized")
    assert "set-cookie" not in answer.headers
    assert data_of(await browser.get("/api/me"))["email"] == "admin"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["password", "username"]),
        ({"username": "", "password": ""}, ["password", "username"]),
        ({"username": 1, "password": None}, ["password", "username"]),
        ({"username": "a" * 321, "password": "x"}, ["username"]),
        ({"username": "a", "password": "x" * 1025}, ["password"]),
        ({"username": "a", "password": "ü" * 513}, ["password"]),
        ({"username": "a", "password": "x", "remember": True}, ["remember"]),
        ({"username": "a", "password": "x", "code": 123456}, ["code"]),
    ],
)
async def test_a_wrong_sign_in_body_names_its_fields(
    manager: Manager, body: dict[str, object], fields: list[str]
) -> None:
    answer = await manager.client.post(LOGIN, json=body)
    assert wrong_fields(answer) == fields
    assert "xxxxx" not in answer.text, "a password is repeated"


async def test_a_password_of_1024_bytes_is_taken(manager: Manager) -> None:
    admin = await manager.bearer()
    long = "ü" * 512
    data_of(
        await admin.post("/api/admin/delegations", json={"email": "k@a.org", "password": long, "domains": ["*"]}), 201
    )
    assert await manager.session("k@a.org", long)


@pytest.mark.parametrize("path", [LOGIN, "/login"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://manager.test.evil.example"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://manager.test", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_sign_in_from_another_site_is_refused(manager: Manager, path: str, headers: dict[str, str]) -> None:
    client = manager.new_client()
    sent = {"json": GOOD} if path == LOGIN else {"data": GOOD}
    answer = await client.post(path, headers=headers, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    if path == LOGIN:
        error_of(answer, 403, "cross_site")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://manager.test"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
async def test_our_own_page_and_scripts_may_sign_in(manager: Manager, headers: dict[str, str]) -> None:
    assert (await manager.new_client().post(LOGIN, json=GOOD, headers=headers)).status_code == 200


async def test_the_public_address_is_our_own_site_too(tmp_path: Path) -> None:
    async with running_manager(tmp_path, manager_public_url="https://mail.example.org") as manager:
        headers = {"Origin": "https://mail.example.org"}
        assert (await manager.new_client().post(LOGIN, json=GOOD, headers=headers)).status_code == 200


async def test_five_failures_of_one_user_from_one_address_close_that_door_only(either_manager: Manager) -> None:
    guesser = either_manager.new_client(address="198.51.100.1")
    await failures(guesser, 5)
    answer = await guesser.post(LOGIN, json=GOOD)
    error_of(answer, 429, "rate_limited")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    error_of(await guesser.post(LOGIN, json={**GOOD, "username": " Admin"}), 429, "rate_limited")
    form = await guesser.post("/login", data=GOOD)
    assert form.status_code == 429
    assert int(form.headers["retry-after"]) > 0
    await failures(guesser, 1, "somebody else")
    assert (await either_manager.new_client(address="198.51.100.2").post(LOGIN, json=GOOD)).status_code == 200


async def test_twenty_failures_from_one_address_close_it_for_every_user(manager: Manager) -> None:
    guesser = manager.new_client(address="198.51.100.1")
    for number in range(20):
        await failures(guesser, 1, f"user{number}")
    error_of(await guesser.post(LOGIN, json=GOOD), 429, "rate_limited")
    assert (await manager.new_client(address="198.51.100.2").post(LOGIN, json=GOOD)).status_code == 200


async def test_ipv6_addresses_count_by_their_64(manager: Manager) -> None:
    for number in range(5):
        await failures(manager.new_client(address=f"2001:db8:0:1::{number + 1}"), 1)
    error_of(await manager.new_client(address="2001:db8:0:1:ffff::9").post(LOGIN, json=GOOD), 429, "rate_limited")
    assert (await manager.new_client(address="2001:db8:0:2::1").post(LOGIN, json=GOOD)).status_code == 200


async def test_a_mapped_address_counts_as_the_ipv4_that_it_is(manager: Manager) -> None:
    await failures(manager.new_client(address="198.51.100.1"), 3)
    await failures(manager.new_client(address="::ffff:198.51.100.1"), 2)
    error_of(await manager.new_client(address="198.51.100.1").post(LOGIN, json=GOOD), 429, "rate_limited")
    assert (await manager.new_client(address="::ffff:198.51.100.2").post(LOGIN, json=GOOD)).status_code == 200


async def test_a_success_forgets_the_failures_of_that_user(manager: Manager) -> None:
    client = manager.new_client()
    await failures(client, 4)
    assert (await client.post(LOGIN, json=GOOD)).status_code == 200
    await failures(client, 4)
    assert (await client.post(LOGIN, json=GOOD)).status_code == 200


async def test_a_success_of_one_user_does_not_forget_the_guesses_at_others(manager: Manager) -> None:
    client = manager.new_client()
    for number in range(19):
        await failures(client, 1, f"user{number}")
    assert (await client.post(LOGIN, json=GOOD)).status_code == 200
    await failures(client, 1, "user19")
    error_of(await client.post(LOGIN, json=GOOD), 429, "rate_limited")


async def test_the_door_opens_again_after_fifteen_minutes(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        client = manager.new_client()
        await failures(client, 5)
        answer = await client.post(LOGIN, json=GOOD)
        error_of(answer, 429, "rate_limited")
        assert answer.headers["retry-after"] == "900"
        clock.jump(899)
        error_of(await client.post(LOGIN, json=GOOD), 429, "rate_limited")
        clock.jump(1)
        assert (await client.post(LOGIN, json=GOOD)).status_code == 200


async def test_a_refused_sign_in_is_not_hashed(manager: Manager) -> None:
    """429 comes before any hashing: many of them take no noticeable time."""
    client = manager.new_client()
    await failures(client, 5)
    hashed = manager.services.identity.passwords
    async with (
        hashed._slots,
        hashed._slots,
        hashed._slots,
        hashed._slots,
    ):  # no slot is free: a hash would wait for ever
        error_of(await client.post(LOGIN, json=GOOD), 429, "rate_limited")


async def test_failures_are_audited_without_names_that_nobody_has(manager: Manager) -> None:
    """People type passwords into the user field."""
    await failures(manager.client, 5)
    await manager.client.post(LOGIN, json=GOOD)
    await failures(manager.client, 1, "My-Secret-Password-1")
    admin = await manager.bearer()
    entries = data_of(await admin.get("/api/admin/logs?action=auth."))["entries"]
    actions = [(entry["action"], entry["target"], entry["user"]) for entry in entries]
    assert actions[0] == ("auth.login_failed", "unknown user", "public")
    assert actions[1] == ("auth.login_rate_limited", "sign-in", "public")
    assert actions[2] == ("auth.login_failed", "admin", "public")
    assert "my-secret" not in (await admin.get("/api/admin/logs")).text.lower()


class TestTheForm:
    async def test_it_signs_in_and_leads_on(self, manager: Manager) -> None:
        client = manager.new_client()
        page = await client.get("/login?next=/api/docs")
        assert page.status_code == 200
        assert 'name="next" value="/api/docs"' in page.text
        answer = await client.post("/login", data={**GOOD, "next": "/api/docs"})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/api/docs"
        assert (await client.get("/api/docs")).status_code == 200

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "evil.example",
            "",
            "/a\r\nSet-Cookie: x=1",
            "/ü",
        ],
    )
    async def test_next_leads_nowhere_else(self, manager: Manager, target: str) -> None:
        client = manager.new_client()
        answer = await client.post("/login", data={**GOOD, "next": target})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        signed_in = await client.get("/login", params={"next": target})
        assert signed_in.status_code == 303
        assert signed_in.headers["location"] == "/"

    async def test_a_failure_shows_the_form_again_without_the_password(self, manager: Manager) -> None:
        client = manager.new_client()
        form = {"username": "<b>admin", "password": "a-bad-password-1", "next": "/api/docs"}
        page = await client.post("/login", data=form)
        assert page.status_code == 401
        assert "set-cookie" not in page.headers
        assert "Username or password is wrong." in page.text
        assert "a-bad-password-1" not in page.text
        assert "<b>admin" not in page.text
        assert "&lt;b&gt;admin" in page.text
        assert 'value="/api/docs"' in page.text

    async def test_signing_out_needs_the_csrf_token(self, manager: Manager) -> None:
        client = manager.new_client()
        await client.post("/login", data=GOOD)
        error_of(await client.post("/logout", data={"csrf_token": "wrong"}), 400, "csrf_failed")
        assert (await client.get("/api/me")).status_code == 200
        answer = await client.post("/logout", data={"csrf_token": client.cookies["csrf_token"]})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login"
        error_of(await client.get("/api/me"), 401, "unauthorized")
        assert (await client.post("/logout")).status_code == 303

    async def test_pages_are_not_kept_and_run_no_foreign_code(self, manager: Manager) -> None:
        page = await manager.client.get("/login")
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["x-content-type-options"] == "nosniff"

    async def test_a_json_body_is_no_form(self, manager: Manager) -> None:
        error_of(await manager.client.post("/login", json=GOOD), 415, "unsupported_media_type")

    async def test_a_browser_without_a_session_is_led_to_the_form(self, manager: Manager) -> None:
        answer = await manager.client.get("/api/docs", headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=/api/docs"
        assert (await manager.client.get("/")).headers["location"] == "/login?next=/"


async def test_the_form_answers_overlong_fields_with_the_form(manager: Manager) -> None:
    for form in ({"username": "x" * 400, "password": "x"}, {"username": "admin", "password": "x" * 2000}):
        answer = await manager.client.post("/login", data=form)
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("text/html")
        assert "too long" in answer.text


async def test_right_passwords_at_once_do_not_count_against_each_other(manager: Manager) -> None:
    for _ in range(2):
        await manager.client.post("/api/auth/login", json={"username": "admin", "password": "wrong"})
    body = {"username": "admin", "password": ADMIN_PASSWORD}
    answers = await asyncio.gather(*(manager.client.post("/api/auth/login", json=body) for _ in range(12)))
    assert [answer.status_code for answer in answers] == [200] * 12


async def test_wrong_passwords_at_once_are_no_way_round_the_limit(manager: Manager) -> None:
    body = {"username": "admin", "password": "wrong"}
    answers = await asyncio.gather(*(manager.client.post("/api/auth/login", json=body) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_the_form_is_not_taken_as_multipart(manager: Manager) -> None:
    """Each part names the codec that it would be decoded with: some take minutes for what fits into a form."""
    answer = await manager.client.post("/login", data={"username": "admin"}, files={"password": ("", b"x")})
    error_of(answer, 415, "unsupported_media_type")


async def test_callers_without_credentials_send_little(manager: Manager) -> None:
    many = {f"field{number}": 1 for number in range(3000)}
    error_of(await manager.client.post("/api/auth/login", json=many), 413, "too_large")
    some = {f"field{number}": 1 for number in range(500)}
    error = error_of(await manager.client.post("/api/auth/login", json=some), 400, "validation_error")
    assert len(error["details"]) == 100
