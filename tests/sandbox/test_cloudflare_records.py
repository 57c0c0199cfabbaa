"""Cloudflare's DNS records: names, quoting, conflicts, limits of the fields, filters, and what changes keep."""

from typing import Any

import dns.rdata
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.cloudflare import contents
from mxm_sandbox.dns.strings import parse
from sandbox.helpers import cloudflare_of, problem, records_path, result_of

ZONE = "fresh-start.example"


@pytest.fixture
def path(world: Sandbox) -> str:
    return records_path(world, ZONE)


def record(kind: str, content: str, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "content": content, **more}


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("@", ZONE),
        (ZONE, ZONE),
        (f"{ZONE}.", ZONE),
        ("a.b", f"a.b.{ZONE}"),
        (f"A.{ZONE}", f"a.{ZONE}"),
        ("_dmarc", f"_dmarc.{ZONE}"),
        ("*", f"*.{ZONE}"),
        ("bücher", f"xn--bcher-kva.{ZONE}"),
        (f"not{ZONE}", f"not{ZONE}.{ZONE}"),
    ],
)
async def test_names_come_back_absolute(cloudflare: httpx2.AsyncClient, path: str, given_name: str, shown: str) -> None:
    made = result_of(await cloudflare.post(path, json=record("TXT", "x", given_name)))
    assert made["name"] == shown
    assert result_of(await cloudflare.get(f"{path}/{made['id']}")) == made


@pytest.mark.parametrize("name", ["", None, 5, "a..b", "a b", "x" * 64, "a.*.b", ".".join(["x" * 60] * 5)])
async def test_bad_names(cloudflare: httpx2.AsyncClient, path: str, name: object) -> None:
    answer = await cloudflare.post(path, json={"type": "A", "name": name, "content": "192.0.2.1"})
    assert problem(answer) == (400, 9000)


async def test_txt_is_quoted_and_split(cloudflare: httpx2.AsyncClient, path: str) -> None:
    plain = result_of(await cloudflare.post(path, json=record("TXT", "v=spf1 -all")))
    assert plain["content"] == '"v=spf1 -all"'
    long = result_of(await cloudflare.post(path, json=record("TXT", "k" * 300, "long")))
    assert long["content"] == f'"{"k" * 255}" "{"k" * 45}"'
    kept = result_of(await cloudflare.post(path, json=record("TXT", '"ab" "c\\"d"', "parts")))
    assert kept["content"] == '"ab" "c\\"d"'
    assert problem(await cloudflare.post(path, json=record("TXT", '"open'))) == (400, 9008)
    assert problem(await cloudflare.post(path, json=record("TXT", "x" * 4081))) == (400, 9008)


@given(st.text(min_size=1, max_size=700).filter(lambda text: not text.lstrip().startswith('"')))
def test_txt_survives_the_round_trip(text: str) -> None:
    shown = contents.read("TXT", {"content": text}).text
    pieces = parse(shown)
    assert pieces is not None
    assert b"".join(pieces) == text.encode("utf-8", "surrogatepass")
    assert all(len(piece) <= 255 for piece in pieces)
    assert all(len(piece) == 255 for piece in pieces[:-1])
    # what came back can be written again and means the same, here and to a real DNS library
    assert contents.read("TXT", {"content": shown}).text == shown
    rdata: Any = dns.rdata.from_text("IN", "TXT", shown)
    assert list(rdata.strings) == pieces


GOOD = [
    (record("A", "192.0.2.1"), "192.0.2.1"),
    (record("AAAA", "2001:DB8::0:1"), "2001:db8::1"),
    (record("CNAME", "Target.example."), "target.example"),
    (record("NS", "ns1.other.test"), "ns1.other.test"),
    (record("MX", "mx.other.test", priority=10), "mx.other.test"),
    (record("MX", ".", priority=0), "."),
    (record("CAA", '0 issue "letsencrypt.org"'), '0 issue "letsencrypt.org"'),
    (
        {"type": "CAA", "name": "x", "data": {"flags": 128, "tag": "iodef", "value": "mailto:a@b.test"}},
        '128 iodef "mailto:a@b.test"',
    ),
    (
        {"type": "SRV", "name": "_imaps._tcp", "data": {"priority": 1, "weight": 2, "port": 993, "target": "h.test"}},
        "2 993 h.test",
    ),
]


@pytest.mark.parametrize(("body", "content"), GOOD, ids=lambda value: str(value)[:40])
async def test_good_content(cloudflare: httpx2.AsyncClient, path: str, body: dict[str, Any], content: str) -> None:
    made = result_of(await cloudflare.post(path, json=body))
    assert made["content"] == content
    assert made["proxiable"] is (body["type"] in {"A", "AAAA", "CNAME"})
    assert (made["ttl"], made["proxied"], made["comment"], made["tags"]) == (1, False, None, [])
    assert made["created_on"] == made["modified_on"]
    if "data" in body:
        assert made["data"] == body["data"]
    patched = result_of(await cloudflare.patch(f"{path}/{made['id']}", json={"ttl": 600}))
    assert {**patched, "ttl": 1, "modified_on": made["modified_on"]} == made


BAD = [
    (record("A", "2001:db8::1"), 9005),
    (record("A", "192.0.2.256"), 9005),
    (record("AAAA", "192.0.2.1"), 9006),
    (record("AAAA", "fe80::1%eth0"), 9006),
    (record("CNAME", "not a host"), 9007),
    (record("CNAME", f"x.{ZONE}"), 9039),
    (record("NS", "*.test"), 9012),
    (record("MX", "mx.other.test"), 9100),
    (record("MX", "mx.other.test", priority=70_000), 9102),
    (record("MX", "", priority=1), 9101),
    (record("MX", ".", priority=1), 9009),
    (record("TXT", ""), 9101),
    (record("CAA", "issue letsencrypt.org"), 9010),
    (record("CAA", '0 forbid "x"'), 9010),
    (record("SRV", "1 2"), 9011),
    (record("SPF", "x"), 9020),
    (record("A", "192.0.2.1", ttl=59), 9021),
    (record("A", "192.0.2.1", ttl=86_401), 9021),
    (record("A", "192.0.2.1", ttl="1"), 9021),
    (record("A", "192.0.2.1", proxied="yes"), 9003),
    (record("TXT", "x", proxied=True), 9004),
    (record("MX", "mx.other.test", priority=1, proxied=True), 9004),
]


@pytest.mark.parametrize(("body", "code"), BAD, ids=lambda value: str(value)[:60])
async def test_bad_content(
    cloudflare: httpx2.AsyncClient, world: Sandbox, path: str, body: dict[str, Any], code: int
) -> None:
    before = world.state
    assert problem(await cloudflare.post(path, json=body)) == (400, code)
    assert world.state == before


@pytest.mark.parametrize("more", [{"comment": "c" * 101}, {"tags": ["team:mail"]}])
async def test_rules_of_the_free_plan(cloudflare: httpx2.AsyncClient, path: str, more: dict[str, Any]) -> None:
    answer = await cloudflare.post(path, json=record("A", "192.0.2.1", **more))
    assert problem(answer) == (400, 1004)
    [cause] = answer.json()["errors"][0]["error_chain"]
    assert "exceeding the quota" in cause["message"]
    fits = record("A", "192.0.2.1", comment="c" * 100, tags=[])
    assert result_of(await cloudflare.post(path, json=fits))["comment"] == "c" * 100


@pytest.mark.parametrize("ttl", [1, 60, 86_400])
async def test_good_ttls(cloudflare: httpx2.AsyncClient, path: str, ttl: int) -> None:
    assert result_of(await cloudflare.post(path, json=record("A", "192.0.2.1", ttl=ttl)))["ttl"] == ttl
    proxied = record("A", "192.0.2.2", ttl=ttl, proxied=True)
    assert result_of(await cloudflare.post(path, json=proxied))["ttl"] == 1


CONFLICTS = [
    (record("A", "192.0.2.1"), record("A", "192.0.2.1"), 81058),
    (record("A", "192.0.2.1"), record("A", "192.0.2.1", ttl=600), 81057),
    (record("TXT", "v=1"), record("TXT", '"v=1"', "X"), 81058),
    (record("A", "192.0.2.1"), record("CNAME", "t.test"), 81053),
    (record("CNAME", "t.test"), record("CNAME", "u.test"), 81053),
    (record("TXT", "v=1"), record("CNAME", "t.test"), 81053),
    (record("CNAME", "t.test"), record("AAAA", "::1"), 81054),
    (record("CNAME", "t.test"), record("MX", "t.test", priority=1), 81054),
    (record("CNAME", "t.test", "@"), record("A", "192.0.2.1", "@"), 81054),
    (record("CNAME", "t.test", "@"), record("TXT", "v=1", "@"), None),
    (record("A", "192.0.2.1"), record("A", "192.0.2.2"), None),
    (record("MX", "t.test", priority=1), record("MX", "t.test", priority=2), None),
    (record("CNAME", "t.test"), record("A", "192.0.2.2", "y"), None),
]


@pytest.mark.parametrize(("first", "second", "code"), CONFLICTS, ids=lambda value: str(value)[:50])
async def test_conflicts(world: Sandbox, first: dict[str, Any], second: dict[str, Any], code: int | None) -> None:
    async with cloudflare_of(world) as client:
        zone = result_of(await client.post("/zones", json={"name": "blank.example"}))
        path = f"/zones/{zone['id']}/dns_records"
        result_of(await client.post(path, json=first))
        answer = await client.post(path, json=second)
        if code is None:
            result_of(answer)
        else:
            assert problem(answer) == (400, code)
            assert len(result_of(await client.get(path))) == 1


async def test_put_replaces_and_patch_keeps(cloudflare: httpx2.AsyncClient, path: str) -> None:
    made = result_of(await cloudflare.post(path, json=record("MX", "a.test", priority=5, comment="mine", ttl=600)))
    patched = result_of(await cloudflare.patch(f"{path}/{made['id']}", json={"content": "b.test"}))
    changed = {"content": "b.test", "modified_on": patched["modified_on"]}
    assert patched == {**made, **changed}
    assert patched["modified_on"] > made["modified_on"]
    put = result_of(await cloudflare.put(f"{path}/{made['id']}", json=record("MX", "c.test", priority=7)))
    assert (put["id"], put["created_on"]) == (made["id"], made["created_on"])
    assert (put["comment"], put["ttl"], put["priority"]) == (None, 1, 7)
    typed = result_of(await cloudflare.patch(f"{path}/{made['id']}", json={"type": "TXT", "content": "words"}))
    assert (typed["type"], typed["content"], "priority" in typed) == ("TXT", '"words"', False)
    assert problem(await cloudflare.put(f"{path}/{made['id']}", json={"content": "x"})) == (400, 9020)


async def test_records_that_are_gone(cloudflare: httpx2.AsyncClient, path: str) -> None:
    made = result_of(await cloudflare.post(path, json=record("A", "192.0.2.1")))
    own = f"{path}/{made['id']}"
    assert result_of(await cloudflare.delete(own)) == {"id": made["id"]}
    for request in (
        cloudflare.get(own),
        cloudflare.delete(own),
        cloudflare.patch(own, json={}),
        cloudflare.put(own, json={}),
    ):
        assert problem(await request) == (404, 81044)


async def test_a_change_must_not_run_into_another_record(cloudflare: httpx2.AsyncClient, path: str) -> None:
    result_of(await cloudflare.post(path, json=record("A", "192.0.2.1")))
    other = result_of(await cloudflare.post(path, json=record("A", "192.0.2.2")))
    own = f"{path}/{other['id']}"
    assert problem(await cloudflare.patch(own, json={"content": "192.0.2.1"})) == (400, 81058)
    assert problem(await cloudflare.patch(own, json={"type": "CNAME", "content": "t.test"})) == (400, 81053)
    assert result_of(await cloudflare.patch(own, json={}))["content"] == "192.0.2.2"  # itself is no conflict


async def test_records_come_in_pages_of_a_hundred(cloudflare: httpx2.AsyncClient, path: str) -> None:
    posts = [record("A", f"192.0.2.{number}", f"n{number}") for number in range(1, 121)]
    result_of(await cloudflare.post(f"{path}/batch", json={"posts": posts}))
    first = await cloudflare.get(path, params={"name.startswith": "n"})
    [site] = result_of(await cloudflare.get(path, params={"type": "TXT"}))
    assert site["content"] == f'"google-site-verification={ZONE}"'
    info = {"page": 1, "per_page": 100, "count": 100, "total_count": 120, "total_pages": 2}
    assert first.json()["result_info"] == info
    second = await cloudflare.get(path, params={"name.startswith": "n", "page": 2})
    names = [item["name"] for item in result_of(first) + result_of(second)]
    assert names == [f"n{number}.{ZONE}" for number in range(1, 121)]
    small = await cloudflare.get(path, params={"per_page": 7, "page": 3, "type": "A", "name.startswith": "n"})
    assert [item["name"] for item in result_of(small)] == names[14:21]


FILTERS = [
    ({"name": f"One.{ZONE}"}, {"one"}),
    ({"type": "txt", "name.endswith": f"o.{ZONE}"}, {"two"}),
    ({"content": "192.0.2.1"}, {"one"}),
    ({"content.contains": "hello"}, {"two"}),
    ({"comment": "managed by mxm"}, {"one"}),
    ({"comment.present": ""}, {"one"}),
    ({"comment.absent": "", "type": "MX"}, {"three"}),
    ({"search": "HELLO"}, {"two"}),
    ({"search": "managed"}, {"one"}),
    ({"name": f"one.{ZONE}", "type": "TXT"}, set()),
    ({"name": f"one.{ZONE}", "content": "mx.test", "match": "any"}, {"one", "three"}),
    ({"proxied": "true", "name": f"one.{ZONE}"}, set()),
]


@pytest.mark.parametrize(("query", "labels"), FILTERS, ids=range(len(FILTERS)))
async def test_filters(cloudflare: httpx2.AsyncClient, path: str, query: dict[str, str], labels: set[str]) -> None:
    posts = [
        record("A", "192.0.2.1", "one", comment="managed by mxm"),
        record("TXT", "say hello", "two"),
        record("MX", "mx.test", "three", priority=1),
    ]
    result_of(await cloudflare.post(f"{path}/batch", json={"posts": posts}))
    found = result_of(await cloudflare.get(path, params=query))
    assert {item["name"].removesuffix(f".{ZONE}") for item in found} == labels


async def test_order(cloudflare: httpx2.AsyncClient, path: str) -> None:
    found = result_of(await cloudflare.get(path, params={"order": "type", "direction": "desc"}))
    kinds = [item["type"] for item in found]
    assert kinds == sorted(kinds, reverse=True)
    assert len(set(kinds)) > 1
    assert problem(await cloudflare.get(path, params={"order": "colour"})) == (400, 1007)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6))
async def test_an_alias_is_always_alone(names: list[str]) -> None:
    sandbox = Sandbox(SandboxConfig(world="empty", limits_enabled=False))
    async with cloudflare_of(sandbox) as client:
        zone = result_of(await client.post("/zones", json={"name": "blank.example"}))
        path = f"/zones/{zone['id']}/dns_records"
        for index, name in enumerate(names):
            kind, content = [("CNAME", "t.test"), ("A", "192.0.2.1"), ("TXT", str(index))][index % 3]
            await client.post(path, json=record(kind, content, name))
        found = result_of(await client.get(path))
    for item in found:
        if item["type"] == "CNAME":
            assert [other for other in found if other["name"] == item["name"]] == [item]
