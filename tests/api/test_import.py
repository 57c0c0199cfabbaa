"""The import of mailboxes: rows checked, created in the background, every row with a true last word."""

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from mxm.features.audit.models import AuditRow
from mxm.features.mailboxes.models import RecoveryRow
from mxm.platform.jobs import JobItemRow
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import ACCOUNTS, data_of, error_of, wrong_fields
from support.clock import FakeClock, SwiftClock
from support.jobs import finished, read_job
from support.journal_truth import sent_more_than_once, writes
from support.manager import Manager, running_manager
from support.network import networked_manager
from support.program import until

PATH = "/api/email-accounts/import"
P = "Abcd123!"
CREATION = {"method": "POST", "path": "/email-accounts$"}


def body(*rows: Mapping[str, object], **more: object) -> dict[str, object]:
    return {"default_domain": "example.com", "rows": list(rows), **more}


def named(*names: str, **more: object) -> list[dict[str, object]]:
    return [{"username": name, "password": P, **more} for name in names]


async def started(client: httpx2.AsyncClient, *rows: Mapping[str, object], **more: object) -> dict[str, Any]:
    found: dict[str, Any] = data_of(await client.post(PATH, json=body(*rows, **more)), 202)
    return found


async def imported(manager: Manager, *rows: Mapping[str, object], **more: object) -> dict[str, Any]:
    client = await manager.bearer()
    return await finished(client, await started(client, *rows, **more))


def words(job: Mapping[str, Any]) -> list[str]:
    return [row["state"] for row in job["results"]["rows"]]


async def items(manager: Manager) -> list[JobItemRow]:
    async with manager.services.database.read() as session:
        return list((await session.execute(select(JobItemRow).order_by(JobItemRow.position))).scalars())


async def test_every_row_keeps_its_place_and_has_its_word(either_manager: Manager) -> None:
    job = await imported(
        either_manager,
        {"username": "alex", "password": P, "recovery": "a@example.org", "quota": "2048"},
        {"username": "info", "password": P},
        {"username": "weak", "password": "short"},
        {"username": "kim", "password": P, "domain": "nowhere.test"},
        {"username": "Alex", "password": P, "line": 17},
        {"username": "nobody"},
    )
    assert job["state"] == "partly_failed"
    expected = {"created": 1, "already_exists": 1, "created_unconfirmed": 0, "failed": 4, "total": 6}
    assert job["results"]["summary"] == expected
    rows = job["results"]["rows"]
    assert words(job) == ["created", "already_exists", "failed", "failed", "failed", "failed"]
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 17, 6]
    assert rows[0] == {"line": 1, "email": "alex@example.com", "state": "created"}
    for row, part in zip(rows[2:], ["at least 8", "", "same address", "password: is missing"], strict=True):
        assert row["message"]
        assert part in row["message"]
    assert job["progress"] == {"done": 6, "total": 6, "eta_seconds": None}
    made = either_manager.sandbox.state["account"]["domains"]["example.com"]["mailboxes"]["alex"]
    assert made["quota_mb"] == 2048
    assert either_manager.sandbox.check_password("alex@example.com", P)
    async with either_manager.services.database.read() as session:
        recovery = (await session.execute(select(RecoveryRow.username, RecoveryRow.email))).all()
    assert [tuple(row) for row in recovery] == [("alex", "a@example.org")]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        (named("a1", "info"), "succeeded"),
        (named("a1", "!!"), "partly_failed"),
        (named("!!", "??"), "failed"),
    ],
)
async def test_the_job_says_how_it_went_as_a_whole(manager: Manager, rows: list[dict[str, object]], state: str) -> None:
    assert (await imported(manager, *rows))["state"] == state


async def test_the_answer_is_the_job_and_says_where_to_look(manager: Manager) -> None:
    client = await manager.bearer()
    answer = await client.post(PATH, json=body(*named("a1")))
    job = data_of(answer, 202)
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["results"], job["created_by"]) == (
        "mailbox.import",
        "queued",
        None,
        "token:test",
    )
    assert job["progress"] == {"done": 0, "total": 1, "eta_seconds": None}
    await finished(client, job)


async def test_one_row_without_the_right_refuses_all(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"], "healthy.example": ["dashboard", "spam"]})
    fine = await client.post(PATH, json=body(*named("a1"), {"username": "!!", "domain": "no domain"}))
    job = await finished(client, data_of(fine, 202))
    assert words(job) == ["created", "failed"], "a domain that cannot be read is the row's error"
    for domain in ("healthy.example", "nowhere.test"):
        refused = await client.post(PATH, json=body(*named("a2"), *named("a3", domain=domain)))
        error_of(refused, 403, "forbidden")
    assert len(data_of(await client.get("/api/jobs"))) == 1


async def test_input_that_is_no_import(manager: Manager) -> None:
    client = await manager.bearer()
    assert wrong_fields(await client.post(PATH, json=body())) == ["rows"]
    assert wrong_fields(await client.post(PATH, json=body(*named("a"), generate_passwords="yes"))) == [
        "generate_passwords"
    ]
    assert wrong_fields(await client.post(PATH, json=body(*named("a"), surplus=1))) == ["surplus"]
    assert wrong_fields(await client.post(PATH, json=body(*named("a") * 1001))) == ["rows"]


async def test_the_same_key_makes_one_job(either_manager: Manager) -> None:
    client = await either_manager.bearer()
    key = {"Idempotency-Key": "import-1"}
    first, again = [await client.post(PATH, json=body(*named("a1")), headers=key) for _ in range(2)]
    assert data_of(first, 202) == data_of(again, 202)
    assert again.headers["idempotency-replayed"] == "true"
    other = await client.post(PATH, json=body(*named("a2")), headers=key)
    error_of(other, 409, "conflict")
    assert len(data_of(await client.get("/api/jobs"))) == 1
    await finished(client, data_of(first, 202))


async def test_an_import_sent_twice_without_a_key_does_no_harm(manager: Manager) -> None:
    client = await manager.bearer()
    jobs = [await started(client, *named("a1", "a2")) for _ in range(2)]
    ended = [await finished(client, job) for job in jobs]
    assert {word for job in ended for word in words(job)} <= {"created", "already_exists"}
    assert sum(words(job).count("created") for job in ended) == 2
    assert sum(entry.applied for entry in writes(manager.sandbox)) == 2


async def test_generated_passwords_are_for_blank_rows_and_handed_over_once(either_manager: Manager) -> None:
    manager = either_manager
    client = await manager.bearer()
    rows: list[dict[str, object]] = [*named("given"), {"username": "blank"}, {"username": "info"}, {"username": "!!"}]
    job = await started(client, *rows, generate_passwords=True)
    ended = await finished(client, job)
    path = f"/api/jobs/{job['id']}/passwords"
    answer = await client.post(path)
    found = data_of(answer)
    [made] = found["passwords"]
    assert made["email"] == "blank@example.com"
    assert manager.sandbox.check_password("blank@example.com", made["password"])
    assert answer.headers["cache-control"] == "no-store"
    assert found["expires_at"] > ended["finished_at"]
    assert data_of(await client.post(path, json={})) == found, "until it is acknowledged"
    assert made["password"] not in (await client.get(f"/api/jobs/{job['id']}")).text
    assert data_of(await client.post(path, json={"acknowledge": True})) == {"passwords": [], "expires_at": None}
    error_of(await client.post(path), 404, "not_found")
    error_of(await client.post(path, json={"acknowledge": True}), 404, "not_found")
    assert {item.handover for item in await items(manager)} == {None}


async def test_passwords_are_for_the_creator_alone(manager: Manager) -> None:
    creator = await manager.bearer({"example.com": ["emails"]}, label="creator")
    job = await started(creator, {"username": "blank"}, generate_passwords=True)
    await finished(creator, job)
    path = f"/api/jobs/{job['id']}/passwords"
    error_of(await (await manager.bearer()).post(path), 403, "forbidden")
    error_of(await (await manager.bearer({"example.com": ["emails"]})).post(path), 404, "not_found")
    assert wrong_fields(await creator.post(path, json={"acknowledge": "yes"})) == ["acknowledge"]
    data_of(await creator.post(path))


async def test_passwords_expire_a_day_after_the_end(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        client = await manager.bearer()
        job = await started(client, {"username": "blank"}, generate_passwords=True)
        await finished(client, job)
        path = f"/api/jobs/{job['id']}/passwords"
        clock.jump(86_399)
        data_of(await client.post(path))
        clock.jump(1)
        error_of(await client.post(path), 404, "not_found")
        await manager.services.durable.store.tidy()
        assert {item.handover for item in await items(manager)} == {None}


async def test_no_password_lies_readable_in_the_database_and_none_stays(tmp_path: Path) -> None:
    secret = "Unmistakable-123-Abc"
    sandbox = Sandbox(
        SandboxConfig(limits_enabled=False, faults=({"match": CREATION, "kind": "stall", "delay_seconds": 1},))
    )
    async with networked_manager(tmp_path, sandbox=sandbox, patience=5) as manager:
        client = await manager.bearer()
        job = await started(
            client, {"username": "a1", "password": secret}, {"username": "a2", "password": "weak" + secret[:3]}
        )
        await asyncio.sleep(0.3)
        [first, second] = await items(manager)
        assert first.sealed is not None
        assert second.sealed is None, "an invalid row needs none"
        for file in tmp_path.glob("mxm.sqlite3*"):
            assert secret.encode() not in file.read_bytes()
        await finished(client, job)
        assert {item.sealed for item in await items(manager)} == {None}


async def test_results_as_csv(manager: Manager) -> None:
    client = await manager.bearer()
    job = await finished(client, await started(client, *named("a1", "info"), {"username": "weak", "password": "x"}))
    answer = await client.get(f"/api/jobs/{job['id']}/results.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.reader(io.StringIO(answer.text)))
    assert table[0] == ["line", "email", "state", "message"]
    assert table[1:3] == [["1", "a1@example.com", "created", ""], ["2", "info@example.com", "already_exists", ""]]
    assert table[3][2] == "failed"


async def test_a_refused_row_is_sent_once(manager: Manager) -> None:
    """A generic retry sent it four times, in a prototype."""
    refusal = {"match": CREATION, "kind": "status", "status_code": 400, "message": "No, because"}
    manager.sandbox.configure(faults=[refusal])
    job = await imported(manager, *named("a1", "a2"))
    assert [row["message"] for row in job["results"]["rows"]] == ["No, because"] * 2
    assert len(writes(manager.sandbox)) == 2
    assert sent_more_than_once(writes(manager.sandbox)) == {}


async def test_an_upstream_error_without_effect_fails_the_row_and_is_not_sent_again(manager: Manager) -> None:
    manager.sandbox.configure(faults=[{"match": CREATION, "kind": "status", "status_code": 500, "times": 1}])
    job = await imported(manager, *named("a1", "a2"))
    assert sorted(words(job)) == ["created", "failed"]
    assert len(writes(manager.sandbox)) == 2
    [message] = [row["message"] for row in job["results"]["rows"] if row["state"] == "failed"]
    assert "took no effect" in message
    assert P not in message


async def test_finished_rows_take_no_turn(manager: Manager) -> None:
    """Neither a read nor a write is spent on what needs none."""
    before = len(manager.sandbox.log)
    await imported(manager, *named(*["!!"] * 50), *named("a1"))
    assert [entry.method for entry in manager.sandbox.log[before:]] == ["GET", "POST"]


async def test_a_lost_answer_is_read_back(tmp_path: Path) -> None:
    async with networked_manager(tmp_path, patience=0.5) as manager:
        manager.sandbox.configure(faults=[{"match": CREATION, "kind": "lose_answer"}])
        job = await imported(manager, *named("a1", "a2"))
        assert words(job) == ["created", "created"]
        assert len(writes(manager.sandbox)) == 2


async def test_silence_without_effect_is_waited_for_and_then_sent_again(tmp_path: Path) -> None:
    """MXroute kept silent, and nothing came of it: only once that is certain is it sent a second time."""
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with networked_manager(tmp_path, patience=0.3, clock=clock) as manager:
        drop = {"match": CREATION, "kind": "drop", "times": 1}
        manager.sandbox.configure(faults=[drop])
        client = await manager.bearer()
        job = await started(client, *named("a1", "a2"))
        await until(lambda: len(writes(manager.sandbox)) == 2)
        for _ in range(10):
            await clock.advance(1)
            await asyncio.sleep(0.02)
        assert len(writes(manager.sandbox)) == 2, "it may still take effect"
        for _ in range(20):
            await clock.advance(1)
            await asyncio.sleep(0.02)
        ended = await finished(client, job)
        assert words(ended) == ["created", "created"]
        assert [entry.applied for entry in writes(manager.sandbox)].count(True) == 2
        assert len(writes(manager.sandbox)) == 3


async def test_a_right_that_is_withdrawn_fails_the_rows_that_are_left(manager: Manager) -> None:
    manager.sandbox.configure(latency_ms_min=60, latency_ms_max=60)
    browser, admin = await manager.session(), await manager.bearer(label="watching")
    body_of = {"label": "gone", "grants": [{"domain": "example.com", "permissions": ["emails"]}]}
    token = data_of(await browser.post("/api/admin/api-tokens", json=body_of), 201)
    creator = manager.new_client(headers={"Authorization": f"Bearer {token['token']}"})
    job = await started(creator, *named(*(f"a{n}" for n in range(30))))
    await until(lambda: len(writes(manager.sandbox)) > 2)
    data_of(await browser.delete(f"/api/admin/api-tokens/{token['id']}"))
    ended = await finished(admin, job)
    assert ended["state"] == "partly_failed"
    summary = ended["results"]["summary"]
    assert summary["created"] < 15
    assert summary["created"] + summary["failed"] == 30
    assert "withdrawn" in ended["results"]["rows"][-1]["message"]
    assert summary["created"] == len(writes(manager.sandbox))


async def test_cancelling_stops_before_the_next_row_and_keeps_what_was_made(either_manager: Manager) -> None:
    manager = either_manager
    manager.sandbox.configure(latency_ms_min=60, latency_ms_max=60)
    client = await manager.bearer()
    job = await started(client, *named(*(f"a{n}" for n in range(40))))
    await until(lambda: len(writes(manager.sandbox)) > 2)
    data_of(await client.post(f"/api/jobs/{job['id']}/cancel"))
    ended = await finished(client, job)
    sent = len(writes(manager.sandbox))
    assert ended["state"] == "cancelled"
    summary = ended["results"]["summary"]
    assert summary["created"] == sent < 15
    assert summary["created"] + summary["cancelled"] == summary["total"] == 40
    await asyncio.sleep(0.3)
    assert len(writes(manager.sandbox)) == sent
    assert {item.sealed for item in await items(manager)} == {None}


async def test_a_row_whose_answer_is_lost_gets_its_word_before_the_job_counts_as_cancelled(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with networked_manager(tmp_path, patience=0.3, clock=clock) as manager:
        manager.sandbox.configure(faults=[{"match": CREATION, "kind": "stall", "delay_seconds": 0.8, "times": 4}])
        client = await manager.bearer()
        job = await started(client, *named(*(f"late{n}" for n in range(8))))
        await until(lambda: len(writes(manager.sandbox)) == 4)
        data_of(await client.post(f"/api/jobs/{job['id']}/cancel"))
        for _ in range(40):
            await clock.advance(1)
            await asyncio.sleep(0.03)
        ended = await finished(client, job)
        assert (ended["state"], words(ended)) == ("cancelled", ["created"] * 4 + ["cancelled"] * 4)


async def test_the_audit_log_has_each_mailbox_and_the_whole(either_manager: Manager) -> None:
    job = await imported(either_manager, *named("a1", "info", "!!"))
    async with either_manager.services.database.read() as session:
        rows = (await session.execute(select(AuditRow).order_by(AuditRow.id))).scalars().all()
    found = [(row.action, row.target, row.actor) for row in rows if row.action.startswith("mailbox.")]
    assert found == [
        ("mailbox.create", "a1@example.com", "token:test"),
        ("mailbox.import", "example.com", "token:test"),
    ]
    assert rows[-1].details == {"job": job["id"], **job["results"]["summary"]}


async def test_an_unreadable_mxroute_puts_the_job_off_and_loses_no_row(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        manager.sandbox.configure(faults=[{"match": {"method": "GET"}, "kind": "status", "status_code": 500}])
        client = await manager.bearer()
        job = await started(client, *named("a1", "a2"))
        for _ in range(20):
            await asyncio.sleep(0.05)
            found = await read_job(client, job["id"])
            if found["waiting_until"]:
                break
        assert (found["state"], found["progress"]["done"]) == ("queued", 0)
        assert found["waiting_until"] is not None
        manager.sandbox.configure(faults=[])
        for _ in range(5):
            await clock.advance(5)
            await asyncio.sleep(1.1)
            if (await read_job(client, job["id"]))["state"] == "succeeded":
                break
        assert words(await finished(client, job)) == ["created", "created"]


async def test_an_import_that_waits_for_budget_says_so(tmp_path: Path, database_url: str | None) -> None:
    """Nineteen go at once, the last write of the window is kept for people, and six wait for the next one."""
    sandbox = Sandbox(SandboxConfig())
    async with running_manager(tmp_path, database_url=database_url, sandbox=sandbox) as manager:
        client = await manager.bearer()
        job = await started(client, *named(*(f"many{n}" for n in range(25))))
        for _ in range(100):
            found = await read_job(client, job["id"])
            if found["waiting_budget"]:
                break
            await asyncio.sleep(0.1)
        assert found["waiting_budget"] == {"upstream": "MXroute", "kind": "write", "limit": 20, "seconds": 60}
        assert (found["state"], found["progress"]["done"], found["waiting_for"]) == ("running", 19, None)
        wait = (datetime.fromisoformat(found["waiting_until"]) - datetime.now(UTC)).total_seconds()
        assert abs(found["progress"]["eta_seconds"] - wait) < 3
        data_of(await client.post(f"/api/jobs/{job['id']}/cancel"))
        ended = await finished(client, job)
        assert (ended["waiting_until"], ended["waiting_budget"]) == (None, None)
        expected = {
            "created": 19,
            "already_exists": 0,
            "created_unconfirmed": 0,
            "failed": 0,
            "cancelled": 6,
            "total": 25,
        }
        assert ended["results"]["summary"] == expected


async def test_mailboxes_of_an_import_are_at_once_in_the_list(manager: Manager) -> None:
    client = await manager.bearer()
    data_of(await client.get(ACCOUNTS))
    await finished(client, await started(client, *named("a1")))
    assert "a1" in {each["username"] for each in data_of(await client.get(ACCOUNTS))}


async def test_a_busy_mxroute_is_asked_again_and_a_refusal_is_not(manager: Manager) -> None:
    busy = {"match": CREATION, "kind": "status", "status_code": 503, "retry_after_seconds": 1, "times": 1}
    manager.sandbox.configure(faults=[busy])
    assert words(await imported(manager, *named("b1"))) == ["created"]
    denied = {"match": CREATION, "kind": "status", "status_code": 403}
    manager.sandbox.configure(faults=[denied])
    before = len(writes(manager.sandbox))
    job = await imported(manager, *named("b2", "b3"))
    assert words(job) == ["failed", "failed"]
    assert len(writes(manager.sandbox)) - before == 2


async def test_of_two_imports_of_one_mailbox_only_the_one_that_was_answered_claims_it(tmp_path: Path) -> None:
    """The other one was dropped on its way: the mailbox that is there is not its work, and its password is wrong."""
    async with running_manager(tmp_path, clock=SwiftClock(10)) as manager:  # a lost answer is waited for for 15 s
        await _two_imports(manager)


async def _two_imports(manager: Manager) -> None:
    drop = {"match": CREATION, "kind": "html", "status_code": 502, "times": 1}
    manager.sandbox.configure(faults=[drop], latency_ms_min=150, latency_ms_max=150)
    clients = [await manager.bearer(label="one"), await manager.bearer(label="two")]
    jobs = await asyncio.gather(*(started(each, {"username": "same"}, generate_passwords=True) for each in clients))
    ended = [await finished(each, job, patience=60) for each, job in zip(clients, jobs, strict=True)]
    said = sorted(words(job)[0] for job in ended)
    assert said in (["already_exists", "created"], ["created", "created_unconfirmed"]), said
    for client, job in zip(clients, ended, strict=True):
        answer = await client.post(f"/api/jobs/{job['id']}/passwords")
        if words(job) == ["created"]:
            (made,) = data_of(answer)["passwords"]
            assert manager.sandbox.check_password(made["email"], made["password"])
        else:
            assert answer.status_code == 404


async def test_passwords_are_gone_with_the_right(manager: Manager) -> None:
    browser = await manager.session()
    grants = [{"domain": "example.com", "permissions": ["emails"]}]
    person = {"email": "kim@example.com", "password": "a good password", "grants": grants}
    await browser.post("/api/admin/delegations", json=person)
    kim = await manager.session("kim@example.com", "a good password")
    job = await finished(kim, await started(kim, {"username": "fresh"}, generate_passwords=True))
    moved = [{"domain": "healthy.example", "permissions": ["emails"]}]
    await browser.post("/api/admin/delegations", json={"email": "kim@example.com", "grants": moved})
    kim = await manager.session("kim@example.com", "a good password")
    assert data_of(await kim.post(f"/api/jobs/{job['id']}/passwords"))["passwords"] == []
