"""Forwarders: no update, destinations as a set, special destinations alone, and the expert filter."""

import httpx2
import pytest

from mxm_sandbox import Sandbox
from sandbox.helpers import data_of, refusal

FORWARDERS = "/domains/example.com/forwarders"


def expert(world: Sandbox, domain: str = "example.com") -> bool:
    return bool(world.state["account"]["domains"][domain]["expert_spam"])


async def test_there_is_no_update(api: httpx2.AsyncClient) -> None:
    assert (await api.patch(f"{FORWARDERS}/hello", json={"destinations": []})).status_code == 405
    assert (await api.get(f"{FORWARDERS}/hello")).status_code == 405
    again = {"alias": "Hello", "destinations": ["info@example.org"]}
    assert refusal(await api.post(FORWARDERS, json=again)) == (409, "CONFLICT", "alias")
    assert (await api.delete(f"{FORWARDERS}/Hello")).status_code == 204
    assert (await api.post(FORWARDERS, json=again)).status_code == 201


async def test_destinations_are_a_set(api: httpx2.AsyncClient) -> None:
    given = ["zoe@example.org", "Ann@Example.org", "ann@example.org ", "zoe@example.org"]
    await api.post(FORWARDERS, json={"alias": "team", "destinations": given})
    found = {item["alias"]: item["destinations"] for item in data_of(await api.get(FORWARDERS))}
    assert found["team"] == ["ann@example.org", "zoe@example.org"]


@pytest.mark.parametrize("special", [":blackhole:", ":fail:"])
async def test_special_destinations_stand_alone(api: httpx2.AsyncClient, special: str) -> None:
    mixed = {"alias": "quiet", "destinations": [special, "info@example.com"]}
    assert refusal(await api.post(FORWARDERS, json=mixed)) == (400, "VALIDATION_ERROR", "destinations")
    alone = {"alias": "quiet", "destinations": [special]}
    assert data_of(await api.post(FORWARDERS, json=alone))["destinations"] == [special]


@pytest.mark.parametrize("alias", ["", ".x", "-x", "_x", "a b", "a@b", "a/b", "é", 7, None])
async def test_alias_pattern(api: httpx2.AsyncClient, alias: object) -> None:
    body = {"alias": alias, "destinations": ["info@example.com"]}
    assert refusal(await api.post(FORWARDERS, json=body)) == (400, "VALIDATION_ERROR", "alias")


@pytest.mark.parametrize("destinations", [None, [], "info@example.com", ["nobody"], [5], ["|/bin/sh"], [":include:/x"]])
async def test_bad_destinations(api: httpx2.AsyncClient, destinations: object) -> None:
    body = {"alias": "team", "destinations": destinations}
    assert refusal(await api.post(FORWARDERS, json=body)) == (400, "VALIDATION_ERROR", "destinations")


@pytest.mark.parametrize("provider", ["gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "aol.com"])
async def test_strict_providers_switch_on_the_expert_filter(
    api: httpx2.AsyncClient, world: Sandbox, provider: str
) -> None:
    assert not expert(world)
    await api.post(FORWARDERS, json={"alias": "away", "destinations": [f"me@{provider}"]})
    assert expert(world)
    await api.delete(f"{FORWARDERS}/away")
    await api.post(FORWARDERS, json={"alias": "near", "destinations": ["me@example.org"]})
    assert expert(world)
    assert not expert(world, "healthy.example")


async def test_other_providers_do_not(api: httpx2.AsyncClient, world: Sandbox) -> None:
    await api.post(FORWARDERS, json={"alias": "away", "destinations": ["me@notgmail.com", "gmail.com@example.org"]})
    assert not expert(world)
