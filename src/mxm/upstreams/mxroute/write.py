"""A write to MXroute as a value: prepared, observed, paid for, sent once. Implements the journal's `PreparedWrite`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from mxm.platform.errors import Conflict, NotFound, UpstreamFailure
from mxm.upstreams.mxroute.judgement import State
from mxm.upstreams.mxroute.link import Link, Parse
from mxm.upstreams.mxroute.watches import Watch
from mxm.upstreams.transport.budget import Ticket
from mxm.upstreams.transport.prepared import Prepared
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


class MXrouteWrite(Prepared[T]):
    """One write, not yet sent. Order: `observe`, `reserve`, then `send` or `release`; used once."""

    upstream = "mxroute"

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
        self._before: State | None = None

    def __repr__(self) -> str:
        return f"<MXrouteWrite {self._plan.operation} {self._plan.path}>"

    @property
    def operation(self) -> str:
        """Such as `createEmailAccount`."""
        return self._plan.operation

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

    async def _deliver(self, body: bytes | None, ticket: Ticket) -> T:
        plan = self._plan
        return await self._link.write(plan.method, plan.path, body, ticket, parse=plan.parse, secrets=plan.secrets)

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
