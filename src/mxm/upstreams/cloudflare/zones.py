"""Zones: reading them, finding the one that holds a domain, making one."""

from collections.abc import Iterable
from typing import Any

from mxm.platform.errors import AppError, Conflict, NotConfigured
from mxm.upstreams.cloudflare import envelope, paging, shapes, tags
from mxm.upstreams.cloudflare.envelope import Trouble
from mxm.upstreams.cloudflare.link import CloudflareRead, Link
from mxm.upstreams.cloudflare.models import Zone
from mxm.upstreams.cloudflare.names import ascii_name, within
from mxm.upstreams.cloudflare.write import CloudflareWrite, Plan
from mxm.upstreams.transport.paths import fill

FRESH = 60.0
_PAGE = 50
"""The most that Cloudflare gives (API reference, "List Zones")."""
_DEAD = frozenset({"moved", "deleted"})
"""Zones that Cloudflare serves no more."""
_RANKS = ("active", "pending", "initializing")


def every(link: Link) -> CloudflareRead[list[Zone]]:
    """`GET /zones`, all pages."""

    async def fetch() -> list[Zone]:
        query = {**_of_account(link), "order": "name", "direction": "asc"}
        return await paging.whole(link, "/zones", shapes.zones, size=_PAGE, query=query)

    return CloudflareRead(link, "/zones", fetch, FRESH, frozenset({tags.ZONES}))


def named(link: Link, name: str) -> CloudflareRead[Zone | None]:
    """`GET /zones?name=…`. Of several (a token may see more than one account) the one that is most alive."""
    wanted = ascii_name(name)

    async def fetch() -> Zone | None:
        query = {**_of_account(link), "name": wanted}
        found = await paging.whole(link, "/zones", shapes.zones, size=_PAGE, query=query)
        return min((zone for zone in found if zone.name == wanted), key=_rank, default=None)

    return CloudflareRead(link, f"/zones?name={wanted}", fetch, FRESH, frozenset({tags.ZONES}))


def one(link: Link, zone_id: str) -> CloudflareRead[Zone]:
    """`GET /zones/{zone}`."""
    path = fill("/zones/{zone}", zone=zone_id)

    async def fetch() -> Zone:
        return await link.read(path, shapes.zone)

    return CloudflareRead(link, path, fetch, FRESH, frozenset({tags.ZONES}))


def holding(zones: Iterable[Zone], domain: str) -> Zone | None:
    """The living zone with the longest name that holds `domain`: its own, else that of the nearest parent."""
    name = ascii_name(domain)
    fit = [zone for zone in zones if zone.status not in _DEAD and within(name, zone.name)]
    return min(fit, key=lambda zone: (-len(zone.name), _rank(zone)), default=None)


def create(link: Link, name: str) -> CloudflareWrite[Zone]:
    """`POST /zones`. Raises `NotConfigured` without an account to make it in."""
    link.require()
    if not link.account:
        raise NotConfigured("Zones cannot be made at Cloudflare: set CF_ACCOUNT_ID.")
    wanted = ascii_name(name)

    async def look() -> bool:
        zone = await named(link, wanted).live()
        if zone is not None and zone.status != "deleted":
            raise Conflict(f"The zone {wanted} exists at Cloudflare already ({zone.status}).")
        return False

    def refusal(trouble: Trouble) -> AppError | None:
        exists = trouble.codes & envelope.ZONE_EXISTS
        return Conflict(f"Cloudflare did not make the zone {wanted}: {trouble.message}") if exists else None

    return CloudflareWrite(
        link,
        Plan(
            operation="zones-post",
            method="POST",
            path="/zones",
            body={"account": {"id": link.account}, "name": wanted, "type": "full"},
            look=look,
            check={"kind": "zone", "name": wanted},
            drops=frozenset({tags.ZONES}),
            parse=shapes.zone,
            refusal=refusal,
        ),
    )


def check_activation(link: Link, zone: Zone) -> CloudflareWrite[None]:
    """`PUT /zones/{zone}/activation_check`."""

    async def look() -> None:
        link.require()  # there is nothing to look at

    return CloudflareWrite(
        link,
        Plan(
            operation="put-zones-zone_id-activation_check",
            method="PUT",
            path=fill("/zones/{zone}/activation_check", zone=zone.id),
            body=None,
            look=look,
            check={"kind": "activation", "name": zone.name},
            drops=frozenset({tags.ZONES}),
            parse=_nothing,
        ),
    )


def _nothing(_data: Any) -> None:
    """The answer names the zone and nothing else."""


def _of_account(link: Link) -> dict[str, str]:
    return {"account.id": link.account} if link.account else {}


def _rank(zone: Zone) -> int:
    return _RANKS.index(zone.status) if zone.status in _RANKS else len(_RANKS)
