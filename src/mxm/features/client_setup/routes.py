"""`/api/domains/{domain}/mail-client-settings`."""

from typing import Annotated

from fastapi import Query

from mxm.features.client_setup.schemas import ClientSettings
from mxm.features.client_setup.service import ClientSetup
from mxm.platform.access.dependencies import EmailsViewOn
from mxm.platform.envelope import Ok
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.names import local_part
from mxm.platform.web.routing import APIRouter, router


def routes(client_setup: ClientSetup) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Mail"], prefix="/api/domains/{domain}")

    @api.get("/mail-client-settings", summary="Settings for mail programs")
    async def read_client_settings(
        access: EmailsViewOn,
        username: Annotated[str | None, Query(max_length=320, description="The mailbox; not looked up.")] = None,
    ) -> Ok[ClientSettings]:
        """IMAP, SMTP and webmail. Hosts named here present a valid certificate. Answers within about 3 s."""
        return Ok(data=await client_setup.settings(access.domain, _user(username, access.domain)))

    return api


def _user(text: str | None, domain: str) -> str | None:
    """The mailbox's user name; the full address is understood as well."""
    if not text:
        return None
    try:
        return local_part(text.lower().removesuffix(f"@{domain}"))
    except ValueError as wrong:
        raise ValidationFailed.of(FieldError("username", str(wrong))) from None
