"""Whatever Cloudflare is sent, the answer is one of its own; whatever it accepts, DNS can serve; no packet hurts."""

import asyncio
from typing import Any

import dns.message
import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.dns.messages import answer, on_tcp
from mxm_sandbox.dns.public import PublicDns
from mxm_sandbox.dns.rdata import parse
from mxm_sandbox.dns.service import DnsService
from sandbox.helpers import cloudflare_of

TYPES = ["A", "AAAA", "CNAME", "NS", "MX", "TXT", "CAA", "SRV", "SOA", "odd"]
WORDS = ["192.0.2.1", "::1", "host.test", '0 issue "ca.test"', "1 2 host.test", '"a" "b"', "@", "*", "a.b", ".", "x"]
SCALARS = st.none() | st.booleans() | st.integers(-1, 70_000) | st.text(max_size=8) | st.sampled_from(WORDS)
DATA = st.dictionaries(
    st.sampled_from(["flags", "tag", "value", "priority", "weight", "port", "target"]),
    SCALARS | st.sampled_from(["issue", "iodef"]),
    max_size=7,
)
RECORDS = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "name": st.sampled_from(["@", "a", "*", "*.a", "_x.a"]) | SCALARS},
    optional={
        "content": st.sampled_from(WORDS) | SCALARS,
        "priority": st.integers(0, 9) | SCALARS,
        "ttl": st.sampled_from([1, 60]) | SCALARS,
        "proxied": st.booleans() | SCALARS,
        "comment": SCALARS,
        "tags": SCALARS | st.lists(SCALARS, max_size=2),
        "data": DATA | SCALARS,
        "id": SCALARS,
    },
)
BATCHES = st.dictionaries(
    st.sampled_from(["deletes", "patches", "puts", "posts"]), st.lists(RECORDS, max_size=3) | SCALARS, max_size=4
)


async def _send(sandbox: Sandbox, bodies: list[tuple[str, str, dict[str, Any]]]) -> list[httpx2.Response]:
    zone = sandbox.state["cloudflare"]["fresh-start.example"]
    async with cloudflare_of(sandbox) as client:
        answers = []
        for method, rest, body in bodies:
            path = f"/zones/{zone['id']}/dns_records{rest.format(id=zone['records'][0]['id'])}"
            before = sandbox.state
            answers.append(await client.request(method, path, json=body))
            if answers[-1].status_code >= 400:
                assert sandbox.state == before
        return answers


@settings(max_examples=150, deadline=None, database=None)
@given(
    writes=st.lists(
        st.tuples(st.sampled_from([("POST", ""), ("PUT", "/{id}"), ("PATCH", "/{id}")]), RECORDS),
        min_size=1,
        max_size=4,
    ),
    batch=BATCHES,
)
def test_what_cloudflare_accepts_dns_can_serve(
    writes: list[tuple[tuple[str, str], dict[str, Any]]], batch: dict[str, Any]
) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    bodies = [(method, rest, body) for (method, rest), body in writes] + [("POST", "/batch", batch)]
    for response in asyncio.run(_send(sandbox, bodies)):
        assert response.status_code < 500
        assert response.json()["success"] is (response.status_code == 200)
    public: PublicDns = sandbox._settled_dns().public
    for record in sandbox.state["cloudflare"]["fresh-start.example"]["records"]:
        query = dns.message.make_query(record["name"], record["type"])
        assert on_tcp(answer(query, public, 1232), query, 1232)
    for record in public._zone("fresh-start.example", 0).records:
        assert parse(record.type, record.data)


async def _never(_: float) -> None:
    raise AssertionError("nobody asked to wait")


SERVICE_WORLD = Sandbox(SandboxConfig())
GOOD_QUERY = dns.message.make_query("www.healthy.example", "A", use_edns=0).to_wire()


@settings(max_examples=300, deadline=None, database=None)
@given(
    noise=st.binary(max_size=60)
    | st.tuples(st.integers(0, len(GOOD_QUERY) - 1), st.integers(0, 255)).map(
        lambda change: GOOD_QUERY[: change[0]] + bytes([change[1]]) + GOOD_QUERY[change[0] + 1 :]
    )
    | st.binary(max_size=30).map(lambda tail: GOOD_QUERY[:12] + tail)
)
def test_no_packet_hurts(noise: bytes) -> None:
    service = DnsService(SERVICE_WORLD._settled_dns, clock=lambda: 0.0, sleep=_never)
    for transport in ("udp", "tcp"):
        reply = asyncio.run(service.reply(noise, "udp" if transport == "udp" else "tcp"))
        assert reply is None or reply[:2] == noise[:2]
