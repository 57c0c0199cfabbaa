"""What a handler works with: fenced transactions, steps, progress, suspension."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select, update

from mxm.platform.access.principal import Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database, WriteTx
from mxm.platform.jobs.models import JobRow

TAG = "job:"
"""Prefix of the tag of a job's changes."""


class LeaseLost(Exception):
    """Another process has the job now; this one stops and records nothing."""


class JobCancelled(Exception):
    """Somebody asked for it, and this is a good place to stop."""


class Suspended(Exception):
    """The handler waits for something that takes long: the lease is given back for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds} s")
        self.seconds = seconds


class JobContext:
    """One claim of one job. Every write of the handler goes through `tx`."""

    def __init__(self, database: Database, clock: Clock, job: JobRow, token: str, caller: Caller) -> None:
        self._database, self._clock = database, clock
        self.job_id, self.token = job.id, token
        self.params: Mapping[str, Any] = job.params
        self.claims = job.claims
        self.caller = caller
        """Who created it; its effects are audited as theirs."""
        self._steps: list[dict[str, Any]] = [dict(step) for step in job.steps]

    @asynccontextmanager
    async def tx(self, *, final: bool = False) -> AsyncIterator[WriteTx]:
        """The fence: a transaction that only opens while this claim holds and nobody cancelled.

        `final` records an outcome that has happened, cancelled or not.
        """
        async with self._database.write() as tx:
            query = select(JobRow.lease_owner, JobRow.cancel_requested).where(JobRow.id == self.job_id)
            row = (await tx.session.execute(query.with_for_update())).first()
            if row is None or row.lease_owner != self.token:
                raise LeaseLost(self.job_id)
            if row.cancel_requested and not final:
                raise JobCancelled(self.job_id)
            yield tx

    async def changed(self, tx: WriteTx, **values: Any) -> None:
        """Change the job's own row, and tell those who follow it."""
        row = update(JobRow).where(JobRow.id == self.job_id)
        await tx.session.execute(row.values(version=JobRow.version + 1, **values))
        tx.changed(TAG + self.job_id)

    async def step(self, name: str, state: str, message: str = "") -> None:
        """Note a step; its name never changes once released."""
        at = self._clock.now().isoformat()
        found = next((step for step in self._steps if step["name"] == name), None)
        if found is None:
            found = {"name": name}
            self._steps.append(found)
        if found.get("state") == state and found.get("message") == message:
            return
        found.update(state=state, message=message, at=at)
        async with self.tx(final=True) as tx:
            await self.changed(tx, steps=self._steps)

    def step_state(self, name: str) -> str | None:
        """How a step stands; None when it was never begun."""
        return next((step["state"] for step in self._steps if step["name"] == name), None)
