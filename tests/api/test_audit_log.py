"""Reading and downloading the audit log."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert

from mxm.features.audit.models import AuditRow
from support.api import ACCOUNTS, PASSWORD, data_of, error_of
from support.clock import FakeClock
from support.manager import Manager, running_manager

LOGS = "/api/admin/logs"
MORE_THAN_CONNECTIONS = 15
DAY = 86_400


async def entries(client: httpx2.AsyncClient, query: str = "") -> list[Any]:
    """The entries of one page."""
    found: list[Any] = data_of(await client.get(f"{LOGS}?{query}"))["entries"]
    return found


async def test_an_entry_says_who_did_what_to_which_and_what_became_of_it(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]}, label="ci")
    headers = {"X-Request-ID": "my-own-id"}
    await client.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD}, headers=headers)
    admin = await either_manager.bearer()
    [entry] = await entries(admin, "action=mailbox.create")
    assert datetime.fromisoformat(entry.pop("timestamp")).tzinfo is not None
    assert isinstance(entry.pop("id"), int)
    assert entry == {
        "user": "token:ci",
        "action": "mailbox.create",
        "target": "alex@example.com",
        "details": {"quota": 1024, "limit": 9600, "recovery_email_set": False},
        "outcome": "applied",
        "settled_by": "answer",
        "request_id": "my-own-id",
        "address": "192.0.2.10",
    }


async def test_one_entry_is_read_by_its_number_by_who_may_read_the_log(either_manager: Manager) -> None:
    admin, other = await either_manager.bearer(), await either_manager.bearer({"example.com": ["emails"]})
    await other.post(ACCOUNTS, json={"username": "alex", "password": PASSWORD})
    [entry] = await entries(admin, "action=mailbox.create")
    assert data_of(await admin.get(f"{LOGS}/{entry['id']}")) == entry
    error_of(await admin.get(f"{LOGS}/{entry['id'] + 1000}"), 404, "not_found")
    # Not even their own: as with the list, and whether there is such an entry makes no difference.
    for number in (entry["id"], entry["id"] + 1000):
        error_of(await other.get(f"{LOGS}/{number}"), 403, "forbidden")


async def test_a_refused_write_is_no_entry(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    error_of(await client.post(ACCOUNTS, json={"username": "info", "password": PASSWORD}), 409, "conflict")
    error_of(await client.delete(f"{ACCOUNTS}/nobody"), 404, "not_found")
    assert await entries(await manager.bearer(), "action=mailbox.") == []


async def test_filters_hold_together(either_manager: Manager) -> None:
    one = await either_manager.bearer({"example.com": ["emails"]}, label="One_1")
    two = await either_manager.bearer({"example.com": ["emails", "spam"]}, label="two")
    for name, client in (("alex", one), ("kim", two)):
        await client.post(ACCOUNTS, json={"username": name, "password": PASSWORD})
    await one.patch(f"{ACCOUNTS}/alex", json={"quota": 987_654})
    await two.post("/api/domains/example.com/spam/blacklist", json={"entry": "karen@hr.test"})
    admin = await either_manager.bearer()

    async def actions(query: str) -> list[str]:
        return [entry["action"] for entry in await entries(admin, query)]

    assert await actions("actor=ONE") == ["mailbox.quota_update", "mailbox.create"]
    assert await actions("actor=one_1&action=mailbox.create") == ["mailbox.create"]
    assert await actions("actor=one%251") == []
    assert await actions("actor=one.1") == []
    assert await actions("target=ALEX@") == ["mailbox.quota_update", "mailbox.create"]
    assert await actions("target=kim&actor=one") == []
    assert await actions("q=karen") == ["spam.blacklist_add"]
    assert await actions("action=spam") == ["spam.blacklist_add"]
    assert await actions("action=create") == []
    # Long enough to be in no random id: a token's is in the details of its entry.
    assert await actions("q=987654") == ["mailbox.quota_update"]


async def test_pages_follow_each_other_without_gap_or_overlap(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    client = await either_manager.bearer({"example.com": ["emails"]})
    for quota in range(1, 8):
        await client.patch(f"{ACCOUNTS}/info", json={"quota": quota})
    found, cursor, pages = [], "", 0
    while True:
        answer = await admin.get(f"{LOGS}?action=mailbox.&limit=3{cursor}")
        found += [entry["details"]["quota"] for entry in data_of(answer)["entries"]]
        pages += 1
        following = (answer.json().get("meta") or {}).get("next_cursor")
        await client.patch(f"{ACCOUNTS}/info", json={"quota": 100})  # what comes in between moves nothing
        if not following:
            break
        cursor = f"&cursor={following}"
    assert found == [7, 6, 5, 4, 3, 2, 1]
    assert pages == 3


async def test_days_are_listed_and_chosen(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        admin = await manager.bearer()
        clock.jump(60)
        await clock.advance(0)
        await manager.token(label="next day")
        page = data_of(await admin.get(LOGS))
        assert page["current_date"] == "2026-11-21"
        assert page["available_dates"] == ["2026-11-21", "2026-11-20"]
        assert page["entries"][0]["target"] == "next day"
        page = data_of(await admin.get(f"{LOGS}?date=2026-11-20"))
        assert page["current_date"] == "2026-11-20"
        assert {entry["timestamp"][:10] for entry in page["entries"]} == {"2026-11-20"}
        assert data_of(await admin.get(f"{LOGS}?date=2026-01-01"))["entries"] == []


async def test_the_limit_is_a_hundred_by_default_and_five_hundred_at_most(manager: Manager) -> None:
    browser = await manager.session()
    for _ in range(101):
        await browser.patch("/api/me/profile", json={"contact_email": None})
    assert len(await entries(browser)) == 100
    assert len(await entries(browser, "limit=500")) > 101
    assert len(await entries(browser, "limit=1")) == 1


async def test_the_csv_begins_with_the_five_columns_and_computes_nothing(manager: Manager) -> None:
    await manager.token(label="=1+1")
    admin = await manager.bearer(label="@SUM(A1)")
    await admin.post("/api/domains/example.com/spam/blacklist", json={"entry": "@evil.test"})
    answer = await admin.get(f"{LOGS}/download?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-all.csv"'
    header, *rows = list(csv.reader(io.StringIO(answer.text)))
    assert header[:5] == ["timestamp", "user", "action", "target", "details"]
    assert [row[2] for row in rows][:1] == ["spam.blacklist_add"], "newest first"
    for row in rows:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        json.loads(row[4])
    assert "'=1+1" in {row[3] for row in rows}
    assert answer.text == (await admin.get(f"{LOGS}/download")).text


async def test_the_lines_of_the_jsonl_are_the_entries(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    await either_manager.session()
    answer = await admin.get(f"{LOGS}/download?format=jsonl")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in answer.text.splitlines()] == await entries(admin)


async def test_downloads_take_the_same_filters(manager: Manager) -> None:
    admin = await manager.bearer()
    await manager.session()
    today = datetime.now(UTC).date().isoformat()
    answer = await admin.get(f"{LOGS}/download?format=jsonl&action=auth.login&actor=PUBLIC&date={today}&q=password")
    assert [json.loads(line)["action"] for line in answer.text.splitlines()] == ["auth.login"]
    assert answer.headers["content-disposition"] == f'attachment; filename="audit-{today}.jsonl"'
    assert (await admin.get(f"{LOGS}/download?format=jsonl&date=2020-01-01")).text == ""


@pytest.mark.parametrize("label", ["normal", 'quote"d', "ümläut", "a,b"])
async def test_odd_labels_survive_the_way_out(manager: Manager, label: str) -> None:
    await manager.token(label=label)
    admin = await manager.bearer()
    rows = list(csv.DictReader(io.StringIO((await admin.get(f"{LOGS}/download")).text)))
    assert label in {row["target"] for row in rows}


async def _stalled_download(manager: Manager, token: str, first_bytes: asyncio.Event) -> None:
    """A client that asks, and stops reading at the first bytes of the answer's body."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"{LOGS}/download",
        "raw_path": f"{LOGS}/download".encode(),
        "query_string": b"format=jsonl",
        "root_path": "",
        "headers": [(b"host", b"manager.test"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("192.0.2.10", 40_000),
        "server": ("manager.test", 80),
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message.get("body"):
            first_bytes.set()
            await asyncio.Event().wait()

    await manager.asgi(scope, receive, send)


async def test_clients_that_stop_reading_a_download_hold_nothing(either_manager: Manager) -> None:
    """More of them than connections: other requests still find one."""
    token = await either_manager.token()
    client = either_manager.new_client(headers={"Authorization": f"Bearer {token}"})
    reading = [asyncio.Event() for _ in range(MORE_THAN_CONNECTIONS)]
    stalled = [asyncio.create_task(_stalled_download(either_manager, token, event)) for event in reading]
    try:
        await asyncio.wait_for(asyncio.gather(*(event.wait() for event in reading)), 5)
        assert await asyncio.wait_for(entries(client), 5)
        assert (await asyncio.wait_for(client.patch(f"{ACCOUNTS}/info", json={"quota": 5}), 5)).status_code == 200
        assert not any(task.done() for task in stalled)
    finally:
        for task in stalled:
            task.cancel()
        await asyncio.gather(*stalled, return_exceptions=True)


@pytest.mark.parametrize("count", [1999, 2000, 2001])
async def test_a_long_download_is_whole_and_has_nothing_twice(either_manager: Manager, count: int) -> None:
    row = {
        "at": datetime(2026, 11, 20, tzinfo=UTC),
        "day": "2026-11-20",
        "actor": "many",
        "action": "auth.login",
        "details": {},
        "outcome": "applied",
        "settled_by": "answer",
        "request_id": "-",
        "address": None,
    }
    async with either_manager.services.database.write() as tx:
        await tx.session.execute(insert(AuditRow), [{**row, "target": str(number)} for number in range(count)])
    admin = await either_manager.bearer()
    lines = (await admin.get(f"{LOGS}/download?format=jsonl&actor=many")).text.splitlines()
    assert [json.loads(line)["target"] for line in lines] == [str(number) for number in reversed(range(count))]
