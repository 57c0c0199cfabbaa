"""The caller's address: what the trusted reverse proxies say, and nothing that anybody else says."""

import logging
from functools import lru_cache

from starlette.types import Scope

from mxm.platform.networks import parse
from mxm.platform.web.asgi import header_values

log = logging.getLogger("mxm.web")

UNKNOWN = "0.0.0.0"  # noqa: S104 - a stand-in for a peer without an address (a Unix socket), not a bind


class ClientAddress:
    """Finds the address of the caller behind `trusted` proxies."""

    def __init__(self, trusted: int) -> None:
        self._trusted = trusted
        self._warned = False

    def of(self, scope: Scope) -> str:
        """The address in its normal form; of a forwarded chain only what our own proxies wrote counts."""
        peer = scope.get("client")
        direct = _address(peer[0]) if peer else None
        forwarded = header_values(scope, b"x-forwarded-for")
        if self._trusted == 0:
            if forwarded and not self._warned:
                self._warned = True
                log.warning("X-Forwarded-For seen, but TRUSTED_PROXY_COUNT is 0: it is ignored")
            return direct or UNKNOWN
        hops = [hop.strip() for value in forwarded for hop in value.split(",")]
        claimed = hops[-self._trusted] if len(hops) >= self._trusted else (hops[0] if hops else "")
        return _address(claimed) or direct or UNKNOWN


def is_forwarded(scope: Scope) -> bool:
    """Whether any proxy says that it forwarded this request."""
    return any(name.startswith((b"x-forwarded-", b"forwarded")) for name, _ in scope["headers"])


@lru_cache(maxsize=4096)
def _address(text: str) -> str | None:
    """Normal form of `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]:80`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    parsed = parse(text)
    return str(parsed) if parsed else None
