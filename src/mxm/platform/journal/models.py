"""The journal's tables: one row for each intended write, one for each process that writes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db.base import Base, JsonObject, UtcDateTime

OPEN = "open"
"""The state of a write whose outcome is not known yet."""
DEAD_AFTER = timedelta(seconds=10)
"""A process that has not been seen for so long is taken for dead. Its late outcome is ignored."""


class IntentRow(Base):
    """One upstream write: what is meant, and what became of it."""

    __tablename__ = "write_intent"
    __table_args__ = (
        Index("ix_write_intent_open", "state", "created_at"),
        Index("ix_write_intent_key", "idempotency_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner: Mapped[str | None] = mapped_column(String(32))
    """The process that has it in hand; none = to be settled by whoever comes."""
    state: Mapped[str] = mapped_column(String(16))
    """`open`, or an `Effect`."""
    actor: Mapped[str] = mapped_column(String(320))
    request_id: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    idempotency_id: Mapped[str | None] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(400))
    details: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    upstream: Mapped[str] = mapped_column(String(16))
    operation: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    check: Mapped[dict[str, Any]] = mapped_column("check_spec", JsonObject)
    drops: Mapped[list[str]] = mapped_column(JsonObject)
    followups: Mapped[list[dict[str, Any]]] = mapped_column(JsonObject)
    free_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its owner gave it up with the answer still open."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(16))
    """`answer`, `read_back` (at once) or `recovery` (later)."""
    finding: Mapped[str | None] = mapped_column(Text)


class ProcessRow(Base):
    """One running server process; it is taken for dead when `seen_at` is old."""

    __tablename__ = "process"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
