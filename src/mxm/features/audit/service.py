"""Recording and reading the audit log."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit import repository
from mxm.features.audit.models import AuditRow
from mxm.features.audit.rules import Action, checked_details
from mxm.features.audit.schemas import LogEntry, LogFilter, LogPage
from mxm.platform.access import Caller
from mxm.platform.cells import csv_lines
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import NotFound
from mxm.platform.idempotency import mark_effect
from mxm.platform.journal import AuditEvent, Effect, Recorded

COLUMNS = ("timestamp", "user", "action", "target", "details", "outcome", "settled_by", "request_id", "address", "id")
_PAGE = 1000


class AuditLog:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def record(self, session: AsyncSession, caller: Caller, action: Action, target: str, **details: Any) -> None:
        """Note, inside the caller's transaction, what that transaction does."""
        recorded = Recorded(caller.name, caller.request_id, caller.address, Effect.APPLIED, "answer")
        await mark_effect(session, caller.idempotency_id)
        await self.record_outcome(session, AuditEvent(action, target, details), recorded)

    async def record_outcome(self, session: AsyncSession, event: AuditEvent, recorded: Recorded) -> None:
        """Note what became of an upstream write (the journal's `AuditRecorder`)."""
        now = self._clock.now()
        session.add(
            AuditRow(
                at=now,
                day=now.date().isoformat(),
                actor=recorded.actor,
                action=event.action,
                target=event.target,
                details=checked_details(Action(event.action), event.details),
                outcome=recorded.effect.value,
                settled_by=recorded.settled_by,
                request_id=recorded.request_id,
                address=recorded.address,
            )
        )

    async def page(self, wanted: LogFilter, limit: int) -> tuple[LogPage, str | None]:
        """Entries and the cursor of the next page, if there is one."""
        async with self._database.read() as session:
            rows = await repository.newest(session, wanted, limit + 1)
            days = await repository.days(session)
        page = LogPage(
            entries=[_entry(row) for row in rows[:limit]],
            current_date=wanted.day or self._clock.now().date(),
            available_dates=[date.fromisoformat(day) for day in days],
        )
        return page, str(rows[limit - 1].id) if len(rows) > limit else None

    async def entry(self, entry_id: int) -> LogEntry:
        """One entry. Raises `NotFound`."""
        async with self._database.read() as session:
            row = await repository.by_id(session, entry_id)
        if row is None:
            raise NotFound("There is no such entry.")
        return _entry(row)

    async def download(self, wanted: LogFilter, form: Literal["csv", "jsonl"]) -> AsyncIterator[str]:
        """All matching entries as lines of text."""
        if form == "csv":
            for line in csv_lines(COLUMNS, []):
                yield line
        async for row in self._each(wanted):
            entry = _entry(row).model_dump(mode="json")
            yield _csv_line(entry) if form == "csv" else json.dumps(entry, ensure_ascii=False) + "\n"

    async def _each(self, wanted: LogFilter) -> AsyncIterator[AuditRow]:
        """All matching rows, newest first. While one is sent no connection is held: the client may stop reading."""
        while True:
            async with self._database.read() as session:
                rows = await repository.newest(session, wanted, _PAGE)
            for row in rows:
                yield row
            if len(rows) < _PAGE:
                return
            wanted = wanted.model_copy(update={"before_id": rows[-1].id})


def _csv_line(entry: Mapping[str, Any]) -> str:
    return next(iter(csv_lines([_cell(entry[column]) for column in COLUMNS], [])))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _entry(row: AuditRow) -> LogEntry:
    return LogEntry.model_validate(
        {
            "timestamp": row.at,
            "user": row.actor,
            "action": row.action,
            "target": row.target,
            "details": row.details,
            "id": row.id,
            "outcome": row.outcome,
            "settled_by": row.settled_by,
            "request_id": row.request_id,
            "address": row.address,
        }
    )
