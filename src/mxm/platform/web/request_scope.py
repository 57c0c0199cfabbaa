"""The outermost layer: a request id for everything, headers on every answer, the log line, the last resort."""

import asyncio
import logging
import re
import time
from ipaddress import IPv4Network, IPv6Network

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxm.platform import context
from mxm.platform.clock import Chance
from mxm.platform.errors import AppError, HeadersTooLarge, MisdirectedRequest, Unavailable
from mxm.platform.web.addresses import ClientAddress
from mxm.platform.web.asgi import header, send_failure
from mxm.platform.web.metrics import HttpMetrics

log = logging.getLogger("mxm.http")

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_SLOW_SECONDS = 1.0
_MOST_HEADERS = 200
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
]
_API = [(b"cache-control", b"no-store"), (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")]
_STOPPING = "The server is stopping. What was under way may have taken effect; the audit log will tell."
_HSTS = (b"strict-transport-security", b"max-age=31536000")

Network = IPv4Network | IPv6Network


class RequestScope:
    """Wraps the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        chance: Chance,
        addresses: ClientAddress,
        metrics: HttpMetrics,
        allowed_hosts: tuple[str, ...] = (),
        force_https: bool = False,
    ) -> None:
        self._app, self._chance, self._addresses, self._metrics = app, chance, addresses, metrics
        self._allowed_hosts = allowed_hosts
        self._always = [*_ALWAYS, _HSTS] if force_https else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = self._request_id(scope)
        context.request_id.set(request_id)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        state["address"] = self._addresses.of(scope)
        extra = [(b"x-request-id", request_id.encode()), *self._always]
        is_api = scope["path"] == "/api" or scope["path"].startswith("/api/")
        wanted = [*extra, *_API] if is_api else extra
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                present = {name for name, _ in headers}
                message["headers"] = [*headers, *(pair for pair in wanted if pair[0] not in present)]
            await send(message)

        try:
            if len(scope["headers"]) > _MOST_HEADERS:
                raise HeadersTooLarge("The request has too many headers.")
            self._check_host(scope)
            await self._app(scope, receive, answer)
        except AppError as error:
            await send_failure(answer, error, request_id)
        except asyncio.CancelledError:
            # The server stops and has waited long enough. The client hears so; there is nobody else to tell.
            if status != 0 or (task := asyncio.current_task()) is None:
                raise
            task.uncancel()
            await send_failure(answer, Unavailable(_STOPPING), request_id)
        except Exception:
            log.exception("unexpected error in %s %s", scope["method"], scope["path"])
            if status == 0:
                await send_failure(answer, AppError("Something went wrong on our side."), request_id)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _request_id(self, scope: Scope) -> str:
        brought = header(scope, b"x-request-id")
        if brought and _REQUEST_ID.match(brought):
            return brought
        return self._chance.token(8).hex()

    def _check_host(self, scope: Scope) -> None:
        if not self._allowed_hosts or scope["path"].startswith("/health"):
            return
        host = (header(scope, b"host") or "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if not any(_host_matches(allowed, host, name) for allowed in self._allowed_hosts):
            raise MisdirectedRequest("This host name is not served here.")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = getattr(route, "path", None) or "unmatched"
        self._metrics.observe(scope["method"], path, status, seconds)
        if scope["method"] in _READS and status < 400 and seconds < _SLOW_SECONDS:
            return
        caller = scope.get("mxm.caller")
        log.info(
            "%s %s %s",
            scope["method"],
            path if path != "unmatched" else "(unmatched)",
            status,
            extra={
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
                "user": caller.name if caller else None,
                "address": scope["state"]["address"],
            },
        )


def _host_matches(allowed: str, host: str, name: str) -> bool:
    if allowed.startswith("*."):
        return name.endswith(allowed[1:])
    return allowed in {host, name}
