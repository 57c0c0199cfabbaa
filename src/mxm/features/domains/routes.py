"""`/api/domains` and pointers."""

from typing import Annotated

from fastapi import Query, Response

from mxm.features.domains.schemas import DomainAdded, DomainIn, DomainOut, MailStatusIn, PointerIn, PointerOut
from mxm.features.domains.service import Domains
from mxm.platform.access.dependencies import (
    AdminCaller,
    AdminOn,
    AnyCaller,
    AnyOn,
    ForwardersOn,
    ForwardersViewOn,
)
from mxm.platform.envelope import Ok
from mxm.platform.errors import ConfirmationRequired, FieldError, ValidationFailed
from mxm.platform.names import domain_name
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router


def routes(domains: Domains) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Domains"], prefix="/api/domains")

    @api.get("", summary="List domains")
    async def list_domains(caller: AnyCaller) -> Ok[list[str]]:
        """The names of all domains that the caller may see, sorted."""
        return from_reading(await domains.visible(caller))

    @api.post(
        "",
        summary="Register a domain",
        status_code=201,
        responses={200: {"model": Ok[DomainAdded], "description": "It was on the account already."}},
    )
    async def create_domain(caller: AdminCaller, body: DomainIn, response: Response) -> Ok[DomainAdded]:
        """MXroute wants its verification record in public DNS first: see `/api/verification-key`."""
        added = await domains.create(caller, body.domain)
        response.status_code = 200 if added.already_exists else 201
        return Ok(data=added)

    @api.get("/{domain}", summary="Read a domain")
    async def read_domain(access: AnyOn) -> Ok[DomainOut]:
        """Hosting state, certificate state and pointers."""
        return from_reading(await domains.one(access.domain))

    @api.delete("/{domain}", summary="Remove a domain")
    async def delete_domain(
        access: AdminOn,
        confirm: Annotated[str | None, Query(description="The domain's name once more.", max_length=300)] = None,
    ) -> Ok[None]:
        """Removes the domain with all its mailboxes and mail from MXroute, and all grants on it."""
        if (confirm or "").strip().lower() not in {access.domain, access.domain + "."}:
            message = f"This deletes the domain with all its mail. Repeat its name: ?confirm={access.domain}"
            raise ConfirmationRequired(message, field="confirm")
        await domains.delete(access.caller, access.domain)
        return Ok(data=None)

    @api.patch("/{domain}/mail-status", summary="Switch mail hosting")
    async def set_mail_status(access: AdminOn, body: MailStatusIn) -> Ok[DomainOut]:
        """With hosting off MXroute takes no mail for the domain."""
        found, meta = await domains.set_mail_status(access.caller, access.domain, enabled=body.enabled)
        return Ok(data=found, meta=meta)

    @api.get("/{domain}/pointers", summary="List pointers")
    async def list_pointers(access: ForwardersViewOn) -> Ok[list[PointerOut]]:
        """Names whose mail goes to this domain."""
        return from_reading(await domains.pointers(access.domain))

    @api.post("/{domain}/pointers", summary="Add a pointer", status_code=201)
    async def add_pointer(access: ForwardersOn, body: PointerIn) -> Ok[PointerOut]:
        """A name that equals, contains or lies under another domain of the account is refused."""
        return Ok(data=await domains.add_pointer(access.caller, access.domain, body.pointer, alias=body.alias))

    @api.delete("/{domain}/pointers/{pointer}", summary="Remove a pointer")
    async def remove_pointer(access: ForwardersOn, pointer: str) -> Ok[None]:
        """Mail to that name is no longer taken for this domain."""
        try:
            name = domain_name(pointer)
        except ValueError as wrong:
            raise ValidationFailed.of(FieldError("pointer", str(wrong))) from None
        await domains.remove_pointer(access.caller, access.domain, name)
        return Ok(data=None)

    return api
