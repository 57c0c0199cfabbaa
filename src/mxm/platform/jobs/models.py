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
        Index("ix_job_kind", "kind", "created_at"),
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
    waiting: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)
    """Its last `BudgetWait`, and how many items were `done` then; it holds while the job runs, up to its `until`."""
    cancel_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Raised by every visible change; the event id of those who follow the job."""
    handover_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when the items' `handover` may be fetched; none while the job runs."""


class ItemState(StrEnum):
    """The words for items that every kind shares; the others are the kind's own final words."""

    QUEUED = "queued"
    ATTEMPTING = "attempting"
    """Something was, or is about to be, sent for it: what became of it is looked up before it is touched again."""
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The job ended in the middle of it."""


UNFINISHED = (ItemState.QUEUED, ItemState.ATTEMPTING)
UNFINISHED_JOB = (JobState.QUEUED, JobState.RUNNING)
FINAL = tuple(state for state in JobState if state.is_final)


class JobItemRow(Base):
    """One item of a job. `sealed` is erased as soon as the item is done.

    `public` and `result` are shown to whoever may see the job.
    """

    __tablename__ = "job_item"

    job_id: Mapped[str] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(24))
    """`queued`, `attempting`, or the kind's own final word."""
    label: Mapped[str] = mapped_column(String(400))
    public: Mapped[dict[str, Any]] = mapped_column(JsonObject)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    handover: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the creator may fetch once the item is done: the sealed payload again, erased when it was taken."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonObject)


class LeaderRow(Base):
    """Which of several replicas does a duty that only one may do."""

    __tablename__ = "leader"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
