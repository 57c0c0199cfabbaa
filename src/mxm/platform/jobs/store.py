"""Making, claiming and ending jobs: every change of a job's row that is not a handler's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.access.principal import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database, WriteTx
from mxm.platform.jobs.context import TAG
from mxm.platform.jobs.models import JobItemRow, JobRow, JobState

LEASE = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be worked through; `sealed` is encrypted before it comes here."""

    label: str
    public: Mapping[str, Any] = field(default_factory=dict)
    sealed: bytes | None = None


class JobStore:
    """On PostgreSQL the database's clock decides, because replicas' clocks differ."""

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database, self._clock, self._chance = database, clock, chance

    async def create(
        self, tx: WriteTx, caller: Caller, kind: str, params: Mapping[str, Any], items: Iterable[NewItem] = ()
    ) -> JobRow:
        """Add a job in the transaction of the data that it needs."""
        now = await self.now(tx.session)
        listed = list(items)
        job = JobRow(
            id=self._chance.token(16).hex(),
            kind=kind,
            state=JobState.QUEUED,
            params=dict(params),
            created_by=caller.name,
            creator_key=caller.principal.key,
            request_id=caller.request_id,
            address=caller.address,
            created_at=now,
            run_at=now,
            total=len(listed) or None,
            done=0,
            steps=[],
            claims=0,
            troubles=0,
            cancel_requested=False,
            version=0,
        )
        tx.session.add(job)
        await tx.session.flush()
        for position, item in enumerate(listed):
            row = JobItemRow(
                job_id=job.id,
                position=position,
                state="queued",
                label=item.label,
                public=dict(item.public),
                sealed=item.sealed,
            )
            tx.session.add(row)
        tx.changed(TAG + job.id)
        return job

    async def claim(self, kinds: Sequence[str], in_hand: Iterable[str]) -> tuple[JobRow, str] | None:
        """The next job that is due, under a new lease; its row and the token of this claim.

        A process never claims what it still has in hand: a frozen handler of it may thaw.
        """
        held = list(in_hand)
        async with self._database.read() as session:
            due = self._due(await self.now(session), kinds, held)
            if not (await session.execute(select(exists().where(due)))).scalar():
                return None
        token = self._chance.token(16).hex()
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            query = select(JobRow).where(self._due(now, kinds, held)).order_by(JobRow.run_at, JobRow.created_at)
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

    async def release(self, job_id: str, token: str, *, run_in: float | None = None, **values: Any) -> bool:
        """Give a claim back with its last state change; False when it was lost before.

        `run_in` seconds are counted by the clock that decides about leases, not by ours.
        """
        async with self._database.write() as tx:
            mine = (JobRow.id == job_id, JobRow.lease_owner == token)
            if run_in is not None:
                values["run_at"] = await self.now(tx.session) + timedelta(seconds=run_in)
            changed = {"lease_owner": None, "lease_until": None, "version": JobRow.version + 1, **values}
            row = await tx.session.execute(update(JobRow).where(*mine).values(changed).returning(JobRow.id))
            tx.changed(TAG + job_id)
            return row.scalar() is not None

    async def adopt_all(self) -> None:
        """After a restart of the only process: nobody else can hold a lease, so none needs to run out."""
        async with self._database.write() as tx:
            now = await self.now(tx.session)
            await tx.session.execute(update(JobRow).where(JobRow.state == JobState.RUNNING).values(lease_until=now))

    async def now(self, session: AsyncSession) -> datetime:
        """The time that decides about leases."""
        if self._database.is_postgresql:
            found: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
            return found
        return self._clock.now()

    @staticmethod
    def _due(now: datetime, kinds: Sequence[str], in_hand: Sequence[str]) -> Any:
        waiting = and_(JobRow.state == JobState.QUEUED, JobRow.run_at <= now)
        abandoned = and_(JobRow.state == JobState.RUNNING, JobRow.lease_until <= now)
        return and_(or_(waiting, abandoned), JobRow.kind.in_(kinds), JobRow.id.not_in(in_hand))
