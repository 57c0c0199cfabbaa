"""The unit of work: a write transaction, and the tagged changes that tell every cache what became untrue.

`generation` is one row whose value counts changes; taking its lock inside the transaction makes the numbers appear
in commit order on PostgreSQL too, so that a reader who has seen number n has seen everything up to n.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Integer, String, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db.base import Base

Published = Callable[[], Awaitable[None]]


class GenerationRow(Base):
    """The number of the latest change; exactly one row, made by the first migration."""

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)


class ChangeRow(Base):
    """One change: its number and the tag of what it made untrue. Old ones are trimmed."""

    __tablename__ = "generation_change"

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(String(400))


@dataclass
class WriteTx:
    """A write transaction: its session and the tags it changed."""

    session: AsyncSession
    tags: set[str] = field(default_factory=set)

    def changed(self, *tags: str) -> None:
        """Everything read under `tags` is untrue once this transaction commits."""
        self.tags.update(tags)

    async def alone(self, what: str) -> None:
        """See `alone`."""
        await alone(self.session, what)


async def alone(session: AsyncSession, what: str) -> None:
    """Wait until no other transaction, of any process, is alone with `what`; it ends with the transaction.

    Call it before reading what the change depends on. SQLite's writer is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


async def record_changes(session: AsyncSession, tags: Iterable[str]) -> None:
    """Number the changes, as the last thing in their transaction."""
    ordered = sorted(tags)
    statement = update(GenerationRow).values(value=GenerationRow.value + len(ordered)).returning(GenerationRow.value)
    last = (await session.execute(statement)).scalar_one()
    first = last - len(ordered) + 1
    await session.execute(insert(ChangeRow), [{"value": first + n, "tag": tag} for n, tag in enumerate(ordered)])
