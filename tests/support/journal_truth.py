"""Compares what the journal and the audit log claim with what the sandbox really did."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from mxm_sandbox import Sandbox
from mxm_sandbox.requestlog import LogEntry

_INTENTS = "SELECT action, target, details, state, settled_by, operation, idempotency_id FROM write_intent"
_AUDIT = "SELECT action, target, details, outcome, settled_by FROM audit_entry"


@dataclass(frozen=True)
class Row:
    """An intent or an audit entry."""

    action: str
    target: str
    entry: str
    """The list entry, for the actions whose target is only the domain."""
    outcome: str
    settled_by: str | None

    @property
    def thing(self) -> tuple[str, str, str]:
        return self.action, self.target, self.entry


class Books:
    """The tables of one database, read from outside the server."""

    def __init__(self, place: Path | str) -> None:
        """A SQLite file or a PostgreSQL address."""
        self._place = place

    def intents(self) -> list[Row]:
        return [_row(r[0], r[1], r[2], r[3], r[4]) for r in self.rows(_INTENTS)]

    def audit(self) -> list[Row]:
        return [_row(*r) for r in self.rows(_AUDIT)]

    def open_intents(self) -> int:
        found: int = self.rows("SELECT count(*) FROM write_intent WHERE state = 'open'")[0][0]
        return found

    def rows(self, query: str) -> list[Any]:
        if isinstance(self._place, Path):
            with sqlite3.connect(f"file:{self._place}?mode=ro", uri=True, timeout=10) as connection:
                found = connection.execute(query).fetchall()
            connection.close()
            return found
        engine = create_engine(self._place.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connected:
            result = [tuple(row) for row in connected.execute(text(query))]
        engine.dispose()
        return result


def _row(action: str, target: str, details: Any, outcome: str, settled_by: str | None) -> Row:
    known = json.loads(details) if isinstance(details, str) else details
    return Row(action, target, known.get("entry", ""), outcome, settled_by)


def writes(sandbox: Sandbox) -> list[LogEntry]:
    """What was sent to the sandbox and was no read."""
    return [entry for entry in sandbox.log if entry.method != "GET"]


def sent_more_than_once(entries: list[LogEntry]) -> dict[tuple[str, str, str | None], int]:
    """Writes that came twice: the same method, path and body."""
    counts = Counter((e.method, e.path, e.body_sha256) for e in entries)
    return {write: count for write, count in counts.items() if count > 1}


def audit_gaps(intents: list[Row], audit: list[Row]) -> list[str]:
    """Where the audit log differs from the outcomes; refusals heard as an answer are no entries."""
    due = Counter(
        (*i.thing, i.outcome, i.settled_by) for i in intents if (i.outcome, i.settled_by) != ("not_applied", "answer")
    )
    actions = {i.action for i in intents}
    there = Counter((*a.thing, a.outcome, a.settled_by) for a in audit if a.action in actions)
    return [f"{key}: {due[key]} due, {there[key]} there" for key in due | there if due[key] != there[key]]
