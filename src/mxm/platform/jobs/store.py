"""Making, claiming and ending jobs: every change of a job's row that is not a handler's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.access.principal import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.context import BudgetWait
from mxm.platform.db import Database, WriteTx
from mxm.platform.errors import AppError
from mxm.platform.idempotency.models import mark_effect
from mxm.platform.jobs import items
from mxm.platform.jobs.ending import Ended, close
from mxm.platform.jobs.items import SEAL, TAG, NewItem, place
from mxm.platform.jobs.models import FINAL, UNFINISHED, JobItemRow, JobRow, JobState, LeaderRow
from mxm.platform.sealing import Sealer

LEASE = timedelta(seconds=6)
CHANNEL = "mxm_jobs"
"""PostgreSQL's channel that says that there is work."""
WORK = "jobs"
"""The tag that says the same to listeners of the generation."""
SCHEDULED = "sched:"
"""How the ids of scheduled jobs begin."""
MOST_TROUBLES = 200
_KEPT, _SCHEDULED_KEPT = timedelta(days=30), timedelta(days=2)
_CANCEL_AGAIN = 5.0

__all__ = ["CHANNEL", "LEASE", "SCHEDULED", "WORK", "Crowd", "JobStore", "NewItem"]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What runs here when all places are taken: only another kind, or another creator's job, may still begin; without
    `creators` only another kind."""

    kinds: Collection[str]
    creators: Collection[str] | None


class JobStore:
    """On PostgreSQL the database's clock decides, because replicas' clocks differ."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, sealer: Sealer | None = None) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self.sealer = sealer
        self._ended: dict[str, Ended] = {}

    def on_end(self, kind: str, ended: Ended) -> None:
        """`ended` is told of each end of a job of `kind`, in the transaction that records it."""
        self._ended[kind] = ended

    async def create(
        self,
        tx: WriteTx,
        caller: Caller,
        kind: str,
        params: Mapping[str, Any],
        items: Iterable[NewItem] = (),
        *,
        job_id: str | None = None,
    ) -> JobRow:
        """Add a job in the transaction of the data that it needs."""
        now = await self.now(tx.session)
        listed = list(items)
        done = sum(item.state not in UNFINISHED for item in listed)
        job = JobRow(
            id=job_id or self._chance.token(16).hex(),
            kind=kind,
            state=JobState.QUEUED,
            params={**params, "done_before": done} if done else dict(params),
            created_by=caller.name,
            creator_key=caller.principal.key,
            request_id=caller.request_id,
            address=caller.address,
            created_at=now,
            run_at=now,
            total=len(listed) or None,
            done=done,
            steps=[],
            claims=0,
            troubles=0,
            cancel_requested=False,
            version=0,
        )
        tx.session.add(job)
        await tx.session.flush()
        tx.session.add_all([self._item(job.id, position, item) for position, item in enumerate(listed)])
        # The caller's key has had its effect: after a crash from here on the request is not carried out anew.
        await mark_effect(tx.session, caller.idempotency_id)
        await self._announce(tx, job.id)
        return job

    async def claim(
        self, kinds: Sequence[str], in_hand: Iterable[str], *, beside: Crowd | None = None, leader: str | None = None
    ) -> tuple[JobRow, str] | None:
        """The next job that is due, under a new lease; its row and the token of this claim.

        A process never claims what it still has in hand: a frozen handler of it may thaw. With `leader` only while
        that one leads.
        """
        conditions: list[Any] = [JobRow.kind.in_(kinds), JobRow.id.not_in(list(in_hand))]
        if beside is not None:
            another, people = JobRow.kind.not_in(beside.kinds), beside.creators
            conditions.append(another if people is None else or_(another, JobRow.creator_key.not_in(people)))
        async with self._database.read() as session:
            due = and_(_due(await self.now(session), leader), *conditions)
            if not (await session.execute(select(exists().where(due)))).scalar():
                return None
        token = self._chance.token(16).hex()
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            query = select(JobRow).where(_due(now, leader), *conditions).order_by(JobRow.run_at, JobRow.created_at)
            job = (await tx.session.execute(query.limit(1).with_for_update(skip_locked=True))).scalar()
            if job is None:
                return None
            job.state, job.lease_owner, job.lease_until = JobState.RUNNING, token, now + LEASE
            job.claims, job.started_at, job.version = job.claims + 1, job.started_at or now, job.version + 1
            tx.changed(TAG + job.id)
        return job, token

    async def renew(self, tokens: Mapping[str, str]) -> dict[str, bool]:
        """Renew leases by token: {job: whether it is to be cancelled}; a job that is missing was lost."""
        if not tokens:
            return {}
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            mine = or_(*(and_(JobRow.id == job, JobRow.lease_owner == token) for job, token in tokens.items()))
            renewed = update(JobRow).where(mine).values(lease_until=now + LEASE)
            rows = await tx.session.execute(renewed.returning(JobRow.id, JobRow.cancel_requested))
            return {row.id: row.cancel_requested for row in rows}

    async def tell_wait(self, job_id: str, token: str, wait: BudgetWait) -> None:
        """Show what a running job waits for; it does not matter when the claim was lost meanwhile."""
        async with self._database.write() as tx:
            mine = select(JobRow).where(JobRow.id == job_id, JobRow.lease_owner == token)
            job = (await tx.session.execute(mine.with_for_update())).scalar()
            if job is not None:
                job.waiting = {**asdict(wait), "until": wait.until.isoformat(), "done": job.done}
                job.version += 1
                tx.changed(TAG + job_id)

    async def release(
        self, job_id: str, token: str, *, state: JobState, run_in: float | None = None, **values: Any
    ) -> bool:
        """Give a claim back with its last state change; False when it was lost before.

        `run_in` seconds are counted by the clock that decides about leases, not by ours.
        """
        async with self._database.write() as tx:
            return await self._release(tx, job_id, token, state, run_in, values)

    async def release_all(self, tokens: Mapping[str, str]) -> None:
        """This process ends: others may go on with all of these at once."""
        async with self._database.write() as tx:
            for job_id, token in tokens.items():
                await self._release(tx, job_id, token, JobState.QUEUED, None, {})
            await self._notify(tx)

    async def put_off(self, job_id: str, token: str, passing: AppError) -> bool:
        """A fault known to pass: again after a while, longer each time, but not for ever."""
        async with self._database.write() as tx:
            query = select(JobRow.troubles).where(JobRow.id == job_id, JobRow.lease_owner == token)
            troubles = (await tx.session.execute(query.with_for_update())).scalar()
            if troubles is None:
                return False
            if troubles >= MOST_TROUBLES:
                told = {"error_code": passing.code, "error_message": passing.message}
                return await self._release(tx, job_id, token, JobState.FAILED, None, told)
            pause = max(1.0, min(60.0, 2.0 * (troubles + 1), passing.retry_after or 60.0))
            again = {"troubles": troubles + 1, "error_message": passing.message}
            return await self._release(tx, job_id, token, JobState.QUEUED, pause, again)

    async def cancel(self, tx: WriteTx, job_id: str) -> bool:
        """Cancel a waiting job at once, a running one at its next fence; False when it is over or unknown.

        One that waits while it is not known what became of an item is woken up to find out first.
        """
        mine = select(JobRow).where(JobRow.id == job_id).with_for_update()
        job = (await tx.session.execute(mine.execution_options(populate_existing=True))).scalar()
        if job is None or job.state in FINAL:
            return False
        job.cancel_requested = True
        job.version += 1
        if job.state == JobState.QUEUED:
            now = await self.now(tx.session)
            job.run_at = now
            if not await items.has_attempting(tx.session, job_id):
                await close(tx.session, job, JobState.CANCELLED, now, self._ended.get(job.kind))
        await self._announce(tx, job_id)
        return True

    async def stopped(self, job: JobRow) -> bool:
        """Whether a job just claimed was cancelled before, and nothing of it has to be looked up first."""
        if not job.cancel_requested:
            return False
        async with self._database.read() as session:
            return not await items.has_attempting(session, job.id)

    async def adopt_all(self) -> None:
        """After a restart of the only process: nobody else can hold a lease, so none needs to run out."""
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            await tx.session.execute(update(JobRow).where(JobRow.state == JobState.RUNNING).values(lease_until=now))

    async def tidy(self) -> None:
        """Erase what was to be handed over and is past its time; forget jobs that ended long ago."""
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            over = select(JobRow.id).where(JobRow.handover_until <= now)
            erased = update(JobItemRow).where(JobItemRow.job_id.in_(over), JobItemRow.handover.is_not(None))
            await tx.session.execute(erased.values(handover=None).execution_options(synchronize_session=False))
            scheduled = JobRow.id.startswith(SCHEDULED)
            old = or_(JobRow.finished_at < now - _KEPT, and_(scheduled, JobRow.finished_at < now - _SCHEDULED_KEPT))
            forgotten = delete(JobRow).where(JobRow.state.in_(FINAL), old)
            await tx.session.execute(forgotten.execution_options(synchronize_session=False))

    async def now(self, session: AsyncSession) -> datetime:
        """The time that decides about leases."""
        return await self._database.now(session, self._clock)

    async def _release(
        self, tx: WriteTx, job_id: str, token: str, state: JobState, run_in: float | None, values: Mapping[str, Any]
    ) -> bool:
        mine = select(JobRow).where(JobRow.id == job_id, JobRow.lease_owner == token)
        job = (await tx.session.execute(mine.with_for_update())).scalar()
        if job is None:
            return False
        now = await self.now(tx.session)
        for name, value in values.items():
            setattr(job, name, value)
        job.lease_owner = job.lease_until = None
        job.version += 1
        tx.changed(TAG + job_id)
        if job.cancel_requested and state is JobState.QUEUED:
            run_in = min(run_in or 0.0, _CANCEL_AGAIN)
            if not await items.has_attempting(tx.session, job_id):
                state = JobState.CANCELLED
        if state in FINAL:
            await close(tx.session, job, state, now, self._ended.get(job.kind))
            return True
        job.state = state
        if run_in is not None:
            job.run_at = now + timedelta(seconds=run_in)
        return True

    def _item(self, job_id: str, position: int, item: NewItem) -> JobItemRow:
        sealed = item.sealed
        if item.secret is not None:
            if self.sealer is None:
                raise ValueError("a secret needs a sealer")
            sealed = self.sealer.seal(SEAL, item.secret, place(job_id, position))
        return JobItemRow(
            job_id=job_id,
            position=position,
            state=item.state,
            label=item.label,
            public=dict(item.public),
            sealed=sealed,
            result=dict(item.result) if item.result else None,
        )

    async def _announce(self, tx: WriteTx, job_id: str) -> None:
        tx.changed(TAG + job_id, WORK)
        await self._notify(tx)

    async def _notify(self, tx: WriteTx) -> None:
        """Part of the transaction: nobody is woken for what was not committed."""
        if self._database.is_postgresql:
            await tx.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def _due(now: datetime, leader: str | None) -> Any:
    waiting = and_(JobRow.state == JobState.QUEUED, JobRow.run_at <= now)
    abandoned = and_(JobRow.state == JobState.RUNNING, JobRow.lease_until <= now)
    if leader is None:
        return or_(waiting, abandoned)
    leads = exists().where(LeaderRow.owner == leader, LeaderRow.until > now)
    return and_(or_(waiting, abandoned), leads)
