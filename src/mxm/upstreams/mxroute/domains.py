"""Domains and the pointers to them."""

from mxm.upstreams.mxroute import reads, tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead, shape
from mxm.upstreams.mxroute.models import Domain, DomainCreated, DomainPointer
from mxm.upstreams.mxroute.watches import watch
from mxm.upstreams.mxroute.write import Expect, MXrouteWrite, Plan, nothing
from mxm.upstreams.transport.paths import fill

_created = shape(DomainCreated)


class Domains:
    """The domains of the account."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def names(self) -> MXrouteRead[list[str]]:
        """All names."""
        return reads.domains(self._link)

    def one(self, domain: str) -> MXrouteRead[Domain]:
        """One domain. A domain that is not on the account is `NotFound`."""
        return reads.domain(self._link, domain)

    def create(self, domain: str) -> MXrouteWrite[DomainCreated]:
        """Register `domain`. Its verification record must be in public DNS first (facts.md).

        `observe` raises `Conflict` when it is on the account already.
        """
        plan = Plan(
            operation="createDomain",
            method="POST",
            path="/domains",
            body={"domain": domain},
            watch=watch(self._link, "domain", {"domain": domain}),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=frozenset({tags.DOMAINS, tags.QUOTA, tags.everything(domain)}),
            parse=_created,
        )
        return MXrouteWrite(self._link, plan)

    def delete(self, domain: str) -> MXrouteWrite[None]:
        """Remove `domain` with all that is in it."""
        plan = Plan(
            operation="deleteDomain",
            method="DELETE",
            path=fill("/domains/{domain}", domain=domain),
            watch=watch(self._link, "domain", {"domain": domain}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=frozenset({tags.DOMAINS, tags.QUOTA, tags.EMAIL_QUOTA, tags.everything(domain)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def set_mail_status(self, domain: str, *, enabled: bool) -> MXrouteWrite[None]:
        """Switch mail hosting of `domain` on or off."""
        plan = Plan(
            operation="setMailStatus",
            method="PATCH",
            path=fill("/domains/{domain}/mail-status", domain=domain),
            body={"enabled": enabled},
            watch=watch(self._link, "mail-status", {"domain": domain}),
            expect=Expect.VALUES,
            wanted={"mail_hosting": enabled},
            drops=frozenset({tags.domain(domain)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


class Pointers:
    """Names whose mail goes to a domain."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self, domain: str) -> MXrouteRead[list[DomainPointer]]:
        """The pointers to `domain`."""
        return reads.pointers(self._link, domain)

    def create(self, domain: str, pointer: str, *, alias: bool = True) -> MXrouteWrite[None]:
        """Point `pointer` at `domain`: as an alias, or as a redirect."""
        plan = Plan(
            operation="createDomainPointer",
            method="POST",
            path=fill("/domains/{domain}/pointers", domain=domain),
            body={"pointer": pointer, "alias": alias},
            watch=watch(self._link, "pointer", {"domain": domain, "pointer": pointer}),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=_touched(domain, pointer),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def delete(self, domain: str, pointer: str) -> MXrouteWrite[None]:
        """Take `pointer` away from `domain`."""
        plan = Plan(
            operation="deleteDomainPointer",
            method="DELETE",
            path=fill("/domains/{domain}/pointers/{pointer}", domain=domain, pointer=pointer),
            watch=watch(self._link, "pointer", {"domain": domain, "pointer": pointer}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=_touched(domain, pointer),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


def _touched(domain: str, pointer: str) -> frozenset[str]:
    return frozenset({tags.domain(domain), tags.pointers(domain), tags.everything(pointer)})
