"""The look at certificates: real TLS on loopback, real DNS, and what a hostile name can make us do: nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal

import pytest

from mxm.upstreams.probes import (
    AT_ONCE,
    KEPT_SECONDS,
    PORTS,
    UNREACHABLE_KEPT_SECONDS,
    Certificate,
    CertificateProbe,
    may_connect,
)
from mxm.upstreams.resolver import Resolver
from mxm_sandbox import Sandbox
from support.certificates import Authority, Listening, listening
from support.clock import FakeClock

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))
HOST = "mail.healthy.example"
"""A CNAME to the mail server's host, whose address is 127.0.0.1."""


@dataclass
class Answer:
    values: Sequence[str]


class FakeDns:
    """Answers from a script, and remembers the questions."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, name: str, record_type: Literal["A", "AAAA"], /) -> Answer:
        self.asked.append(f"{name} {record_type}")
        return Answer(self._answers.pop(0) if self._answers else ())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def resolver() -> AsyncIterator[Resolver]:
    async with Sandbox().serve() as running:
        yield Resolver([running.dns_address], lifetime_seconds=1.0)


def probe_of(
    lookup: Resolver | FakeDns, clock: FakeClock, authority: Authority, at: Listening, **more: object
) -> CertificateProbe:
    options: dict[str, object] = {"allow_networks": LOOPBACK, "context": authority.trusted, **more}
    ask = lookup.lookup if isinstance(lookup, Resolver) else lookup
    return CertificateProbe(ask, clock, ports=frozenset({at.port}), **options)  # type: ignore[arg-type]


async def seen(authority: Authority, clock: FakeClock, resolver: Resolver, context: ssl.SSLContext | None) -> str:
    async with listening(context) as at:
        return await probe_of(resolver, clock, authority, at, deadline_seconds=1.0).look(HOST, at.port)


async def test_a_good_certificate_covers(authority: Authority, clock: FakeClock, resolver: Resolver) -> None:
    async with listening(authority.serving(HOST)) as at:
        assert await probe_of(resolver, clock, authority, at).look(HOST, at.port) is Certificate.COVERS
        assert (at.visits, bytes(at.data)) == (1, b""), "nothing is sent but the handshake"


async def test_a_wildcard_covers(authority: Authority, clock: FakeClock, resolver: Resolver) -> None:
    context = authority.serving("other.test", "*.healthy.example")
    assert await seen(authority, clock, resolver, context) is Certificate.COVERS


async def test_the_servers_own_name_does_not_cover_the_domains(
    authority: Authority, clock: FakeClock, resolver: Resolver
) -> None:
    context = authority.serving("sandbox.mxrouting.net")
    assert await seen(authority, clock, resolver, context) is Certificate.DOES_NOT_COVER


async def test_an_expired_certificate_does_not_cover(
    authority: Authority, clock: FakeClock, resolver: Resolver
) -> None:
    context = authority.serving(HOST, expired=True)
    assert await seen(authority, clock, resolver, context) is Certificate.DOES_NOT_COVER


async def test_a_strangers_certificate_does_not_cover(
    authority: Authority, clock: FakeClock, resolver: Resolver, tmp_path: Path
) -> None:
    context = Authority(tmp_path).serving(HOST)
    assert await seen(authority, clock, resolver, context) is Certificate.DOES_NOT_COVER


async def test_silence_is_unreachable_within_the_deadline(
    authority: Authority, clock: FakeClock, resolver: Resolver
) -> None:
    assert await seen(authority, clock, resolver, None) is Certificate.UNREACHABLE


async def test_nobody_listening_is_unreachable(authority: Authority, clock: FakeClock, resolver: Resolver) -> None:
    async with listening() as at:
        pass
    assert await probe_of(resolver, clock, authority, at).look(HOST, at.port) is Certificate.UNREACHABLE


async def test_something_else_than_tls_is_unreachable(authority: Authority, clock: FakeClock) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    at = Listening(server.sockets[0].getsockname()[1])
    probe = probe_of(FakeDns(["127.0.0.1"]), clock, authority, at)
    assert await probe.look(HOST, at.port) is Certificate.UNREACHABLE
    server.close()


async def test_a_name_without_an_address_is_unreachable(
    authority: Authority, clock: FakeClock, resolver: Resolver
) -> None:
    async with listening() as at:
        probe = probe_of(resolver, clock, authority, at)
        for host in ("nothing.example", "a" * 70 + ".example", "127.0.0.1", "::1", "", ".", "bad..example"):
            assert await probe.look(host, at.port) is Certificate.UNREACHABLE, host
        assert at.visits == 0


async def test_an_ipv6_address_is_looked_at_too(authority: Authority, clock: FakeClock) -> None:
    async with listening(authority.serving(HOST), host="::1") as at:
        probe = probe_of(FakeDns([], ["::1"]), clock, authority, at)
        assert await probe.look(HOST, at.port) is Certificate.COVERS


async def test_when_the_first_family_does_not_answer_the_other_is_tried(authority: Authority, clock: FakeClock) -> None:
    async with listening(authority.serving(HOST), host="::1") as at:
        probe = probe_of(FakeDns(["127.0.0.1"], ["::1"]), clock, authority, at)
        assert await probe.look(HOST, at.port) is Certificate.COVERS


# What must never be connected to


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1", "not an address"),
    ],
)
async def test_private_addresses_are_not_connected_to(authority: Authority, clock: FakeClock, address: str) -> None:
    async with listening(host="0.0.0.0") as four, listening(host="::") as six:
        dns = FakeDns([address], [address])
        ports = frozenset({four.port, six.port})
        probe = CertificateProbe(dns, clock, context=authority.trusted, ports=ports, deadline_seconds=0.5)
        for at in (four, six):
            assert await probe.look("hostile.test", at.port) is Certificate.UNREACHABLE
        assert (four.visits, six.visits) == (0, 0)


async def test_a_name_in_public_dns_that_leads_inside_is_not_followed(
    authority: Authority, clock: FakeClock, resolver: Resolver
) -> None:
    async with listening(authority.serving(HOST)) as at:
        probe = probe_of(resolver, clock, authority, at, allow_networks=())
        assert await probe.look(HOST, at.port) is Certificate.UNREACHABLE
        assert at.visits == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("100.64.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("192.0.0.8", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("192.88.99.1", False),
        ("224.0.0.1", False),
        ("233.252.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::808:808", False),
        ("2002:a9fe:a9fe::1", False),
        ("::7f00:1", False),
        ("::8.8.8.8", False),
        ("2001:db8::1", False),
        ("2001:0:808:808::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("fec0::1", False),
        ("fe80::1%1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
        ("100::1", False),
    ],
)
def test_which_addresses_are_global(address: str, expected: bool) -> None:
    assert may_connect(ip_address(address)) is expected


def test_allowed_networks_open_what_lies_in_them_and_nothing_else() -> None:
    allowed = (ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"))
    for address, expected in (
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("64:ff9b::a01:203", True),
        ("fd00:1::9", True),
        ("10.2.0.1", False),
        ("fd00:2::9", False),
        ("127.0.0.1", False),
        ("8.8.8.8", True),
    ):
        assert may_connect(ip_address(address), allowed) is expected, address


async def test_dns_is_asked_once_so_that_no_second_answer_can_lead_elsewhere(
    authority: Authority, clock: FakeClock
) -> None:
    """Rebinding: the checked address and the one connected to are the same one."""
    async with listening(authority.serving(HOST), host="127.0.0.2") as good, listening(host="127.0.0.1") as inside:
        dns = FakeDns(["127.0.0.2"], [], ["127.0.0.1"], ["::1"])
        networks = (ip_network("127.0.0.2/32"),)
        probe = probe_of(dns, clock, authority, good, allow_networks=networks)
        assert await probe.look(HOST, good.port) is Certificate.COVERS
        assert await probe.look(HOST, good.port) is Certificate.COVERS
        assert sorted(dns.asked) == [f"{HOST} A", f"{HOST} AAAA"]
        assert (good.visits, inside.visits) == (1, 0)


async def test_of_several_addresses_those_inside_are_passed_over(authority: Authority, clock: FakeClock) -> None:
    async with listening(authority.serving(HOST), host="127.0.0.2") as good:
        networks = (ip_network("127.0.0.2/32"),)
        dns = FakeDns(["127.0.0.1", "10.0.0.1", "127.0.0.2"])
        probe = probe_of(dns, clock, authority, good, allow_networks=networks)
        assert await probe.look(HOST, good.port) is Certificate.COVERS


async def test_only_a_few_ports_are_ever_looked_at(clock: FakeClock) -> None:
    assert frozenset({443, 465, 993}) == PORTS
    dns = FakeDns(["8.8.8.8"])
    for port in (22, 25, 80, 143, 5432, 8443):
        with pytest.raises(ValueError, match=str(port)):
            await CertificateProbe(dns, clock).look("hostile.test", port)
    assert dns.asked == []


async def test_without_authorities_nothing_is_said_about_certificates(authority: Authority, clock: FakeClock) -> None:
    async with listening(authority.serving(HOST)) as at:
        probe = probe_of(FakeDns(["127.0.0.1"]), clock, authority, at, context=lambda: None)
        assert await probe.look(HOST, at.port) is Certificate.UNREACHABLE
        assert at.visits == 0


# How often, and how many at once


async def test_what_was_seen_is_kept_for_an_hour(authority: Authority, clock: FakeClock) -> None:
    async with listening(authority.serving(HOST)) as at:
        dns = FakeDns(*[["127.0.0.1"], []] * 3)
        probe = probe_of(dns, clock, authority, at)
        for _ in range(3):
            await probe.look(HOST.upper() + ".", at.port)
        clock.jump(KEPT_SECONDS - 1)
        await probe.look(HOST, at.port)
        assert at.visits == 1
        clock.jump(1)
        await probe.look(HOST, at.port)
        assert at.visits == 2


async def test_what_was_not_seen_is_tried_again_sooner(authority: Authority, clock: FakeClock) -> None:
    async with listening() as at:
        dns = FakeDns()
        probe = probe_of(dns, clock, authority, at)
        await probe.look(HOST, at.port)
        clock.jump(UNREACHABLE_KEPT_SECONDS - 1)
        await probe.look(HOST, at.port)
        assert len(dns.asked) == 2
        clock.jump(1)
        await probe.look(HOST, at.port)
        assert len(dns.asked) == 4


async def test_callers_of_one_name_share_one_look_even_when_the_first_gives_up(
    authority: Authority, clock: FakeClock
) -> None:
    async with listening(authority.serving(HOST)) as at:
        probe = probe_of(FakeDns(["127.0.0.1"]), clock, authority, at)
        first, *others = [asyncio.ensure_future(probe.look(HOST, at.port)) for _ in range(20)]
        await asyncio.sleep(0)
        first.cancel()
        assert set(await asyncio.gather(*others)) == {Certificate.COVERS}
        assert at.visits == 1


async def test_at_most_eight_looks_are_under_way(authority: Authority, clock: FakeClock) -> None:
    running, most = 0, 0

    async def slow(name: str, record_type: Literal["A", "AAAA"], /) -> Answer:
        nonlocal running, most
        running += record_type == "A"
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= record_type == "A"
        return Answer(())

    probe = CertificateProbe(slow, clock, context=authority.trusted)
    await asyncio.gather(*(probe.look(f"n{number}.test", 993) for number in range(40)))
    assert most == AT_ONCE


async def test_at_the_end_no_look_stays_behind(authority: Authority, clock: FakeClock) -> None:
    async with listening() as at:
        probe = probe_of(FakeDns(["127.0.0.1"]), clock, authority, at)
        waiting = asyncio.ensure_future(probe.look(HOST, at.port))
        await at.visited.wait()
        await probe.aclose()
        assert (await asyncio.gather(waiting, return_exceptions=True))[0].__class__ is asyncio.CancelledError
