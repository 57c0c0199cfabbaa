"""The Cloudflare part: what each step of a request means for Cloudflare.

Effects happen under one lock and never wait inside it.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass

from mxm_sandbox.answers import Answer, Sleep
from mxm_sandbox.cloudflare import envelope
from mxm_sandbox.cloudflare.accounts import check_token
from mxm_sandbox.cloudflare.call import Call
from mxm_sandbox.cloudflare.errors import ApiError
from mxm_sandbox.cloudflare.limits import Limiter
from mxm_sandbox.cloudflare.operations import Operation, check_right, find
from mxm_sandbox.cloudflare.state import Store
from mxm_sandbox.faults import Fault
from mxm_sandbox.service import Common, Headers, HttpService
from mxm_sandbox.wire import Wire


@dataclass(slots=True)
class CloudflareWorld:
    """All that one Cloudflare has and does; replaced as a whole on reset, apart from the lock."""

    common: Common
    store: Store
    limiter: Limiter
    chance: random.Random


class CloudflareApp(HttpService):
    """Answers for the world that `current` gives at the moment of the request."""

    def __init__(
        self,
        current: Callable[[], CloudflareWorld],
        *,
        lock: threading.RLock,
        clock: Callable[[], float],
        sleep: Sleep,
    ) -> None:
        super().__init__("cloudflare", lambda wire, now: _Visit(current(), wire, now, lock), clock=clock, sleep=sleep)


class _Visit:
    """One request to Cloudflare."""

    def __init__(self, world: CloudflareWorld, wire: Wire, now: float, lock: threading.RLock) -> None:
        self.common, self.chance, self.applied = world.common, world.chance, False
        self._world, self._lock = world, lock
        self._call = Call(wire, world.common.config, now)
        self._route = _route(self._call)

    def latency_ms(self) -> tuple[float, float]:
        config = self.common.config
        return config.cloudflare_latency_ms_min, config.cloudflare_latency_ms_max

    def admit(self, now: float) -> Answer | None:
        self._call.now = now
        try:
            verifying = isinstance(self._route, Operation) and self._route.verifies
            check_token(self._call, verifying=verifying)  # before the limits: they are those of the token's user
            self._world.limiter.admit(self._call.config, now)
        except ApiError as error:
            return envelope.failure(error)
        return None

    def find(self) -> str | None:
        return self._route.name if isinstance(self._route, Operation) else None

    async def perform(self) -> Answer:
        if isinstance(self._route, ApiError):
            return envelope.failure(self._route)
        try:
            check_right(self._route, self._call)
            with self._lock:
                self._world.store.settle(self._call.now, self.common.config.cloudflare_activation_seconds)
                reply = self._route.handler(self._world.store, self._call)
        except ApiError as error:
            return envelope.failure(error)
        self.applied = self._route.method != "GET"
        return envelope.success(reply)

    def headers(self, now: float) -> Headers:
        return self._world.limiter.headers(self._call.config, now)

    def injected(self, fault: Fault) -> Answer:
        return envelope.injected(fault)


def _route(call: Call) -> Operation | ApiError:
    """Where the call goes, or why nowhere."""
    try:
        return find(call)
    except ApiError as error:
        return error
