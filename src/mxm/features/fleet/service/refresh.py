"""Reading all domains anew: a job that asks MXroute two things once and two more of each domain, behind people.

At most 2 N + 3 reads for N domains: the names, the mailboxes of the whole account, and what the health of each domain
takes (its detail, and the records it should have, which are kept for a day).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.fleet import repository
from mxm.features.fleet.rules import by_domain, corrected
from mxm.features.fleet.service.health import SeenHealth, row_values
from mxm.features.fleet.service.overview import TAG
from mxm.platform.access import Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError, RateLimited, Unavailable
from mxm.platform.jobs import JobContext, JobRow, JobState, JobStore
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.mxroute.link import MXrouteRead

log = logging.getLogger("mxm.fleet")

T = TypeVar("T")

KIND = "fleet.refresh"
_AT_ONCE = 4
"""Domains looked at together, so that one with slow DNS does not hold up the others."""
_LISTED_AT_LEAST = timedelta(hours=2)
"""MXroute's list of mailboxes is hourly old: what we wrote before that is surely in it."""


HealthOf = Callable[[str], Awaitable[SeenHealth]]
"""The health of one domain, from at most two reads. May raise `AppError`."""


class FleetRefresh:
    """One for each process; `run` is the handler of `KIND`."""

    def __init__(
        self, mxroute: MXroute, database: Database, clock: Clock, store: JobStore, health_of: HealthOf
    ) -> None:
        self._mxroute, self._database, self._clock = mxroute, database, clock
        self._store, self._health_of = store, health_of

    async def begin(self, caller: Caller) -> str | None:
        """The id of the job that refreshes the domains which `caller` may see; one under way is shared.

        None when there are no such domains.
        """
        principal = caller.principal
        wanted = None if principal.is_admin else sorted(d for d in principal.grants if principal.may(d))
        if wanted == []:
            return None
        async with self._database.write() as tx:
            await tx.alone(KIND)
            for job in await _unfinished(tx.session):
                if _covers(job, wanted):
                    return job.id
            return (await self._store.create(tx, caller, KIND, {"domains": wanted})).id

    async def run(self, ctx: JobContext) -> JobState:
        """Refresh. Rows that were tried since the job was made are done: a restart goes on where it was cut short."""
        wanted: list[str] | None = ctx.params.get("domains")
        if await self._is_another_ones_work(ctx, wanted):
            return JobState.SUCCEEDED
        if ctx.step_state("names") != "done":
            await self._names(ctx, wanted)
        if ctx.step_state("counts") is None:
            await self._counts(ctx)
        await self._domains(ctx, wanted)
        return await self._close(ctx, wanted)

    async def _is_another_ones_work(self, ctx: JobContext, wanted: Sequence[str] | None) -> bool:
        """A scheduled refresh does not run beside one that somebody asked for."""
        async with self._database.read() as session:
            jobs = await _unfinished(session)
        mine = next((job for job in jobs if job.id == ctx.job_id), None)
        return mine is not None and any(
            job.id != mine.id and _covers(job, wanted) and (job.created_at, job.id) < (mine.created_at, mine.id)
            for job in jobs
        )

    async def _names(self, ctx: JobContext, wanted: Sequence[str] | None) -> None:
        try:
            names = {name.lower() for name in await _now(self._mxroute.domains.names())}
        except (Unavailable, RateLimited):
            raise  # they pass, and the job comes again
        except AppError as error:
            await self._nothing_could_be_read(ctx, wanted, error)
            raise
        async with ctx.tx() as tx:
            await repository.keep_exactly(tx.session, names)
            tx.changed(TAG)
        await ctx.step("names", "done")

    async def _nothing_could_be_read(self, ctx: JobContext, wanted: Sequence[str] | None, error: AppError) -> None:
        async with ctx.tx() as tx:
            listed = [row.domain for row in await repository.snapshots(tx.session)]
            mine = listed if wanted is None else [name for name in wanted if name in set(listed)]
            await repository.put_error(tx.session, mine, error.message)
            tx.changed(TAG)

    async def _counts(self, ctx: JobContext) -> None:
        """The numbers of mailboxes of all domains; where the list cannot be had the old ones stay, and move on."""
        try:
            listed = await _now(self._mxroute.email_quota())
        except (Unavailable, RateLimited):
            raise
        except AppError as error:
            await ctx.step("counts", "skipped", error.message)
            return
        found = by_domain(each.email_address for each in listed.accounts)
        async with ctx.tx() as tx:
            now = self._clock.now()
            writes = await repository.mailbox_writes(tx.session, now - _LISTED_AT_LEAST)
            users = corrected(found, writes)
            names = [row.domain for row in await repository.snapshots(tx.session)]
            await repository.put_counts(tx.session, {name: len(users.get(name, ())) for name in names}, now)
            tx.changed(TAG)
        await ctx.step("counts", "done")

    async def _domains(self, ctx: JobContext, wanted: Sequence[str] | None) -> None:
        """Each domain by itself: what is wrong with one is told in its row."""
        async with ctx.tx() as tx:
            since = (await tx.session.execute(select(JobRow.created_at).where(JobRow.id == ctx.job_id))).scalar_one()
            rows = [r for r in await repository.snapshots(tx.session) if wanted is None or r.domain in set(wanted)]
            left = [row.domain for row in rows if row.tried_at is None or row.tried_at < since]
            await ctx.changed(tx, total=len(rows), done=len(rows) - len(left))
        await _each(left, lambda domain: self._one(ctx, domain))

    async def _one(self, ctx: JobContext, domain: str) -> None:
        since = self._clock.now()
        values = await ctx.interruptible(self._seen(domain, since))
        async with ctx.tx() as tx:
            await repository.put_seen(tx.session, domain, since, **values)
            await repository.put(tx.session, domain, tried_at=self._clock.now())
            await ctx.changed(tx, done=JobRow.done + 1)
            tx.changed(TAG)

    async def _seen(self, domain: str, since: datetime) -> dict[str, Any]:
        """What changes in the row: new values, or why there are none."""
        try:
            health = await self._health_of(domain)
        except Unavailable:
            raise
        except AppError as error:
            return {"error": error.message}
        except Exception as error:  # noqa: BLE001 - one odd domain must not keep all the others from being read
            log.warning("the health of %s failed: %s", domain, type(error).__name__)
            return {"error": f"Something went wrong on our side ({type(error).__name__})."}
        return row_values(health, since)

    async def _close(self, ctx: JobContext, wanted: Sequence[str] | None) -> JobState:
        async with ctx.tx() as tx:
            rows = [r for r in await repository.snapshots(tx.session) if wanted is None or r.domain in set(wanted)]
            unread = sum(row.error is not None for row in rows)
            if wanted is None:
                await repository.note_run(tx.session, self._clock.now())
                tx.changed(TAG)
            await ctx.changed(tx, results={"domains": len(rows), "unread": unread})
        return JobState.PARTLY_FAILED if unread else JobState.SUCCEEDED


async def _unfinished(session: AsyncSession) -> Sequence[JobRow]:
    states = (JobState.QUEUED, JobState.RUNNING)
    query = select(JobRow).where(JobRow.kind == KIND, JobRow.state.in_(states), JobRow.cancel_requested.is_(False))
    return (await session.execute(query.order_by(JobRow.created_at, JobRow.id))).scalars().all()


def _covers(job: JobRow, wanted: Iterable[str] | None) -> bool:
    """Whether `job` refreshes all of `wanted` (None: every domain)."""
    theirs = job.params.get("domains")
    return theirs is None or (wanted is not None and set(wanted) <= set(theirs))


async def _now(read: MXrouteRead[T]) -> T:
    """The present value: kept ones count while they are fresh, an older one in place of an answer does not."""
    reading = await read.cached()
    return await read.live() if reading.stale else reading.value


async def _each(domains: Iterable[str], handle: Callable[[str], Awaitable[None]]) -> None:
    """`handle` every one, a few at once. After an error none is begun, and those under way come to their end."""
    left, errors = iter(domains), list[Exception]()

    async def worker() -> None:
        try:
            for domain in left:
                if errors:
                    return
                await handle(domain)
        except Exception as error:  # noqa: BLE001 - raised below, once the others have ended
            errors.append(error)

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))
    if errors:
        raise errors[0]
