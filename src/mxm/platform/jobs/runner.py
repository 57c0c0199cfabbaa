"""Claims jobs and runs their handlers. Neither the loop nor the heartbeat ever dies."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from mxm.platform import context
from mxm.platform.access.principal import Caller, Principal
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.db.generation import EVERYTHING
from mxm.platform.errors import AppError, RateLimited, Unavailable
from mxm.platform.jobs.context import JobCancelled, JobContext, LeaseLost, Suspended
from mxm.platform.jobs.ending import Ended
from mxm.platform.jobs.leading import Lead
from mxm.platform.jobs.models import JobRow, JobState
from mxm.platform.jobs.schedule import Schedules
from mxm.platform.jobs.store import LEASE, WORK, Crowd, JobStore

log = logging.getLogger("mxm.jobs")

Handler = Callable[[JobContext], Awaitable[JobState]]
"""Does the work and says how it ended; raises what `JobContext` raises, or any error: the job has failed then."""

AT_ONCE = 4
"""Jobs that run side by side here, of whatever kind."""
MOST_AT_ONCE = 12
"""With those that are begun nevertheless because nothing else of their kind, or of their creator, runs here."""
POLL_SECONDS = 1.0
BEAT_SECONDS = LEASE.total_seconds() / 3
_STOP_SECONDS = 2.0


@dataclass(slots=True)
class _Running:
    """A job in hand."""

    job: JobRow
    ctx: JobContext
    task: "asyncio.Task[None] | None" = None
    ending: bool = False
    """Its last state change is under way: a lease that is gone is no loss then."""


@dataclass(frozen=True, slots=True)
class _End:
    """The last state change of a claim."""

    state: JobState
    run_in: float | None = None
    passing: AppError | None = None
    values: dict[str, Any] = field(default_factory=dict)


class JobRunner:
    """One for each process. Without a `lead` it is the only one."""

    def __init__(
        self,
        store: JobStore,
        database: Database,
        clock: Clock,
        *,
        lead: Lead | None = None,
        schedules: Schedules | None = None,
    ) -> None:
        self._store, self._database, self._clock = store, database, clock
        self._lead, self._schedules = lead, schedules
        self._handlers: dict[str, Handler] = {}
        self._running: dict[str, _Running] = {}
        self._tokens: dict[str, str] = {}
        self._wake = asyncio.Event()

    def register(self, kind: str, handler: Handler, *, ended: Ended | None = None) -> None:
        """`handler` runs the jobs of `kind`; an incompatible change of what it does is a new kind.

        `ended` is told of each end, cancellations too, inside the transaction that records it.
        """
        if kind in self._handlers:
            raise ValueError(f"kind {kind} is registered twice")
        self._handlers[kind] = handler
        if ended is not None:
            self._store.on_end(kind, ended)

    def wake(self) -> None:
        """There may be work: look at once rather than within a second."""
        self._wake.set()

    async def on_change(self, tags: frozenset[str]) -> None:
        """A listener of the generation: somebody made or cancelled a job."""
        if WORK in tags or tags == EVERYTHING:
            self.wake()

    async def work(self) -> None:
        """Claim and start jobs, for ever."""
        while True:
            try:
                await self._round()
            except Exception as error:  # noqa: BLE001 - the loop must outlive every fault
                log.warning("cannot look for jobs: %s", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                # Not `wait_for`: in Python 3.11 it swallows a cancellation that comes together with the event, and
                # then this loop would never end.
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

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
        tasks = [running.task for running in self._running.values() if running.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_STOP_SECONDS):  # else their leases run out by themselves
                if self._tokens:
                    await self._store.release_all(self._tokens)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(_STOP_SECONDS):
                if self._lead is not None:
                    await self._lead.resign()

    async def _round(self) -> None:
        """Begin what may begin."""
        self._wake.clear()
        if self._lead is not None and not await self._lead.hold():
            return
        if self._schedules is not None:
            try:
                await self._schedules.tick()
            except Exception as error:  # noqa: BLE001 - it comes again with the next round
                log.warning("cannot look for scheduled jobs: %s", type(error).__name__)
        while len(self._running) < MOST_AT_ONCE and await self._start_one():
            pass

    async def _start_one(self) -> bool:
        crowd = None
        if len(self._running) >= AT_ONCE:
            jobs = [running.job for running in self._running.values()]
            # The last places are for kinds that do not run here: twelve people's imports shall not stop all else.
            crowded = len(self._running) >= MOST_AT_ONCE - AT_ONCE
            crowd = Crowd({job.kind for job in jobs}, None if crowded else {job.creator_key for job in jobs})
        leader = None if self._lead is None else self._lead.owner
        claimed = await self._store.claim(list(self._handlers), self._running, beside=crowd, leader=leader)
        if claimed is None:
            return False
        job, token = claimed
        principal = Principal(job.creator_key, job.created_by, "system", is_admin=True)
        caller = Caller(principal, job.request_id, job.address)
        ctx = JobContext(self._database, self._clock, job, token, caller, sealer=self._store.sealer)
        self._tokens[job.id] = token
        running = self._running[job.id] = _Running(job, ctx)
        running.task = asyncio.ensure_future(self._run(running, token))
        return True

    async def _beat_once(self) -> None:
        tokens = dict(self._tokens)
        renewed = await self._store.renew(tokens)
        for job_id, token in tokens.items():
            running = self._running.get(job_id)
            if running is None or running.ctx.token != token:
                continue
            if renewed.get(job_id):
                running.ctx.note_cancel()
            elif job_id not in renewed and running.task is not None and not running.ending:
                log.warning("job %s was lost to another process", job_id)
                self._tokens.pop(job_id, None)
                running.task.cancel()
        for job_id, running in list(self._running.items()):
            if wait := running.ctx.untold_wait():
                await self._store.tell_wait(job_id, running.ctx.token, wait)

    async def _run(self, running: _Running, token: str) -> None:
        job = running.job
        context.request_id.set(job.request_id)
        # Each creator has one share of what is left to background work, however many jobs they have.
        context.requester.set(context.Requester(job.creator_key, background=True, on_wait=running.ctx.note_wait))
        try:
            end = await self._outcome(job, running.ctx)
            if end is not None:
                running.ending = True
                await self._record(job.id, token, end)
            self._tokens.pop(job.id, None)
        finally:
            # Cancelled by `stop`: the token stays known, so that the claim can be given back.
            self._running.pop(job.id, None)
            self.wake()

    async def _outcome(self, job: JobRow, ctx: JobContext) -> _End | None:
        """How this claim ends; None when it is no longer ours to end."""
        try:
            if await self._store.stopped(job):
                return _End(JobState.CANCELLED)
            return _End(await self._handlers[job.kind](ctx))
        except LeaseLost:
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, the job says so
            return _end_after(job, error)

    async def _record(self, job_id: str, token: str, end: _End) -> None:
        """The last state change keeps trying; the heartbeat holds the lease meanwhile."""
        while True:
            try:
                if end.passing is not None:
                    await self._store.put_off(job_id, token, end.passing)
                else:
                    await self._store.release(job_id, token, state=end.state, run_in=end.run_in, **end.values)
            except Exception as error:  # noqa: BLE001 - it must be recorded, however long that takes
                log.warning("cannot record the end of job %s yet: %s", job_id, type(error).__name__)
                await self._clock.sleep(POLL_SECONDS)
            else:
                return


def _end_after(job: JobRow, error: Exception) -> _End:
    match error:
        case JobCancelled():
            return _End(JobState.CANCELLED)
        case Suspended():
            return _End(JobState.QUEUED, run_in=error.seconds, values={"troubles": 0})
        case Unavailable() | RateLimited():
            return _End(JobState.QUEUED, passing=error)
        case _:
            log.warning("job %s (%s) failed: %s", job.id, job.kind, type(error).__name__)
            return _failed(error)


def _failed(error: Exception) -> _End:
    """Class and code, never a body: it may hold secrets."""
    code, message = "internal_error", f"Something went wrong on our side ({type(error).__name__})."
    if isinstance(error, AppError):
        code, message = error.code, error.message
    return _End(JobState.FAILED, values={"error_code": code, "error_message": message})
