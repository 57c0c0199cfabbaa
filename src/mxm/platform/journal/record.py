"""What the journal hands to the audit log, and what it keeps to be done when a write turns out applied."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.journal.write import Effect


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened, in the words of the audit vocabulary. `details` holds no secret."""

    action: str
    target: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Followup:
    """A change of our own database that belongs to a write: done in the transaction that records it as applied.

    Named and plain JSON, so that it is done as well when the outcome is only learned after a crash.
    """

    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who did it, through which request, and what became of it."""

    actor: str
    request_id: str
    address: str | None
    effect: Effect
    settled_by: str


class AuditRecorder(Protocol):
    """Writes one audit entry into the caller's transaction."""

    async def __call__(self, session: AsyncSession, event: AuditEvent, recorded: Recorded) -> None: ...
