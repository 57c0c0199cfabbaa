"""The DNS server on UDP and TCP: what it says about names, and how it says it."""

import asyncio
import ipaddress

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import httpx2
import pytest

from mxm_sandbox import Sandbox
from sandbox.dnsclient import DnsClient, outcome, truncated
from sandbox.helpers import records_path, result_of

BOTH = pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])


@BOTH
async def test_every_type_is_answered(world: Sandbox, dns_client: DnsClient, tcp: bool) -> None:
    for kind, value in [
        ("A", "127.1.2.3"),
        ("AAAA", "::1"),
        ("MX", "10 mx.old-host.test."),
        ("TXT", '"a b"'),
        ("NS", "ns1.old-host.test."),
        ("CAA", '0 issue "letsencrypt.org"'),
        ("SRV", "1 2 993 mx1.old-host.test."),
    ]:
        world.publish("any.test", kind, [value])
        message = await dns_client.ask("any.test", kind, tcp=tcp)
        assert outcome(message) == ("NOERROR", 1, None)
        assert message.flags & dns.flags.AA
        assert message.flags & dns.flags.QR
        [rrset] = message.answer
        assert [rdata.to_text() for rdata in rrset] == [value]
    [soa] = (await dns_client.ask("healthy.example", "SOA", tcp=tcp)).answer
    assert soa[0].mname.to_text().endswith(".ns.cloudflare.com.")
    [servers] = (await dns_client.ask("healthy.example", "NS", tcp=tcp)).answer
    assert len(servers) == 2


@BOTH
@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("nobody.healthy.example", "A", ("NXDOMAIN", 0, "healthy.example")),
        ("healthy.example", "SRV", ("NOERROR", 0, "healthy.example")),
        ("_domainkey.healthy.example", "TXT", ("NOERROR", 0, "healthy.example")),  # only x._domainkey has records
        ("a.b.nobody.healthy.example", "A", ("NXDOMAIN", 0, "healthy.example")),
        ("nobody.example", "A", ("NXDOMAIN", 0, ".")),
        ("example", "A", ("NOERROR", 0, ".")),
        ("mail.healthy.example", "TXT", ("NOERROR", 1, "mxrouting.net")),  # the alias exists, its target has no TXT
        ("webmail.quiet.example", "MX", ("NOERROR", 1, "webmail-host.test")),
    ],
)
async def test_what_there_is_not(
    dns_client: DnsClient, tcp: bool, name: str, kind: str, expected: tuple[str, int, str]
) -> None:
    assert outcome(await dns_client.ask(name, kind, tcp=tcp)) == expected


async def test_aliases_are_followed(world: Sandbox, dns_client: DnsClient) -> None:
    message = await dns_client.ask("mail.healthy.example", "A")
    assert [rrset.rdtype for rrset in message.answer] == [dns.rdatatype.CNAME, dns.rdatatype.A]
    assert message.answer[1].name.to_text() == "sandbox.mxrouting.net."
    assert outcome(await dns_client.ask("mail.healthy.example", "CNAME")) == ("NOERROR", 1, None)
    world.publish("way.test", "CNAME", ["nowhere.test"])
    assert outcome(await dns_client.ask("way.test", "A")) == ("NXDOMAIN", 1, ".")
    world.publish("round.test", "CNAME", ["about.test"])
    world.publish("about.test", "CNAME", ["round.test"])
    assert outcome(await dns_client.ask("round.test", "A"))[0] == "SERVFAIL"


async def test_capitals_come_back_as_they_were_sent(dns_client: DnsClient) -> None:
    message = await dns_client.ask("MaIL.hEAlthy.ExAMple", "A")
    assert message.question[0].name.to_text() == "MaIL.hEAlthy.ExAMple."
    assert message.answer[0].name.to_text() == "MaIL.hEAlthy.ExAMple."
    assert outcome(message) == ("NOERROR", 2, None)


async def test_wildcards(cloudflare: httpx2.AsyncClient, world: Sandbox, dns_client: DnsClient) -> None:
    path = records_path(world, "healthy.example")
    for name, content in (("*", "127.0.0.9"), ("deep.below", "127.0.0.8")):
        result_of(await cloudflare.post(path, json={"type": "A", "name": name, "content": content}))
    assert await dns_client.values("anything.healthy.example") == ["127.0.0.9"]
    assert await dns_client.values("a.b.healthy.example") == ["127.0.0.9"]
    assert outcome(await dns_client.ask("anything.healthy.example", "TXT")) == ("NOERROR", 0, "healthy.example")
    # names that exist are not covered, nor is what lies under them
    assert outcome(await dns_client.ask("below.healthy.example")) == ("NOERROR", 0, "healthy.example")
    assert outcome(await dns_client.ask("other.below.healthy.example"))[0] == "NXDOMAIN"


async def test_an_alias_at_the_top_is_flattened(
    cloudflare: httpx2.AsyncClient, world: Sandbox, dns_client: DnsClient
) -> None:
    zone = result_of(await cloudflare.post("/zones", json={"name": "top.example"}))
    path = f"/zones/{zone['id']}/dns_records"
    result_of(await cloudflare.post(path, json={"type": "CNAME", "name": "@", "content": "sandbox.mxrouting.net"}))
    result_of(await cloudflare.post(path, json={"type": "TXT", "name": "@", "content": "stays"}))
    world.set_zone_status("top.example", "active")
    message = await dns_client.ask("top.example", "A")
    assert [(rrset.rdtype, rrset.name.to_text()) for rrset in message.answer] == [(dns.rdatatype.A, "top.example.")]
    assert outcome(await dns_client.ask("top.example", "CNAME")) == ("NOERROR", 0, "top.example")
    assert outcome(await dns_client.ask("top.example", "AAAA")) == ("NOERROR", 0, "top.example")
    assert await dns_client.txt("top.example") == ["stays"]


async def test_long_txt_is_several_strings(dns_client: DnsClient) -> None:
    [rrset] = (await dns_client.ask("x._domainkey.healthy.example", "TXT", tcp=True)).answer
    assert [len(piece) for piece in rrset[0].strings] == [255, len(b"".join(rrset[0].strings)) - 255]


async def test_what_does_not_fit_is_asked_for_on_tcp(world: Sandbox, dns_client: DnsClient) -> None:
    world.publish("long.test", "TXT", ["k" * 600])
    plain = await dns_client.ask("long.test", "TXT")
    assert (truncated(plain), plain.answer, plain.edns) == (True, [], -1)
    assert plain.rcode() == dns.rcode.NOERROR
    assert truncated(await dns_client.ask("long.test", "TXT", edns=600))
    roomy = await dns_client.ask("long.test", "TXT", edns=4096)
    assert (truncated(roomy), len(roomy.answer), roomy.edns) == (False, 1, 0)
    world.publish("long.test", "TXT", ["k" * 3000])
    assert truncated(await dns_client.ask("long.test", "TXT", edns=4096))  # more than the server sends on UDP
    whole = await dns_client.ask("long.test", "TXT", tcp=True)
    assert (truncated(whole), len(whole.answer)) == (False, 1)
    assert await dns_client.txt("long.test") == ["k" * 3000]  # the resolver goes there by itself
    assert [entry.transport for entry in world.questions_since()][-2:] == ["udp", "tcp"]
    world.publish("long.test", "TXT", ["k" * 70_000])
    assert outcome(await dns_client.ask("long.test", "TXT", tcp=True))[0] == "SERVFAIL"


async def test_truncation_to_order(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(dns_truncate_udp=True)
    assert truncated(await dns_client.ask("healthy.example", "MX", edns=1232))
    assert not truncated(await dns_client.ask("healthy.example", "MX", tcp=True))
    assert len(await dns_client.values("healthy.example", "MX")) == 2


async def test_questions_that_are_refused(dns_client: DnsClient) -> None:
    for kind in ("AXFR", "IXFR"):
        query = dns.message.make_query("healthy.example", kind)
        assert outcome(await dns_client.send(query, tcp=True))[0] == "REFUSED"
    chaos = dns.message.make_query("version.bind", "TXT", "CH")
    assert outcome(await dns_client.send(chaos))[0] == "REFUSED"
    newer = dns.message.make_query("healthy.example", "A", use_edns=1)
    assert outcome(await dns_client.send(newer))[0] == "BADVERS"
    notify = dns.message.make_query("healthy.example", "SOA")
    notify.set_opcode(dns.opcode.NOTIFY)
    assert outcome(await dns_client.send(notify))[0] == "NOTIMP"
    empty = dns.message.Message()
    assert outcome(await dns_client.send(empty))[0] == "FORMERR"
    [rrset] = (await dns_client.ask("healthy.example", "ANY")).answer
    assert rrset.rdtype == dns.rdatatype.HINFO


async def test_nonsense_gets_a_format_error_or_nothing(dns_client: DnsClient) -> None:
    reader, writer = await asyncio.open_connection(dns_client.host, dns_client.port)
    broken = b"\x12\x34\x01\x00\x00\x01" + bytes(6) + b"\xff\xff\xff"
    answer = dns.message.make_query("healthy.example", "A")
    answer.flags |= dns.flags.QR
    for packet in (b"", b"x", answer.to_wire(), broken):
        writer.write(len(packet).to_bytes(2, "big") + packet)
    length = int.from_bytes(await reader.readexactly(2), "big")
    reply = await reader.readexactly(length)
    assert (reply[:2], reply[3] & 0x0F, length) == (b"\x12\x34", dns.rcode.FORMERR, 12)
    writer.close()
    await writer.wait_closed()
    assert await dns_client.values("mail.healthy.example") == ["127.0.0.1"]


async def test_many_questions_on_one_connection_and_at_once(dns_client: DnsClient) -> None:
    names = [f"{part}.healthy.example" for part in ("mail", "webmail", "www", "nobody")] * 10
    messages = await asyncio.gather(*(dns_client.ask(name, tcp=index % 2 == 0) for index, name in enumerate(names)))
    assert [message.question[0].name.to_text(omit_final_dot=True) for message in messages] == names
    reader, writer = await asyncio.open_connection(dns_client.host, dns_client.port)
    for _ in range(3):
        query = dns.message.make_query("healthy.example", "MX")
        wire = query.to_wire()
        writer.write(len(wire).to_bytes(2, "big") + wire)
        length = int.from_bytes(await reader.readexactly(2), "big")
        assert query.is_response(dns.message.from_wire(await reader.readexactly(length)))
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("address", ["192.0.2.77", "8.8.8.8", "127.9.9.9"])
async def test_addresses_never_leave_the_machine(
    cloudflare: httpx2.AsyncClient, world: Sandbox, dns_client: DnsClient, address: str
) -> None:
    path = records_path(world, "healthy.example")
    for name, proxied in (("plain", False), ("covered", True)):
        body = {"type": "A", "name": name, "content": address, "proxied": proxied}
        assert result_of(await cloudflare.post(path, json=body))["content"] == address
    six = {"type": "AAAA", "name": "plain", "content": "2001:db8::5"}
    assert result_of(await cloudflare.post(path, json=six))["content"] == "2001:db8::5"
    world.publish("by-hand.test", "A", [address])
    world.publish("by-hand.test", "AAAA", ["2001:db8::5"])
    assert await dns_client.values("plain.healthy.example") == ["127." + address.partition(".")[2]]
    seen = []
    for name in ("plain.healthy.example", "covered.healthy.example", "by-hand.test"):
        seen += await dns_client.values(name) + await dns_client.values(name, "AAAA")
    assert len(seen) == 7
    assert all(ipaddress.ip_address(value).is_loopback for value in seen)
    assert all(value.startswith("127.104.1") for value in await dns_client.values("covered.healthy.example"))
    assert outcome(await dns_client.ask("www.healthy.example", "CNAME"))[1] == 0  # a proxied alias does not show


async def test_the_server_stays_on_loopback_and_ends_with_the_block() -> None:
    sandbox = Sandbox()
    async with sandbox.serve() as running:
        assert running.dns_address.startswith("127.0.0.1:")
        port = int(running.dns_address.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with Sandbox().serve(dns_port=port):
                raise AssertionError("it must not listen")
    with pytest.raises((dns.exception.Timeout, OSError)):
        await DnsClient(running).ask("healthy.example", timeout=0.2)
    async with Sandbox().serve(dns_port=port) as again:
        assert again.dns_address == running.dns_address
