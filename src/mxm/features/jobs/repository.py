"""Reading jobs and their items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.jobs.schemas import JobFilter
from mxm.platform.jobs import JobItemRow, JobRow


async def by_id(session: AsyncSession, job_id: str) -> JobRow | None:
    """A job as it is now."""
    return await session.get(JobRow, job_id)


async def newest(session: AsyncSession, wanted: JobFilter, limit: int) -> Sequence[JobRow]:
    """Up to `limit` matching jobs, newest first."""
    query = select(JobRow).order_by(JobRow.created_at.desc(), JobRow.id.desc()).limit(limit)
    if wanted.creator_key is not None:
        query = query.where(JobRow.creator_key == wanted.creator_key)
    if wanted.state is not None:
        query = query.where(JobRow.state == wanted.state)
    if wanted.kind is not None:
        query = query.where(JobRow.kind == wanted.kind)
    if wanted.before is not None:
        at, job_id = wanted.before
        query = query.where(or_(JobRow.created_at < at, and_(JobRow.created_at == at, JobRow.id < job_id)))
    return (await session.execute(query)).scalars().all()


async def items(session: AsyncSession, job_id: str) -> Sequence[JobItemRow]:
    """All items in order."""
    query = select(JobItemRow).where(JobItemRow.job_id == job_id).order_by(JobItemRow.position)
    return (await session.execute(query)).scalars().all()


async def handovers(session: AsyncSession, job_id: str) -> Sequence[JobItemRow]:
    """Items with something to hand over, in order."""
    query = select(JobItemRow).where(JobItemRow.job_id == job_id, JobItemRow.handover.is_not(None))
    return (await session.execute(query.order_by(JobItemRow.position))).scalars().all()


async def forget_handovers(session: AsyncSession, job_id: str, at: datetime) -> None:
    """They were taken: erase them."""
    await session.execute(update(JobItemRow).where(JobItemRow.job_id == job_id).values(handover=None))
    await session.execute(update(JobRow).where(JobRow.id == job_id).values(handover_until=at))
