"""One sandbox without limits, and clients of its two ports."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.dnsclient import DnsClient
from sandbox.helpers import client_of, cloudflare_of, control_of


@pytest.fixture
def world() -> Sandbox:
    return Sandbox(SandboxConfig(limits_enabled=False))


@pytest.fixture
async def api(world: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(world) as client:
        yield client


@pytest.fixture
async def control(world: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    async with control_of(world) as client:
        yield client


@pytest.fixture
async def cloudflare(world: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    async with cloudflare_of(world) as client:
        yield client


@pytest.fixture
async def dns_client(world: Sandbox) -> AsyncIterator[DnsClient]:
    """The world's DNS server on real sockets, and a client of it."""
    async with world.serve() as running:
        yield DnsClient(running)
