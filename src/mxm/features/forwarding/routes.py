"""`/api/domains/{domain}/forwarders` and `/catch-all`."""

from mxm.features.forwarding.schemas import CatchAllIn, CatchAllOut, ForwarderIn, ForwarderOut
from mxm.features.forwarding.service import Forwarding
from mxm.platform.access.dependencies import ForwardersOn
from mxm.platform.envelope import Ok
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.names import alias_name
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router


def routes(forwarding: Forwarding) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Mail"], prefix="/api/domains/{domain}")

    @api.get("/forwarders", summary="List forwarders")
    async def list_forwarders(access: ForwardersOn) -> Ok[list[ForwarderOut]]:
        """All forwarders of the domain, by alias."""
        return from_reading(await forwarding.forwarders(access.domain))

    @api.post("/forwarders", summary="Create a forwarder", status_code=201)
    async def create_forwarder(access: ForwardersOn, body: ForwarderIn) -> Ok[ForwarderOut]:
        """`meta.warnings` tells when a destination switches on strict filtering for the whole domain."""
        made, meta = await forwarding.create(access.caller, access.domain, body)
        return Ok(data=made, meta=meta)

    @api.delete("/forwarders/{alias}", summary="Delete a forwarder")
    async def delete_forwarder(access: ForwardersOn, alias: str) -> Ok[None]:
        """Mail to the alias is no longer forwarded."""
        try:
            name = alias_name(alias)
        except ValueError as wrong:
            raise ValidationFailed.of(FieldError("alias", str(wrong))) from None
        await forwarding.delete(access.caller, access.domain, name)
        return Ok(data=None)

    @api.get("/catch-all", summary="Read the catch-all")
    async def read_catch_all(access: ForwardersOn) -> Ok[CatchAllOut]:
        """What becomes of mail to addresses that do not exist."""
        return from_reading(await forwarding.catch_all(access.domain))

    @api.patch("/catch-all", summary="Change the catch-all")
    async def change_catch_all(access: ForwardersOn, body: CatchAllIn) -> Ok[CatchAllOut]:
        """`fail` refuses such mail, `blackhole` discards it, `address` delivers it to one address."""
        return Ok(data=await forwarding.set_catch_all(access.caller, access.domain, body))

    return api
