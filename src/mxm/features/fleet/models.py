"""Tables: what is known of each domain, and when all of them were last looked at."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base, JsonObject, UtcDateTime


class FleetSnapshotRow(Base):
    """One domain. Values keep until newer ones were read."""

    __tablename__ = "fleet_snapshot"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    mail_hosting: Mapped[bool | None] = mapped_column(Boolean)
    dns: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)
    """`{overall, checks: {key: {status}}}`."""
    mailbox_count: Mapped[int | None] = mapped_column(Integer)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Our own writes settled later are not in the count yet."""
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last look at hosting and DNS began."""
    hosting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When hosting was last switched here: who looked before that knows nothing of it."""
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    """Why the last try failed; none after one that did not."""


class FleetRunRow(Base):
    """The end of the last refresh that went through all domains; one row."""

    __tablename__ = "fleet_run"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
