"""How a job ends, whichever way: secrets erased, every item with a word, the kind told, all in one transaction."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.errors import AppError
from mxm.platform.jobs.models import FINAL, ItemState, JobItemRow, JobRow, JobState

log = logging.getLogger("mxm.jobs")

HANDOVER = timedelta(hours=24)
"""How long after the end the creator may fetch what was made for them."""

Ended = Callable[[AsyncSession, JobRow], Awaitable[None]]
"""Told of a job's end, inside the transaction that records it: for the audit entry and the last results."""

_CUT = {"message": "The job ended in the middle of it; the audit log tells what became of it."}
_NEVER = {"message": "It was not tried: the job had ended."}


async def close(session: AsyncSession, job: JobRow, state: JobState, now: datetime, ended: Ended | None) -> None:
    """Make `state` (final) the job's last one."""
    if state not in FINAL:
        raise ValueError(f"{state} is no end")
    job.state, job.finished_at, job.troubles = state, now, 0
    never = ItemState.CANCELLED if state is JobState.CANCELLED else ItemState.FAILED
    await _word(session, job.id, ItemState.QUEUED, {"state": never, "result": _NEVER})
    await _word(session, job.id, ItemState.ATTEMPTING, {"state": ItemState.UNKNOWN, "result": _CUT})
    mine = JobItemRow.job_id == job.id
    erased = update(JobItemRow).where(mine, JobItemRow.sealed.is_not(None)).values(sealed=None)
    await session.execute(erased.execution_options(synchronize_session=False))
    waiting = exists().where(mine, JobItemRow.handover.is_not(None))
    if (await session.execute(select(waiting))).scalar():
        job.handover_until = now + HANDOVER
    if ended is not None:
        await _tell(ended, session, job)


async def _word(session: AsyncSession, job_id: str, state: ItemState, values: Mapping[str, Any]) -> None:
    mine = (JobItemRow.job_id == job_id, JobItemRow.state == state)
    await session.execute(update(JobItemRow).where(*mine).values(values).execution_options(synchronize_session=False))


async def _tell(ended: Ended, session: AsyncSession, job: JobRow) -> None:
    """A mistake in there must not keep a job from ending for ever; a fault of the database comes again later."""
    try:
        await ended(session, job)
    except (AppError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - our own mistake
        log.error("the end of job %s (%s) could not be told: %s", job.id, job.kind, type(error).__name__)
