"""What all reads and writes of one Cloudflare account share, and a read as a value."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from mxm.platform.clock import Clock
from mxm.platform.errors import AppError, NotConfigured
from mxm.upstreams.cloudflare import envelope
from mxm.upstreams.cloudflare.envelope import CLOUDFLARE, Said, Trouble
from mxm.upstreams.transport import outcome
from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.cache import ReadCache, Reading
from mxm.upstreams.transport.client import Transport

_REFUSED = frozenset({400, 404, 409, 422})
T = TypeVar("T")
Parse = Callable[[Any], T]
Refusal = Callable[[Trouble], AppError | None]
"""What a refusal means for one kind of write; None: what it means for all."""


class Link:
    """The account: its transport, its cache, its secret. Without a token every use is `NotConfigured`."""

    def __init__(
        self,
        transport: Transport | None,
        cache: ReadCache,
        clock: Clock,
        *,
        account: str | None,
        problem: str = "",
        secret: str = "",
    ) -> None:
        """`problem` says what to set when there is no `transport`; `secret` is blotted out of messages."""
        self._transport = transport
        self._clock = clock
        self._problem = problem
        self._secret = secret
        self.cache = cache
        self.account = account

    @property
    def transport(self) -> Transport:
        """The way to Cloudflare. Raises `NotConfigured` naming what is missing."""
        if self._transport is None:
            raise NotConfigured(self._problem)
        return self._transport

    def require(self) -> None:
        """Raises `NotConfigured` naming what is missing."""
        if self._transport is None:
            raise NotConfigured(self._problem)

    async def ask(self, path: str, query: Mapping[str, str] | None = None) -> Said:
        """GET, whatever comes back."""
        answer = await self.transport.read(path, query=query)
        return envelope.said(answer, self._clock.now(), (self._secret,))

    async def read(self, path: str, parse: Parse[T], query: Mapping[str, str] | None = None) -> T:
        """GET and parse the `result`, live."""
        return result_of(await self.ask(path, query), parse, write=False)

    async def write(
        self, method: str, path: str, body: bytes | None, ticket: Ticket, *, parse: Parse[T], refusal: Refusal
    ) -> T:
        """Send one write and parse its `result`."""
        answer = await self.transport.write(method, path, body, ticket)
        found = envelope.said(answer, self._clock.now(), (self._secret,))
        # Only a refusal of what was asked for rules an effect out: a 5xx may carry any code.
        if found.trouble is not None and found.meaning in _REFUSED and (error := refusal(found.trouble)) is not None:
            raise error
        return result_of(found, parse, write=True)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            await self._transport.aclose()


def result_of(found: Said, parse: Parse[T], *, write: bool) -> T:
    """The parsed `result` of a success. Raises the typed error of anything else."""
    if not found.succeeded or found.parsed is None:
        raise envelope.failure(found, write=write)
    return parsed(parse, found.parsed.get("result"), write=write)


def parsed(parse: Parse[T], data: Any, *, write: bool) -> T:
    """`data` as a value; another shape than documented is an `UpstreamError` that quotes nothing of it."""
    try:
        return parse(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:64]
        what = f"answered with data of an unexpected shape (at {where or 'its top'})"
        raise outcome.malformed(CLOUDFLARE, what, write=write) from None


@dataclass(frozen=True, slots=True)
class CloudflareRead(Generic[T]):
    """One read, not yet made. `ttl` is for how many seconds its value counts as fresh."""

    link: Link
    key: str
    fetch: Callable[[], Awaitable[T]]
    ttl: float
    tags: frozenset[str]

    async def live(self) -> T:
        """Ask Cloudflare now. Raises `NotFound`, `UpstreamError`, `UpstreamTimeout`, `RateLimited`, `NotConfigured`."""
        return await self.fetch()

    async def cached(self) -> Reading[T]:
        """The kept value while fresh, else from Cloudflare, shared by all who ask; stale when it cannot answer."""
        return await self.link.cache.get(self._key, self.live, ttl=self.ttl, tags=self.tags)

    def known(self) -> Reading[T] | None:
        """The kept value while fresh; asks nobody."""
        return self.link.cache.peek(self._key)

    @property
    def _key(self) -> str:
        return f"cloudflare {self.key}"
