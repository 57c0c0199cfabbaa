"""Spam settings: lists of the whole account, strict bodies, and entries that cannot hide in a path."""

import json

import httpx2
import pytest

from mxm_sandbox import Sandbox
from sandbox.helpers import data_of, opened, refusal

LIST = "/domains/example.com/spam/blacklist"


@pytest.mark.parametrize("name", ["whitelist", "blacklist"])
async def test_lists_belong_to_the_account(api: httpx2.AsyncClient, name: str) -> None:
    added = await api.post(f"/domains/example.com/spam/{name}", json={"entry": "Karen@hr.example.com"})
    assert added.status_code == 201
    assert "Karen@hr.example.com" in data_of(await api.get(f"/domains/healthy.example/spam/{name}"))
    again = await api.post(f"/domains/quiet.example/spam/{name}", json={"entry": "karen@HR.example.com"})
    assert refusal(again) == (409, "CONFLICT", "entry")
    assert (await api.delete(f"/domains/healthy.example/spam/{name}/karen%40hr.example.com")).status_code == 204
    assert "Karen@hr.example.com" not in data_of(await api.get(f"/domains/example.com/spam/{name}"))


async def test_the_two_lists_are_apart(api: httpx2.AsyncClient) -> None:
    assert (await api.post(LIST, json={"entry": "*@healthy.example"})).status_code == 201


@pytest.mark.parametrize("entry", ["", " ", "a b", "a/b", "ü@x.test", "a+b@x.test", "x" * 255, ".", "..", 5, None])
async def test_bad_entries(api: httpx2.AsyncClient, entry: object) -> None:
    assert refusal(await api.post(LIST, json={"entry": entry})) == (400, "VALIDATION_ERROR", "entry")


async def test_254_characters_are_the_most(api: httpx2.AsyncClient) -> None:
    assert (await api.post(LIST, json={"entry": "x" * 254})).status_code == 201


async def test_bodies_are_small_and_strict(api: httpx2.AsyncClient, world: Sandbox) -> None:
    before = world.state
    unknown = await api.post(LIST, json={"entry": "a@x.test", "note": "hi"})
    assert refusal(unknown) == (400, "VALIDATION_ERROR", "note")
    body = json.dumps({"entry": "a@x.test"}).encode()
    large = await api.post(LIST, content=body + b" " * (2049 - len(body)))
    assert refusal(large)[:2] == (400, "VALIDATION_ERROR")
    assert world.state == before
    fits = await api.post(LIST, content=body + b" " * (2048 - len(body)))
    assert fits.status_code == 201


@pytest.mark.parametrize("score", [0, 51, -1, "7", 7.5, True, None])
async def test_score_bounds(api: httpx2.AsyncClient, score: object) -> None:
    answer = await api.patch("/domains/example.com/spam/settings", json={"high_score": score})
    assert refusal(answer) == (400, "VALIDATION_ERROR", "high_score")


async def test_the_score_belongs_to_a_domain(api: httpx2.AsyncClient) -> None:
    await api.patch("/domains/example.com/spam/settings", json={"high_score": 50})
    assert data_of(await api.get("/domains/example.com/spam/settings")) == {"high_score": 50}
    assert data_of(await api.get("/domains/healthy.example/spam/settings")) == {"high_score": 15}


async def test_missing_entries_and_strange_domains(api: httpx2.AsyncClient) -> None:
    assert refusal(await api.delete(f"{LIST}/nobody@x.test")) == (404, "NOT_FOUND", None)
    assert refusal(await api.get("/domains/no_domain/spam/blacklist")) == (400, "VALIDATION_ERROR", "domain")


async def test_busy_concerns_writes_only() -> None:
    async with opened(spam_state="busy") as (sandbox, api):
        before = sandbox.state
        assert (await api.get(LIST)).status_code == 200
        assert refusal(await api.post(LIST, json={"entry": "a@x.test"})) == (503, "SERVER_ERROR", None)
        assert sandbox.state == before
