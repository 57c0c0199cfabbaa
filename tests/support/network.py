"""A manager whose way to the sandbox is a real socket: for answers that break off, and for silence."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from mxm_sandbox import Sandbox, SandboxConfig
from support.manager import Manager, running_manager


class ShortPatience(httpx2.AsyncHTTPTransport):
    """The real network; who keeps silent for `seconds` has not answered in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(verify=False, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))
        self._seconds = seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        patience = {**request.extensions["timeout"], "read": self._seconds}
        request.extensions = {**request.extensions, "timeout": patience}
        return await super().handle_async_request(request)


@asynccontextmanager
async def networked_manager(
    folder: Path, *, sandbox: Sandbox | None = None, patience: float = 0.5, **more: Any
) -> AsyncIterator[Manager]:
    """A manager that reaches its sandbox through a socket and waits `patience` seconds for an answer."""
    sandbox = sandbox or Sandbox(SandboxConfig(limits_enabled=False))
    async with (
        sandbox.serve() as world,
        running_manager(
            folder,
            sandbox=sandbox,
            mxroute_http=ShortPatience(patience),
            mxroute_api_url=world.mxroute_url,
            **more,
        ) as manager,
    ):
        yield manager
