"""`/api/domains/{domain}/mail-client-settings`."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from mxm.features.client_setup.rules import apple_profile, autoconfig
from mxm.features.client_setup.schemas import ClientSettings
from mxm.features.client_setup.service import ClientSetup
from mxm.platform.access.dependencies import EmailsViewOn
from mxm.platform.envelope import Ok
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.names import local_part
from mxm.platform.web.routing import APIRouter, router

_APPLE, _XML = "application/x-apple-aspen-config", "application/xml"

Username = Annotated[str, Query(max_length=320, description="The mailbox; not looked up.", examples=["alex"])]


def routes(client_setup: ClientSetup) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Mail"], prefix="/api/domains/{domain}/mail-client-settings")

    @api.get("", summary="Settings for mail programs")
    async def read_client_settings(
        access: EmailsViewOn,
        username: Annotated[str | None, Query(max_length=320, description="The mailbox; not looked up.")] = None,
    ) -> Ok[ClientSettings]:
        """IMAP, SMTP and webmail. Hosts named here present a valid certificate. Answers within about 3 s."""
        user = _user(username, access.domain) if username else None
        return Ok(data=await client_setup.settings(access.domain, user))

    _files(api, client_setup)
    return api


def _files(api: APIRouter, client_setup: ClientSetup) -> None:
    """The same settings as files that mail programs read."""

    @api.get(
        "/apple.mobileconfig",
        summary="Download an Apple profile",
        response_class=Response,
        responses={200: {"content": {_APPLE: {}}, "description": "A configuration profile, not signed."}},
    )
    async def download_apple_profile(access: EmailsViewOn, username: Username) -> Response:
        """Sets up Mail on iPhone, iPad and Mac. A newer download replaces the older one; no password is in it."""
        user = _user(username, access.domain)
        settings, address = await client_setup.settings(access.domain, user), f"{user}@{access.domain}"
        return _file(apple_profile(settings, address), _APPLE, f"{address}.mobileconfig")

    @api.get(
        "/autoconfig.xml",
        summary="Download a Thunderbird autoconfig file",
        response_class=Response,
        responses={200: {"content": {_XML: {}}, "description": "Mozilla's autoconfig format, version 1.1."}},
    )
    async def download_autoconfig(access: EmailsViewOn) -> Response:
        """For all mailboxes of the domain; Thunderbird and others read it. Its name is the one they look for."""
        settings = await client_setup.settings(access.domain, None)
        return _file(autoconfig(settings), _XML, f"{access.domain}.xml")


def _file(content: bytes, kind: str, name: str) -> Response:
    """Names of mailboxes and domains hold nothing that would have to be quoted."""
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _user(text: str, domain: str) -> str:
    """The mailbox's username; the full address is understood as well."""
    try:
        return local_part(text.lower().removesuffix(f"@{domain}"))
    except ValueError as wrong:
        raise ValidationFailed.of(FieldError("username", str(wrong))) from None
