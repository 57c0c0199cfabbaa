"""Browser sessions: their cookies, their end, and what a change of privilege does to them."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from support.api import data_of, error_of, wrong_fields
from support.clock import FakeClock
from support.manager import ADMIN_PASSWORD, Manager, running_manager

LOGIN = {"username": "admin", "password": ADMIN_PASSWORD}
HOUR, DAY = 3600, 86_400


async def later(clock: FakeClock, seconds: float) -> None:
    """Move on without all the rounds of background work in between."""
    clock.jump(seconds)
    await clock.advance(0)


def cookies_of(answer: httpx2.Response) -> dict[str, tuple[str, set[str]]]:
    """Cookies that an answer sets: name to value and attributes."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        first, *rest = [part.strip() for part in line.split(";")]
        name, _, value = first.partition("=")
        found[name] = (value, {part.lower() for part in rest})
    return found


async def test_the_cookies_work_over_plain_http(manager: Manager) -> None:
    answer = await manager.client.post("/api/auth/login", json=LOGIN)
    cookies = cookies_of(answer)
    assert set(cookies) == {"mxm_session", "csrf_token"}
    value, attributes = cookies["mxm_session"]
    assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=604800"}
    assert len(value) >= 43
    value, attributes = cookies["csrf_token"]
    assert attributes == {"samesite=lax", "path=/", "max-age=604800"}
    assert value == data_of(answer)["csrf_token"]
    assert "strict-transport-security" not in answer.headers


async def test_force_https_makes_them_secure(tmp_path: Path) -> None:
    async with running_manager(tmp_path, force_https=True) as manager:
        client = manager.new_client()
        client.base_url = httpx2.URL("https://manager.test")
        answer = await client.post("/api/auth/login", json=LOGIN)
        cookies = cookies_of(answer)
        assert set(cookies) == {"__Host-mxm_session", "csrf_token"}
        assert cookies["__Host-mxm_session"][1] == {"secure", "httponly", "samesite=lax", "path=/", "max-age=604800"}
        assert cookies["csrf_token"][1] == {"secure", "samesite=lax", "path=/", "max-age=604800"}
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert data_of(await client.get("/api/me"))["email"] == "admin"
        plain_name = {"Cookie": f"mxm_session={cookies['__Host-mxm_session'][0]}"}
        error_of(await manager.client.get("/api/me", headers=plain_name), 401, "unauthorized")
        assert "strict-transport-security" in (await manager.client.get("/health")).headers


async def test_only_a_hash_of_the_session_is_stored(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        answer = await manager.client.post("/api/auth/login", json=LOGIN)
        database = sqlite3.connect(tmp_path / "mxm.sqlite3")
        [[digest]] = database.execute("SELECT digest FROM user_session").fetchall()
        database.close()
        assert len(digest) == 32
        everything = b"".join(file.read_bytes() for file in tmp_path.glob("mxm.sqlite3*"))
        for value, _ in cookies_of(answer).values():
            assert value.encode() not in everything
        assert bytes.fromhex(cookies_of(answer)["mxm_session"][0]) != digest


async def test_every_sign_in_makes_a_new_id_and_csrf_token(manager: Manager) -> None:
    browser = manager.new_client()
    first = cookies_of(await browser.post("/api/auth/login", json=LOGIN))
    second = cookies_of(await browser.post("/api/auth/login", json=LOGIN))
    assert first["mxm_session"] != second["mxm_session"]
    assert first["csrf_token"] != second["csrf_token"]


async def test_a_session_id_brought_along_is_never_taken_over(manager: Manager) -> None:
    planted = {"Cookie": "mxm_session=" + "ab" * 32}
    answer = await manager.client.post("/api/auth/login", json=LOGIN, headers=planted)
    assert cookies_of(answer)["mxm_session"][0] != "ab" * 32
    error_of(await manager.new_client().get("/api/me", headers=planted), 401, "unauthorized")


async def test_the_csrf_token_belongs_to_its_session(manager: Manager) -> None:
    one, two = await manager.session(), await manager.session()
    assert one.headers["x-csrf-token"] != two.headers["x-csrf-token"]
    one.headers["x-csrf-token"] = two.headers["x-csrf-token"]
    error_of(await one.patch("/api/me/profile", json={"contact_email": None}), 400, "csrf_failed")


async def test_other_cookies_do_not_hide_the_session(manager: Manager) -> None:
    browser = await manager.session()
    ours = browser.cookies["mxm_session"]
    for other in ('prefs={"theme":"dark"}', "a=b=c", "broken", "x=ü", 'q="unclosed'):
        for line in (f"{other}; mxm_session={ours}", f"mxm_session={ours}; {other}"):
            answer = await manager.new_client().get("/api/me", headers=[(b"Cookie", line.encode("latin-1"))])
            assert answer.status_code == 200, line


async def test_bad_cookies_are_401(manager: Manager) -> None:
    for value in ("x", "y" * 5000, '"', "%00", "ü", "a;b"):
        headers = [(b"Cookie", f"mxm_session={value}".encode("latin-1"))]
        error_of(await manager.new_client().get("/api/me", headers=headers), 401, "unauthorized")
    error_of(await manager.new_client().get("/api/me", headers={"Cookie": "mxm_session="}), 401, "unauthorized")


async def test_signing_out_ends_the_session_and_clears_the_cookies(either_manager: Manager) -> None:
    browser = await either_manager.session()
    old = browser.cookies["mxm_session"]
    answer = await browser.post("/api/auth/logout")
    assert data_of(answer) is None
    assert {name: "max-age=0" in attributes for name, (_, attributes) in cookies_of(answer).items()} == {
        "mxm_session": True,
        "csrf_token": True,
    }
    stolen = await either_manager.new_client().get("/api/me", headers={"Cookie": f"mxm_session={old}"})
    error_of(stolen, 401, "unauthorized")


async def test_a_session_ends_after_twelve_hours_without_use(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        browser = await manager.session()
        for _ in range(3):
            await later(clock, 12 * HOUR - 1)
            assert (await browser.get("/api/me")).status_code == 200
        await later(clock, 12 * HOUR)
        error_of(await browser.get("/api/me"), 401, "unauthorized")


async def test_a_session_ends_after_seven_days_however_much_it_is_used(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        browser = await manager.session()
        for _ in range(14):
            await later(clock, 12 * HOUR - 10)
            assert (await browser.get("/api/me")).status_code == 200
        await later(clock, 139)
        assert (await browser.get("/api/me")).status_code == 200
        await later(clock, 1)
        error_of(await browser.get("/api/me"), 401, "unauthorized")


async def test_a_change_of_password_ends_every_session_but_renews_this_one(either_manager: Manager) -> None:
    here, elsewhere = await either_manager.session(), await either_manager.session()
    old_cookie, old_csrf = here.cookies["mxm_session"], here.headers["x-csrf-token"]
    body = {"current_password": ADMIN_PASSWORD, "new_password": "a new password"}
    answer = await here.post("/api/me/password", json=body)
    new_csrf = data_of(answer)["csrf_token"]
    assert here.cookies["mxm_session"] != old_cookie
    assert new_csrf != old_csrf
    assert new_csrf == here.cookies["csrf_token"]
    error_of(await elsewhere.get("/api/me"), 401, "unauthorized")
    stolen = await either_manager.new_client().get("/api/me", headers={"Cookie": f"mxm_session={old_cookie}"})
    error_of(stolen, 401, "unauthorized")
    error_of(await here.patch("/api/me/profile", json={"contact_email": None}), 400, "csrf_failed")
    here.headers["x-csrf-token"] = new_csrf
    data_of(await here.patch("/api/me/profile", json={"contact_email": None}))
    client = either_manager.new_client()
    error_of(await client.post("/api/auth/login", json=LOGIN), 401, "unauthorized")
    assert await either_manager.session(password="a new password")


async def test_a_wrong_current_password_changes_nothing(manager: Manager) -> None:
    browser = await manager.session()
    body = {"current_password": "wrong", "new_password": "a new password"}
    for _ in range(5):
        assert wrong_fields(await browser.post("/api/me/password", json=body)) == ["current_password"]
    error_of(await browser.post("/api/me/password", json=body), 429, "rate_limited")
    assert (await browser.get("/api/me")).status_code == 200


async def test_a_weak_new_password_is_refused(manager: Manager) -> None:
    browser = await manager.session()
    for new in ("short", "x" * 1025, 12345678, None):
        body = {"current_password": ADMIN_PASSWORD, "new_password": new}
        assert wrong_fields(await browser.post("/api/me/password", json=body)) == ["new_password"]


async def test_sessions_are_listed_and_ended(either_manager: Manager) -> None:
    mine, other = await either_manager.session(), await either_manager.session()
    listed = data_of(await mine.get("/api/admin/sessions"))
    assert len(listed) == 2
    assert [session["current"] for session in listed].count(True) == 1
    assert {session["user"] for session in listed} == {"admin"}
    assert {session["via"] for session in listed} == {"password"}
    assert {session["address"] for session in listed} == {"192.0.2.10"}
    for name in ("mxm_session", "csrf_token"):
        assert mine.cookies[name] not in str(listed)
    [target] = [session["id"] for session in listed if not session["current"]]
    assert data_of(await mine.delete(f"/api/admin/sessions/{target}")) is None
    error_of(await other.get("/api/me"), 401, "unauthorized")
    error_of(await mine.delete(f"/api/admin/sessions/{target}"), 404, "not_found")


async def test_ending_all_sessions_spares_ones_own(manager: Manager) -> None:
    mine, other = await manager.session(), await manager.session()
    assert data_of(await mine.delete("/api/admin/sessions")) is None
    assert (await mine.get("/api/me")).status_code == 200
    error_of(await other.get("/api/me"), 401, "unauthorized")
    token = await manager.bearer()
    data_of(await token.delete("/api/admin/sessions"))
    error_of(await mine.get("/api/me"), 401, "unauthorized")


async def person(manager: Manager, email: str) -> httpx2.AsyncClient:
    """Somebody new who is no administrator, signed in."""
    admin = await manager.bearer()
    grants = [{"domain": "example.com", "permissions": ["emails"]}]
    body = {"email": email, "password": "a good password", "grants": grants}
    data_of(await admin.post("/api/admin/delegations", json=body), 201)
    return await manager.session(email, "a good password")


async def test_a_person_lists_and_ends_their_own_sessions(either_manager: Manager) -> None:
    phone = await person(either_manager, "kim@example.com")
    here = await either_manager.session("kim@example.com", "a good password")
    other, admin = await person(either_manager, "alex@example.com"), await either_manager.session()
    listed = data_of(await here.get("/api/me/sessions"))
    everybodys = data_of(await admin.get("/api/admin/sessions"))
    assert [set(session) for session in listed] == [set(everybodys[0])] * 2
    assert {session["user"] for session in listed} == {"kim@example.com"}
    assert [session["current"] for session in listed] == [True, False], "newest first"
    for name in ("mxm_session", "csrf_token"):
        assert here.cookies[name] not in str(listed)
    foreign = [session["id"] for session in everybodys if session["user"] != "kim@example.com"]
    assert len(foreign) == 2
    for target in (*foreign, "0" * 32, "x"):
        error_of(await here.delete(f"/api/me/sessions/{target}"), 404, "not_found")
    assert data_of(await here.delete(f"/api/me/sessions/{listed[1]['id']}")) is None
    error_of(await phone.get("/api/me"), 401, "unauthorized")
    for browser in (here, other, admin):
        assert (await browser.get("/api/me")).status_code == 200


async def test_a_person_ends_all_their_other_sessions(either_manager: Manager) -> None:
    phone = await person(either_manager, "kim@example.com")
    here = await either_manager.session("kim@example.com", "a good password")
    other = await person(either_manager, "alex@example.com")
    assert data_of(await here.delete("/api/me/sessions")) is None
    error_of(await phone.get("/api/me"), 401, "unauthorized")
    for browser in (here, other):
        assert (await browser.get("/api/me")).status_code == 200
    assert len(data_of(await here.get("/api/me/sessions"))) == 1
    log = data_of(await (await either_manager.bearer()).get("/api/admin/logs?action=session.end"))
    [entry] = log["entries"]
    assert (entry["user"], entry["target"]) == ("kim@example.com", "kim@example.com")


async def test_ones_own_sessions_are_nothing_for_tokens_and_ending_them_needs_the_csrf_token(manager: Manager) -> None:
    browser = await manager.session()
    [session] = data_of(await browser.get("/api/me/sessions"))
    one = f"/api/me/sessions/{session['id']}"
    for method, path in (("GET", "/api/me/sessions"), ("DELETE", "/api/me/sessions"), ("DELETE", one)):
        error_of(await (await manager.bearer()).request(method, path), 403, "forbidden")
        error_of(await manager.client.request(method, path), 401, "unauthorized")
    del browser.headers["X-CSRF-Token"]
    for path in ("/api/me/sessions", one):
        error_of(await browser.delete(path), 400, "csrf_failed")
    assert (await browser.get("/api/me")).status_code == 200


async def test_ending_the_present_session_signs_out(manager: Manager) -> None:
    browser = await manager.session()
    [session] = data_of(await browser.get("/api/me/sessions"))
    data_of(await browser.delete(f"/api/me/sessions/{session['id']}"))
    error_of(await browser.get("/api/me"), 401, "unauthorized")


async def test_a_past_session_is_not_listed(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        await manager.session()
        await later(clock, 13 * HOUR)
        browser = await manager.session()
        for path in ("/api/admin/sessions", "/api/me/sessions"):
            assert [session["current"] for session in data_of(await browser.get(path))] == [True]


async def test_a_person_who_is_removed_is_out_at_once(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    kim = {"email": "kim@example.com", "password": "a good password"}
    grants = [{"domain": "example.com", "permissions": ["emails"]}]
    data_of(await admin.post("/api/admin/delegations", json={**kim, "grants": grants}), 201)
    browser = await either_manager.session(kim["email"], kim["password"])
    accounts = "/api/domains/example.com/email-accounts"
    assert (await browser.get(accounts)).status_code == 200
    less = [{"domain": "example.com", "permissions": ["spam"]}]
    data_of(await admin.post("/api/admin/delegations", json={"email": kim["email"], "grants": less}), 200)
    error_of(await browser.get(accounts), 403, "forbidden")
    data_of(await admin.delete("/api/admin/delegations/kim@example.com"))
    error_of(await browser.get("/api/me"), 401, "unauthorized")
