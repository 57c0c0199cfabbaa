"""A row found `attempting`: what the journal says of its requests decides, and nothing is ever sent on hope."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from mxm.features.mailboxes.api import IMPORT
from mxm.features.mailboxes.workflows import TRIES, row_key
from mxm.platform.access import Caller, Principal
from mxm.platform.jobs import ItemState, JobItemRow, NewItem
from mxm.platform.journal import IntentRow
from support.jobs import finished
from support.journal_truth import writes
from support.manager import Manager, running_manager

SECRET = {
    "domain": "example.com",
    "username": "alex",
    "password": "Abcd1234",
    "quota": 1024,
    "limit": 9600,
    "recovery_email": None,
    "generated": True,
}


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    async with running_manager(tmp_path) as found:
        yield found


async def outcome(manager: Manager, *requests: tuple[str, str | None], cancelled: bool = False) -> JobItemRow:
    """The row of a job that was under way when its process died, with these requests (state, settled by)."""
    client = await manager.bearer()
    durable, caller = manager.services.durable, Caller(Principal("system", "system", "system"), "request-1")
    async with manager.services.database.write() as tx:
        item = NewItem("alex@example.com", {"line": 1, "email": "alex@example.com"}, secret=SECRET)
        job = await durable.store.create(tx, caller, IMPORT, {"target": "example.com"}, [item])
        (await tx.session.get_one(JobItemRow, (job.id, 0))).state = ItemState.ATTEMPTING
        job.cancel_requested = cancelled
        for number, (state, by) in enumerate(requests):
            tx.session.add(intent(row_key(job.id, 0), number, state, by))
    await finished(client, {"id": job.id})
    async with manager.services.database.read() as session:
        return (await session.execute(select(JobItemRow).where(JobItemRow.job_id == job.id))).scalar_one()


def intent(key: str, number: int, state: str, by: str | None) -> IntentRow:
    at = datetime.now(UTC) - timedelta(minutes=10 - number)
    return IntentRow(
        id=f"{number}".rjust(32, "0"),
        created_at=at,
        owner=None,
        state=state,
        actor="system",
        request_id="request-1",
        address=None,
        idempotency_id=key,
        action="mailbox.create",
        target="alex@example.com",
        details={},
        upstream="mxroute",
        operation="createEmailAccount",
        body_hash=b"x" * 32,
        check={},
        drops=[],
        followups=[],
        settled_at=at if by else None,
        settled_by=by,
        finding="It is so." if by else None,
    )


def creations(manager: Manager) -> int:
    return len(writes(manager.sandbox))


async def exists(manager: Manager) -> None:
    body = {"username": "alex", "password": "Other1234"}
    answer = await (await manager.bearer(label="other")).post("/api/domains/example.com/email-accounts", json=body)
    assert answer.status_code == 201


async def test_nothing_was_sent_so_it_is_sent(manager: Manager) -> None:
    row = await outcome(manager)
    assert (row.state, creations(manager)) == ("created", 1)
    assert row.handover is not None


@pytest.mark.parametrize("by", ["answer", "recovery"])
async def test_without_effect_for_certain_it_is_sent_again(manager: Manager, by: str) -> None:
    row = await outcome(manager, ("not_applied", by))
    assert (row.state, creations(manager)) == ("created", 1)


async def test_what_mxroute_answered_and_reading_back_denied_has_failed(manager: Manager) -> None:
    row = await outcome(manager, ("not_applied", "read_back"))
    assert (row.state, row.result, creations(manager)) == ("failed", {"message": "It is so."}, 0)


async def test_silence_is_not_asked_for_ever(manager: Manager) -> None:
    row = await outcome(manager, *[("not_applied", "recovery")] * TRIES)
    assert (row.state, creations(manager)) == ("failed", 0)


async def test_an_unknown_effect_and_a_mailbox_that_is_there_is_unconfirmed(manager: Manager) -> None:
    await exists(manager)
    row = await outcome(manager, ("unknown", "recovery"))
    assert (row.state, creations(manager), row.handover) == ("created_unconfirmed", 1, None)
    assert row.result is not None
    assert "password" in row.result["message"]


async def test_an_unknown_effect_and_no_mailbox_is_sent_again(manager: Manager) -> None:
    row = await outcome(manager, ("unknown", "recovery"))
    assert (row.state, creations(manager)) == ("created", 1)


async def test_a_mailbox_that_came_to_be_after_silence_may_be_ours(manager: Manager) -> None:
    await exists(manager)
    row = await outcome(manager, ("not_applied", "recovery"))
    assert (row.state, creations(manager)) == ("created_unconfirmed", 1)


async def test_a_mailbox_that_came_to_be_after_a_refusal_is_not_ours(manager: Manager) -> None:
    await exists(manager)
    row = await outcome(manager, ("not_applied", "answer"))
    assert (row.state, creations(manager)) == ("already_exists", 1)


async def test_an_open_request_is_waited_for(manager: Manager) -> None:
    """The settler reads that nothing came of it, long after it could have."""
    row = await outcome(manager, ("open", None))
    assert (row.state, creations(manager)) == ("created", 1)


async def test_of_a_cancelled_job_nothing_is_sent_again(manager: Manager) -> None:
    row = await outcome(manager, ("not_applied", "recovery"), cancelled=True)
    assert (row.state, creations(manager)) == ("cancelled", 0)


async def test_an_applied_request_is_never_doubted(manager: Manager) -> None:
    row = await outcome(manager, ("applied", "recovery"))
    assert (row.state, creations(manager), row.handover is None) == ("created", 0, False)
