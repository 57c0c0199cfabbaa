"""Forwarders and catch-all, through MXroute and the journal."""

from mxm.features.audit.api import Action
from mxm.features.forwarding.rules import warnings
from mxm.features.forwarding.schemas import CatchAllIn, CatchAllOut, ForwarderIn, ForwarderOut
from mxm.platform.access import Caller
from mxm.platform.envelope import Meta
from mxm.platform.journal import AuditEvent, Journal
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.transport.cache import Reading


class Forwarding:
    """One for each process."""

    def __init__(self, mxroute: MXroute, journal: Journal) -> None:
        self._mxroute, self._journal = mxroute, journal

    async def forwarders(self, domain: str) -> Reading[list[ForwarderOut]]:
        """All forwarders of a domain, by alias."""
        reading = await self._mxroute.forwarders.all(domain).cached()
        shown = [
            ForwarderOut(alias=f.alias, email=f.email or f"{f.alias}@{domain}", destinations=f.destinations or [])
            for f in sorted(reading.value, key=lambda f: f.alias)
        ]
        return Reading(shown, reading.fetched_at, reading.stale)

    async def create(self, caller: Caller, domain: str, wanted: ForwarderIn) -> tuple[ForwarderOut, Meta | None]:
        """Make a forwarder. Raises `Conflict` when the alias is in use."""
        email = f"{wanted.alias}@{domain}"
        event = AuditEvent(Action.FORWARDER_CREATE, email, {"destinations": wanted.destinations})
        await self._journal.run(
            caller, self._mxroute.forwarders.create(domain, wanted.alias, wanted.destinations), event
        )
        told = warnings(wanted.destinations)
        made = ForwarderOut(alias=wanted.alias, email=email, destinations=wanted.destinations)
        return made, Meta(warnings=told) if told else None

    async def delete(self, caller: Caller, domain: str, alias: str) -> None:
        """Delete a forwarder. Raises `NotFound`."""
        event = AuditEvent(Action.FORWARDER_DELETE, f"{alias}@{domain}")
        await self._journal.run(caller, self._mxroute.forwarders.delete(domain, alias), event)

    async def catch_all(self, domain: str) -> Reading[CatchAllOut]:
        """The domain's catch-all."""
        reading = await self._mxroute.catch_all.one(domain).cached()
        shown = CatchAllOut(type=reading.value.type, address=reading.value.address or None)
        return Reading(shown, reading.fetched_at, reading.stale)

    async def set_catch_all(self, caller: Caller, domain: str, wanted: CatchAllIn) -> CatchAllOut:
        """Change what becomes of mail to addresses that do not exist."""
        details = {"type": wanted.type, **({"address": wanted.address} if wanted.address else {})}
        write = self._mxroute.catch_all.set(domain, wanted.type, wanted.address)
        await self._journal.run(caller, write, AuditEvent(Action.CATCH_ALL_UPDATE, domain, details))
        return CatchAllOut(type=wanted.type, address=wanted.address)
