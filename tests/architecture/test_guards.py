"""No route without a guard: each has a permission in its signature, or is on the short public list."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from pydantic import SecretStr

from mxm.entrypoints.services import build_services
from mxm.entrypoints.web import build_app
from mxm.platform.access import dependencies
from mxm.platform.settings import GivenSettings
from support.api import RouteOf, all_routes

PUBLIC = {
    "GET /health",
    "HEAD /health",
    "GET /health/ready",
    "GET /metrics",  # checks by itself: an administrator, or a network of METRICS_ALLOW
    "POST /api/auth/login",
    "GET /{page:path}",  # asks for a session by itself, and leads to the sign-in without one
    "HEAD /{page:path}",
    "GET /assets/{path:path}",
    "HEAD /assets/{path:path}",
    "GET /favicon.svg",
    "HEAD /favicon.svg",
    "GET /login",
    "POST /login",
    "POST /logout",
    "GET /static/pages.css",
}
GUARDS = {
    dependencies._any,
    dependencies._session,
    dependencies._admin,
    dependencies._admin_session,
}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """The application; nothing is opened."""
    return build_app(build_services(GivenSettings(secret_key=SecretStr("only to look at the routes"))))


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """Every dependency of a route, at any depth."""
    for inner in dependant.dependencies:
        if inner.call is not None:
            yield inner.call
        yield from calls(inner)


def is_guarded(route: RouteOf) -> bool:
    """Whether any dependency asks for a caller and their rights."""
    return any(call in GUARDS or hasattr(call, "permissions") for call in calls(route.route.dependant))


def test_every_route_has_a_permission_or_is_public(app: FastAPI) -> None:
    bare = {str(route) for route in all_routes(app) if not is_guarded(route)}
    assert bare == PUBLIC


def test_every_route_on_a_domain_asks_for_rights_on_that_domain(app: FastAPI) -> None:
    on_domain = [route for route in all_routes(app) if "{domain}" in route.path]
    assert len(on_domain) > 20
    for route in on_domain:
        guards = [call for call in calls(route.route.dependant) if hasattr(call, "permissions")]
        assert len(guards) == 1, route


def test_a_route_without_a_permission_is_noticed() -> None:
    """The walk above can fail: a bare route is seen even when its router was included in another."""
    inner, outer, bare = APIRouter(), APIRouter(), FastAPI(openapi_url=None)

    @inner.get("/open")
    def open_door() -> None:
        """Anybody."""

    outer.include_router(inner)
    bare.include_router(outer)
    assert [str(route) for route in all_routes(bare) if not is_guarded(route)] == ["GET /open", "GET /docs"][:1]
