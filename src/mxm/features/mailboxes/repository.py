"""Reading and changing recovery addresses."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.mailboxes.models import RecoveryRow
from mxm.platform.db.work import alone
from mxm.platform.journal import IntentRow


async def of_domain(session: AsyncSession, domain: str) -> dict[str, str]:
    """Recovery addresses by username."""
    query = select(RecoveryRow.username, RecoveryRow.email).where(RecoveryRow.domain == domain)
    return {row.username: row.email for row in await session.execute(query)}


async def put(session: AsyncSession, domain: str, username: str, email: str | None) -> None:
    """Set the address; None removes it."""
    await alone(session, f"recovery:{username}@{domain}")  # two at once would both insert
    mine = (RecoveryRow.domain == domain, RecoveryRow.username == username)
    await session.execute(delete(RecoveryRow).where(*mine))
    if email is not None:
        session.add(RecoveryRow(domain=domain, username=username, email=email))


async def intents(session: AsyncSession, key: str) -> Sequence[IntentRow]:
    """What was sent for a row of an import, oldest first."""
    query = select(IntentRow).where(IntentRow.idempotency_id == key).order_by(IntentRow.created_at)
    return (await session.execute(query)).scalars().all()


async def forget_domain(session: AsyncSession, domain: str) -> None:
    """Remove all addresses of a domain."""
    await session.execute(delete(RecoveryRow).where(RecoveryRow.domain == domain))
