"""The audit log's table. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base, JsonObject, UtcDateTime


class AuditRow(Base):
    """One entry."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_day", "day", "id"), Index("ix_audit_entry_target", "target", "id"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[str] = mapped_column(String(10))
    """The UTC date, kept apart so that both databases can list days quickly."""
    actor: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(400))
    details: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    outcome: Mapped[str] = mapped_column(String(16))
    settled_by: Mapped[str] = mapped_column(String(16))
    request_id: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
