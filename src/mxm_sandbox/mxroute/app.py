"""The MXroute part: what each step of a request means for MXroute.

Effects happen under one lock and never wait inside it.
"""

import hmac
import random
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mxm_sandbox.answers import Answer, Sleep
from mxm_sandbox.faults import Fault
from mxm_sandbox.mxroute import domains, envelope
from mxm_sandbox.mxroute.call import Call
from mxm_sandbox.mxroute.errors import ApiError, not_found
from mxm_sandbox.mxroute.limits import Limiter
from mxm_sandbox.mxroute.operations import Operation, find
from mxm_sandbox.mxroute.state import Account
from mxm_sandbox.service import Common, Headers, HttpService
from mxm_sandbox.wire import Wire

TxtLookup = Callable[[str], Awaitable[list[str]]]


@dataclass(slots=True)
class MxrouteWorld:
    """All that one MXroute has and does; replaced as a whole on reset, apart from the lock."""

    common: Common
    account: Account
    limiter: Limiter
    chance: random.Random


class MxrouteApp(HttpService):
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
        def arrive(wire: Wire, now: float) -> _Visit:
            return _Visit(current(), wire, now, lock, txt_lookup)

        super().__init__("mxroute", arrive, clock=clock, sleep=sleep)


class _Visit:
    """One request to MXroute."""

    def __init__(
        self, world: MxrouteWorld, wire: Wire, now: float, lock: threading.RLock, txt_lookup: TxtLookup
    ) -> None:
        self.common, self.chance, self.applied = world.common, world.chance, False
        self._world, self._lock, self._txt_lookup = world, lock, txt_lookup
        self._call = Call(wire, world.common.config, now)
        self._route: Operation | ApiError | None = None

    def latency_ms(self) -> tuple[float, float]:
        config = self.common.config
        return config.latency_ms_min, config.latency_ms_max

    def admit(self, now: float) -> Answer | None:
        self._call.now = now
        try:
            _check_credentials(self._call)  # before the limits: a stranger does not use up the account's budget
            self._world.limiter.admit(self._call.method, self._call.config, now)
        except ApiError as error:
            return envelope.failure(error)
        return None

    def find(self) -> str | None:
        self._route = _route(self._call)
        return self._route.name if isinstance(self._route, Operation) else None

    async def perform(self) -> Answer:
        if not isinstance(self._route, Operation):
            return envelope.failure(self._route or not_found("Endpoint"))
        try:
            await self._prepare(self._route)
            with self._lock:
                reply = self._route.handler(self._world.account, self._call)
        except ApiError as error:
            return envelope.failure(error)
        self.applied = self._call.method != "GET"
        return envelope.success(reply)

    async def _prepare(self, operation: Operation) -> None:
        """What a handler needs from outside is fetched before the lock is taken."""
        if operation.handler is domains.create_domain:
            name = domains.wanted_domain(self._call)
            self._call.txt_values = await self._txt_lookup(f"{self._world.account.verification_key}.{name}")

    def headers(self, now: float) -> Headers:
        return self._world.limiter.headers(self._call.method, self._call.config, now)

    def injected(self, fault: Fault) -> Answer:
        return envelope.injected(fault)


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
