"""The MXroute part as an ASGI application: the way of a request from the wire to the state and back.

Order: log, latency, credentials, limits, faults, route, effect. Effects happen under one lock and never wait inside it.
"""

import hmac
import random
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from mxm_sandbox.answers import Answer, ConnectionDropped, Sleep, deliver
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.faults import FaultBook
from mxm_sandbox.misbehaviour import misbehave
from mxm_sandbox.mxroute import domains, envelope
from mxm_sandbox.mxroute.call import Call, read_call
from mxm_sandbox.mxroute.errors import ApiError
from mxm_sandbox.mxroute.limits import Limiter
from mxm_sandbox.mxroute.operations import Operation, find
from mxm_sandbox.mxroute.state import Account
from mxm_sandbox.requestlog import LogEntry, RequestLog

TxtLookup = Callable[[str], Awaitable[list[str]]]


@dataclass(slots=True)
class MxrouteWorld:
    """All that one MXroute has and does; replaced as a whole on reset, apart from the lock."""

    config: SandboxConfig
    account: Account
    limiter: Limiter
    log: RequestLog
    faults: FaultBook
    chance: random.Random


class MxrouteApp:
    """Answers for the world that `current` gives at the moment of the request."""

    def __init__(
        self,
        current: Callable[[], MxrouteWorld],
        *,
        lock: threading.RLock,
        txt_lookup: TxtLookup,
        clock: Callable[[], float],
        sleep: Sleep,
    ) -> None:
        self._current, self._lock = current, lock
        self._txt_lookup, self._clock, self._sleep = txt_lookup, clock, sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; other kinds of connection are none of ours."""
        if scope["type"] != "http":
            return
        world = self._current()
        call = await read_call(scope, receive, world.config, self._clock())
        entry = self._note(world, call)
        try:
            answer = await self._answer(world, call, entry)
        except ConnectionDropped:
            world.log.finish(entry, None)
            raise
        world.log.finish(entry, answer.status)
        await deliver(answer, send, self._sleep)

    def _note(self, world: MxrouteWorld, call: Call) -> LogEntry:
        return world.log.begin(
            time=call.now,
            method=call.method,
            raw_path=call.raw_path,
            path=call.path,
            query=call.query,
            fields=call.field_names(),
            body=call.raw_body,
        )

    async def _answer(self, world: MxrouteWorld, call: Call, entry: LogEntry) -> Answer:
        await self._wait(world)
        call.now = self._clock()
        try:
            _check_credentials(call)  # before the limits: a stranger does not use up the account's budget
            world.limiter.admit(call.method, call.config, call.now)
        except ApiError as error:
            answer = envelope.failure(error)
        else:
            answer = await self._answer_admitted(world, call, entry)
        return answer.with_headers(world.limiter.headers(call.method, call.config, self._clock()))

    async def _wait(self, world: MxrouteWorld) -> None:
        low, high = world.config.latency_ms_min, world.config.latency_ms_max
        if high > 0:
            await self._sleep(world.chance.uniform(low, high) / 1000)

    async def _answer_admitted(self, world: MxrouteWorld, call: Call, entry: LogEntry) -> Answer:
        route = _route(call)
        entry.operation = route.name if isinstance(route, Operation) else None
        world.log.admit(entry)

        async def perform() -> Answer:
            if isinstance(route, ApiError):
                return envelope.failure(route)
            return await self._perform(world, route, call, entry)

        fault = world.faults.pick(call.method, call.path)
        if fault is None:
            return await perform()
        entry.fault = fault.kind
        return await misbehave(fault, perform, envelope.injected, self._sleep)

    async def _perform(self, world: MxrouteWorld, operation: Operation, call: Call, entry: LogEntry) -> Answer:
        try:
            await self._prepare(world, operation, call)
            with self._lock:
                reply = operation.handler(world.account, call)
        except ApiError as error:
            return envelope.failure(error)
        entry.applied = call.method != "GET"
        return envelope.success(reply)

    async def _prepare(self, world: MxrouteWorld, operation: Operation, call: Call) -> None:
        """What a handler needs from outside is fetched before the lock is taken."""
        if operation.handler is domains.create_domain:
            name = domains.wanted_domain(call)
            call.txt_values = await self._txt_lookup(f"{world.account.verification_key}.{name}")


def _route(call: Call) -> Operation | ApiError:
    """Where the call goes, or why nowhere; its path parameters are set."""
    try:
        operation, call.params = find(call)
    except ApiError as error:
        return error
    return operation


def _check_credentials(call: Call) -> None:
    config = call.config
    pairs = (
        (call.headers.get("x-server", "").lower(), config.server.lower()),
        (call.headers.get("x-username", ""), config.username),
        (call.headers.get("x-api-key", ""), config.api_key),
    )
    # Counted, not stopped at the first: all three are compared whichever is wrong.
    if sum(hmac.compare_digest(given.encode(), wanted.encode()) for given, wanted in pairs) != len(pairs):
        raise ApiError(401, "Invalid API credentials")
