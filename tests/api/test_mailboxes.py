"""Mailboxes, recovery addresses, the CSV export, and settings for mail programs."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.mailboxes import repository
from mxm.platform.access import SYSTEM, Caller
from support.api import ACCOUNTS, PASSWORD, data_of, error_of, wrong_fields
from support.clock import FakeClock
from support.manager import Manager, running_manager

E = "/api/domains/example.com"


async def test_a_mailbox_is_made_with_the_contracts_defaults(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    answer = await client.post(ACCOUNTS, json={"username": "Alex", "password": PASSWORD})
    made = data_of(answer, 201)
    assert made == {
        "username": "alex",
        "email": "alex@example.com",
        "quota": 1024,
        "usage": 0.0,
        "limit": 9600,
        "sent": 0,
        "suspended": False,
        "recovery_email": None,
        "has_recovery_email": False,
    }
    assert either_manager.sandbox.check_password("alex@example.com", PASSWORD)
    assert PASSWORD not in answer.text
    assert data_of(await client.get(f"{ACCOUNTS}/alex")) == made
    assert data_of(await client.get(f"{ACCOUNTS}/ALEX")) == made
    assert made in data_of(await client.get(ACCOUNTS))
    error_of(await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD}), 409, "conflict")


async def test_the_list_is_sorted_and_fresh_after_every_write(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})

    async def names() -> list[str]:
        return [box["username"] for box in data_of(await client.get(ACCOUNTS))]

    assert await names() == ["info", "sales", "support"]
    await client.post(ACCOUNTS, json={"username": "zoe", "password": PASSWORD})
    await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD})
    assert await names() == ["alex", "info", "sales", "support", "zoe"]
    data_of(await client.delete(f"{ACCOUNTS}/info"))
    assert await names() == ["alex", "sales", "support", "zoe"]


async def test_an_ignored_limit_is_told_and_never_claimed(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    answer = await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD, "limit": 50})
    assert data_of(answer, 201)["limit"] == 9600
    [warning] = answer.json()["meta"]["warnings"]
    assert "50" in warning
    assert "9600" in warning
    manager.sandbox.configure(limit_with_password="never")
    answer = await client.patch(f"{ACCOUNTS}/alex", json={"limit": 60, "password": "Another123"})
    assert data_of(answer)["limit"] == 9600
    assert "60" in answer.json()["meta"]["warnings"][0]
    manager.sandbox.configure(limit_with_password="always")
    answer = await client.patch(f"{ACCOUNTS}/alex", json={"limit": 60, "password": "Another123"})
    assert data_of(answer)["limit"] == 60
    assert "warnings" not in (answer.json().get("meta") or {})
    plain = await client.post(ACCOUNTS, json={"username": "kim", "password": PASSWORD})
    assert "warnings" not in (plain.json().get("meta") or {})


async def test_a_limit_without_a_password_is_mxroutes_400(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    answer = await client.patch(f"{ACCOUNTS}/info", json={"limit": 60})
    assert "password" in error_of(answer, 400, "validation_error")["message"]


@pytest.mark.parametrize(
    ("change", "action", "details"),
    [
        ({"quota": 0}, "mailbox.quota_update", {"quota": 0}),
        ({"password": "Another123"}, "mailbox.password_update", {}),
        (
            {"password": "Another123", "quota": 5, "limit": 7},
            "mailbox.update",
            {"changed": ["limit", "password", "quota"], "quota": 5, "limit": 7},
        ),
    ],
)
async def test_a_change_is_applied_and_audited_narrowly(
    manager: Manager, change: dict[str, object], action: str, details: dict[str, object]
) -> None:
    client = await manager.bearer({"example.com": ["emails"]}, label="ci")
    shown = data_of(await client.patch(f"{ACCOUNTS}/info", json=change))
    if "quota" in change:
        assert shown["quota"] == change["quota"]
    if "password" in change:
        assert manager.sandbox.check_password("info@example.com", "Another123")
    admin = await manager.bearer()
    [entry] = data_of(await admin.get("/api/admin/logs?action=mailbox."))["entries"]
    assert entry["action"] == action
    assert entry["target"] == "info@example.com"
    assert entry["user"] == "token:ci"
    assert entry["details"] == details
    assert entry["outcome"] == "applied"


async def test_a_change_of_nothing_or_of_nobody_is_refused(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    assert wrong_fields(await client.patch(f"{ACCOUNTS}/info", json={})) == ["body"]
    error_of(await client.patch(f"{ACCOUNTS}/nobody", json={"quota": 5}), 404, "not_found")
    error_of(await client.get(f"{ACCOUNTS}/nobody"), 404, "not_found")
    error_of(await client.delete(f"{ACCOUNTS}/nobody"), 404, "not_found")
    error_of(await (await manager.bearer()).get("/api/domains/nowhere.test/email-accounts"), 404, "not_found")


async def test_a_recovery_address_is_set_seen_and_removed(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    path = f"{ACCOUNTS}/info/recovery"
    shown = data_of(await client.patch(path, json={"recovery_email": "Me@Elsewhere.ORG"}))
    assert shown["recovery_email"] == "me@elsewhere.org"
    assert shown["has_recovery_email"] is True
    assert data_of(await client.get(f"{ACCOUNTS}/info"))["recovery_email"] == "me@elsewhere.org"
    watcher = await either_manager.bearer({"example.com": ["dashboard"]})
    answer = await watcher.get(ACCOUNTS)
    [seen] = [box for box in data_of(answer) if box["username"] == "info"]
    assert seen["recovery_email"] is None
    assert seen["has_recovery_email"] is True
    assert "elsewhere.org" not in answer.text
    assert data_of(await client.patch(path, json={"recovery_email": None}))["has_recovery_email"] is False
    assert data_of(await client.get(f"{ACCOUNTS}/info"))["recovery_email"] is None
    nobody = f"{ACCOUNTS}/nobody/recovery"
    error_of(await client.patch(nobody, json={"recovery_email": "a@b.org"}), 404, "not_found")


async def test_a_mailbox_may_be_made_with_its_recovery_address_which_dies_with_it(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    body = {"username": "alex", "password": PASSWORD, "recovery_email": "a@b.org"}
    assert data_of(await client.post(ACCOUNTS, json=body), 201)["recovery_email"] == "a@b.org"
    data_of(await client.delete(f"{ACCOUNTS}/alex"))
    del body["recovery_email"]
    assert data_of(await client.post(ACCOUNTS, json=body), 201)["recovery_email"] is None


async def test_an_export_of_old_figures_says_so(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        client = await manager.bearer({"example.com": ["emails"]})
        fresh = await client.get(f"{E}/email-accounts.csv")
        assert fresh.headers["last-modified"] == "Sun, 22 Nov 2026 09:30:00 GMT"
        manager.sandbox.configure(faults=[{"match": {"method": "GET"}, "kind": "wrong_envelope"}])
        clock.jump(60)
        old = await client.get(f"{E}/email-accounts.csv")
        assert old.text == fresh.text
        assert old.headers["last-modified"] == fresh.headers["last-modified"]
        assert 'filename="example.com-mailboxes-of-2026-11-22T0930Z.csv"' in old.headers["content-disposition"]


async def test_the_export_has_the_imports_columns_and_no_password(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    evil = "=cmd@elsewhere.org"
    data_of(await client.patch(f"{ACCOUNTS}/info/recovery", json={"recovery_email": evil}))
    data_of(await client.patch(f"{ACCOUNTS}/sales/recovery", json={"recovery_email": "a@b.org"}))
    answer = await client.get(f"{E}/email-accounts.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="example.com-mailboxes.csv"'
    assert answer.text.startswith("username,password,quota,limit,recovery_email,domain\r\n")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["username"] for row in rows] == ["info", "sales", "support"]
    assert {row["password"] for row in rows} == {""}
    assert rows[0]["recovery_email"] == "'" + evil
    assert rows[1] == {
        "username": "sales",
        "password": "",
        "quota": "2048",
        "limit": "9600",
        "recovery_email": "a@b.org",
        "domain": "example.com",
    }
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    preview = await client.post("/api/email-accounts/import/preview", json={"rows": rows, "existing_by_domain": {}})
    assert data_of(preview)["rows"][0]["recovery_email"] == evil


async def test_settings_for_mail_programs(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["dashboard"]})
    seen = len(manager.sandbox.log)
    answer = await client.get(f"{E}/mail-client-settings?username=Alex")
    data = data_of(answer)
    assert data.pop("username_note")
    host = "sandbox.mxrouting.net"
    assert data == {
        "domain": "example.com",
        "username": "alex@example.com",
        "mail_host": host,
        "imap": {"host": host, "port": 993, "encryption": "ssl"},
        "smtp_ssl": {"host": host, "port": 465, "encryption": "ssl"},
        "smtp_starttls": {"host": host, "port": 587, "encryption": "starttls"},
        "webmail": {"url": None, "status": "unknown"},  # nobody answers for DNS here
    }
    full = await client.get(f"{E}/mail-client-settings", params={"username": "ALEX@example.com"})
    assert data_of(full)["username"] == "alex@example.com"
    assert data_of(await client.get(f"{E}/mail-client-settings"))["username"] is None
    assert len(manager.sandbox.log) == seen, "settings ask MXroute or Cloudflare"


async def test_without_mxroute_every_route_that_needs_it_says_what_is_missing(tmp_path: Path) -> None:
    async with running_manager(tmp_path, mx_server=None, mx_api_key=None) as manager:
        admin = await manager.bearer()
        for method, path, body in (
            ("GET", "/api/domains", None),
            ("GET", ACCOUNTS, None),
            ("POST", ACCOUNTS, {"username": "alex", "password": PASSWORD}),
            ("POST", "/api/domains", {"domain": "a.test"}),
            ("DELETE", f"{E}/spam/blacklist/a@b.org", None),
            ("GET", "/api/quota", None),
            ("GET", f"{E}/mail-client-settings", None),
            ("POST", "/api/email-accounts/import/preview", {"rows": [{"email": "a@example.com"}]}),
        ):
            error = error_of(await admin.request(method, path, json=body), 503, "not_configured")
            assert "MX_SERVER" in error["message"]
            assert "MX_USER" not in error["message"]
            if "settings" not in path:
                assert "MX_API_KEY" in error["message"]
        assert (await admin.get("/api/me")).status_code == 200
        assert (await admin.get("/api/admin/logs")).status_code == 200
        assert (await manager.client.get("/health/ready")).status_code == 200


async def test_a_recovery_address_that_changes_while_it_is_read_is_not_kept_as_it_was(
    either_manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery, read = either_manager.services.mailboxes.recovery, repository.of_domain
    changes = ["new@b.org"]

    async def read_slowly(session: AsyncSession, domain: str) -> Mapping[str, str]:
        found = await read(session, domain)
        if changes:
            await recovery.change(Caller(SYSTEM, "-"), domain, "info", changes.pop())
        return found

    monkeypatch.setattr(repository, "of_domain", read_slowly)
    assert await recovery.of("example.com") == {}
    now = await recovery.of("example.com")
    assert now == {"info": "new@b.org"}
    assert await recovery.of("example.com") is now, "kept until something changes"


async def test_a_list_without_data_is_an_error_and_no_empty_list(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    manager.sandbox.configure(faults=[{"match": {"method": "GET"}, "kind": "wrong_envelope"}])
    error_of(await client.get(ACCOUNTS), 502, "upstream_error")
