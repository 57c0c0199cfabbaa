"""`/api/jobs`: for creators their own, for administrators all."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from mxm.features.jobs.rules import place_of
from mxm.features.jobs.schemas import CancelIn, JobFilter, JobOut, PasswordsIn, PasswordsOut, State
from mxm.features.jobs.service import Jobs
from mxm.platform.access import Principal
from mxm.platform.access.dependencies import AnyCaller, honour_key, still
from mxm.platform.envelope import Meta, Ok
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.names import PlainText
from mxm.platform.web.routing import APIRouter, router

JobId = Annotated[str, Path(alias="id", max_length=80, description="The job's id.", examples=["9f1c2b7d4e5a4b0f"])]


def routes(jobs: Jobs) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Jobs"], prefix="/api/jobs")
    _reading(api, jobs)
    _events(api, jobs)
    _changing(api, jobs)
    return api


def _reading(api: APIRouter, jobs: Jobs) -> None:
    @api.get("", summary="List jobs")
    async def list_jobs(
        caller: AnyCaller,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=120, description="`next_cursor` of the page before.")] = None,
        state: State | None = None,
        kind: Annotated[PlainText | None, Query(max_length=64, examples=["mailbox.import"])] = None,
    ) -> Ok[list[JobOut]]:
        """Newest first: the caller's own, for administrators everybody's. Results without their rows."""
        wanted = JobFilter(state=state, kind=kind, before=_place(cursor))
        page, following = await jobs.page(caller, wanted, limit)
        return Ok(data=page, meta=Meta(next_cursor=following) if following else None)

    @api.get("/{id}", summary="Read a job")
    async def read_job(caller: AnyCaller, job_id: JobId) -> Ok[JobOut]:
        """With all its results so far."""
        return Ok(data=await jobs.one(caller, job_id))

    @api.get(
        "/{id}/results.csv",
        summary="Download a job's results",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}, "description": "One line for each row so far."}},
    )
    async def download_results(caller: AnyCaller, job_id: JobId) -> Response:
        """The rows of an import, in the order of the file."""
        content = await jobs.results_csv(caller, job_id)
        headers = {"Content-Disposition": 'attachment; filename="results.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _events(api: APIRouter, jobs: Jobs) -> None:
    @api.get(
        "/{id}/events",
        summary="Follow a job",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}, "description": "Events `progress`, at last `end`."}},
    )
    async def follow_job(
        request: Request,
        caller: AnyCaller,
        job_id: JobId,
        header: Annotated[str | None, Header(alias="Last-Event-ID", max_length=64)] = None,
        query: Annotated[str | None, Query(alias="last_event_id", max_length=64)] = None,
    ) -> StreamingResponse:
        """Server-Sent Events; each carries the job without its rows. With the last id seen only what is newer."""
        await jobs.check(caller, job_id)
        jobs.places.check(caller.principal.key)

        async def events() -> AsyncIterator[str]:
            with jobs.places.taken(caller.principal.key) as taken:
                if taken:
                    async for event in jobs.stream(job_id, _number(header or query), who):
                        yield event

        async def who() -> Principal | None:
            return None if await request.is_disconnected() else await still(request)

        # Proxies shall hand each event on at once.
        return StreamingResponse(events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _changing(api: APIRouter, jobs: Jobs) -> None:
    @api.post("/{id}/cancel", summary="Cancel a job")
    async def cancel_job(
        request: Request, caller: AnyCaller, job_id: JobId, body: CancelIn | None = None
    ) -> Ok[JobOut]:
        """A waiting job is cancelled at once, a running one stops at the next good place: what was sent stays."""
        await jobs.check(caller, job_id)
        await honour_key(request, caller)
        return Ok(data=await jobs.cancel(caller, job_id))

    @api.post("/{id}/passwords", summary="Fetch generated passwords")
    async def fetch_passwords(caller: AnyCaller, job_id: JobId, body: PasswordsIn | None = None) -> Ok[PasswordsOut]:
        """For the creator alone, until acknowledged and at most 24 hours after the end."""
        if body is not None and body.acknowledge:
            return Ok(data=await jobs.acknowledge(caller, job_id))
        return Ok(data=await jobs.passwords(caller, job_id))


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    try:
        return None if cursor is None else place_of(cursor)
    except ValueError as wrong:
        raise ValidationFailed.of(FieldError("cursor", str(wrong))) from None


def _number(text: str | None) -> int | None:
    """An id that is none of ours says nothing: everything is sent."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
