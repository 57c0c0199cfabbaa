"""What the audit log shows."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from mxm.platform.envelope import Output


class LogEntry(Output):
    """One recorded action."""

    timestamp: datetime = Field(examples=["2026-11-22T12:00:00Z"])
    user: str = Field(description="A login, `token:<label>`, `system` or `public`.", examples=["token:ci"])
    action: str = Field(examples=["mailbox.create"])
    target: str = Field(description="The domain or full address.", examples=["alex@example.com"])
    details: dict[str, Any] = Field(examples=[{"quota": 1024, "limit": 9600}])
    id: int
    outcome: Literal["applied", "not_applied", "unknown"] = Field(
        description="What became of it; `unknown` when upstream's answer was lost and reading back cannot tell."
    )
    settled_by: Literal["answer", "read_back", "recovery"] = Field(
        description="How that is known: by the answer, by reading back at once, or later, after a crash."
    )
    request_id: str
    address: str | None = Field(description="The caller's network address.")


class LogPage(Output):
    """Entries, newest first."""

    entries: list[LogEntry]
    current_date: date = Field(description="The day asked for, else today (UTC).")
    available_dates: list[date] = Field(description="Days (UTC) that have entries, newest first.")


class LogFilter(Output):
    """Which entries are wanted; all conditions must hold."""

    day: date | None = None
    actor: str | None = None
    action: str | None = None
    target: str | None = None
    text: str | None = None
    before_id: int | None = None
