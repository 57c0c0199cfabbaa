"""Reading and adding audit rows."""

from collections.abc import Sequence

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.models import AuditRow
from mxm.features.audit.schemas import LogFilter

_DAYS_LISTED = 400


async def newest(session: AsyncSession, wanted: LogFilter, limit: int) -> Sequence[AuditRow]:
    """Up to `limit` matching rows, newest first."""
    return (await session.execute(_matching(wanted).limit(limit))).scalars().all()


async def by_id(session: AsyncSession, entry_id: int) -> AuditRow | None:
    """One row."""
    return await session.get(AuditRow, entry_id)


async def days(session: AsyncSession) -> list[str]:
    """Days that have entries, newest first."""
    query = select(AuditRow.day).distinct().order_by(AuditRow.day.desc()).limit(_DAYS_LISTED)
    return list((await session.execute(query)).scalars())


def _matching(wanted: LogFilter) -> Select[AuditRow]:
    query = select(AuditRow).order_by(AuditRow.id.desc())
    if wanted.before_id is not None:
        query = query.where(AuditRow.id < wanted.before_id)
    if wanted.day:
        query = query.where(AuditRow.day == wanted.day.isoformat())
    if wanted.actor:
        query = query.where(AuditRow.actor.icontains(wanted.actor, autoescape=True))
    if wanted.action:
        query = query.where(AuditRow.action.startswith(wanted.action, autoescape=True))
    if wanted.target:
        query = query.where(AuditRow.target.icontains(wanted.target, autoescape=True))
    if wanted.text:
        columns = (AuditRow.actor, AuditRow.action, AuditRow.target, cast(AuditRow.details, String))
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return query
