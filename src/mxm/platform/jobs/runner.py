"""Claims jobs and runs their handlers. Neither the loop nor the heartbeat ever dies."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from mxm.platform import context
from mxm.platform.access.principal import Caller, Principal
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError, RateLimited, Unavailable
from mxm.platform.jobs.context import JobCancelled, JobContext, LeaseLost, Suspended
from mxm.platform.jobs.models import JobRow, JobState
from mxm.platform.jobs.store import LEASE, JobStore

log = logging.getLogger("mxm.jobs")

Handler = Callable[[JobContext], Awaitable[JobState]]
"""Does the work and says how it ended; raises what `JobContext` raises, or any error: the job has failed then."""

AT_ONCE = 4
POLL_SECONDS = 1.0
BEAT_SECONDS = LEASE.total_seconds() / 3
_MOST_TROUBLES = 200


class JobRunner:
    """One for each process."""

    def __init__(self, store: JobStore, database: Database, clock: Clock) -> None:
        self._store, self._database, self._clock = store, database, clock
        self._handlers: dict[str, Handler] = {}
        self._tokens: dict[str, str] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def register(self, kind: str, handler: Handler) -> None:
        """`handler` runs the jobs of `kind`; an incompatible change of what it does is a new kind."""
        if kind in self._handlers:
            raise ValueError(f"kind {kind} is registered twice")
        self._handlers[kind] = handler

    def wake(self) -> None:
        """There may be work: look at once rather than within a second."""
        self._wake.set()

    async def work(self) -> None:
        """Claim and start jobs, for ever."""
        while True:
            try:
                while len(self._tasks) < AT_ONCE and await self._start_one():
                    pass
            except Exception as error:  # noqa: BLE001 - the loop must outlive every fault
                log.warning("cannot look for jobs: %s", type(error).__name__)
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def beat(self) -> None:
        """Renew the leases in hand, for ever; learn who was cancelled or lost."""
        while True:
            await self._clock.sleep(BEAT_SECONDS)
            try:
                await self._beat_once()
            except Exception as error:  # noqa: BLE001 - the heartbeat must outlive every fault
                log.warning("cannot renew leases: %s", type(error).__name__)

    async def stop(self) -> None:
        """End the handlers here; their jobs go on elsewhere, or after the next start."""
        tasks = dict(self._tasks)
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        for job_id, token in list(self._tokens.items()):
            with contextlib.suppress(Exception):
                await self._store.release(job_id, token, state=JobState.QUEUED)

    async def _start_one(self) -> bool:
        claimed = await self._store.claim(list(self._handlers), self._tasks)
        if claimed is None:
            return False
        job, token = claimed
        self._tokens[job.id] = token
        self._tasks[job.id] = asyncio.ensure_future(self._run(job, token))
        return True

    async def _beat_once(self) -> None:
        tokens = dict(self._tokens)
        renewed = await self._store.renew(tokens)
        for job_id in tokens:
            if job_id not in renewed and (task := self._tasks.get(job_id)):
                log.warning("job %s was lost to another process", job_id)
                task.cancel()

    async def _run(self, job: JobRow, token: str) -> None:
        principal = Principal(job.creator_key, job.created_by, "system", is_admin=True)
        caller = Caller(principal, job.request_id, job.address)
        context.request_id.set(job.request_id)
        context.requester.set(context.Requester(f"job:{job.id}", background=True))
        ctx = JobContext(self._database, self._clock, job, token, caller)
        try:
            values = await self._outcome(job, ctx)
            if values is not None:
                await self._end(job.id, token, values)
            self._tokens.pop(job.id, None)
        finally:
            # Cancelled by `stop`: the token stays known, so that the claim can be given back.
            self._tasks.pop(job.id, None)
            self.wake()

    async def _outcome(self, job: JobRow, ctx: JobContext) -> dict[str, Any] | None:
        """The last state change of this claim; None when it is no longer ours to change."""
        now = self._clock.now
        try:
            state = await self._handlers[job.kind](ctx)
        except LeaseLost:
            return None
        except JobCancelled:
            return {"state": JobState.CANCELLED, "finished_at": now()}
        except Suspended as pause:
            return {"state": JobState.QUEUED, "run_in": pause.seconds, "troubles": 0}
        except (Unavailable, RateLimited) as passing:
            return self._put_off(job, passing)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job has failed and says so
            log.warning("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
            return self._failed(error)
        return {"state": state, "finished_at": now(), "troubles": 0}

    def _put_off(self, job: JobRow, passing: AppError) -> dict[str, Any]:
        """A fault known to pass: again after a while, longer each time, but not for ever."""
        if job.troubles >= _MOST_TROUBLES:
            return self._failed(passing)
        pause = min(60.0, 2.0 * (job.troubles + 1), passing.retry_after or 60.0)
        return {"state": JobState.QUEUED, "run_in": max(1.0, pause), "troubles": JobRow.troubles + 1}

    def _failed(self, error: Exception) -> dict[str, Any]:
        """Class and code, never a body: it may hold secrets."""
        code, message = "internal_error", f"Something went wrong on our side ({type(error).__name__})."
        if isinstance(error, AppError):
            code, message = error.code, error.message
        finished = {"state": JobState.FAILED, "finished_at": self._clock.now()}
        return {**finished, "error_code": code, "error_message": message}

    async def _end(self, job_id: str, token: str, values: dict[str, Any]) -> None:
        """The last state change keeps trying; the heartbeat holds the lease meanwhile."""
        while True:
            try:
                await self._store.release(job_id, token, **values)
            except Exception as error:  # noqa: BLE001 - it must be recorded, however long that takes
                log.warning("cannot record the end of job %s yet: %s", job_id, type(error).__name__)
                await self._clock.sleep(POLL_SECONDS)
            else:
                return
