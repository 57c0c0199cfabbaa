"""Routes of the program as a whole: health, metrics, the API reference."""

import asyncio
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from mxm.entrypoints.services import Services
from mxm.platform.access import Credentials
from mxm.platform.access.dependencies import AdminSession
from mxm.platform.db.generation import database_answers
from mxm.platform.envelope import Ok, Output
from mxm.platform.errors import FieldError, Forbidden, NotFound, Unauthorized, Unavailable
from mxm.platform.networks import parse
from mxm.platform.web.addresses import is_forwarded
from mxm.platform.web.credentials import bearer_token, session_cookie
from mxm.platform.web.routing import router

_REFERENCE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI sets styles on its elements; scripts stay strict."""
_ASSETS = {
    "swagger-ui-bundle.js": ("fastapi_swagger.resources", "text/javascript"),
    "swagger-ui.css": ("fastapi_swagger.resources", "text/css"),
    "reference.js": ("mxm.entrypoints.reference", "text/javascript"),
    "reference.css": ("mxm.entrypoints.reference", "text/css"),
}


class Health(Output):
    """The process answers."""

    status: str = Field(examples=["ok"])


class Readiness(Output):
    """What the process needs to serve."""

    database: bool
    workers: bool


def health_routes(services: Services, app: FastAPI) -> APIRouter:
    """For load balancers; touches no upstream."""
    health = router(tags=["App"])

    @health.head("/health", include_in_schema=False)
    @health.get("/health", summary="Is the process up?", response_model=Health)
    async def read_health() -> Response:
        """Exactly `{"status":"ok"}`."""
        return Response(b'{"status":"ok"}', media_type="application/json")

    @health.get("/health/ready", summary="Can it serve?")
    async def read_readiness() -> Ok[Readiness]:
        """200 when the database answers and background work runs; 503 names what is missing."""
        tasks: list[asyncio.Task[None]] = getattr(app.state, "background", [])
        ready = {
            "database": await _database_answers(services),
            "workers": bool(tasks) and not any(t.done() for t in tasks),
        }
        missing = [FieldError(name, "is not ready") for name, well in ready.items() if not well]
        if missing:
            raise Unavailable("Not ready to serve.", details=missing, retry_after=2)
        return Ok(data=Readiness(**ready))

    return health


def metrics_routes(services: Services, cookie_name: str) -> APIRouter:
    """Prometheus figures: for administrators, or for METRICS_ALLOW networks that come directly."""
    metrics = APIRouter(include_in_schema=False, redirect_slashes=False)

    async def check(request: Request) -> None:
        state, scope = request.state, request.scope
        networks = services.settings.metrics_allow
        if networks and not is_forwarded(scope) and scope.get("client"):
            peer = parse(scope["client"][0])
            if peer is not None and any(peer.version == net.version and peer in net for net in networks):
                return
        cookie = session_cookie(scope, cookie_name)
        found = await services.identity.directory.authenticate(Credentials(bearer_token(scope), cookie, state.address))
        if found is None:
            raise Unauthorized
        if not found.principal.is_admin:
            raise Forbidden("This is for administrators.")

    @metrics.get("/metrics")
    async def read_metrics(request: Request) -> Response:
        await check(request)
        return Response(services.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return metrics


def reference_routes(app: FastAPI, services: Services) -> APIRouter:
    """The API reference, for administrators' sessions; its assets come with the program."""
    reference = router(tags=["App"], prefix="/api")

    @reference.get("/docs", summary="API reference", response_class=Response, responses={200: _html("The reference.")})
    async def read_reference(caller: AdminSession) -> Response:
        """Every route with examples, to try with the present session."""
        page = (files("mxm.entrypoints.reference") / "reference.html").read_bytes()
        return Response(page, media_type="text/html", headers={"Content-Security-Policy": _REFERENCE_POLICY})

    @reference.get("/openapi.json", summary="OpenAPI document", response_class=JSONResponse)
    async def read_openapi(caller: AdminSession) -> JSONResponse:
        """OpenAPI 3.1."""
        return JSONResponse(app.openapi())

    @reference.get("/docs/{asset}", include_in_schema=False)
    async def read_asset(caller: AdminSession, asset: str) -> Response:
        if asset not in _ASSETS:
            raise NotFound("There is nothing at this address.")
        headers = {"Cache-Control": "private, max-age=3600"}
        return Response(_asset(asset), media_type=_ASSETS[asset][1], headers=headers)

    return reference


async def _database_answers(services: Services) -> bool:
    """It can be read, and what others changed can be taken in: without that every request with credentials fails."""
    try:
        async with asyncio.timeout(2):
            await database_answers(services.database)
            await services.generation.ensure_fresh()
    except Exception:  # noqa: BLE001 - not ready, whatever the reason; the watch logs it
        return False
    return True


def _html(description: str) -> dict[str, object]:
    return {"content": {"text/html": {}}, "description": description}


@cache
def _asset(name: str) -> bytes:
    return (files(_ASSETS[name][0]) / name).read_bytes()
