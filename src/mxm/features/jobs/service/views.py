"""How each kind of job shows its results, and a job as a whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mxm.features.jobs.rules import Allowance, Course, Mark, eta_seconds
from mxm.features.jobs.schemas import JobError, JobOut, Progress, Step, WaitingBudget
from mxm.platform.jobs import JobItemRow, JobRow, JobState

Results = Callable[[Mapping[str, int], Sequence[JobItemRow] | None], dict[str, Any] | None]
"""Results from how many items are in which state; the items themselves are there only where rows are shown."""


@dataclass(frozen=True, slots=True)
class View:
    """Results that are made from the items; `columns` are those of the CSV, taken from `results["rows"]`.

    `allowance` tells how many items the budget lets through, where that bounds the pace.
    """

    results: Results
    columns: tuple[str, ...] = ()
    allowance: Callable[[], Allowance] | None = None


class Views:
    """By kind; a kind without one shows what its handler has put into the job's row."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}

    def register(self, kind: str, view: View) -> None:
        """At composition, once."""
        if kind in self._views:
            raise ValueError(f"the view of {kind} is registered twice")
        self._views[kind] = view

    def of(self, kind: str) -> View | None:
        """The view of a kind, if it has one."""
        return self._views.get(kind)

    def shown(
        self, job: JobRow, counts: Mapping[str, int], items: Sequence[JobItemRow] | None, now: datetime
    ) -> JobOut:
        """A job as people see it."""
        view = self._views.get(job.kind)
        state = JobState(job.state)
        until = _waiting_until(job, state, now)
        return JobOut(
            id=job.id,
            kind=job.kind,
            state=state.value,
            progress=_progress(job, view, state, now),
            steps=[_step(step) for step in job.steps],
            results=job.results if view is None else view.results(counts, items),
            error=JobError(code=job.error_code, message=job.error_message or "") if job.error_code else None,
            created_by=job.created_by,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            waiting_for=job.error_message if job.troubles and not state.is_final else None,
            waiting_until=until,
            waiting_budget=_budget(job.waiting) if until and state is JobState.RUNNING and job.waiting else None,
        )


def _waiting_until(job: JobRow, state: JobState, now: datetime) -> datetime | None:
    """A waiting job for its time, a running one for budget."""
    until = job.run_at if state is JobState.QUEUED else None
    if state is JobState.RUNNING and job.waiting:
        until = datetime.fromisoformat(job.waiting["until"])
    return until if until and until > now else None


def _budget(waiting: Mapping[str, Any]) -> WaitingBudget:
    return WaitingBudget.model_validate({name: waiting[name] for name in ("upstream", "kind", "limit", "seconds")})


def _progress(job: JobRow, view: View | None, state: JobState, now: datetime) -> Progress:
    eta = None
    if job.total is not None and job.started_at is not None and not state.is_final:
        start = Mark(job.started_at, int(job.params.get("done_before", 0)))
        waited = Mark(datetime.fromisoformat(job.waiting["until"]), job.waiting["done"]) if job.waiting else None
        allowance = view.allowance() if view and view.allowance else None
        eta = eta_seconds(Course(job.total, job.done, start, waited), allowance, now)
    return Progress(done=job.done, total=job.total, eta_seconds=eta)


def _step(step: Mapping[str, Any]) -> Step:
    at = datetime.fromisoformat(step["at"])
    return Step(name=step["name"], state=step["state"], message=step.get("message", ""), at=at)
