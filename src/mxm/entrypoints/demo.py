"""`mxm demo`: the whole manager on embedded MXroute, Cloudflare and DNS, with an administrator and two tokens.

Data are fresh and temporary, nothing leaves the machine, Ctrl-C ends all of it.
"""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from pydantic import SecretStr

import mxm_sandbox
from mxm.entrypoints.refusal import CannotStart
from mxm.entrypoints.running import address_of, build_server, listen, prepared, run_loop
from mxm.entrypoints.services import Services
from mxm.features.identity.api import GrantIn, TokenIn
from mxm.platform.access import SYSTEM, Caller, Permission
from mxm.platform.logs import configure_logging
from mxm.platform.settings import GivenSettings

_USUAL_PORT = 5000
_WORLD = mxm_sandbox.SandboxConfig(
    latency_ms_min=20,
    latency_ms_max=80,
    cloudflare_latency_ms_min=20,
    cloudflare_latency_ms_max=80,
    cloudflare_activation_seconds=20,
    dns_propagation_seconds=2,  # a change is seen to become public, and nobody waits for long
)
_SCOPE = [Permission.EMAILS, Permission.SPAM, Permission.DNS]


def run_demo() -> None:
    """Run until Ctrl-C or SIGTERM; HOST and PORT are honoured."""
    configure_logging("WARNING")
    listening = _listen(os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "")
    with tempfile.TemporaryDirectory(prefix="mxm-demo-") as folder:
        run_loop(_run(listening, Path(folder)))


def sandbox_config(arguments: Sequence[str]) -> mxm_sandbox.SandboxConfig:
    """The sandbox's settings from `--key value` pairs. Raises `CannotStart`."""
    try:
        return mxm_sandbox.Sandbox().configure(**_pairs(arguments))
    except mxm_sandbox.ConfigError as error:
        raise CannotStart(f"sandbox: {error}") from None


def _pairs(arguments: Sequence[str]) -> dict[str, object]:
    """The settings named on the command line; values are JSON where they are, else text."""
    if len(arguments) % 2 or not all(name.startswith("--") for name in arguments[::2]):
        raise CannotStart("sandbox: options come as --key value, for example --read-limit 50")
    found: dict[str, object] = {}
    for name, value in zip(arguments[::2], arguments[1::2], strict=True):
        try:
            found[name[2:].replace("-", "_")] = json.loads(value)
        except ValueError:
            found[name[2:].replace("-", "_")] = value
    return found


def _listen(host: str, port: str) -> socket.socket:
    try:
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise CannotStart(f"HOST: got {host!r}, want a loopback address: the demo is open to whoever reaches it")
    if port:
        if not port.isdecimal() or not port.isascii() or int(port) > 65535:
            raise CannotStart(f"PORT: got {port!r}, want a number from 0 to 65535")
        return listen(host, int(port))
    with contextlib.suppress(CannotStart):
        return listen(host, _USUAL_PORT)
    return listen(host, 0)


async def _run(listening: socket.socket, folder: Path) -> None:
    async with mxm_sandbox.Sandbox(_WORLD).serve() as world:
        password = secrets.token_urlsafe(9)
        services = prepared(_settings(world, folder, password))
        server = build_server(services)
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.02)
        if not serving.done():
            await _announce(services, address_of(listening), password, world.control_url)
        await serving


def _settings(world: mxm_sandbox.Running, folder: Path, password: str) -> GivenSettings:
    return GivenSettings(
        data_dir=folder,
        admin_password=SecretStr(password),
        mxroute_api_url=world.mxroute_url,
        mx_server=_WORLD.server,
        mx_user=_WORLD.username,
        mx_api_key=SecretStr(_WORLD.api_key),
        cloudflare_api_url=world.cloudflare_url,
        cf_api_token=SecretStr(_WORLD.cloudflare_token),
        cf_account_id=_WORLD.cloudflare_account_id,
        dns_resolvers=(world.dns_address,),
        public_url_scheme="http",
        log_level="WARNING",
    )


async def _announce(services: Services, address: str, password: str, control_url: str) -> None:
    caller = Caller(SYSTEM, "demo")
    tokens = services.identity.tokens
    full = await tokens.create(caller, TokenIn(label="demo admin", is_admin=True))
    grant = GrantIn(domain="example.com", permissions=_SCOPE)
    scoped = await tokens.create(caller, TokenIn(label="demo example.com", grants=[grant]))
    base = "$MXM_URL/api/domains/example.com"
    auth, send = '-H "Authorization: Bearer $MXM_TOKEN"', '-H "Content-Type: application/json" -d'
    mailbox = '{"username":"alex","password":"Abcd123!","quota":1024,"limit":9600}'
    policy = '{"dmarc_record":"v=DMARC1; p=reject; sp=reject; aspf=r;"}'
    lines = [
        "",
        f"MXroute Manager runs at {address} on a sandbox of MXroute, Cloudflare and DNS; nothing leaves this machine.",
        f"Sign in at {address}/login as admin with the password {password}",
        f"Sandbox controls: {control_url}",
        "",
        f"export MXM_URL={address}",
        f"export MXM_ADMIN_TOKEN={full.token}",
        f"export MXM_TOKEN={scoped.token}",
        "",
        "Try, in another terminal, after pasting the three lines above:",
        '  curl -sS -H "Authorization: Bearer $MXM_ADMIN_TOKEN" $MXM_URL/api/domains',
        f"  curl -sS {auth} {base}/email-accounts",
        f"  curl -sS -X POST {auth} {send} '{mailbox}' {base}/email-accounts",
        f"  curl -sS {auth} {base}/dns/health",
        f"  curl -sS -X POST {auth} {send} '{{}}' {base}/dns/fix",
        f'  curl -sS -X POST {auth} {send} \'{{"records":["webmail"]}}\' {base}/dns/fix',
        f"  curl -sS -X PATCH {auth} {send} '{policy}' {base}/dmarc-policy",
        f"A change is public {_WORLD.dns_propagation_seconds:g} seconds later: then ask for the health again.",
        "",
        "Ctrl-C ends it; nothing is kept.",
        "",
    ]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()
