"""From Cloudflare's records to what public DNS shows of them."""

from collections.abc import Iterable

from mxm_sandbox.cloudflare.record import AUTO_TTL, Record
from mxm_sandbox.dns.zonedata import Rr, ZoneData

# What "automatic" means (developers.cloudflare.com, "Time to Live").
_AUTO_TTL_SECONDS = 300


def public_data(name: str, records: Iterable[Record], name_servers: tuple[str, str], serial: int) -> ZoneData:
    """The public content of a zone."""
    rrs = [_rr(record) for record in records]
    return ZoneData(name, rrs, name_servers=name_servers, serial=serial, contact="dns.cloudflare.com")


def _rr(record: Record) -> Rr:
    ttl = _AUTO_TTL_SECONDS if record.ttl == AUTO_TTL else record.ttl
    return Rr(record.name, record.type, ttl, _written(record), record.proxied)


def _written(record: Record) -> str:
    match record.type:
        case "CNAME" | "NS":
            return f"{record.content}."
        case "MX" | "SRV":
            # A null MX (RFC 7505) is the root already.
            return f"{record.priority} {record.content.removesuffix('.')}."
        case _:
            return record.content
