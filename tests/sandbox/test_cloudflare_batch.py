"""Batches of record changes: their order, that they are all or nothing, and the limits and faults of Cloudflare."""

from typing import Any

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import Clock, cloudflare_of, problem, records_path, result_of

ZONE = "healthy.example"


def a(name: str, last: int) -> dict[str, Any]:
    return {"type": "A", "name": name, "content": f"192.0.2.{last}"}


@pytest.fixture
async def made(cloudflare: httpx2.AsyncClient, world: Sandbox) -> dict[str, str]:
    """Identifiers of three records, by label."""
    path = records_path(world, ZONE)
    return {name: result_of(await cloudflare.post(path, json=a(name, 1)))["id"] for name in ("one", "two", "three")}


async def test_deletes_patches_puts_posts(cloudflare: httpx2.AsyncClient, world: Sandbox, made: dict[str, str]) -> None:
    path = records_path(world, ZONE)
    body = {
        # an alias may take the place of what the same batch deletes, however the lists are ordered in the body
        "posts": [{"type": "CNAME", "name": "one", "content": "t.test"}],
        "puts": [{"id": made["three"], **a("three", 9)}],
        "patches": [{"id": made["two"], "comment": "kept"}],
        "deletes": [{"id": made["one"]}],
    }
    result = result_of(await cloudflare.post(f"{path}/batch", json=body))
    assert [item["id"] for item in result["deletes"]] == [made["one"]]
    assert [(item["id"], item["comment"]) for item in result["patches"]] == [(made["two"], "kept")]
    assert [item["content"] for item in result["puts"]] == ["192.0.2.9"]
    assert [item["name"] for item in result["posts"]] == [f"one.{ZONE}"]
    ids = {item["id"] for item in result_of(await cloudflare.get(path))}
    assert made["one"] not in ids
    assert {made["two"], made["three"], result["posts"][0]["id"]} <= ids


@pytest.mark.parametrize(
    ("last", "code", "pointer"),
    [
        ({"posts": [a("new", 1), a("new", 1)]}, 81058, "/posts/1"),
        ({"posts": [a("new", 1), {**a("bad", 1), "ttl": 2}]}, 9021, "/posts/1"),
        ({"posts": [a("new", 1)], "puts": [{"id": "0" * 32, **a("x", 1)}]}, 81044, "/puts/0"),
        ({"posts": [{"type": "CNAME", "name": "two", "content": "t.test"}]}, 81053, "/posts/0"),
    ],
)
async def test_all_or_nothing(
    cloudflare: httpx2.AsyncClient, world: Sandbox, made: dict[str, str], last: dict[str, Any], code: int, pointer: str
) -> None:
    before = world.state["cloudflare"]
    body = {"deletes": [{"id": made["one"]}], "patches": [{"id": made["three"], "ttl": 600}], **last}
    answer = await cloudflare.post(f"{records_path(world, ZONE)}/batch", json=body)
    assert problem(answer)[1] == code
    assert answer.json()["errors"][0]["source"] == {"pointer": pointer}
    assert world.state["cloudflare"] == before
    assert world.log[-1].applied is False


async def test_the_size_of_a_batch(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    path = f"{records_path(world, ZONE)}/batch"
    posts = [a(f"n{number}", 1) for number in range(201)]
    assert problem(await cloudflare.post(path, json={"posts": posts})) == (400, 9400)
    assert len(result_of(await cloudflare.post(path, json={"posts": posts[:200]}))["posts"]) == 200
    world.configure(cloudflare_batch_max=1)
    assert problem(await cloudflare.post(path, json={"posts": posts[:2]})) == (400, 9400)
    assert problem(await cloudflare.post(path, json={"posts": "many"})) == (400, 9207)
    nothing: dict[str, list[Any]] = {"deletes": [], "patches": [], "puts": [], "posts": []}
    assert result_of(await cloudflare.post(path, json={"deletes": None})) == nothing


def shown(answer: httpx2.Response) -> tuple[str, str]:
    return answer.headers["ratelimit"], answer.headers["ratelimit-policy"]


def test_the_default_limit_is_the_documented_one() -> None:
    config = SandboxConfig()
    assert (config.cloudflare_limit_requests, config.cloudflare_limit_window_seconds) == (1200, 300)
    assert config.cloudflare_block_seconds == 300


async def test_over_the_limit_one_is_blocked_for_a_while() -> None:
    clock = Clock()
    config = SandboxConfig(cloudflare_limit_requests=3, cloudflare_limit_window_seconds=10, cloudflare_block_seconds=25)
    sandbox = Sandbox(config, clock=clock)
    async with cloudflare_of(sandbox) as client, cloudflare_of(sandbox, token="stranger") as stranger:
        await stranger.get("/zones")  # no business of the user whose limit it is
        answers = [await client.get("/zones") for _ in range(3)]
        assert [shown(answer) for answer in answers] == [
            (f'"default";r={left};t=10', '"default";q=3;w=10') for left in (2, 1, 0)
        ]
        clock.now += 4
        refused = await client.post("/zones", json={"name": "brand-new.example"})
        assert problem(refused) == (429, 971)
        assert refused.headers["retry-after"] == "25"
        assert shown(refused)[0] == '"default";r=0;t=25'
        assert "brand-new.example" not in sandbox.state["cloudflare"]
        clock.now += 20.5  # the window is long over, the block is not
        again = await client.get("/zones")
        assert (again.status_code, again.headers["retry-after"]) == (429, "5")
        clock.now += 4.5
        assert shown(await client.get("/zones"))[0] == '"default";r=2;t=10'
        clock.now += 10
        assert shown(await client.get("/zones"))[0] == '"default";r=2;t=10'
        assert sandbox.counts_of("cloudflare")["refused_429"] == 2


async def test_a_block_that_is_over_ends_the_window_too() -> None:
    clock = Clock()
    config = SandboxConfig(cloudflare_limit_requests=1, cloudflare_limit_window_seconds=99, cloudflare_block_seconds=5)
    async with cloudflare_of(Sandbox(config, clock=clock)) as client:
        statuses = []
        for wait in (0, 0, 5, 0):
            clock.now += wait
            statuses.append((await client.get("/zones")).status_code)
    assert statuses == [200, 429, 200, 429]


async def test_limits_can_be_switched_off() -> None:
    sandbox = Sandbox(SandboxConfig(cloudflare_limit_requests=1))
    async with cloudflare_of(sandbox) as client:
        assert [(await client.get("/zones")).status_code for _ in range(2)] == [200, 429]
        sandbox.configure(limits_enabled=False, rate_limit_headers=False)
        answer = await client.get("/zones")
    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


@pytest.mark.parametrize(
    ("fault", "status", "applied"),
    [
        ({"kind": "status", "status_code": 503}, 503, False),
        ({"kind": "status_after_effect", "status_code": 502}, 502, True),
        ({"kind": "garbage"}, 200, False),
        ({"kind": "html_after_effect", "status_code": 520}, 520, True),
    ],
)
async def test_faults_name_their_upstream(
    api: httpx2.AsyncClient,
    cloudflare: httpx2.AsyncClient,
    world: Sandbox,
    fault: dict[str, Any],
    status: int,
    applied: bool,
) -> None:
    path = records_path(world, ZONE)
    world.configure(faults=[{**fault, "match": {"upstream": "cloudflare", "method": "POST", "path": "dns_records$"}}])
    assert (await api.post("/domains/example.com/pointers", json={"pointer": "p.example"})).status_code == 201
    answer = await cloudflare.post(path, json=a("new", 1))
    assert answer.status_code == status
    assert (f"new.{ZONE}" in str(world.state["cloudflare"])) is applied
    assert (world.log[-1].fault, world.log[-1].applied) == (fault["kind"], applied)
    if fault["kind"].startswith("status"):
        assert problem(answer)[0] == status


async def test_rules_without_an_upstream_are_about_mxroute(
    api: httpx2.AsyncClient, cloudflare: httpx2.AsyncClient, world: Sandbox
) -> None:
    world.configure(faults=[{"kind": "status", "status_code": 500}])
    assert (await cloudflare.get("/zones")).status_code == 200
    assert (await api.get("/domains")).status_code == 500


async def test_latency_is_its_own() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    config = SandboxConfig(cloudflare_latency_ms_min=5, cloudflare_latency_ms_max=9, limits_enabled=False)
    sandbox = Sandbox(config, sleep=sleep)
    async with cloudflare_of(sandbox) as client:
        for _ in range(3):
            await client.get("/zones")
    assert len(waits) == 3
    assert all(0.005 <= wait <= 0.009 for wait in waits)
