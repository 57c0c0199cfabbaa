"""Runs a sandbox in the foreground, for a command line."""

import asyncio
import contextlib
import signal
import sys
from typing import Any

from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.serving import LOOPBACK
from mxm_sandbox.world import Running, Sandbox


def run(
    config: SandboxConfig | None = None,
    *,
    host: str = LOOPBACK,
    mxroute_port: int = 0,
    control_port: int = 0,
    cloudflare_port: int = 0,
    dns_port: int = 0,
) -> None:
    """Serve until Ctrl-C or SIGTERM, and say where and with which credentials. Control and DNS stay on loopback.

    Raises SystemExit with one line when an address cannot be had.
    """
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(
                _serve(
                    Sandbox(config),
                    host=host,
                    mxroute_port=mxroute_port,
                    control_port=control_port,
                    cloudflare_port=cloudflare_port,
                    dns_port=dns_port,
                )
            )
        except OSError as error:
            raise SystemExit(f"sandbox: cannot listen: {error.strerror or error}") from error


async def _serve(sandbox: Sandbox, **addresses: Any) -> None:
    stop = _stop_signal()
    async with sandbox.serve(**addresses) as running:
        sys.stdout.write(announcement(running, sandbox))
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


def announcement(running: Running, sandbox: Sandbox) -> str:
    """What a person needs to know to use the sandbox."""
    credentials = sandbox.credentials
    lines = (
        f"MXroute API  {running.mxroute_url}",
        f"Control      {running.control_url}",
        f"X-Server     {credentials.server}",
        f"X-Username   {credentials.username}",
        f"X-API-Key    {credentials.api_key}",
        f"Cloudflare   {running.cloudflare_url}",
        f"CF token     {sandbox.cloudflare_token}",
        f"CF account   {sandbox.cloudflare_account}",
        f"DNS          {running.dns_address}",
        "Ctrl-C ends it; nothing is kept.",
    )
    return "\n".join(lines) + "\n"
