"""Faults of the DNS server to order, and its log of questions."""

import time
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rdatatype
import dns.resolver
import httpx2
import pytest
from pydantic import ValidationError

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.dns.faults import DnsFault
from sandbox.dnsclient import DnsClient, outcome

NAME = "mail.healthy.example"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("servfail", "SERVFAIL"), ("refused", "REFUSED"), ("nxdomain", "NXDOMAIN")],
)
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
async def test_wrong_codes(world: Sandbox, dns_client: DnsClient, kind: str, expected: str, tcp: bool) -> None:
    world.configure(dns_faults=[{"kind": kind, "name": "^mail\\."}])
    assert outcome(await dns_client.ask(NAME, tcp=tcp)) == (expected, 0, None)
    assert outcome(await dns_client.ask("healthy.example", "MX", tcp=tcp))[0] == "NOERROR"


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
async def test_silence(world: Sandbox, dns_client: DnsClient, tcp: bool) -> None:
    world.configure(dns_faults=[{"kind": "silence", "type": "A|MX"}])
    with pytest.raises(dns.exception.Timeout):
        await dns_client.ask(NAME, tcp=tcp, timeout=0.15)
    assert outcome(await dns_client.ask(NAME, "CNAME", tcp=tcp))[0] == "NOERROR"


async def test_the_resolver_says_that_it_does_not_know(world: Sandbox, dns_client: DnsClient) -> None:
    dns_client.resolver.lifetime = 0.3
    for kind, error in [("servfail", dns.resolver.NoNameservers), ("silence", dns.resolver.LifetimeTimeout)]:
        world.configure(dns_faults=[{"kind": kind}])
        with pytest.raises(error):
            await dns_client.values(NAME)


async def test_delay(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(dns_faults=[{"kind": "delay", "delay_ms": 400, "transport": "udp"}])
    started = time.monotonic()
    assert await dns_client.values(NAME) == ["127.0.0.1"]
    assert time.monotonic() - started >= 0.4
    started = time.monotonic()
    await dns_client.ask(NAME, tcp=True)
    assert time.monotonic() - started < 0.4


async def test_lame_and_garbage(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(dns_faults=[{"kind": "lame", "times": 1}, {"kind": "garbage", "times": 1}])
    message = await dns_client.ask(NAME)
    assert outcome(message) == ("NOERROR", 0, None)
    assert not message.flags & dns.flags.AA
    assert message.authority[0].rdtype == dns.rdatatype.NS
    with pytest.raises(dns.exception.DNSException):
        await dns_client.ask(NAME)
    assert outcome(await dns_client.ask(NAME))[0] == "NOERROR"


async def test_counting_sparing_and_chance(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(dns_faults=[{"kind": "servfail", "after": 1, "times": 2}])
    codes = [outcome(await dns_client.ask(NAME))[0] for _ in range(4)]
    assert codes == ["NOERROR", "SERVFAIL", "SERVFAIL", "NOERROR"]
    runs = []
    for _ in range(2):
        world.configure(dns_faults=[{"kind": "servfail", "probability": 0.5}])
        runs.append([outcome(await dns_client.ask(NAME))[0] for _ in range(20)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 2


async def test_names_are_compared_in_lower_case(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(dns_faults=[{"kind": "refused", "name": "^mail\\.healthy\\.example$", "type": "a"}])
    assert outcome(await dns_client.ask("MAIL.Healthy.example"))[0] == "REFUSED"


@pytest.mark.parametrize(
    "wrong", [{"kind": "delay"}, {"kind": "boom"}, {"kind": "lame", "name": "("}, {"kind": "silence", "delay_ms": -1}]
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DnsFault.model_validate(wrong)


async def test_stopping_does_not_wait_for_a_late_answer() -> None:
    sandbox = Sandbox(SandboxConfig(dns_faults=(DnsFault(kind="delay", delay_ms=3_600_000),)))
    started = time.monotonic()
    async with sandbox.serve() as running:
        for tcp in (False, True):
            with pytest.raises(dns.exception.Timeout):
                await DnsClient(running).ask(NAME, tcp=tcp, timeout=0.1)
    assert time.monotonic() - started < 5


async def test_the_log_of_questions(world: Sandbox, dns_client: DnsClient, control: httpx2.AsyncClient) -> None:
    world.configure(dns_faults=[{"kind": "silence", "type": "MX"}])
    await dns_client.ask("Mail.healthy.example")
    await dns_client.ask("nobody.example", "TXT", tcp=True)
    with pytest.raises(dns.exception.Timeout):
        await dns_client.ask("healthy.example", "MX", timeout=0.1)
    entries = (await control.get("/log?upstream=dns")).json()["entries"]
    assert [(e["sequence"], e["transport"], e["name"], e["type"], e["rcode"], e["fault"]) for e in entries] == [
        (1, "udp", "Mail.healthy.example", "A", "NOERROR", None),
        (2, "tcp", "nobody.example", "TXT", "NXDOMAIN", None),
        (3, "udp", "healthy.example", "MX", None, "silence"),
    ]
    assert (await control.get("/log?upstream=dns&since=2")).json()["last_sequence"] == 3
    assert (await control.get("/counts?upstream=dns")).json() == {
        "questions": 3,
        "by_type": {"A": 1, "MX": 1, "TXT": 1},
        "by_transport": {"tcp": 1, "udp": 2},
        "by_rcode": {"NOERROR": 1, "NXDOMAIN": 1, "none": 1},
    }
    world.configure(log_max_entries=1)
    assert [entry.sequence for entry in world.questions_since()] == [3]
    assert world.log == []
    world.reset()
    assert world.question_counts["questions"] == 0
