"""The write journal: an intent lies on disk before anything leaves, holds no secret, and always finds its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from mxm.entrypoints.services import Services, build_services
from mxm.features.audit.models import AuditRow
from mxm.platform.db import Base
from mxm.platform.journal import IntentRow
from mxm.platform.journal.models import ProcessRow
from mxm.platform.keys import KeyRing
from mxm_sandbox import Sandbox, SandboxConfig
from support.clock import FakeClock
from support.journal_truth import Books, writes
from support.locks import full_disk
from support.manager import Manager, running_manager
from support.program import admin_token, program, server_environment, until

D = "example.com"
MAILBOXES = f"/api/domains/{D}/email-accounts"
NEW = {"username": "alex", "password": "Secret-Abcd1234"}
NO_ANSWER = [{"match": {"method": "POST"}, "kind": "status", "status_code": 504}]
"""Not applied, which only time will tell."""
STALLED = [{"match": {"method": "POST"}, "kind": "stall", "delay_seconds": 9}]


class Stall:
    """What the sandbox does instead of stalling: it looks, or waits until it is let go."""

    def __init__(self) -> None:
        self.entered, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, _seconds: float) -> None:
        self.entered.set()
        await self.go_on.wait()


@pytest.fixture
def stall() -> Stall:
    return Stall()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def manager(tmp_path: Path, stall: Stall, clock: FakeClock, database_url: str | None) -> AsyncIterator[Manager]:
    """On either database; the sandbox stalls until `stall` lets it go."""
    sandbox = Sandbox(SandboxConfig(limits_enabled=False), sleep=stall)
    async with running_manager(tmp_path, database_url=database_url, sandbox=sandbox, clock=clock) as found:
        yield found
        stall.go_on.set()


async def _intents(manager: Manager) -> list[IntentRow]:
    async with manager.services.database.read() as session:
        return list((await session.execute(select(IntentRow))).scalars())


async def _entries(manager: Manager, action: str = "mailbox.create") -> list[tuple[str, str]]:
    async with manager.services.database.read() as session:
        rows = (await session.execute(select(AuditRow).where(AuditRow.action == action))).scalars()
        return [(row.outcome, row.settled_by) for row in rows]


@asynccontextmanager
async def _twin(manager: Manager) -> AsyncIterator[Services]:
    """Another process on the same database and upstream: everything is built a second time."""
    http = httpx2.ASGITransport(app=manager.sandbox.mxroute_app)
    services = build_services(manager.services.settings, clock=manager.services.clock, mxroute_http=http)
    try:
        yield services
    finally:
        await services.database.close()


async def test_the_intent_is_on_disk_before_the_call(manager: Manager, stall: Stall, tmp_path: Path) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW))
    await asyncio.wait_for(stall.entered.wait(), 5)
    assert len(writes(manager.sandbox)) == 1
    books = Books(manager.services.settings.database_url or tmp_path / "mxm.sqlite3")
    assert [(i.action, i.target, i.outcome) for i in books.intents()] == [("mailbox.create", f"alex@{D}", "open")]
    assert books.audit()[-1].action != "mailbox.create"
    stall.go_on.set()
    assert (await sending).status_code == 201
    assert [i.outcome for i in books.intents()] == ["applied"]


async def test_an_intent_holds_no_secret_and_only_a_keyed_hash_of_the_body(manager: Manager, tmp_path: Path) -> None:
    client = await manager.bearer()
    sent: dict[str, Any] = {**NEW, "quota": 512}
    assert (await client.post(MAILBOXES, json=sent)).status_code == 201
    assert (await client.patch(f"{MAILBOXES}/alex", json={"password": "Other-Abcd1234"})).status_code == 200
    async with manager.services.database.read() as session:
        for table in ("write_intent", "audit_entry", "idempotency_key", "generation_change"):
            rows = (await session.execute(select(Base.metadata.tables[table]))).all()
            assert "Abcd1234" not in repr(rows), table
    body = b'{"limit":9600,"password":"Secret-Abcd1234","quota":512,"username":"alex"}'
    fingerprint = b"POST\n/domains/example.com/email-accounts\n" + body
    created = next(i for i in await _intents(manager) if i.action == "mailbox.create")
    assert created.body_hash == manager.services.keys.digest("journal.body", fingerprint)
    assert created.body_hash != KeyRing("another key for another installation").digest("journal.body", fingerprint)


async def test_two_settlers_that_race_record_one_outcome(manager: Manager, clock: FakeClock) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=NO_ANSWER)
    assert (await client.post(MAILBOXES, json=NEW)).status_code == 504
    clock.jump(16)
    async with _twin(manager) as second, _twin(manager) as third:
        processes = (manager.services, second, third)
        await asyncio.gather(*(process.settler.round() for process in processes))
    assert await _entries(manager) == [("not_applied", "recovery")]


async def test_a_write_in_hand_is_nobody_elses_to_settle(manager: Manager, stall: Stall, clock: FakeClock) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW))
    await asyncio.wait_for(stall.entered.wait(), 5)
    clock.jump(9)
    async with _twin(manager) as twin:
        await twin.settler.round()
    assert [i.state for i in await _intents(manager)] == ["open"]
    stall.go_on.set()
    assert (await sending).status_code == 201
    assert await _entries(manager) == [("applied", "answer")]


async def test_a_certain_answer_however_late_overrides_what_was_concluded_without_it(
    manager: Manager, stall: Stall, clock: FakeClock
) -> None:
    """A frozen process is taken for dead and its write for lost; then both go on."""
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    address = {"recovery_email": "owner@example.org"}
    sending = asyncio.ensure_future(client.post(MAILBOXES, json={**NEW, **address}))
    await asyncio.wait_for(stall.entered.wait(), 5)
    clock.jump(30)
    async with _twin(manager) as twin:
        await twin.settler.round()
    assert [(i.state, i.settled_by) for i in await _intents(manager)] == [("not_applied", "recovery")]
    stall.go_on.set()
    assert (await sending).status_code == 201
    assert [(i.state, i.settled_by) for i in await _intents(manager)] == [("applied", "answer")]
    assert sorted(await _entries(manager)) == [("applied", "answer"), ("not_applied", "recovery")]
    shown = (await client.get(f"{MAILBOXES}/alex")).json()["data"]
    assert shown["has_recovery_email"] is True, "what belongs to it is done, too"


async def test_a_process_shows_that_it_lives_while_its_settler_waits_for_mxroute(
    manager: Manager, stall: Stall, clock: FakeClock
) -> None:
    """Else its writes in hand would be taken from it, and its idempotency keys be free, when MXroute is slow."""
    client = await manager.bearer()
    manager.sandbox.configure(faults=NO_ANSWER)
    await client.post(MAILBOXES, json=NEW)
    manager.sandbox.configure(faults=[{"match": {"method": "GET"}, "kind": "stall", "delay_seconds": 60}])
    stall.entered.clear()
    for _ in range(8):
        await clock.advance(2)
        await asyncio.sleep(0.05)
    assert stall.entered.is_set(), "the settler is waiting for an answer"
    async with manager.services.database.read() as session:
        seen = (await session.execute(select(ProcessRow.seen_at))).scalar_one()
    assert clock.now() - seen < timedelta(seconds=5)


async def test_a_write_cut_short_on_our_side_is_settled_while_the_process_lives_on(
    manager: Manager, stall: Stall, clock: FakeClock
) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW))
    await asyncio.wait_for(stall.entered.wait(), 5)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    manager.sandbox.configure(faults=[])
    await manager.services.settler.round()
    clock.jump(16)
    await manager.services.settler.round()
    assert [i.state for i in await _intents(manager)] == ["not_applied"]


async def test_a_process_that_ends_leaves_late_effects_their_time(
    manager: Manager, stall: Stall, clock: FakeClock
) -> None:
    """A write that was sent long after its intent (it waited for MXroute's budget) may still come."""
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW))
    await asyncio.wait_for(stall.entered.wait(), 5)
    clock.jump(60)
    await manager.services.settler.beat()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await manager.services.settler.farewell()
    manager.sandbox.configure(faults=[])
    async with _twin(manager) as next_one:
        clock.jump(1)
        await next_one.settler.round()
        assert [i.state for i in await _intents(manager)] == ["open"], "too early to say"
        clock.jump(16)
        await next_one.settler.round()
    assert [i.state for i in await _intents(manager)] == ["not_applied"]


async def test_an_effect_that_could_not_be_recorded_is_told_and_recorded_later(tmp_path: Path, stall: Stall) -> None:
    """The disk is full from the moment the write has left until its answer is told."""
    sandbox = Sandbox(SandboxConfig(limits_enabled=False), sleep=stall)
    headers = {"Authorization": f"Bearer {await admin_token(tmp_path)}", "Idempotency-Key": "k"}
    books = Books(tmp_path / "data" / "mxm.sqlite3")
    async with sandbox.serve() as world:
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        async with program(tmp_path, "serve", env=env) as server:
            url = await server.url() + MAILBOXES
            async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30) as client:
                sandbox.configure(faults=[{**STALLED[0], "kind": "stall_after_effect"}])
                sending = asyncio.ensure_future(client.post(url, json=NEW))
                await asyncio.wait_for(stall.entered.wait(), 5)
                with full_disk(server.process.pid):
                    stall.go_on.set()
                    answer = await sending
                assert answer.status_code == 503
                assert "took effect" in answer.json()["error"]["message"]
                assert "Retry-After" not in answer.headers
                await until(lambda: books.open_intents() == 0)
                assert [(i.outcome, i.settled_by) for i in books.intents()] == [("applied", "recovery")]
                again = await client.post(url, json=NEW)
                assert again.status_code == 409
                assert "took effect" in again.json()["error"]["message"]
    assert len(writes(sandbox)) == 1
