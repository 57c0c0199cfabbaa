"""Rate limits: two buckets, fixed windows, whole seconds, and a 429 that takes no effect."""

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import Clock, client_of, refusal


def limited(clock: Clock, **settings: object) -> tuple[Sandbox, httpx2.AsyncClient]:
    config = SandboxConfig.model_validate({"read_limit": 3, "write_limit": 2, "limit_window_seconds": 10, **settings})
    sandbox = Sandbox(config, clock=clock)
    return sandbox, client_of(sandbox)


def shown(answer: httpx2.Response) -> tuple[str, str, str]:
    names = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    limit, remaining, reset = (answer.headers[name] for name in names)
    return limit, remaining, reset


def test_defaults_are_the_documented_ones() -> None:
    config = SandboxConfig()
    assert (config.read_limit, config.write_limit, config.limit_window_seconds) == (100, 20, 60)


async def test_headers_count_down_and_reset_is_in_whole_seconds() -> None:
    clock = Clock()
    _, client = limited(clock)
    async with client:
        assert shown(await client.get("/domains")) == ("3", "2", "1700000011")
        clock.now += 4
        assert shown(await client.get("/nowhere")) == ("3", "1", "1700000011")
        assert shown(await client.delete("/domains/stranger.example")) == ("2", "1", "1700000015")


async def test_a_refused_write_takes_no_effect_and_reads_go_on() -> None:
    clock = Clock()
    sandbox, client = limited(clock)
    async with client:
        for alias in ("one", "two"):
            body = {"alias": alias, "destinations": ["info@example.com"]}
            assert (await client.post("/domains/example.com/forwarders", json=body)).status_code == 201
        before = sandbox.state
        clock.now += 3.5
        answer = await client.delete("/domains/example.com")
        assert refusal(answer) == (429, "RATE_LIMITED", None)
        assert answer.headers["retry-after"] == "7"
        assert shown(answer) == ("2", "0", "1700000011")
        assert sandbox.state == before
        assert sandbox.log[-1].applied is False
        assert sandbox.counts["refused_429"] == 1
        assert (await client.get("/domains")).status_code == 200


async def test_a_new_window_gives_a_new_budget() -> None:
    clock = Clock()
    _, client = limited(clock)
    async with client:
        statuses = [(await client.get("/domains")).status_code for _ in range(4)]
        clock.now += 9.9
        statuses.append((await client.get("/domains")).status_code)
        clock.now += 0.1
        statuses.append((await client.get("/domains")).status_code)
    assert statuses == [200, 200, 200, 429, 429, 200]


async def test_a_stranger_does_not_use_up_the_budget() -> None:
    _, client = limited(Clock())
    async with client:
        for _ in range(5):
            answer = await client.get("/domains", headers={"X-API-Key": "guess"})
            assert answer.status_code == 401
            assert shown(answer)[1] == "3"


async def test_limits_can_be_switched_off_and_changed_while_running() -> None:
    sandbox, client = limited(Clock())
    async with client:
        sandbox.configure(limits_enabled=False)
        answers = [await client.get("/domains") for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert int(shown(answers[-1])[1]) > 100_000
        sandbox.configure(limits_enabled=True, read_limit=6)
        assert shown(await client.get("/domains"))[:2] == ("6", "0")
        assert (await client.get("/domains")).status_code == 429
        sandbox.configure(rate_limit_headers=False)
        assert "x-ratelimit-limit" not in (await client.get("/domains")).headers


@pytest.mark.parametrize("header", ["X-Server", "X-Username", "X-API-Key"])
async def test_each_of_the_three_headers_counts(api: httpx2.AsyncClient, header: str) -> None:
    assert (await api.get("/domains", headers={header: "other"})).status_code == 401
    del api.headers[header]
    assert (await api.get("/domains")).status_code == 401
