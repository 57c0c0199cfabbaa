"""What every prepared write shares, whatever the upstream: paid for once, sent once, its body in one form."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.cache import ReadCache
from mxm.upstreams.transport.client import Transport

T = TypeVar("T")


class Prepared(ABC, Generic[T]):
    """One write, not yet sent: `observe` (each upstream has its own), `reserve`, `send` or `release`. Used once."""

    def __init__(
        self,
        transport: Callable[[], Transport],
        cache: ReadCache,
        *,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        drops: frozenset[str],
    ) -> None:
        """`transport` is asked when budget is due and may raise `NotConfigured`; `drops` are tags of cached reads."""
        self._transport, self._cache = transport, cache
        self._method, self._path, self._given, self._drops = method, path, body, drops
        self._ticket: Ticket | None = None
        self._sent = False

    @property
    def drops(self) -> frozenset[str]:
        """Tags of cached reads that this write makes untrue; `send` drops them itself, whatever its end."""
        return self._drops

    @property
    def fingerprint(self) -> bytes:
        """Method, path and canonical body, secrets included: hash it with a key before it is kept."""
        return b"\n".join((self._method.encode(), self._path.encode(), self._body() or b""))

    async def reserve(self) -> None:
        """Wait for write budget. Raises `RateLimited`."""
        if self._ticket is None:
            self._ticket = await self._transport().reserve_write()

    def release(self) -> None:
        """Give unused budget back."""
        if self._ticket is not None:
            self._ticket.release()
            self._ticket = None

    async def send(self) -> T:
        """Send it, in effect once. Raises `UpstreamFailure` with its doubt, `RateLimited` or a 4xx error: no effect."""
        ticket, self._ticket = self._ticket, None
        if ticket is None or self._sent:
            raise RuntimeError("a write is reserved before it is sent, and sent once")
        self._sent = True
        try:
            return await self._deliver(self._body(), ticket)
        finally:
            self._cache.drop(self._drops)

    @abstractmethod
    async def _deliver(self, body: bytes | None, ticket: Ticket) -> T:
        """Send `body` with `ticket`, and understand the answer."""

    def _body(self) -> bytes | None:
        if self._given is None:
            return None
        return json.dumps(self._given, sort_keys=True, separators=(",", ":")).encode("ascii")
