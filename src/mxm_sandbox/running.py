"""Runs a sandbox in the foreground, for a command line."""

import asyncio
import contextlib
import signal
import sys

from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.serving import LOOPBACK
from mxm_sandbox.world import Credentials, Running, Sandbox


def run(
    config: SandboxConfig | None = None, *, host: str = LOOPBACK, mxroute_port: int = 0, control_port: int = 0
) -> None:
    """Serve until Ctrl-C or SIGTERM, and say where and with which credentials. The control port stays on loopback.

    Raises SystemExit with one line when an address cannot be had.
    """
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(_serve(Sandbox(config), host, mxroute_port, control_port))
        except OSError as error:
            raise SystemExit(f"sandbox: cannot listen: {error.strerror or error}") from error


async def _serve(sandbox: Sandbox, host: str, mxroute_port: int, control_port: int) -> None:
    stop = _stop_signal()
    async with sandbox.serve(host=host, mxroute_port=mxroute_port, control_port=control_port) as running:
        sys.stdout.write(announcement(running, sandbox.credentials))
        sys.stdout.flush()
        await stop.wait()


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows and threads other than the main one have no handlers: there Ctrl-C is a KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    return stop


def announcement(running: Running, credentials: Credentials) -> str:
    """What a person needs to know to use the sandbox."""
    lines = (
        f"MXroute API  {running.mxroute_url}",
        f"Control      {running.control_url}",
        f"X-Server     {credentials.server}",
        f"X-Username   {credentials.username}",
        f"X-API-Key    {credentials.api_key}",
        "Ctrl-C ends it; nothing is kept.",
    )
    return "\n".join(lines) + "\n"
