"""The global limit: a number of requests in a window, and whoever goes over it is blocked for a while."""

import math

from mxm_sandbox.cloudflare.errors import ApiError, Headers, Problem
from mxm_sandbox.config import SandboxConfig


class Limiter:
    """Counts the requests of the user, reads and writes alike, in fixed windows that start with their first request."""

    def __init__(self) -> None:
        self._ends_at = self._blocked_until = 0.0
        self._used = 0

    def admit(self, config: SandboxConfig, now: float) -> None:
        """Count one request. Raises a 429 while blocked, and starts the block with the first one too many."""
        self._roll(config, now)
        if config.limits_enabled:
            if now >= self._blocked_until and self._used >= config.cloudflare_limit_requests:
                self._blocked_until = now + config.cloudflare_block_seconds
            if now < self._blocked_until:
                wait = max(1, math.ceil(self._blocked_until - now))
                problem = Problem(971, "Please wait and consider throttling your request speed")
                raise ApiError(429, problem, (("retry-after", str(wait)),))
        self._used += 1

    def _roll(self, config: SandboxConfig, now: float) -> None:
        """Start a new window when the last one, or the block, is over; one made shorter meanwhile ends earlier."""
        was_blocked = 0 < self._blocked_until <= now
        self._ends_at = min(self._ends_at, now + config.cloudflare_limit_window_seconds)
        if was_blocked or (now >= self._ends_at and now >= self._blocked_until):
            self._ends_at, self._used = now + config.cloudflare_limit_window_seconds, 0
            self._blocked_until = 0.0

    def headers(self, config: SandboxConfig, now: float) -> Headers:
        """What is left and for how many seconds, rounded up: who believes it is never early."""
        if not config.rate_limit_headers:
            return ()
        limit, window = config.cloudflare_limit_requests, math.ceil(config.cloudflare_limit_window_seconds)
        blocked = config.limits_enabled and now < self._blocked_until
        left = 0 if blocked else max(0, limit - self._used) if config.limits_enabled else limit
        until = self._blocked_until if blocked else self._ends_at
        seconds = max(0, math.ceil(until - now))
        return (
            ("Ratelimit", f'"default";r={left};t={seconds}'),
            ("Ratelimit-Policy", f'"default";q={limit};w={window}'),
        )
