"""Domains of the account, through MXroute and the journal."""

from mxm.features.audit.api import Action
from mxm.features.domains.rules import clash
from mxm.features.domains.schemas import DomainAdded, DomainOut, PointerOut
from mxm.platform.access import Caller
from mxm.platform.envelope import Meta
from mxm.platform.errors import Conflict, FieldError, ValidationFailed
from mxm.platform.journal import AuditEvent, Followup, Journal, Opening
from mxm.platform.readback import read_back
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.mxroute.models import Domain
from mxm.upstreams.transport.cache import Reading

GONE = "domains.gone"
"""The follow-up of a deletion: every feature drops what it holds for the domain (registered at composition)."""

ADDED = "domains.added"
"""The follow-up of a registration: the counterpart of `GONE`."""

HOSTING = "domains.hosting"
"""The follow-up of switching mail hosting; its payload tells to what."""


class Domains:
    """One for each process."""

    def __init__(self, mxroute: MXroute, journal: Journal) -> None:
        self._mxroute, self._journal = mxroute, journal

    async def known(self) -> frozenset[str]:
        """The names of all domains of the account."""
        reading = await self._mxroute.domains.names().cached()
        return frozenset(name.lower() for name in reading.value)

    async def is_registered(self, domain: str) -> bool:
        """Whether it is on the account, looked up live."""
        return domain in {name.lower() for name in await self._mxroute.domains.names().live()}

    async def is_registering(self, domain: str) -> bool:
        """Whether a registration was sent whose outcome is not known yet."""
        return await self._journal.is_open(Action.DOMAIN_CREATE, domain)

    async def visible(self, caller: Caller) -> Reading[list[str]]:
        """The domains that the caller may see, sorted."""
        reading = await self._mxroute.domains.names().cached()
        names = sorted({name.lower() for name in reading.value})
        return Reading([n for n in names if caller.principal.may(n)], reading.fetched_at, reading.stale)

    async def one(self, domain: str) -> Reading[DomainOut]:
        """One domain. Raises `NotFound`."""
        reading = await self._mxroute.domains.one(domain).cached()
        return Reading(_shown(reading.value), reading.fetched_at, reading.stale)

    async def create(self, caller: Caller, domain: str, *, within: Opening | None = None) -> DomainAdded:
        """Register a domain; one that is there already is left alone and said so. `within` as in `Journal.run`."""
        try:
            write = self._mxroute.domains.create(domain)
            event, added = AuditEvent(Action.DOMAIN_CREATE, domain), Followup(ADDED, {"domain": domain})
            await self._journal.run(caller, write, event, added, within=within)
        except Conflict:
            if not await self.is_registered(domain):
                raise  # it is somebody else's
            return DomainAdded(domain=domain, already_exists=True)
        return DomainAdded(domain=domain, already_exists=False)

    async def delete(self, caller: Caller, domain: str) -> None:
        """Remove a domain with all its mail, and everything that we hold for it."""
        gone = Followup(GONE, {"domain": domain})
        write = self._mxroute.domains.delete(domain)
        await self._journal.run(caller, write, AuditEvent(Action.DOMAIN_DELETE, domain), gone)

    async def set_mail_status(self, caller: Caller, domain: str, *, enabled: bool) -> tuple[DomainOut, Meta | None]:
        """Switch mail hosting on or off."""
        write = self._mxroute.domains.set_mail_status(domain, enabled=enabled)
        event = AuditEvent(Action.DOMAIN_MAIL_STATUS, domain, {"enabled": enabled})
        await self._journal.run(caller, write, event, Followup(HOSTING, {"domain": domain, "enabled": enabled}))
        found, meta = await read_back(self._mxroute.domains.one(domain).live())
        return _shown(found or Domain(domain=domain, mail_hosting=enabled)), meta

    async def pointers(self, domain: str) -> Reading[list[PointerOut]]:
        """The pointers to a domain."""
        reading = await self._mxroute.pointers.all(domain).cached()
        shown = [PointerOut(pointer=p.pointer, type=p.type, target=p.target or domain) for p in reading.value]
        return Reading(shown, reading.fetched_at, reading.stale)

    async def add_pointer(self, caller: Caller, domain: str, pointer: str, *, alias: bool) -> PointerOut:
        """Point a name at a domain. Raises `ValidationFailed` when it would take another domain's mail."""
        names = await self._mxroute.domains.names().live()
        taken = clash(pointer, domain, (name.lower() for name in names))
        if taken is not None:
            # The other domain is not named: the caller may have no right to know of it.
            wrong = "equals, contains or lies under a domain of this account"
            raise ValidationFailed.of(FieldError("pointer", wrong))
        kind = "alias" if alias else "redirect"
        event = AuditEvent(Action.POINTER_CREATE, domain, {"pointer": pointer, "type": kind})
        await self._journal.run(caller, self._mxroute.pointers.create(domain, pointer, alias=alias), event)
        return PointerOut(pointer=pointer, type=kind, target=domain)

    async def remove_pointer(self, caller: Caller, domain: str, pointer: str) -> None:
        """Take a pointer away."""
        event = AuditEvent(Action.POINTER_DELETE, domain, {"pointer": pointer})
        await self._journal.run(caller, self._mxroute.pointers.delete(domain, pointer), event)


def _shown(domain: Domain) -> DomainOut:
    return DomainOut(
        domain=domain.domain,
        mail_hosting=domain.mail_hosting,
        ssl_enabled=domain.ssl_enabled,
        pointers=sorted(domain.pointers or []),
    )
