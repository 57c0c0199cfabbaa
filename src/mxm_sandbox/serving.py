"""Puts ASGI applications of the sandbox on sockets, inside whatever process is running.

uvicorn does the HTTP. It is embedded politely: no signal handlers, nothing done to the process's loggers, the socket
bound before it starts (so that a free port is known and a taken one is an error here), and stalled requests given up
when it stops. A dropped connection is a closed socket, not a 500.
"""

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mxm_sandbox.answers import ConnectionDropped

LOOPBACK = "127.0.0.1"
_CLOSE = "mxm_sandbox.close_connection"
_STOP_SECONDS = 1.0
_logger = logging.getLogger("mxm_sandbox.http")


@dataclass(frozen=True, slots=True)
class Listener:
    """An application and where it is to listen; port 0 takes a free one."""

    app: ASGIApp
    host: str
    port: int
    loopback_only: bool = False


class _ClosableProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which hands to the application the means to close its connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _logger
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        super().connection_made(transport)
        self.app_state = {**self.app_state, _CLOSE: transport.close}


class _Doorkeeper:
    """Runs requests; closes the connection of those that end without an answer, and all of them at the end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._app(scope, receive, send)
        except ConnectionDropped:
            await _close(scope, receive)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            await _close(scope, receive)

    def stop(self) -> None:
        """Give up what is still being worked on: it may be a stall of an hour."""
        self._stopping = True
        for task in tuple(self._tasks):
            task.cancel()


async def _close(scope: Scope, receive: Receive) -> None:
    """Close the connection and wait until uvicorn knows, for otherwise it would answer with a 500."""
    close: Callable[[], None] = scope["state"][_CLOSE]
    close()
    while (await receive())["type"] != "http.disconnect":
        pass


class _EmbeddedServer(uvicorn.Server):
    """A uvicorn server that is started and stopped from inside, and leaves signals to the process."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        self._doorkeeper = _Doorkeeper(app)
        # log_level and access_log stay at their defaults: other values change the loggers of the whole process.
        config = uvicorn.Config(
            self._doorkeeper,
            http=_ClosableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
        )
        super().__init__(config)
        self._sockets = [listening]

    async def start(self) -> None:
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=self._sockets)
        self._ticking = asyncio.create_task(self.main_loop())

    async def stop(self) -> None:
        """uvicorn's own end looks ten times a second, several times over: half a second for three listeners."""
        self._doorkeeper.stop()
        self._ticking.cancel()
        await asyncio.wait([self._ticking])
        for server in self.servers:
            server.close()
        for connection in tuple(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - they tell nobody
                    await asyncio.sleep(0.005)
        for task in tuple(self.server_state.tasks):
            task.cancel()


def is_loopback(host: str) -> bool:
    """Whether a listening address is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bind(listener: Listener) -> socket.socket:
    if listener.loopback_only and not is_loopback(listener.host):
        raise ValueError(f"the control port listens on a loopback address only, not on {listener.host}")
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off only for sockets that say they are TCP;
    # without it each answer of two writes waits 40 ms for the peer's delayed acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((listener.host, listener.port))
        bound.setblocking(False)
    except BaseException:
        bound.close()
        raise
    return bound


@contextlib.asynccontextmanager
async def listen(listener: Listener) -> AsyncIterator[str]:
    """Serve until the block is left; gives the URL. Raises OSError when the port is taken."""
    bound = _bind(listener)
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    url = f"http://{host}:{bound.getsockname()[1]}"
    with contextlib.closing(bound):
        server = _EmbeddedServer(listener.app, bound)
        await server.start()
        try:
            yield url
        finally:
            await server.stop()
