"""`/api/domains/{domain}/email-accounts`, `/quota`, and the import preview."""

from email.utils import format_datetime
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response

from mxm.features.jobs.api import JobOut, Jobs, accepted
from mxm.features.mailboxes.schemas import (
    DomainQuota,
    ImportIn,
    ImportPreview,
    ImportPreviewIn,
    MailboxChange,
    MailboxIn,
    MailboxOut,
    RecoveryIn,
)
from mxm.features.mailboxes.service import Imports, Mailboxes, export_csv, preview
from mxm.platform.access import Permission
from mxm.platform.access.dependencies import AnyCaller, DashboardOn, EmailsOn, EmailsViewOn, honour_key
from mxm.platform.envelope import Ok
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.names import local_part
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router
from mxm.upstreams.mxroute.client import MXroute

User = Annotated[str, Path(description="The part before the @.", examples=["alex"])]


def routes(mailboxes: Mailboxes, mxroute: MXroute, imports: Imports, jobs: Jobs) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Mail"])
    _lists(api, mailboxes)
    _single(api, mailboxes)
    _imports(api, imports, jobs)

    @api.post("/api/email-accounts/import/preview", summary="Check rows of a mailbox CSV")
    async def preview_import(caller: AnyCaller, body: ImportPreviewIn) -> Ok[ImportPreview]:
        """Creates nothing. A domain without the right is an error of its rows."""
        return Ok(data=await preview(mxroute, caller.principal, body))

    return api


def _imports(api: APIRouter, imports: Imports, jobs: Jobs) -> None:
    @api.post("/api/email-accounts/import", summary="Import mailboxes from a CSV", status_code=202)
    async def import_mailboxes(request: Request, response: Response, caller: AnyCaller, body: ImportIn) -> Ok[JobOut]:
        """Needs `emails` on every row's domain. A job creates one mailbox after the other, people's writes first.

        Rows that cannot be done are told in the results. `POST /api/jobs/{id}/passwords` gives generated passwords.
        """
        drafts = imports.checked(caller.principal, body)
        await honour_key(request, caller)
        job_id = await imports.start(caller, drafts, generate=body.generate_passwords)
        return accepted(response, await jobs.one(caller, job_id))


def _lists(api: APIRouter, mailboxes: Mailboxes) -> None:
    """Routes about all mailboxes of a domain."""

    @api.get("/api/domains/{domain}/email-accounts", summary="List mailboxes")
    async def list_mailboxes(access: EmailsViewOn) -> Ok[list[MailboxOut]]:
        """Recovery addresses are shown only with the permission `emails`."""
        with_recovery = access.caller.principal.may(access.domain, Permission.EMAILS)
        return from_reading(await mailboxes.all(access.domain, with_recovery=with_recovery))

    @api.get(
        "/api/domains/{domain}/email-accounts.csv",
        summary="Export mailboxes as CSV",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}, "description": "The mailboxes; passwords are blank."}},
    )
    async def export_mailboxes(access: EmailsOn) -> Response:
        """The columns are those of the import. `Last-Modified` is when MXroute was read."""
        found = await mailboxes.all(access.domain, with_recovery=True)
        name = f"{access.domain}-mailboxes"
        if found.stale:
            name += f"-of-{found.fetched_at:%Y-%m-%dT%H%MZ}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Last-Modified": format_datetime(found.fetched_at, usegmt=True),
        }
        content = export_csv(access.domain, found.value)
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    @api.post("/api/domains/{domain}/email-accounts", summary="Create a mailbox", status_code=201)
    async def create_mailbox(access: EmailsOn, body: MailboxIn) -> Ok[MailboxOut]:
        """Answers with the mailbox as MXroute has it: a send limit that it ignored is told in `meta.warnings`."""
        made, meta = await mailboxes.create(access.caller, access.domain, body)
        return Ok(data=made, meta=meta)

    @api.get("/api/domains/{domain}/quota", summary="A domain's mailboxes and totals")
    async def read_domain_quota(access: DashboardOn) -> Ok[DomainQuota]:
        """Sizes in MB, refreshed hourly by MXroute."""
        return from_reading(await mailboxes.quota(access.domain))


def _single(api: APIRouter, mailboxes: Mailboxes) -> None:
    """Routes about one mailbox."""
    path = "/api/domains/{domain}/email-accounts/{user}"

    @api.get(path, summary="Read a mailbox")
    async def read_mailbox(access: EmailsOn, user: User) -> Ok[MailboxOut]:
        """One mailbox with its recovery address."""
        return from_reading(await mailboxes.one(access.domain, _user(user)))

    @api.patch(path, summary="Change a mailbox")
    async def change_mailbox(access: EmailsOn, user: User, body: MailboxChange) -> Ok[MailboxOut]:
        """Any of password, quota, limit. MXroute refuses a limit without a password."""
        found, meta = await mailboxes.change(access.caller, access.domain, _user(user), body)
        return Ok(data=found, meta=meta)

    @api.delete(path, summary="Delete a mailbox")
    async def delete_mailbox(access: EmailsOn, user: User) -> Ok[None]:
        """Deletes the mailbox and all its mail."""
        await mailboxes.delete(access.caller, access.domain, _user(user))
        return Ok(data=None)

    @api.patch(path + "/recovery", summary="Set a recovery address")
    async def set_recovery(access: EmailsOn, user: User, body: RecoveryIn) -> Ok[MailboxOut]:
        """Where the owner can be reached when the mailbox is locked; null removes it."""
        found = await mailboxes.set_recovery(access.caller, access.domain, _user(user), body.recovery_email)
        return Ok(data=found)


def _user(text: str) -> str:
    try:
        return local_part(text)
    except ValueError as wrong:
        raise ValidationFailed.of(FieldError("user", str(wrong))) from None
