"""Whatever becomes of a write upstream: the caller hears the truth, and journal, audit log and follow-ups agree.

Each test sends eight different writes under one fault, over a real socket. "Before" and "after" say whether the fault
struck before or after the write took effect at MXroute.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from faults.subjects import SUBJECTS, D, Subject
from mxm.features.audit.models import AuditRow
from mxm.features.identity.models import TokenGrantRow
from mxm.features.mailboxes.models import RecoveryRow
from mxm.platform.journal import IntentRow
from support.clock import FakeClock
from support.journal_truth import sent_more_than_once, writes
from support.manager import Manager
from support.network import networked_manager
from support.program import until

NO_EFFECT = "took no effect"


@dataclass(frozen=True)
class Case:
    """A fault, and what is true under it. `status` None means success; `settled` is outcome and source."""

    name: str
    fault: dict[str, Any] = field(default_factory=dict)
    effect: bool = True
    status: int | None = None
    says: str = ""
    settled: tuple[str, str | None] = ("applied", "answer")
    audited: bool = True
    code: str | None = None


def _after(name: str, **fault: Any) -> Case:
    """The write took effect, its answer does not say so: reading back does."""
    return Case(name, fault, settled=("applied", "read_back"))


def _before(name: str, **fault: Any) -> Case:
    """An end without effect, found by reading back."""
    return Case(name, fault, False, 502, NO_EFFECT, ("not_applied", "read_back"), code="upstream_error")


def _refused(status: int, told: int, code: str) -> Case:
    fault = {"kind": "status", "status_code": status, "message": "No, because"}
    return Case(f"{status} refusal", fault, False, told, "No, because", ("not_applied", "answer"), False, code)


_STILL_OPEN: tuple[str, str | None] = ("open", None)

CASES = [
    Case("plain answer"),
    _refused(400, 400, "validation_error"),
    _refused(409, 409, "conflict"),
    _refused(401, 502, "upstream_error"),
    _refused(403, 502, "upstream_error"),
    _before("500 before", kind="status", status_code=500),
    _before("503 before", kind="status", status_code=503),
    _before("HTML 500 before", kind="html", status_code=500),
    _before("HTML 404 before", kind="html", status_code=404),
    _before("HTML 200 before", kind="html"),
    _before("garbage before", kind="garbage"),
    _after("500 after", kind="status_after_effect", status_code=500),
    _after("503 after", kind="status_after_effect", status_code=503),
    _after("HTML after", kind="html_after_effect", status_code=200),
    _after("garbage after", kind="garbage_after_effect"),
    _after("half a body", kind="half_body"),
    _after("lost answer", kind="lose_answer"),
    _after("silence after", kind="stall_after_effect", delay_seconds=3),
    Case("502 before", {"kind": "status", "status_code": 502}, False, 502, NO_EFFECT, _STILL_OPEN, False),
    Case("504 before", {"kind": "status", "status_code": 504}, False, 504, NO_EFFECT, _STILL_OPEN, False),
    Case("cut before", {"kind": "drop"}, False, 502, NO_EFFECT, _STILL_OPEN, False, "upstream_error"),
    Case(
        "silence", {"kind": "stall", "delay_seconds": 60}, False, 504, NO_EFFECT, _STILL_OPEN, False, "upstream_timeout"
    ),
]


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    """Its clock stands still, so that nothing is settled behind our back."""
    async with networked_manager(tmp_path, patience=0.3, clock=FakeClock(datetime.now(UTC))) as found:
        yield found


async def _prepared(manager: Manager) -> httpx2.AsyncClient:
    """An administrator; a recovery address and rights that go with what is deleted."""
    client = await manager.bearer()
    address = {"recovery_email": "owner@example.org"}
    set_address = await client.patch(f"/api/domains/{D}/email-accounts/info/recovery", json=address)
    assert set_address.status_code == 200
    await manager.token({"bakery.example": ["emails"]})
    return client


async def _recovery(manager: Manager) -> set[str]:
    async with manager.services.database.read() as session:
        return set((await session.execute(select(RecoveryRow.username))).scalars())


async def _granted(manager: Manager) -> set[str]:
    async with manager.services.database.read() as session:
        return set((await session.execute(select(TokenGrantRow.domain))).scalars())


async def _books(manager: Manager, subject: Subject) -> tuple[tuple[str, str | None], list[tuple[str, str]]]:
    """The intent's state and source, and the audit entries."""
    async with manager.services.database.read() as session:
        intent = (await session.execute(select(IntentRow).where(IntentRow.action == subject.action))).scalars().one()
        entries = (await session.execute(select(AuditRow).where(AuditRow.action == subject.action))).scalars().all()
    return (intent.state, intent.settled_by), [(entry.outcome, entry.settled_by) for entry in entries]


def _strike(manager: Manager, case: Case) -> None:
    if case.fault:
        methods = [{"method": method} for method in ("POST", "PATCH", "DELETE")]
        manager.sandbox.configure(faults=[{"match": match, **case.fault} for match in methods])


async def _send(client: httpx2.AsyncClient, subject: Subject) -> httpx2.Response:
    return await client.request(subject.method, subject.path, json=subject.body)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_caller_the_journal_and_the_audit_log_tell_the_truth(manager: Manager, case: Case) -> None:
    client = await _prepared(manager)
    _strike(manager, case)
    for subject in SUBJECTS:
        answer = await _send(client, subject)
        assert answer.status_code == (case.status or subject.success), (subject.name, answer.text)
        if case.status is not None:
            error = answer.json()["error"]
            assert case.says in error["message"], (subject.name, error)
            assert case.code in {None, error["code"]}
        assert subject.effect(manager.sandbox) is case.effect, subject.name
        settled, audited = await _books(manager, subject)
        assert settled == case.settled, subject.name
        assert audited == ([case.settled] if case.audited else []), subject.name
    assert sent_more_than_once(writes(manager.sandbox)) == {}
    assert len(writes(manager.sandbox)) == len(SUBJECTS)
    assert await _recovery(manager) == ({"alex"} if case.effect else {"info"})
    assert await _granted(manager) == (set() if case.effect else {"bakery.example"})


async def test_what_came_late_is_found_by_the_settler_with_its_follow_ups(manager: Manager) -> None:
    client = await _prepared(manager)
    _strike(manager, Case("late", {"kind": "stall", "delay_seconds": 0.8}))
    for subject in SUBJECTS:
        answer = await _send(client, subject)
        assert answer.status_code == 504, (subject.name, answer.text)
        assert NO_EFFECT in answer.json()["error"]["message"]
    assert await _granted(manager) == {"bakery.example"}
    await until(lambda: all(subject.effect(manager.sandbox) for subject in SUBJECTS))

    await manager.services.settler.round()
    for subject in SUBJECTS:
        settled, audited = await _books(manager, subject)
        assert (settled, audited) == (("applied", "recovery"), [("applied", "recovery")]), subject.name
    assert await _recovery(manager) == {"alex"}
    assert await _granted(manager) == set()
    assert len(writes(manager.sandbox)) == len(SUBJECTS)


async def test_what_never_came_is_noted_as_not_applied_once_that_is_certain(manager: Manager) -> None:
    clock = manager.services.clock
    assert isinstance(clock, FakeClock)
    client = await _prepared(manager)
    _strike(manager, Case("cut", {"kind": "drop"}))
    for subject in SUBJECTS:
        await _send(client, subject)
    clock.jump(14)
    await manager.services.settler.round()
    assert {(await _books(manager, subject))[0] for subject in SUBJECTS} == {_STILL_OPEN}, "it may still come"
    clock.jump(2)
    await manager.services.settler.round()
    for subject in SUBJECTS:
        settled, audited = await _books(manager, subject)
        assert (settled, audited) == (("not_applied", "recovery"), [("not_applied", "recovery")]), subject.name
    assert await _recovery(manager) == {"info"}
    assert await _granted(manager) == {"bakery.example"}


@pytest.mark.parametrize("kind", ["lose_answer", "drop"])
async def test_a_password_whose_answer_was_lost_stays_unknown(manager: Manager, kind: str) -> None:
    clock = manager.services.clock
    assert isinstance(clock, FakeClock)
    client = await _prepared(manager)
    _strike(manager, Case("password", {"kind": kind}))
    answer = await client.patch(f"/api/domains/{D}/email-accounts/info", json={"password": "Changed1234"})
    assert answer.status_code == 502
    assert "the password cannot be read back" in answer.json()["error"]["message"]
    assert "Changed1234" not in answer.text
    clock.jump(16)
    await manager.services.settler.round()
    async with manager.services.database.read() as session:
        intent = (await session.execute(select(IntentRow))).scalars().one()
        entry = (await session.execute(select(AuditRow).where(AuditRow.action == intent.action))).scalars().one()
    assert (intent.state, entry.outcome) == ("unknown", "unknown")
    assert manager.sandbox.check_password(f"info@{D}", "Changed1234") is (kind == "lose_answer")
    assert len(writes(manager.sandbox)) == 1
