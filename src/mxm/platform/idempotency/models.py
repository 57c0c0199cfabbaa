"""The table of keys: one row for each caller, method, path and key, for 24 hours."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String, Text, UniqueConstraint, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db.base import Base, UtcDateTime


class IdempotencyRow(Base):
    """A key in use: while it runs without a status, afterwards with the answer to repeat."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("caller", "method", "path", "key", name="uq_idempotency_key_use"),
        Index("ix_idempotency_key_created", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    caller: Mapped[str] = mapped_column(String(80))
    method: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(600))
    key: Mapped[str] = mapped_column(String(255))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    owner: Mapped[str | None] = mapped_column(String(32))
    """The process that runs the request; none once it has ended."""
    took_effect: Mapped[bool] = mapped_column(Boolean, default=False)
    """Set in the transaction of the effect itself: whatever happens to the answer, it is not done again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[str | None] = mapped_column(Text)


async def mark_effect(session: AsyncSession, idempotency_id: str | None) -> None:
    """Note, inside the transaction of an effect, that the request with this key has had it."""
    if idempotency_id is not None:
        row = update(IdempotencyRow).where(IdempotencyRow.id == idempotency_id)
        await session.execute(row.values(took_effect=True))
