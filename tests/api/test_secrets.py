"""After a day's work no secret lies about: not in the database, not in the logs, not in the audit log."""

import logging
from pathlib import Path

import pytest

from mxm.platform.logs import JsonFormatter
from support.api import ACCOUNTS, data_of
from support.manager import ADMIN_PASSWORD, running_manager

TOKENS = "/api/admin/api-tokens"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, down to debugging."""
    caplog.set_level(logging.DEBUG)
    return caplog


async def test_no_secret_is_kept_anywhere(tmp_path: Path, logged: pytest.LogCaptureFixture) -> None:
    secrets = {
        "administrator": ADMIN_PASSWORD,
        "new administrator": "Brand-New-Admin-1",
        "wrong": "Guessed-Wrong-1",
        "typed as name": "Typed-As-Name-1",
        "mailbox": "Mailbox-Pass-11",
        "changed mailbox": "Mailbox-Pass-22",
        "refused mailbox": "Mailbox-Pass-33",
        "lost answer": "Mailbox-Pass-44",
        "import": "Import-Pass-55x",
        "delegate": "Delegate-Pass-66",
    }
    async with running_manager(tmp_path) as manager:
        secrets["api key"] = manager.sandbox.credentials.api_key
        browser = await manager.session()
        secrets["cookie"], secrets["csrf"] = browser.cookies["mxm_session"], browser.cookies["csrf_token"]
        key = {"Idempotency-Key": "one"}
        made = data_of(await browser.post(TOKENS, json={"label": "ci", "is_admin": True}, headers=key), 201)
        secrets["token"] = made["token"]
        secrets["rotated"] = data_of(await browser.post(f"{TOKENS}/{made['id']}/rotate"))["token"]
        client = manager.new_client(headers={"Authorization": f"Bearer {secrets['rotated']}"})
        name, login = secrets["typed as name"], "/api/auth/login"
        await client.post(login, json={"username": "admin", "password": secrets["wrong"]})
        await client.post(login, json={"username": name, "password": "x"})
        await client.post("/login", data={"username": "admin", "password": secrets["wrong"]})
        await client.post(ACCOUNTS, json={"username": "alex", "password": secrets["mailbox"]}, headers=key)
        await client.patch(f"{ACCOUNTS}/alex", json={"password": secrets["changed mailbox"], "quota": 5})
        await client.post(ACCOUNTS, json={"username": "info", "password": secrets["refused mailbox"]})
        manager.sandbox.configure(faults=[{"kind": "lose_answer", "match": {"method": "POST"}, "times": 1}])
        await client.post(ACCOUNTS, json={"username": "kim", "password": secrets["lost answer"]})
        row = {"email": "zoe@example.com", "password": secrets["import"]}
        await client.post("/api/email-accounts/import/preview", json={"rows": [row]})
        person = {"email": "kim@example.com", "password": secrets["delegate"], "domains": ["*"]}
        data_of(await client.post("/api/admin/delegations", json=person), 201)
        change = {"current_password": ADMIN_PASSWORD, "new_password": secrets["new administrator"]}
        data_of(await browser.post("/api/me/password", json=change))
        secrets["second cookie"], secrets["second csrf"] = browser.cookies["mxm_session"], browser.cookies["csrf_token"]
        await client.get("/api/me", headers={"Authorization": "Bearer mxm_mistyped-token-of-somebody"})
        audit = (await client.get("/api/admin/logs/download?format=jsonl")).text
        assert manager.sandbox.check_password("kim@example.com", secrets["lost answer"]), "the scenario lost its point"
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("mxm.sqlite3*"))
    stored += b"".join(file.read_bytes() for file in tmp_path.glob("mxm.sqlite3*"))
    lines = "\n".join(JsonFormatter().format(record) for record in logged.records if record.name.startswith("mxm"))
    lines += "\n".join(record.getMessage() for record in logged.records if record.name.startswith("mxm"))
    assert "mailbox.create" in audit
    assert len(lines) > 500
    for name, secret in secrets.items():
        spellings = (secret, secret.lower()) if name != "api key" else (secret,)
        for spelling in spellings:
            assert spelling.encode() not in stored, f"{name} is in the database"
            assert spelling not in lines, f"{name} is in the logs"
            assert spelling not in audit, f"{name} is in the audit log"
    for name in ("cookie", "second cookie"):
        assert bytes.fromhex(secrets[name]) not in stored, f"{name} is in the database"


async def test_an_answer_never_repeats_the_installations_own_secrets(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        admin = await manager.bearer()
        manager.sandbox.configure(faults=[{"kind": "status", "status_code": 401}])
        for path in ("/api/domains", "/api/quota", "/metrics", "/api/me", "/health/ready"):
            text = (await admin.get(path)).text
            assert manager.sandbox.credentials.api_key not in text
            assert "a key for tests only" not in text
