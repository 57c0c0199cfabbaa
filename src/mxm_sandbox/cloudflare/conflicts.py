"""Which records cannot stand side by side in a zone."""

from collections.abc import Iterable

from mxm_sandbox.cloudflare.errors import bad
from mxm_sandbox.cloudflare.record import Record

_HOSTS = frozenset({"A", "AAAA", "CNAME"})


def refuse_conflict(wanted: Record, others: Iterable[Record], zone: str) -> None:
    """Raises a 400 when `wanted` says the same as another record, or an alias would share its name.

    At the top of a zone an alias is flattened, so that it excludes nothing but addresses.
    """
    at_top = wanted.name == zone
    for other in others:
        if other.name != wanted.name or other.id == wanted.id:
            continue
        if other.meaning == wanted.meaning:
            same = (other.ttl, other.proxied, other.comment) == (wanted.ttl, wanted.proxied, wanted.comment)
            raise (
                bad(81058, "An identical record already exists.") if same else bad(81057, "The record already exists.")
            )
        if wanted.type == "CNAME" and (other.type in _HOSTS or not at_top):
            raise bad(81053, "An A, AAAA, or CNAME record with that host already exists.")
        if other.type == "CNAME" and (wanted.type in _HOSTS or not at_top):
            raise bad(81054, "A CNAME record with that host already exists.")
