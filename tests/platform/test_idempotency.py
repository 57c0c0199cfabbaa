"""Idempotency keys: run once, repeat the answer, and never do twice what took effect."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from mxm.platform.journal.models import DEAD_AFTER
from mxm.platform.keys import KeyRing
from mxm_sandbox import Sandbox, SandboxConfig
from support.clock import FakeClock
from support.journal_truth import writes
from support.manager import Manager, running_manager
from support.program import until

MAILBOXES = "/api/domains/example.com/email-accounts"
NEW = {"username": "alex", "password": "Abcd1234"}
KEY = {"Idempotency-Key": "order-66"}
STALLED = [{"match": {"method": "POST"}, "kind": "stall", "delay_seconds": 1}]
STALLED_AFTER = [{**STALLED[0], "kind": "stall_after_effect"}]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
def stall() -> asyncio.Event:
    """Set, it lets go what the sandbox holds back."""
    return asyncio.Event()


@pytest.fixture
def sandbox(stall: asyncio.Event) -> Sandbox:
    async def wait(_seconds: float) -> None:
        await stall.wait()

    return Sandbox(SandboxConfig(limits_enabled=False), sleep=wait)


@pytest.fixture
async def manager(
    tmp_path: Path, sandbox: Sandbox, clock: FakeClock, database_url: str | None, stall: asyncio.Event
) -> AsyncIterator[Manager]:
    async with running_manager(tmp_path, database_url=database_url, sandbox=sandbox, clock=clock) as found:
        yield found
        stall.set()


@asynccontextmanager
async def _replica(manager: Manager, client: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """The same caller at another process on the same database."""
    settings = manager.services.settings
    async with running_manager(
        settings.data_dir, database_url=settings.database_url, sandbox=manager.sandbox, clock=manager.services.clock
    ) as other:
        yield other.new_client(headers=dict(client.headers))


async def _until_sent(sandbox: Sandbox) -> None:
    await until(lambda: bool(writes(sandbox)))


def _told(answer: httpx2.Response) -> str:
    message: str = answer.json()["error"]["message"]
    return message


async def test_the_first_answer_is_repeated_without_being_done_again(manager: Manager) -> None:
    client = await manager.bearer()
    first = await client.post(MAILBOXES, json=NEW, headers=KEY)
    again = await client.post(MAILBOXES, json=NEW, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(writes(manager.sandbox)) == 1


async def test_a_refusal_is_an_answer_too(manager: Manager) -> None:
    client = await manager.bearer()
    wrong = {**NEW, "quota": -1}
    first = await client.post(MAILBOXES, json=wrong, headers=KEY)
    assert (first.status_code, first.json()["error"]["code"]) == (400, "validation_error")
    again = await client.post(MAILBOXES, json=wrong, headers=KEY)
    assert again.status_code == 400
    other = await client.post(MAILBOXES, json=NEW, headers=KEY)
    assert other.status_code == 409
    assert "another body" in _told(other)


async def test_other_callers_paths_and_keys_have_nothing_to_do_with_it(manager: Manager) -> None:
    one, two = await manager.bearer(), await manager.bearer(label="two")
    assert (await one.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201
    assert (await two.post(MAILBOXES, json={**NEW, "username": "bob"}, headers=KEY)).status_code == 201
    alias = {"alias": "news", "destinations": ["info@example.com"]}
    assert (await one.post("/api/domains/example.com/forwarders", json=alias, headers=KEY)).status_code == 201
    more = {"Idempotency-Key": "order-67"}
    assert (await one.post(MAILBOXES, json=NEW, headers=more)).status_code == 409, "the mailbox exists"


async def test_of_many_at_once_one_runs_and_the_others_are_told_to_wait(manager: Manager, stall: asyncio.Event) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=STALLED)
    sending = [asyncio.ensure_future(client.post(MAILBOXES, json=NEW, headers=KEY)) for _ in range(6)]
    await _until_sent(manager.sandbox)
    early, _ = await asyncio.wait(sending, timeout=0.5)
    assert len(early) == 5
    for each in early:
        answer = each.result()
        assert answer.status_code == 409
        assert int(answer.headers["Retry-After"]) > 0
        assert "in progress" in _told(answer)
    stall.set()
    answers = await asyncio.gather(*sending)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(writes(manager.sandbox)) == 1


async def test_another_replica_knows_the_key_while_it_runs_and_afterwards(
    manager: Manager, stall: asyncio.Event
) -> None:
    client = await manager.bearer()
    async with _replica(manager, client) as other:
        manager.sandbox.configure(faults=STALLED)
        sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW, headers=KEY))
        await _until_sent(manager.sandbox)
        running = await other.post(MAILBOXES, json=NEW, headers=KEY)
        assert running.status_code == 409
        assert "in progress" in _told(running)
        stall.set()
        first = await sending
        assert (await other.post(MAILBOXES, json=NEW, headers=KEY)).json() == first.json()
    assert len(writes(manager.sandbox)) == 1


async def test_two_replicas_that_begin_in_the_same_moment_run_it_once(manager: Manager) -> None:
    client = await manager.bearer()
    async with _replica(manager, client) as other:
        callers = [client, other] * 4
        answers = await asyncio.gather(*(caller.post(MAILBOXES, json=NEW, headers=KEY) for caller in callers))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(writes(manager.sandbox)) == 1


async def test_a_crash_between_effect_and_answer_is_told_and_not_done_twice(
    manager: Manager, clock: FakeClock, stall: asyncio.Event
) -> None:
    client = await manager.bearer()
    async with _replica(manager, client) as next_one:
        manager.sandbox.configure(faults=STALLED_AFTER)
        sending = asyncio.ensure_future(client.post(MAILBOXES, json=NEW, headers=KEY))
        await _until_sent(manager.sandbox)
        await _crash(manager)
        undecided = await next_one.post(MAILBOXES, json=NEW, headers=KEY)
        assert undecided.status_code == 409
        assert "in progress" in _told(undecided), "nobody knows yet"
        manager.sandbox.configure(faults=[])
        clock.jump(16)
        await manager.services.settler.round()
        decided = await next_one.post(MAILBOXES, json=NEW, headers=KEY)
        assert decided.status_code == 409
        assert "took effect" in _told(decided)
        assert "Retry-After" not in decided.headers
        assert len(writes(manager.sandbox)) == 1
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_a_crash_before_the_effect_leaves_the_key_free(manager: Manager, clock: FakeClock) -> None:
    client = await manager.bearer()
    async with _replica(manager, client) as next_one:
        manager.sandbox.configure(faults=[{"match": {"method": "POST"}, "kind": "status", "status_code": 504}])
        assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 504
        manager.sandbox.configure(faults=[])
        early = await next_one.post(MAILBOXES, json=NEW, headers=KEY)
        assert early.status_code == 409, "it may still take effect"
        clock.jump(16)
        await manager.services.settler.round()
        assert (await next_one.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201


async def test_a_key_whose_process_died_before_its_write_is_free_once_that_is_certain(
    manager: Manager, clock: FakeClock
) -> None:
    client = await manager.bearer()
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201
    async with manager.services.database.write() as tx:  # as if it had died right after taking the key
        lost = "UPDATE idempotency_key SET status = NULL, body = NULL, took_effect = :no, owner = :owner"
        await tx.session.execute(text(lost), {"no": False, "owner": "f" * 32})
        seen = clock.now().replace(tzinfo=None) if manager.services.settings.database_url is None else clock.now()
        values = {"id": "f" * 32, "now": str(seen) if manager.services.settings.database_url is None else seen}
        await tx.session.execute(text("INSERT INTO process (id, started_at, seen_at) VALUES (:id, :now, :now)"), values)
    other = {**NEW, "username": "alex"}
    assert "in progress" in _told(await client.post(MAILBOXES, json=other, headers=KEY))
    clock.jump(DEAD_AFTER.total_seconds() + 1)
    free = await client.post(MAILBOXES, json=other, headers=KEY)
    assert "exists already" in _told(free), "it ran, and found the mailbox there"


async def test_a_failure_is_not_kept(manager: Manager) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=[{"match": {"method": "POST"}, "kind": "status", "status_code": 500}])
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 502
    manager.sandbox.configure(faults=[])
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201


async def test_a_key_is_kept_for_a_day(manager: Manager, clock: FakeClock) -> None:
    client = await manager.bearer()
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201
    clock.jump(timedelta(hours=23, minutes=59).total_seconds())
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201
    clock.jump(120)
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 409, "it ran, and the mailbox exists"
    clock.jump(timedelta(hours=25).total_seconds())
    await manager.services.idempotency.tidy()
    async with manager.services.database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM idempotency_key"))).scalar() == 0


async def test_what_is_shown_once_is_not_kept(manager: Manager) -> None:
    browser = await manager.session()
    wanted = {"label": "ci", "is_admin": True}
    first = (await browser.post("/api/admin/api-tokens", json=wanted, headers=KEY)).json()["data"]
    again = (await browser.post("/api/admin/api-tokens", json=wanted, headers=KEY)).json()["data"]
    assert first.pop("token").startswith("mxm_")
    assert again == first
    async with manager.services.database.read() as session:
        rows = repr((await session.execute(text("SELECT * FROM idempotency_key"))).all())
    assert "Abcd1234" not in rows
    assert "mxm_" not in rows.replace(first["token_prefix"], "")


async def test_the_key_itself_is_not_kept(manager: Manager) -> None:
    """Scripts make keys of what they send, passwords included: a plain hash of a short one could be guessed."""
    client = await manager.bearer()
    assert (await client.post(MAILBOXES, json=NEW, headers=KEY)).status_code == 201
    async with manager.services.database.read() as session:
        rows = (await session.execute(text("SELECT * FROM idempotency_key"))).mappings().all()
    sent = KEY["Idempotency-Key"]
    assert [row["key"] for row in rows] == [manager.services.keys.digest("idempotency.key", sent.encode()).hex()]
    assert (
        rows[0]["key"] != KeyRing("another key for another installation").digest("idempotency.key", sent.encode()).hex()
    )
    assert sent not in repr(rows)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü"])
async def test_a_key_that_is_none_is_refused(manager: Manager, key: str) -> None:
    client = await manager.bearer()
    answer = await client.post(MAILBOXES, json=NEW, headers={b"Idempotency-Key": key.encode()})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "Idempotency-Key"
    assert writes(manager.sandbox) == []


async def _crash(manager: Manager) -> None:
    """As after `kill -9`: the process is not heard of any more, and long enough ago."""
    async with manager.services.database.write() as tx:
        owner = text("DELETE FROM process WHERE id = :id")
        await tx.session.execute(owner, {"id": manager.services.journal.process_id})
        ghost = {"ghost": "0" * 32, "id": manager.services.journal.process_id}
        await tx.session.execute(text("UPDATE write_intent SET owner = :ghost WHERE owner = :id"), ghost)
        await tx.session.execute(text("UPDATE idempotency_key SET owner = :ghost WHERE owner = :id"), ghost)
