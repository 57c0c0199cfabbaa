"""The tables of jobs: one row a job, and one for each of its items where a job works through a list."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base, JsonObject, UtcDateTime


class JobState(StrEnum):
    """Where a job stands; the last four are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTLY_FAILED = "partly_failed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {JobState.QUEUED, JobState.RUNNING}


class JobRow(Base):
    """Who wants what, how far it is, and who has it in hand until when."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_claim", "state", "run_at"),
        Index("ix_job_creator", "creator_key", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    params: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    """What the handler needs; no secrets (those are sealed in the items)."""
    created_by: Mapped[str] = mapped_column(String(320))
    creator_key: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before; a suspension sets it."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total: Mapped[int | None] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, default=0)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JsonObject)
    results: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    """The token of the present claim; new for every claim."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claims: Mapped[int] = mapped_column(Integer, default=0)
    troubles: Mapped[int] = mapped_column(Integer, default=0)
    """How often in a row a passing fault put it off."""
    cancel_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Raised by every visible change; the event id of those who follow the job."""


class JobItemRow(Base):
    """One item of a job. `sealed` is erased as soon as the item is done."""

    __tablename__ = "job_item"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(24))
    """`queued`, `attempting`, or the kind's own final word."""
    label: Mapped[str] = mapped_column(String(400))
    public: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)
