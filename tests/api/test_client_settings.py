"""Settings for mail programs: names of the domain's own only where they work, and an answer whatever DNS does."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx2
import pytest

from mxm.entrypoints.web import build_app, with_layers
from mxm.features.client_setup.api import ClientSetup
from mxm.features.dns.api import Certificates, DnsHealth
from mxm.upstreams.probes import CertificateProbe
from support.api import data_of
from support.certificates import Authority, listening
from support.manager import Manager, dns_manager

SERVER = "sandbox.mxrouting.net"
MAIL = "mail.healthy.example"


class Looks:
    """Says the same of every certificate, and remembers what was looked at."""

    def __init__(self, verdict: str = "covers", *, seconds: float = 0.0) -> None:
        self._verdict, self._seconds = verdict, seconds
        self.seen: list[tuple[str, int]] = []

    async def look(self, host: str, port: int) -> str:
        self.seen.append((host, port))
        await asyncio.sleep(self._seconds)
        return self._verdict


class OnPort:
    """The real look, at a port that a test may listen on."""

    def __init__(self, probe: CertificateProbe, port: int) -> None:
        self._probe, self._port = probe, port

    async def look(self, host: str, port: int) -> str:
        assert port == 993
        return await self._probe.look(host, self._port)


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    async with dns_manager(tmp_path) as found:
        yield found


@asynccontextmanager
async def asking(
    manager: Manager, certificates: Certificates, scheme: str = "https", server: str = SERVER
) -> AsyncIterator[Any]:
    """A function that asks the manager for a domain's settings, with these looks at certificates."""
    services = manager.services
    health = DnsHealth(
        services.mxroute,
        services.cloudflare,
        services.resolver,
        certificates,
        services.dns.policies,
        services.clock,
        server,
        AsyncMock(),
    )
    setup = ClientSetup(health, server, scheme)
    services = replace(services, client_setup=setup)
    transport = httpx2.ASGITransport(app=with_layers(build_app(services), services))
    headers = {"Authorization": f"Bearer {await manager.token()}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://manager.test", headers=headers) as client:

        async def ask(domain: str) -> dict[str, Any]:
            found: dict[str, Any] = data_of(await client.get(f"/api/domains/{domain}/mail-client-settings"))
            return found

        yield ask


def hosts(found: dict[str, Any]) -> set[str]:
    return {found["mail_host"], *(found[kind]["host"] for kind in ("imap", "smtp_ssl", "smtp_starttls"))}


async def test_a_name_of_its_own_where_it_works(manager: Manager) -> None:
    looks = Looks()
    seen = len(manager.sandbox.log)
    async with asking(manager, looks) as ask:
        found = await ask("healthy.example")
        assert hosts(found) == {MAIL}
        assert found["webmail"] == {"url": "https://webmail.healthy.example", "status": "pass"}
        assert looks.seen == [(MAIL, 993)]
    async with asking(manager, looks, scheme="http") as ask:
        assert (await ask("healthy.example"))["webmail"]["url"] == "http://webmail.healthy.example"
    assert len(manager.sandbox.log) == seen, "neither MXroute nor Cloudflare is asked"


@pytest.mark.parametrize("verdict", ["does_not_cover", "unreachable"])
async def test_the_servers_name_where_the_certificate_does_not_cover(manager: Manager, verdict: str) -> None:
    async with asking(manager, Looks(verdict)) as ask:
        found = await ask("healthy.example")
        assert hosts(found) == {SERVER}
        assert found["webmail"]["url"] == "https://webmail.healthy.example"


@pytest.mark.parametrize(
    ("domain", "host", "webmail"),
    [
        ("example.com", SERVER, "skipped"),
        ("proxied.example", SERVER, "pass"),
        ("quiet.example", "mail.quiet.example", "warn"),
        ("shop.example.net", "mail.shop.example.net", "skipped"),
        ("nobody.example", SERVER, "skipped"),
    ],
)
async def test_domains_of_every_kind(manager: Manager, domain: str, host: str, webmail: str) -> None:
    async with asking(manager, Looks()) as ask:
        found = await ask(domain)
        assert hosts(found) == {host}
        assert found["webmail"]["status"] == webmail
        assert (found["webmail"]["url"] is not None) is (webmail == "pass")


@pytest.mark.parametrize("kind", ["servfail", "silence"])
async def test_an_answer_comes_whatever_dns_does(manager: Manager, kind: str) -> None:
    manager.sandbox.configure(dns_faults=[{"kind": kind}])
    async with asking(manager, Looks()) as ask:
        began = time.monotonic()
        found = await ask("healthy.example")
        assert time.monotonic() - began < 4
        assert hosts(found) == {SERVER}
        assert found["webmail"] == {"url": None, "status": "unknown"}


async def test_a_slow_certificate_is_not_waited_for(manager: Manager) -> None:
    async with asking(manager, Looks(seconds=60)) as ask:
        began = time.monotonic()
        found = await ask("healthy.example")
        assert time.monotonic() - began < 4
        assert hosts(found) == {SERVER}
        assert found["webmail"]["status"] == "pass"


@pytest.mark.parametrize(("names", "host"), [((MAIL,), MAIL), (("mail.other.example",), SERVER), ((), SERVER)])
async def test_the_certificate_that_is_really_there_decides(
    manager: Manager, tmp_path: Path, names: Iterable[str], host: str
) -> None:
    authority, named = Authority(tmp_path), tuple(names)
    async with listening(authority.serving(*named) if named else None) as at:
        probe = CertificateProbe(
            manager.services.resolver.lookup,
            manager.services.clock,
            allow_networks=[ip_network("127.0.0.0/8")],
            context=authority.trusted,
            ports=frozenset({at.port}),
            deadline_seconds=1.0,
        )
        async with asking(manager, OnPort(probe, at.port)) as ask:
            assert hosts(await ask("healthy.example")) == {host}
            visits = at.visits
            assert hosts(await ask("healthy.example")) == {host}
            assert at.visits == visits == 1, "what was seen is kept"
        await probe.aclose()


async def test_a_server_that_mxroute_names_under_another_parent(manager: Manager) -> None:
    """MXroute's own records tell its other name, once they were read; nothing is read for this."""
    async with asking(manager, Looks(), server="sandbox.mxlogin.com") as ask:
        assert (await ask("healthy.example"))["webmail"] == {"url": None, "status": "warn"}
        await manager.services.mxroute.dns("healthy.example").cached()
        seen = len(manager.sandbox.log)
        assert (await ask("healthy.example"))["webmail"]["status"] == "pass"
        assert len(manager.sandbox.log) == seen
