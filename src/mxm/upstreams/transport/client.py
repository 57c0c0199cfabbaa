"""The way to one upstream account: budget before each try, repeats where they are safe, and never elsewhere.

Reads are repeated on 502, 503, 504, broken connections and timeouts. Writes are sent once: only a 429 (it took no
effect, facts.md) and a connection that was never established are followed by another try.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode

import httpx2

from mxm.platform.clock import Chance, Clock
from mxm.platform.errors import ValidationFailed
from mxm.upstreams.transport import outcome, rate_headers
from mxm.upstreams.transport.budget import MAX_WAIT_SECONDS, Budget, Ticket
from mxm.upstreams.transport.exchange import Answer, ExchangeError, Limits, Phase, exchange
from mxm.upstreams.transport.limiter import WINDOW_SECONDS, Kind
from mxm.upstreams.transport.outcome import Upstream

TRIES = 3
REFUSALS = 5
"""After so many 429 in one call upstream is not short of budget but broken."""
READ_SECONDS = 40.0
"""No new try of a read starts later than this after its first."""

_REPEATABLE = frozenset({502, 503, 504})

HttpTransport = httpx2.AsyncBaseTransport
"""What carries requests; replaced in tests."""


@dataclass(slots=True)
class _Attempts:
    """How one call fares: when it began, how often it broke, how often it was refused."""

    began: float
    broke: int = 0
    refused: int = 0


class Transport:
    """HTTP to one upstream account. Holds credentials in `headers`; nothing here shows them."""

    def __init__(
        self,
        who: Upstream,
        *,
        base_url: str,
        headers: Mapping[str, str],
        budget: Budget,
        clock: Clock,
        chance: Chance,
        limits: Limits | None = None,
        http: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`base_url` may have a path prefix, but no user, query or fragment. `http` replaces the network in tests.

        Raises ValueError for an address or a header value that cannot be used, without showing the value.
        """
        self.who = who
        self._base = _base(who, base_url)
        self._headers = _sendable(headers)
        self._budget = budget
        self._clock = clock
        self._chance = chance
        self._limits = limits or Limits()
        self._reads = self._client(http, keep_alive=20)
        # A kept connection that the server is just closing would leave a write in doubt for nothing; writes are rare
        # (20 a minute), so each has a connection of its own.
        self._writes = self._client(http, keep_alive=0)

    def __repr__(self) -> str:
        return f"<Transport to {self.who.name}>"

    async def aclose(self) -> None:
        """Close all connections."""
        await self._reads.aclose()
        await self._writes.aclose()

    async def read(self, path: str, *, query: Mapping[str, str] | None = None) -> Answer:
        """GET `path` (from `paths.fill`), repeated where that can help. Any status comes back as an answer but 429.

        Raises `RateLimited` when there is no budget in time, `UpstreamError` or `UpstreamTimeout` without an answer.
        """
        attempts = _Attempts(self._clock.monotonic())
        request = ("GET", self._url(path, query), None)
        while True:
            ticket = await self._budget.reserve(Kind.READ, patience=self._patience(attempts))
            try:
                answer = await self._once(self._reads, request, ticket)
            except ExchangeError as broken:
                if not self._may_repeat_read(attempts):
                    raise outcome.unreached(self.who, broken, write=False) from broken
                await self._back_off(attempts)
                continue
            asked_to_wait = rate_headers.retry_after(answer.headers, self._clock.now())
            if answer.status == 429:
                self._count_refusal(attempts, answer)
            elif answer.status in _REPEATABLE and self._may_repeat_read(attempts, asked_to_wait):
                await self._back_off(attempts, asked_to_wait)
            else:
                return answer

    async def reserve_write(self) -> Ticket:
        """Budget for one write. Raises `RateLimited`."""
        return await self._budget.reserve(Kind.WRITE)

    async def write(self, method: str, path: str, body: bytes | None, ticket: Ticket) -> Answer:
        """Send a write with reserved `ticket`, in effect once; `body` is JSON. Any status comes back but 429.

        Raises `RateLimited` (nothing was changed), `UpstreamError` or `UpstreamTimeout` with their doubt.
        """
        attempts = _Attempts(self._clock.monotonic())
        try:
            request = (method, self._url(path, None), body)
        except ValidationFailed:
            ticket.release()
            raise
        while True:
            try:
                answer = await self._once(self._writes, request, ticket)
            except ExchangeError as broken:
                attempts.broke += 1
                if broken.phase is not Phase.UNSENT or attempts.broke >= TRIES:
                    raise outcome.unreached(self.who, broken, write=True) from broken
                await self._back_off(attempts)
            else:
                if answer.status != 429:
                    return answer
                self._count_refusal(attempts, answer)
            ticket = await self._budget.reserve(Kind.WRITE, patience=self._patience(attempts))

    async def _once(
        self, http: httpx2.AsyncClient, request: tuple[str, httpx2.URL, bytes | None], ticket: Ticket
    ) -> Answer:
        method, url, body = request
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            answer = await exchange(http, http.build_request(method, url, content=body, headers=headers), self._limits)
        except ExchangeError as broken:
            if broken.status != 429:
                _give_back(ticket, broken)
                raise
            answer = Answer(429, broken.headers or {}, b"")  # the status says it all, whatever became of the body
        except BaseException:
            ticket.settle(None)  # cancelled: upstream may have counted it
            raise
        ticket.settle(answer.headers, refused=answer.status == 429)
        return answer

    def _count_refusal(self, attempts: _Attempts, answer: Answer) -> None:
        """After a 429. The budget has taken in when to come back; the next `reserve` waits for that or gives up."""
        attempts.refused += 1
        if attempts.refused >= REFUSALS:
            wait = rate_headers.retry_after(answer.headers, self._clock.now())
            raise outcome.failure(self.who, 429, None, write=False, retry_after=wait or WINDOW_SECONDS)

    def _may_repeat_read(self, attempts: _Attempts, asked_to_wait: float | None = None) -> bool:
        attempts.broke += 1
        ends = attempts.began + READ_SECONDS - (asked_to_wait or 0.0)
        return attempts.broke < TRIES and self._clock.monotonic() < ends

    async def _back_off(self, attempts: _Attempts, asked_to_wait: float | None = None) -> None:
        pause = 0.25 * 2**attempts.broke * (0.5 + self._chance.jitter())
        await self._clock.sleep(max(pause, asked_to_wait or 0.0))

    def _patience(self, attempts: _Attempts) -> float:
        return max(0.0, attempts.began + MAX_WAIT_SECONDS - self._clock.monotonic())

    def _url(self, path: str, query: Mapping[str, str] | None) -> httpx2.URL:
        target = self._base.raw_path.rstrip(b"/") + path.encode("ascii")
        if query:
            target += b"?" + urlencode(query).encode("ascii")
        url = self._base.copy_with(raw_path=target)
        if url.raw_path != target:  # httpx2 normalised it: `paths.fill` did not make it
            raise ValidationFailed("The address of the request cannot be sent as it is. Nothing was sent.")
        return url

    def _client(self, http: httpx2.AsyncBaseTransport | None, *, keep_alive: int) -> httpx2.AsyncClient:
        limits = self._limits
        pool = httpx2.Limits(max_connections=100, max_keepalive_connections=keep_alive, keepalive_expiry=4.0)
        client = httpx2.AsyncClient(
            transport=http or httpx2.AsyncHTTPTransport(verify=_trust(), trust_env=False, retries=0, limits=pool),
            headers=self._headers,
            timeout=httpx2.Timeout(limits.read, connect=limits.connect),
            follow_redirects=False,
            trust_env=False,
        )
        # No session: PHP answers the requests of one session one after the other, and a cookie is a state we forget.
        client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return client


@cache
def _trust() -> ssl.SSLContext:
    """The authorities, read once for all clients of the process: it takes 20 ms."""
    return httpx2.create_ssl_context(trust_env=False)


def _give_back(ticket: Ticket, broken: ExchangeError) -> None:
    if broken.phase is Phase.UNSENT:
        ticket.release()
    else:
        ticket.settle(broken.headers)


def _base(who: Upstream, base_url: str) -> httpx2.URL:
    """`base_url` without what would be dropped or shown in logs. A hostless or odd one is a ValueError."""
    try:
        url = httpx2.URL(base_url)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
        raise ValueError(f"{who.address_setting} must look like https://host or https://host/prefix")
    return url


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise ValueError(f"the value for {name} holds characters that cannot be sent in a header")
    return {"Accept": "application/json", "User-Agent": "mxroute-manager", **headers}
