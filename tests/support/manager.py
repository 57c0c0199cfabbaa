"""The whole manager in this process, against a sandbox: real routes, real layers, real database, real client."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from mxm.entrypoints.services import Services, build_services
from mxm.entrypoints.web import build_app, with_layers
from mxm.features.identity.api import GrantIn, TokenIn
from mxm.platform.access import SYSTEM, Caller, Permission
from mxm.platform.clock import Clock
from mxm.platform.settings import GivenSettings
from mxm_sandbox import Sandbox, SandboxConfig
from support.databases import KEY, migrated_sqlite

ADMIN_PASSWORD = "Admin-pass-1"
URL = "http://manager.test"


@dataclass
class Manager:
    """A running manager and the means to look at it from outside."""

    services: Services
    sandbox: Sandbox
    asgi: Any
    client: httpx2.AsyncClient = field(init=False)
    """Without credentials."""

    def __post_init__(self) -> None:
        self.client = self.new_client()

    async def token(self, grants: Mapping[str, Sequence[str]] | None = None, **more: Any) -> str:
        """A new API token: an admin's without `grants`, else one with `{domain: [permission]}`."""
        listed = [
            GrantIn(domain=domain, permissions=[Permission(p) for p in permissions])
            for domain, permissions in (grants or {}).items()
        ]
        wanted = TokenIn(label=more.pop("label", "test"), is_admin=grants is None, grants=listed or None, **more)
        made = await self.services.identity.tokens.create(Caller(SYSTEM, "test"), wanted)
        assert made.token is not None
        return made.token

    async def bearer(self, grants: Mapping[str, Sequence[str]] | None = None, **more: Any) -> httpx2.AsyncClient:
        """A client that sends a new token (see `token`)."""
        return self.new_client(headers={"Authorization": f"Bearer {await self.token(grants, **more)}"})

    def new_client(self, *, address: str = "192.0.2.10", **options: Any) -> httpx2.AsyncClient:
        """A client of its own, with its own cookies, that comes from `address`."""
        transport = httpx2.ASGITransport(app=self.asgi, client=(address, 40_000), raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=URL, **options)

    async def session(self, username: str = "admin", password: str = ADMIN_PASSWORD) -> httpx2.AsyncClient:
        """A signed-in browser: cookies, and the CSRF token in its headers."""
        client = self.new_client()
        answer = await client.post("/api/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["data"]["csrf_token"]
        return client


@asynccontextmanager
async def running_manager(
    folder: Path,
    *,
    database_url: str | None = None,
    sandbox: Sandbox | None = None,
    clock: Clock | None = None,
    mxroute_http: httpx2.AsyncBaseTransport | None = None,
    cloudflare_http: httpx2.AsyncBaseTransport | None = None,
    **settings: Any,
) -> AsyncIterator[Manager]:
    """Start a manager on SQLite in `folder`, or on `database_url`; everything ends on leaving.

    `mxroute_http` and `cloudflare_http` are the ways to the sandbox when they are not the short ones (see
    `networked_manager`). DNS is asked over a socket: see `dns_manager`. The web app is what a test puts into
    `folder / "web_dist"`; otherwise it is not built.
    """
    sandbox = sandbox or Sandbox(SandboxConfig(limits_enabled=False))
    server, username, api_key = sandbox.credentials
    if database_url is None and not (folder / "mxm.sqlite3").exists():
        (folder / "mxm.sqlite3").write_bytes(migrated_sqlite())
    values = {
        "data_dir": folder,
        "database_url": database_url,
        "secret_key": KEY,
        "admin_password": SecretStr(ADMIN_PASSWORD),
        "mx_server": server,
        "mx_user": username,
        "mx_api_key": SecretStr(api_key),
        "mxroute_api_url": "http://mxroute.test",
        "cloudflare_api_url": "http://cloudflare.test/client/v4",
        "cf_api_token": SecretStr(sandbox.cloudflare_token),
        "cf_account_id": sandbox.cloudflare_account,
        "dns_resolvers": ("255.255.255.255",),  # the kernel refuses to ask: what needs DNS says so at once
        "fleet_refresh_minutes": 0,  # what asks upstream by itself would be in every test's counts
        **settings,
    }
    http = mxroute_http or httpx2.ASGITransport(app=sandbox.mxroute_app)
    cloudflare = cloudflare_http or httpx2.ASGITransport(app=sandbox.cloudflare_app)
    services = build_services(GivenSettings(**values), clock=clock, mxroute_http=http, cloudflare_http=cloudflare)
    app = build_app(services, folder / "web_dist")
    asgi = with_layers(app, services)
    async with app.router.lifespan_context(app):
        yield Manager(services, sandbox, asgi)


@asynccontextmanager
async def dns_manager(folder: Path, *, sandbox: Sandbox | None = None, **more: Any) -> AsyncIterator[Manager]:
    """A manager that asks its sandbox's DNS and Cloudflare over sockets on loopback."""
    sandbox = sandbox or Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as world:
        network = httpx2.AsyncHTTPTransport(verify=False, trust_env=False)
        given = {"dns_resolvers": (world.dns_address,), "cloudflare_api_url": world.cloudflare_url}
        settings = {**given, "cloudflare_http": network, **more}
        async with running_manager(folder, sandbox=sandbox, **settings) as manager:
            yield manager
