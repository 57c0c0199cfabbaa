"""A write to Cloudflare as a value: prepared, observed, paid for, sent once: the journal's `PreparedWrite`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mxm.platform.errors import AppError, UpstreamFailure
from mxm.upstreams.cloudflare.envelope import Trouble
from mxm.upstreams.cloudflare.link import Link, Parse, Refusal
from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.prepared import Prepared
from mxm.upstreams.transport.text import sentence

T = TypeVar("T")


def _as_ever(_trouble: Trouble) -> AppError | None:
    return None


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """All that makes one write. `look` reads the state before as JSON and refuses what is pointless; `check` tells
    `CloudflareExaminer` the rest."""

    operation: str
    method: str
    path: str
    body: Mapping[str, Any] | None = field(repr=False)
    look: Callable[[], Awaitable[Any]]
    check: Mapping[str, Any]
    drops: frozenset[str]
    parse: Parse[T]
    refusal: Refusal = _as_ever


class CloudflareWrite(Prepared[T]):
    """One write, not yet sent. Order: `observe`, `reserve`, then `send` or `release`; used once."""

    upstream = "cloudflare"

    def __init__(self, link: Link, plan: Plan[T]) -> None:
        super().__init__(
            lambda: link.transport,
            link.cache,
            method=plan.method,
            path=plan.path,
            body=plan.body,
            drops=plan.drops,
        )
        self._link = link
        self._plan = plan
        self._before: Any = None

    def __repr__(self) -> str:
        return f"<CloudflareWrite {self._plan.operation} {self._plan.path}>"

    @property
    def operation(self) -> str:
        """Cloudflare's own name for the call: the `operationId` of its OpenAPI description."""
        return self._plan.operation

    @property
    def check(self) -> Mapping[str, Any]:
        """What `CloudflareExaminer` needs to judge this write later, as JSON. Complete after `observe`."""
        return {**self._plan.check, "before": self._before}

    async def observe(self) -> None:
        """Note what holds before, live. Raises `Conflict` when the write does not fit that (any more), and when
        Cloudflare cannot be read an error that says that nothing was sent."""
        try:
            self._before = await self._plan.look()
        except UpstreamFailure as error:
            message = f"{sentence(error.message)} The state before could not be read, so nothing was sent."
            raise type(error)(message, retry_after=error.retry_after) from error

    async def _deliver(self, body: bytes | None, ticket: Ticket) -> T:
        plan = self._plan
        return await self._link.write(plan.method, plan.path, body, ticket, parse=plan.parse, refusal=plan.refusal)
