"""A write to MXroute as a value: prepared, observed, paid for, sent once. Implements the journal's `PreparedWrite`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from mxm.platform.errors import Conflict, NotFound, UpstreamFailure
from mxm.upstreams.mxroute.judgement import State
from mxm.upstreams.mxroute.link import Link, Parse
from mxm.upstreams.mxroute.watches import Watch
from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.text import sentence

T = TypeVar("T")


class Expect(StrEnum):
    """What must hold before the write for it to make sense."""

    ABSENT = "absent"
    PRESENT = "present"
    VALUES = "values"
    """It exists, and what it holds is worth noting."""


def nothing(_data: Any) -> None:
    """The answer of a write that has none to give (its data is undocumented)."""


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """All that makes one write; `secrets` and `body` are never shown."""

    operation: str
    method: str
    path: str
    watch: Watch
    expect: Expect
    wanted: State
    drops: frozenset[str]
    parse: Parse[T]
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    unreadable: str | None = None


class MXrouteWrite(Generic[T]):
    """One write, not yet sent. Order: `observe`, `reserve`, then `send` or `release`; used once."""

    upstream = "mxroute"

    def __init__(self, link: Link, plan: Plan[T]) -> None:
        self._link = link
        self._plan = plan
        self._before: State | None = None
        self._ticket: Ticket | None = None
        self._sent = False

    def __repr__(self) -> str:
        return f"<MXrouteWrite {self._plan.operation} {self._plan.path}>"

    @property
    def operation(self) -> str:
        """Such as `createEmailAccount`."""
        return self._plan.operation

    @property
    def drops(self) -> frozenset[str]:
        """Tags of cached reads that this write makes untrue; `send` drops them itself, whatever its end."""
        return self._plan.drops

    @property
    def fingerprint(self) -> bytes:
        """Method, path and canonical body, password included: hash it with a key before it is kept."""
        return b"\n".join((self._plan.method.encode(), self._plan.path.encode(), self._body() or b""))

    @property
    def check(self) -> Mapping[str, Any]:
        """What `MXrouteExaminer` needs to judge this write later, as JSON without secrets. Complete after `observe`."""
        watch = self._plan.watch
        return {
            "watch": watch.name,
            "args": dict(watch.args),
            "before": None if self._before is None else dict(self._before),
            "wanted": dict(self._plan.wanted),
            "unreadable": self._plan.unreadable,
        }

    async def observe(self) -> None:
        """Note what holds before, live; where the thing must only be there, a fresh cached read that has it is enough.

        Raises `Conflict` when a thing to be created exists (`createDomain` too: the caller knows what to make of it),
        `NotFound` when a thing to be changed or deleted does not, and when MXroute cannot be read an error that says
        that nothing was sent.
        """
        before = self._known()
        if before is None:
            before = await self._look()
        present = before.get("present")
        if self._plan.expect is Expect.ABSENT and present:
            raise Conflict(f"{self._plan.watch.subject} exists already.")
        if self._plan.expect is not Expect.ABSENT and not present:
            raise NotFound(f"{self._plan.watch.subject} does not exist.")
        self._before = before

    async def reserve(self) -> None:
        """Wait for write budget. Raises `RateLimited`."""
        if self._ticket is None:
            self._ticket = await self._link.transport.reserve_write()

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
        plan = self._plan
        try:
            return await self._link.write(
                plan.method, plan.path, self._body(), ticket, parse=plan.parse, secrets=plan.secrets
            )
        finally:
            self._link.cache.drop(plan.drops)

    def _body(self) -> bytes | None:
        if self._plan.body is None:
            return None
        return json.dumps(self._plan.body, sort_keys=True, separators=(",", ":")).encode("ascii")

    def _known(self) -> State | None:
        if self._plan.expect is not Expect.PRESENT:
            # A kept read may be 15 s old. What others made or changed since would be taken for the effect of this
            # write if its answer got lost, and our caller's recovery address would go to their mailbox.
            return None
        known = self._plan.watch.known()
        return known if known is not None and known.get("present") else None

    async def _look(self) -> State:
        try:
            return await self._plan.watch.live()
        except UpstreamFailure as error:
            message = f"{sentence(error.message)} The state before could not be read, so nothing was sent."
            raise type(error)(message, retry_after=error.retry_after) from error
