"""Items of a job: read in order, marked before anything is sent for them, each finished once.

Plain functions on a session, so that a follow-up of the write journal can finish an item in its own transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.jobs.models import UNFINISHED, ItemState, JobItemRow, JobRow

SEAL = "job.item"
"""The purpose of the key that items are sealed with."""
TAG = "job:"
"""Prefix of the tag of a job's changes."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be worked through. `secret` (JSON) is sealed on its way into the database.

    One that needs no work comes with its final `state` and `result`: it keeps its place among the others.
    """

    label: str
    public: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = None
    secret: Any = field(default=None, repr=False)
    state: str = ItemState.QUEUED
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class JobItem:
    """An item as a handler sees it."""

    position: int
    state: str
    label: str
    public: Mapping[str, Any]
    sealed: bytes | None = field(default=None, repr=False)


def place(job_id: str, position: int) -> str:
    """What an item's seal is bound to."""
    return f"{job_id}:{position}"


async def page(
    session: AsyncSession, job_id: str, states: Sequence[str], *, after: int = -1, size: int = 50
) -> list[JobItem]:
    """The next items in one of `states`, in order."""
    mine = (JobItemRow.job_id == job_id, JobItemRow.position > after, JobItemRow.state.in_(states))
    rows = await session.execute(select(JobItemRow).where(*mine).order_by(JobItemRow.position).limit(size))
    return [JobItem(row.position, row.state, row.label, row.public, row.sealed) for row in rows.scalars()]


async def has_attempting(session: AsyncSession, job_id: str) -> bool:
    """Whether what became of any item has to be looked up."""
    return bool(await page(session, job_id, [ItemState.ATTEMPTING], size=1))


async def mark_attempting(session: AsyncSession, job_id: str, position: int) -> bool:
    """Note that something may be sent for it from now on; False when it was finished meanwhile."""
    return await _changed(session, job_id, position, UNFINISHED, {"state": ItemState.ATTEMPTING})


async def requeue(session: AsyncSession, job_id: str, position: int) -> bool:
    """What was sent for it took no effect for certain: it waits for its turn again."""
    return await _changed(session, job_id, position, [ItemState.ATTEMPTING], {"state": ItemState.QUEUED})


async def finish_item(
    session: AsyncSession,
    job_id: str,
    position: int,
    state: str,
    *,
    result: Mapping[str, Any] | None = None,
    hand_over: bool = False,
    handover: bytes | None = None,
    gets_on: bool = False,
) -> list[str]:
    """Give an item its final word, erase its secret and count it; returns the tags that this changes.

    A second word is ignored, but for an item of which nothing was known. `hand_over` keeps the sealed payload for the
    creator to fetch; `handover` keeps another one, sealed in the same way. `gets_on`: faults before do not count now.
    """
    # The job's row first, as the fence takes it: two transactions never wait for each other.
    job = select(JobRow.id).where(JobRow.id == job_id).with_for_update()
    if (await session.execute(job)).scalar() is None:
        return []
    values: dict[str, Any] = {"state": state, "result": dict(result) if result else None, "sealed": None}
    if hand_over:
        values["handover"] = JobItemRow.sealed
    elif handover is not None:
        values["handover"] = handover
    if not await _changed(session, job_id, position, (*UNFINISHED, ItemState.UNKNOWN), values):
        return []
    counted: dict[str, Any] = {"done": JobRow.done + 1, "version": JobRow.version + 1}
    if gets_on:
        counted["troubles"] = 0
    await session.execute(update(JobRow).where(JobRow.id == job_id).values(counted))
    return [TAG + job_id]


async def state_counts(session: AsyncSession, job_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """For each job how many of its items are in which state."""
    query = select(JobItemRow.job_id, JobItemRow.state, func.count()).where(JobItemRow.job_id.in_(list(job_ids)))
    found: dict[str, dict[str, int]] = {}
    for job_id, state, count in await session.execute(query.group_by(JobItemRow.job_id, JobItemRow.state)):
        found.setdefault(job_id, {})[state] = count
    return found


async def _changed(
    session: AsyncSession, job_id: str, position: int, states: Sequence[str], values: Mapping[str, Any]
) -> bool:
    mine = (JobItemRow.job_id == job_id, JobItemRow.position == position, JobItemRow.state.in_(states))
    changing = update(JobItemRow).where(*mine).values(values).returning(JobItemRow.position)
    changing = changing.execution_options(synchronize_session=False)
    return (await session.execute(changing)).scalar() is not None
