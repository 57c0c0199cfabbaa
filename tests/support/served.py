"""`mxm serve` on a whole sandbox, and the commands that talk to it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.world import Running
from support.program import Program, admin_token, environment, program, run_mxm, server_environment


@dataclass
class Served:
    """A running server and what a command needs to reach it."""

    folder: Path
    sandbox: Sandbox
    world: Running
    server: Program
    server_env: dict[str, str]
    env: dict[str, str]

    async def mxm(self, *arguments: str, given: str = "", **env: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, as somebody else on the machine would: without the server's settings."""
        return await asyncio.to_thread(
            run_mxm, *arguments, cwd=self.folder, env={**self.env, **env}, given=given, timeout=60
        )


def world_environment(folder: Path, world: Running, sandbox: Sandbox, **settings: str) -> dict[str, str]:
    """Settings of a server that finds everything in the sandbox."""
    return server_environment(
        folder,
        world.mxroute_url,
        sandbox,
        CF_API_TOKEN=sandbox.cloudflare_token,
        CF_ACCOUNT_ID=sandbox.cloudflare_account,
        CLOUDFLARE_API_URL=world.cloudflare_url,
        DNS_RESOLVERS=world.dns_address,
        **settings,
    )


@asynccontextmanager
async def served(folder: Path, sandbox: Sandbox | None = None, **settings: str) -> AsyncIterator[Served]:
    """Start it; everything ends on leaving."""
    sandbox = sandbox or Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as world:
        server_env = world_environment(folder, world, sandbox, **settings)
        token = await admin_token(folder)
        async with program(folder, "serve", env=server_env) as server:
            url = await server.url()
            env = environment(MXM_URL=url, MXM_TOKEN=token, COLUMNS="200")
            yield Served(folder, sandbox, world, server, server_env, env)
