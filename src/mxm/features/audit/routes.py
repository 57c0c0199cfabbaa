"""`/api/admin/logs`: reading and downloading the audit log."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from fastapi.responses import StreamingResponse

from mxm.features.audit.schemas import LogEntry, LogFilter, LogPage
from mxm.features.audit.service import AuditLog
from mxm.platform.access.dependencies import AdminCaller
from mxm.platform.envelope import Meta, Ok
from mxm.platform.names import PlainText
from mxm.platform.web.routing import APIRouter, router

Text = Annotated[PlainText | None, Query(max_length=320)]
EntryId = Annotated[int, Path(alias="id", ge=1, le=2**53, description="The entry's number.", examples=[4711])]
Day = Annotated[date | None, Query(alias="date", description="A day in UTC.", examples=["2026-11-22"])]


def routes(audit: AuditLog) -> APIRouter:
    """The feature's routes."""
    logs = router(tags=["Admin"], prefix="/api/admin/logs")

    @logs.get("", summary="Read the audit log")
    async def read_logs(
        caller: AdminCaller,
        day: Day = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        actor: Text = None,
        action: Text = None,
        target: Text = None,
        q: Text = None,
        cursor: Annotated[int | None, Query(ge=1, le=2**53, description="`next_cursor` of the page before.")] = None,
    ) -> Ok[LogPage]:
        """Entries, newest first. Filters compare parts of the text, without regard to case; `action` its beginning."""
        wanted = LogFilter(day=day, actor=actor, action=action, target=target, text=q, before_id=cursor)
        page, following = await audit.page(wanted, limit)
        return Ok(data=page, meta=Meta(next_cursor=following) if following else None)

    @logs.get(
        "/download",
        summary="Download the audit log",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}, "description": "The entries."}},
    )
    async def download_logs(
        caller: AdminCaller,
        day: Day = None,
        form: Annotated[Literal["csv", "jsonl"], Query(alias="format")] = "csv",
        actor: Text = None,
        action: Text = None,
        target: Text = None,
        q: Text = None,
    ) -> StreamingResponse:
        """All matching entries as CSV (formula cells defused) or as one JSON object a line."""
        wanted = LogFilter(day=day, actor=actor, action=action, target=target, text=q)
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
        name = f"audit-{day.isoformat() if day else 'all'}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(audit.download(wanted, form), media_type=kind, headers=headers)

    @logs.get("/{id}", summary="Read an entry of the audit log")
    async def read_log_entry(caller: AdminCaller, entry_id: EntryId) -> Ok[LogEntry]:
        """For a link to it, however old it is."""
        return Ok(data=await audit.entry(entry_id))

    return logs
