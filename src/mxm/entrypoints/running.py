"""Starting and stopping: settings, schema, socket, server. What prevents a start is said in one line."""

import asyncio
import contextlib
import ctypes
import errno
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import uvicorn
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from mxm.entrypoints.http_protocol import BoundedHttp
from mxm.entrypoints.refusal import CannotStart
from mxm.entrypoints.services import Services, build_services
from mxm.entrypoints.web import build_app, build_asgi
from mxm.entrypoints.web_app import WEB_DIST, WebApp
from mxm.platform.db.migrate import SchemaTooNew, migrate
from mxm.platform.errors import AppError
from mxm.platform.keycheck import WrongKey, check_key
from mxm.platform.logs import configure_logging
from mxm.platform.settings import GivenSettings, Settings, SettingsError, load_settings

log = logging.getLogger("mxm")

_M_MMAP_THRESHOLD = -3
GRACE_SECONDS = 4
"""How long running requests may take to end after SIGTERM; the whole stop stays within 5 s."""


def serve() -> None:
    """Run the server until it is told to stop."""
    settings = settings_or_stop()
    configure_logging(settings.log_level)
    listening = listen(settings.host, settings.port)
    services = prepared(settings)
    run_loop(_checked_run(services, listening))
    log.info("stopped")


def run_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end on the fast event loop; Ctrl-C and SIGTERM end it quietly."""
    # The server stops in order by itself and raises the signal again at its end, which would make an exit code of it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work)


def settings_or_stop() -> Settings:
    """The settings. Raises `CannotStart`."""
    try:
        return load_settings()
    except SettingsError as error:
        raise CannotStart("\n".join(error.lines)) from None


def prepared(settings: Settings) -> Services:
    """Schema up to date, everything built. Raises `CannotStart`."""
    os.umask(0o077)  # what is written here is nobody else's business
    _give_large_blocks_back()
    try:
        if not settings.uses_postgresql:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        services = build_services(settings)  # first, for it changes nothing when the key cannot be read
        migrate(settings)
    except SchemaTooNew as error:
        raise CannotStart(str(error)) from None
    except ValueError as error:
        raise CannotStart(str(error).splitlines()[0]) from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        name = "DATABASE_URL" if settings.uses_postgresql else f"DATA_DIR ({settings.sqlite_file})"
        raise CannotStart(f"{name}: the database cannot be used: {reason}") from None
    except OSError as error:
        raise CannotStart(f"DATA_DIR: {error.filename or settings.data_dir}: {error.strerror}") from None
    return services


def _give_large_blocks_back() -> None:
    """Let glibc return blocks over 1 MiB when they are freed.

    Otherwise the 19 MiB of the first password hash raise its threshold (mallopt(3), M_MMAP_THRESHOLD), and stay with
    the process for good, once for each thread that hashes. Elsewhere there is no such function, and no such need.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1024 * 1024)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises `CannotStart` when the address is taken or not ours."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With the protocol named, asyncio switches Nagle's algorithm off (else each answer waits 40 ms).
        listening = socket.socket(family, kind, proto or socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        reason = "is already in use" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
        name = "PORT" if error.errno in {errno.EADDRINUSE, errno.EACCES} else "HOST"
        raise CannotStart(f"{name}: {host}:{port} {reason}") from None
    return listening


def address_of(listening: socket.socket) -> str:
    """The http address of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Tells those who follow a job that it ends, before it waits for requests to come to their end."""

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._services.durable.followers.stop()
        await super().shutdown(sockets)


def build_server(services: Services) -> uvicorn.Server:
    """The server, without a socket yet."""
    config = uvicorn.Config(
        build_asgi(services),
        http=BoundedHttp,
        ws="none",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=65,
        lifespan="on",
    )
    return _Server(config, services)


async def _checked(services: Services) -> None:
    """The key is the database's. Raises `CannotStart`."""
    try:
        await check_key(services.database, services.keys)
    except WrongKey as error:
        raise CannotStart(str(error)) from None
    except AppError as error:
        raise CannotStart(f"The database cannot be used: {error.message}") from None


async def _checked_run(services: Services, listening: socket.socket) -> None:
    await _checked(services)
    missing = services.settings.missing_mxroute
    if missing:
        log.warning("MXroute is not configured: set %s", ", ".join(missing))
    if not WebApp(WEB_DIST).is_built:
        log.warning("the web app is not built: run `npm run build` in web/; the API works without it")
    log.info("listening on %s", address_of(listening))
    await build_server(services).serve(sockets=[listening])


async def reset_password(login: str | None, password: str) -> str:
    """Set an administrator's password in the database of the settings; returns the login."""
    settings = settings_or_stop()
    if len(password) < 8 or len(password.encode()) > 1024:
        raise CannotStart("The password must have at least 8 characters and at most 1024 bytes.")
    services = prepared(settings)
    name = login or settings.admin_user
    try:
        await _checked(services)
        await services.identity.sign_in.reset_password(name, password, via="mxm admin reset-password")
    except AppError as error:
        raise CannotStart(f"The password was not set: {error.message}") from None
    finally:
        await services.database.close()
    return name


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document; needs neither settings nor a database."""
    key = SecretStr("only for drawing the document")
    return build_app(build_services(GivenSettings(secret_key=key))).openapi()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.new_event_loop
