"""The control port: how a test, a demo or a person looks into the sandbox and changes it.

It asks for no credentials and therefore listens on loopback only.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mxm_sandbox.cloudflare.state import ZoneStatus
from mxm_sandbox.config import ConfigError, SandboxConfig, explain
from mxm_sandbox.dns.questions import Question
from mxm_sandbox.dns.rdata import BadRecord
from mxm_sandbox.faults import Upstream
from mxm_sandbox.requestlog import LogEntry


class Controllable(Protocol):
    """What the control port needs of a sandbox."""

    @property
    def state(self) -> dict[str, Any]: ...
    @property
    def question_counts(self) -> dict[str, Any]: ...
    def counts_of(self, upstream: Upstream) -> dict[str, Any]: ...
    def log_since(self, sequence: int) -> list[LogEntry]: ...
    def questions_since(self, sequence: int) -> list[Question]: ...
    def configure(self, **changes: Any) -> SandboxConfig: ...
    def reset(self) -> None: ...
    def scale(self, *, domains: int, mailboxes: int) -> None: ...
    def publish(self, name: str, record_type: str, values: list[str]) -> None: ...
    def set_zone_status(self, name: str, status: ZoneStatus) -> None: ...
    def refresh_quota(self) -> None: ...
    def check_password(self, email: str, password: str) -> bool: ...


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DnsChange(_Strict):
    """One record set to publish; no values removes it."""

    name: str = Field(min_length=1)
    type: str = Field(default="TXT", pattern=r"^[A-Za-z0-9]{1,10}$")
    values: list[str]


class ZoneChange(_Strict):
    """A Cloudflare zone and the status it shall have."""

    name: str = Field(min_length=1)
    status: ZoneStatus


class ScaleRequest(_Strict):
    """How many there shall be in total."""

    domains: int = Field(ge=0, le=99_999)
    mailboxes: int = Field(ge=0, le=1_000_000)


class PasswordCheck(_Strict):
    """A mailbox and a password that may be its own."""

    email: str
    password: str


_Model = TypeVar("_Model", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise ConfigError("the body must be a JSON object")
    return body


async def _parsed(request: Request, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(await _json_object(request))
    except ValidationError as error:
        raise ConfigError(explain(error)) from error


def _known(upstream: str) -> Upstream:
    for name in get_args(Upstream):
        if upstream == name:
            return cast("Upstream", upstream)
    raise ConfigError("upstream must be mxroute, cloudflare or dns")


class _Endpoints:
    """The routes of one sandbox."""

    def __init__(self, sandbox: Controllable) -> None:
        self._sandbox = sandbox

    async def state(self, _: Request) -> Response:
        return JSONResponse(self._sandbox.state)

    async def log(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not since.isascii() or not since.isdigit() or len(since) > 18:
            raise ConfigError("since must be a sequence number")
        entries = self._entries(request.query_params.get("upstream"), int(since))
        last = entries[-1].sequence if entries else int(since)
        return JSONResponse({"entries": [entry.as_json() for entry in entries], "last_sequence": last})

    def _entries(self, upstream: str | None, since: int) -> Sequence[LogEntry | Question]:
        """All HTTP requests, those to one upstream, or the questions to the DNS server, numbered by themselves."""
        if upstream == "dns":
            return self._sandbox.questions_since(since)
        if upstream is not None:
            _known(upstream)
        entries = self._sandbox.log_since(since)
        return [entry for entry in entries if upstream in {None, entry.upstream}]

    async def counts(self, request: Request) -> Response:
        upstream = request.query_params.get("upstream", "mxroute")
        if upstream == "dns":
            return JSONResponse(self._sandbox.question_counts)
        return JSONResponse(self._sandbox.counts_of(_known(upstream)))

    async def reset(self, _: Request) -> Response:
        self._sandbox.reset()
        return JSONResponse({"ok": True})

    async def config(self, request: Request) -> Response:
        after = self._sandbox.configure(**await _json_object(request))
        return JSONResponse(after.model_dump(mode="json", exclude={"api_key", "cloudflare_token"}))

    async def dns(self, request: Request) -> Response:
        change = await _parsed(request, DnsChange)
        self._sandbox.publish(change.name, change.type, change.values)
        return JSONResponse({"ok": True})

    async def zones(self, request: Request) -> Response:
        change = await _parsed(request, ZoneChange)
        self._sandbox.set_zone_status(change.name, change.status)
        return JSONResponse({"ok": True})

    async def scale(self, request: Request) -> Response:
        wanted = await _parsed(request, ScaleRequest)
        self._sandbox.scale(domains=wanted.domains, mailboxes=wanted.mailboxes)
        return JSONResponse({"ok": True})

    async def refresh_quota(self, _: Request) -> Response:
        self._sandbox.refresh_quota()
        return JSONResponse({"ok": True})

    async def check_password(self, request: Request) -> Response:
        wanted = await _parsed(request, PasswordCheck)
        return JSONResponse({"match": self._sandbox.check_password(wanted.email, wanted.password)})


async def _refuse(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


async def _http_error(_: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, str(error))
    return JSONResponse({"error": detail}, status)


def control_app(sandbox: Controllable) -> Starlette:
    """The control port of one sandbox as an ASGI application."""
    endpoints = _Endpoints(sandbox)
    reads: dict[str, Endpoint] = {"/state": endpoints.state, "/log": endpoints.log, "/counts": endpoints.counts}
    writes: dict[str, Endpoint] = {
        "/reset": endpoints.reset,
        "/config": endpoints.config,
        "/dns": endpoints.dns,
        "/zones": endpoints.zones,
        "/scale": endpoints.scale,
        "/refresh-quota": endpoints.refresh_quota,
        "/check-password": endpoints.check_password,
    }
    routes = [Route(path, endpoint, methods=["GET"]) for path, endpoint in reads.items()]
    routes += [Route(path, endpoint, methods=["POST"]) for path, endpoint in writes.items()]
    return Starlette(
        routes=routes, exception_handlers={ConfigError: _refuse, BadRecord: _refuse, HTTPException: _http_error}
    )
