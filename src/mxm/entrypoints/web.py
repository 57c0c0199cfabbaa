"""The HTTP side: routes of all features behind the layers, and the life of the application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

import mxm
from mxm.entrypoints import app_routes
from mxm.entrypoints.background import background_work
from mxm.entrypoints.services import Services
from mxm.entrypoints.web_app import WEB_DIST, WebApp, for_people, web_app_routes
from mxm.features.account.routes import routes as account_routes
from mxm.features.audit.routes import routes as audit_routes
from mxm.features.client_setup.routes import routes as client_setup_routes
from mxm.features.dns.routes import routes as dns_routes
from mxm.features.domains.routes import routes as domain_routes
from mxm.features.fleet.routes import routes as fleet_routes
from mxm.features.forwarding.routes import routes as forwarding_routes
from mxm.features.identity.routes import (
    Cookies,
    access_control_routes,
    me_routes,
    page_routes,
    sign_in_routes,
)
from mxm.features.jobs.routes import routes as job_routes
from mxm.features.mailboxes.routes import routes as mailbox_routes
from mxm.features.onboarding.routes import routes as onboarding_routes
from mxm.features.spam.routes import routes as spam_routes
from mxm.platform.idempotency import IdempotencyLayer
from mxm.platform.keycheck import check_key
from mxm.platform.web.addresses import ClientAddress
from mxm.platform.web.body import BodyLayer
from mxm.platform.web.credentials import CredentialsLayer
from mxm.platform.web.handlers import install_error_handlers
from mxm.platform.web.openapi import install_openapi
from mxm.platform.web.request_scope import RequestScope


def build_app(services: Services, web_dist: Path = WEB_DIST) -> FastAPI:
    """The framework's application with the web app in `web_dist`; without the layers in front."""
    app = FastAPI(
        title="MXroute Manager",
        version=mxm.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(services),
        # Our own metrics are enough; the framework's would look at the environment at every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    install_error_handlers(app)
    for routes in _all_routes(app, services, WebApp(web_dist)):
        # One flat list: each nested router would cost every request a look into it (half of a warm answer's time).
        app.router.routes.extend(routes.routes)
    app.router.default = for_people(app.router.default)
    install_openapi(app)
    return app


def build_asgi(services: Services) -> ASGIApp:
    """The whole: routes behind the layers."""
    return with_layers(build_app(services), services)


def with_layers(app: ASGIApp, services: Services) -> ASGIApp:
    """From the outside: request scope > credentials > body > idempotency > `app`."""
    settings = services.settings
    app = IdempotencyLayer(app, services.idempotency)
    app = BodyLayer(app)
    app = CredentialsLayer(app, services.identity.directory, Cookies(settings.force_https).session_name)
    return RequestScope(
        app,
        chance=services.chance,
        addresses=ClientAddress(settings.trusted_proxy_count),
        metrics=services.metrics,
        allowed_hosts=settings.allowed_hosts,
        force_https=settings.force_https,
    )


def _all_routes(app: FastAPI, services: Services, web_app: WebApp) -> list[APIRouter]:
    settings, identity = services.settings, services.identity
    cookies = Cookies(settings.force_https)
    oidc, public_url = settings.oidc_enabled, settings.manager_public_url
    return [  # in the order of their use: routes are looked through one by one
        mailbox_routes(services.mailboxes, services.mxroute, services.imports, services.durable.jobs),
        app_routes.health_routes(services, app),
        app_routes.metrics_routes(services, cookies.session_name),
        app_routes.reference_routes(app, services),
        sign_in_routes(identity, cookies, public_url=public_url, oidc_enabled=oidc),
        me_routes(identity, cookies, oidc_enabled=oidc),
        domain_routes(services.domains),
        fleet_routes(services.fleet.fleet, services.fleet.refresh, services.durable.jobs),
        account_routes(services.account),
        forwarding_routes(services.forwarding),
        client_setup_routes(services.client_setup),
        spam_routes(services.spam),
        *dns_routes(services.dns, services.durable.jobs),
        onboarding_routes(services.onboarding, services.durable.jobs),
        job_routes(services.durable.jobs),
        access_control_routes(identity),
        audit_routes(services.audit),
        page_routes(identity, cookies, public_url=public_url),
        web_app_routes(web_app, services, cookies.session_name),
    ]


def _lifespan(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await _prepare(services)
            async with background_work(services) as tasks:
                app.state.background = tasks
                yield
        finally:
            await services.mxroute.aclose()
            await services.cloudflare.aclose()
            await services.certificates.aclose()
            await services.database.close()

    return lifespan


async def _prepare(services: Services) -> None:
    """What must hold before the first request: the right key, rights in memory, an administrator."""
    settings = services.settings
    await check_key(services.database, services.keys)
    await services.generation.start()
    password = settings.admin_password.get_secret_value() if settings.admin_password else None
    await services.identity.sign_in.seed_administrator(settings.admin_user, password)
