"""What all reads and writes of one MXroute account share, and a read as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from mxm.platform.clock import Clock
from mxm.platform.errors import NotConfigured
from mxm.upstreams.mxroute.envelope import MXROUTE, data_of
from mxm.upstreams.mxroute.lenient import NameText
from mxm.upstreams.transport import outcome
from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.cache import ReadCache, Reading
from mxm.upstreams.transport.client import Transport

T = TypeVar("T")
Parse = Callable[[Any], T]


class Link:
    """The account: its transport, its cache, its secrets. Without credentials every use is `NotConfigured`."""

    def __init__(
        self, transport: Transport | None, cache: ReadCache, clock: Clock, *, problem: str = "", secret: str = ""
    ) -> None:
        """`problem` says what to set when there is no `transport`; `secret` is blotted out of messages."""
        self._transport = transport
        self._clock = clock
        self._problem = problem
        self._secret = secret
        self.cache = cache

    @property
    def transport(self) -> Transport:
        """The way to MXroute. Raises `NotConfigured` naming what is missing."""
        if self._transport is None:
            raise NotConfigured(self._problem)
        return self._transport

    async def read(self, path: str, parse: Parse[T], bare: tuple[str, ...]) -> T:
        """GET and parse, live."""
        answer = await self.transport.read(path)
        data = data_of(answer, self._clock.now(), write=False, bare=bare, secrets=(self._secret,))
        return parsed(parse, data, write=False)

    async def write(
        self, method: str, path: str, body: bytes | None, ticket: Ticket, *, parse: Parse[T], secrets: tuple[str, ...]
    ) -> T:
        """Send one write and parse its answer."""
        answer = await self.transport.write(method, path, body, ticket)
        data = data_of(answer, self._clock.now(), write=True, secrets=(self._secret, *secrets))
        return parsed(parse, data, write=True)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            await self._transport.aclose()


def parsed(parse: Parse[T], data: Any, *, write: bool) -> T:
    """`data` as a value; another shape than documented is an `UpstreamError` that quotes nothing of it."""
    try:
        return parse(data)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])[:64]
        what = f"answered with data of an unexpected shape (at {where or 'its top'})"
        raise outcome.malformed(MXROUTE, what, write=write) from None


def shape(wanted: type[T]) -> Parse[T]:
    """A parser for `wanted`; an empty PHP object and null are accepted as an empty list. Lists of texts are names."""
    adapter: TypeAdapter[Any] = TypeAdapter(list[NameText] if wanted == list[str] else wanted)
    is_list = getattr(wanted, "__origin__", None) is list

    def parse(data: Any) -> T:
        value: T = adapter.validate_python([] if is_list and (data is None or data == {}) else data)
        return value

    return parse


@dataclass(frozen=True, slots=True)
class MXrouteRead(Generic[T]):
    """One read, not yet made. `ttl` is for how many seconds its value counts as fresh."""

    link: Link
    path: str
    parse: Parse[T]
    ttl: float
    tags: frozenset[str]
    bare: tuple[str, ...] = ()

    async def live(self) -> T:
        """Ask MXroute now. Raises `NotFound`, `UpstreamError`, `UpstreamTimeout`, `RateLimited`, `NotConfigured`."""
        return await self.link.read(self.path, self.parse, self.bare)

    async def cached(self) -> Reading[T]:
        """The kept value while fresh, else from MXroute, shared by all who ask; stale when MXroute cannot answer."""
        return await self.link.cache.get(self._key, self.live, ttl=self.ttl, tags=self.tags)

    def known(self) -> Reading[T] | None:
        """The kept value while fresh; asks nobody."""
        return self.link.cache.peek(self._key)

    @property
    def _key(self) -> str:
        return f"mxroute {self.path}"
