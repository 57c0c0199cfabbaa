"""The way of a request through an upstream of the sandbox, from the wire to the state and back.

Order: log, latency, credentials and limits, faults, effect. What an upstream says at each step is its own business;
that they all go wrong in the same ways is ours.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Receive, Scope, Send

from mxm_sandbox.answers import Answer, ConnectionDropped, Sleep, deliver
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.faults import Fault, FaultBook, Upstream
from mxm_sandbox.misbehaviour import misbehave
from mxm_sandbox.requestlog import LogEntry, RequestLog
from mxm_sandbox.wire import Wire, read_wire

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Common:
    """What all upstreams of one sandbox share; replaced as a whole on reset."""

    config: SandboxConfig
    log: RequestLog
    faults: FaultBook


class Visit(Protocol):
    """One request to one upstream, bound to the state there was when it arrived."""

    common: Common
    chance: random.Random
    applied: bool

    def latency_ms(self) -> tuple[float, float]:
        """Shortest and longest time before any work, in milliseconds."""

    def admit(self, now: float) -> Answer | None:
        """Credentials, then limits: the refusal, or none. Counts the request; a stranger's does not count."""

    def find(self) -> str | None:
        """Find the route; the name of the operation, or none when there is no such route."""

    async def perform(self) -> Answer:
        """Apply the request for real; `applied` tells afterwards whether something was changed."""

    def headers(self, now: float) -> Headers:
        """What every answer carries."""

    def injected(self, fault: Fault) -> Answer:
        """The answer of a `status` fault in this upstream's envelope."""


class HttpService:
    """An ASGI application of one upstream; `arrive` turns a request into a visit."""

    def __init__(
        self, upstream: Upstream, arrive: Callable[[Wire, float], Visit], *, clock: Callable[[], float], sleep: Sleep
    ) -> None:
        self._upstream, self._arrive = upstream, arrive
        self._clock, self._sleep = clock, sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; other kinds of connection are none of ours."""
        if scope["type"] != "http":
            return
        wire = await read_wire(scope, receive)
        now = self._clock()
        visit = self._arrive(wire, now)
        log = visit.common.log
        entry = log.begin(self._upstream, wire, now)
        try:
            answer = await self._answer(visit, wire, entry)
        except ConnectionDropped:
            log.finish(entry, None)
            raise
        log.finish(entry, answer.status)
        await deliver(answer, send, self._sleep)

    async def _answer(self, visit: Visit, wire: Wire, entry: LogEntry) -> Answer:
        await self._wait(visit)
        answer = visit.admit(self._clock()) or await self._answer_admitted(visit, wire, entry)
        return answer.with_headers(visit.headers(self._clock()))

    async def _wait(self, visit: Visit) -> None:
        low, high = visit.latency_ms()
        if high > 0:
            await self._sleep(visit.chance.uniform(low, high) / 1000)

    async def _answer_admitted(self, visit: Visit, wire: Wire, entry: LogEntry) -> Answer:
        entry.operation = visit.find()
        visit.common.log.admit(entry)

        async def perform() -> Answer:
            answer = await visit.perform()
            entry.applied = visit.applied
            return answer

        fault = visit.common.faults.pick(wire.method, wire.path, self._upstream)
        if fault is None:
            return await perform()
        entry.fault = fault.kind
        return await misbehave(fault, perform, visit.injected, self._sleep)
