"""`/api/domains/{domain}/spam`."""

from typing import Annotated

from fastapi import Path

from mxm.features.spam.schemas import SpamEntryIn, SpamEntryOut, SpamSettings, SpamSettingsIn
from mxm.features.spam.service import Spam, SpamList
from mxm.platform.access.dependencies import SpamOn
from mxm.platform.envelope import Meta, Ok
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router

_SHARED = Meta(shared_by_account=True)
Entry = Annotated[str, Path(description="The entry, percent-encoded.", examples=["karen@hr.example.com"])]


def routes(spam: Spam) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Spam"], prefix="/api/domains/{domain}/spam")

    @api.get("/settings", summary="Read spam settings")
    async def read_settings(access: SpamOn) -> Ok[SpamSettings]:
        """The score from which mail is deleted."""
        return from_reading(await spam.settings(access.domain))

    @api.patch("/settings", summary="Change spam settings")
    async def change_settings(access: SpamOn, body: SpamSettingsIn) -> Ok[SpamSettings]:
        """Sets the score from which mail is deleted."""
        return Ok(data=await spam.set_high_score(access.caller, access.domain, body.high_score))

    for which in SpamList:
        _list_routes(api, spam, which)
    return api


def _list_routes(api: APIRouter, spam: Spam, which: SpamList) -> None:
    """The same three routes for each of the two lists."""

    async def read_list(access: SpamOn) -> Ok[list[str]]:
        """The list applies to EVERY domain of the account (`meta.shared_by_account`)."""
        read_only = True if not spam.may_change_lists(access.caller) else None
        reading = await spam.entries(access.domain, which)
        return from_reading(reading, shared_by_account=True, read_only=read_only)

    async def add_entry(access: SpamOn, body: SpamEntryIn) -> Ok[SpamEntryOut]:
        """Adds an entry for EVERY domain of the account. 409 when it is there in any case of letters."""
        await spam.add(access.caller, access.domain, which, body.entry)
        return Ok(data=SpamEntryOut(entry=body.entry), meta=_SHARED)

    async def remove_entry(access: SpamOn, entry: Entry) -> Ok[None]:
        """Removes an entry for EVERY domain of the account."""
        await spam.remove(access.caller, access.domain, which, entry)
        return Ok(data=None, meta=_SHARED)

    path = f"/{which}"
    named = {"read_list": f"list_{which}", "add_entry": f"add_to_{which}", "remove_entry": f"remove_from_{which}"}
    api.get(path, summary=f"Read the {which}", operation_id=named["read_list"])(read_list)
    api.post(path, summary=f"Add to the {which}", operation_id=named["add_entry"], status_code=201)(add_entry)
    api.delete(path + "/{entry}", summary=f"Remove from the {which}", operation_id=named["remove_entry"])(remove_entry)
