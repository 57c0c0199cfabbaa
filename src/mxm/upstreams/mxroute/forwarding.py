"""Forwarders and the catch-all of a domain."""

from collections.abc import Sequence

from mxm.upstreams.mxroute import reads, tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead
from mxm.upstreams.mxroute.models import CatchAll, Forwarder
from mxm.upstreams.mxroute.watches import as_set, watch
from mxm.upstreams.mxroute.write import Expect, MXrouteWrite, Plan, nothing
from mxm.upstreams.transport.paths import fill


class Forwarders:
    """Forwarders of a domain. MXroute cannot change one: a change is delete and create (facts.md)."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self, domain: str) -> MXrouteRead[list[Forwarder]]:
        """All forwarders of `domain`."""
        return reads.forwarders(self._link, domain)

    def create(self, domain: str, alias: str, destinations: Sequence[str]) -> MXrouteWrite[None]:
        """Forward `alias` to addresses, or to `:blackhole:` or `:fail:` alone.

        A destination at Gmail, Yahoo, AOL and the like switches on Expert Spam Filtering for the domain.
        """
        plan = Plan(
            operation="createForwarder",
            method="POST",
            path=fill("/domains/{domain}/forwarders", domain=domain),
            body={"alias": alias, "destinations": list(destinations)},
            watch=watch(self._link, "forwarder", {"domain": domain, "alias": alias}),
            expect=Expect.ABSENT,
            wanted={"present": True, "destinations": as_set(destinations)},
            drops=frozenset({tags.forwarders(domain), tags.SPAM_SETTINGS}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def delete(self, domain: str, alias: str) -> MXrouteWrite[None]:
        """Delete a forwarder."""
        plan = Plan(
            operation="deleteForwarder",
            method="DELETE",
            path=fill("/domains/{domain}/forwarders/{alias}", domain=domain, alias=alias),
            watch=watch(self._link, "forwarder", {"domain": domain, "alias": alias}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=frozenset({tags.forwarders(domain)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


class CatchAlls:
    """What becomes of mail to addresses that do not exist."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def one(self, domain: str) -> MXrouteRead[CatchAll]:
        """The catch-all of `domain`."""
        return reads.catch_all(self._link, domain)

    def set(self, domain: str, kind: str, address: str | None = None) -> MXrouteWrite[None]:
        """`kind` is `fail`, `blackhole` or `address`; only the last takes an `address`."""
        body = {"type": kind} if address is None else {"type": kind, "address": address}
        plan = Plan(
            operation="setCatchAll",
            method="PATCH",
            path=fill("/domains/{domain}/catch-all", domain=domain),
            body=body,
            watch=watch(self._link, "catch-all", {"domain": domain}),
            expect=Expect.VALUES,
            wanted={"type": kind, "address": (address or "").lower()},
            drops=frozenset({tags.catch_all(domain)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)
