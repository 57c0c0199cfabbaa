"""Forwarders and the catch-all."""

import pytest

from support.api import data_of, error_of, wrong_fields
from support.manager import Manager

F = "/api/domains/example.com/forwarders"
C = "/api/domains/example.com/catch-all"


async def test_a_forwarder_is_made_listed_and_deleted(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    body = {"alias": "Team", "destinations": ["Alex@Example.com", "kim@elsewhere.org", "alex@example.com"]}
    answer = await client.post(F, json=body)
    made = data_of(answer, 201)
    wanted = ["alex@example.com", "kim@elsewhere.org"]
    assert made == {"alias": "team", "email": "team@example.com", "destinations": wanted}
    assert "meta" not in answer.json()
    listed = data_of(await client.get(F))
    assert [f["alias"] for f in listed] == ["hello", "jobs", "team"]
    assert listed[2]["email"] == "team@example.com"
    assert set(listed[2]["destinations"]) == set(wanted)
    error_of(await client.post(F, json={"alias": "TEAM", "destinations": ["a@b.org"]}), 409, "conflict")
    assert data_of(await client.delete(f"{F}/TEAM")) is None
    error_of(await client.delete(f"{F}/team"), 404, "not_found")


@pytest.mark.parametrize("special", [":blackhole:", ":fail:", ":BLACKHOLE:"])
async def test_dropping_and_refusing_stand_alone(manager: Manager, special: str) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    made = data_of(await client.post(F, json={"alias": "gone", "destinations": [special]}), 201)
    assert made["destinations"] == [special.lower()]
    both = await client.post(F, json={"alias": "both", "destinations": [special, "a@b.org"]})
    assert wrong_fields(both) == ["destinations"]


@pytest.mark.parametrize(
    "wrong", [":defer:", "|/bin/sh", "/dev/null", "a@b", "a@b.org\nBcc: c@d.org", "", "a@b.org,c@d.org"]
)
async def test_anything_else_is_no_destination(manager: Manager, wrong: str) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    answer = await client.post(F, json={"alias": "x", "destinations": ["fine@b.org", wrong]})
    assert wrong_fields(answer) == ["destinations.1"]


async def test_a_strict_provider_is_warned_of(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    answer = await client.post(F, json={"alias": "x", "destinations": ["a@gmail.com", "b@yahoo.co.uk", "c@b.org"]})
    data_of(answer, 201)
    [warning] = answer.json()["meta"]["warnings"]
    assert "gmail.com, yahoo.co.uk" in warning
    assert "whole domain" in warning


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"type": "blackhole"}, {"type": "blackhole", "address": None}),
        ({"type": "fail"}, {"type": "fail", "address": None}),
        ({"type": "fail", "address": None}, {"type": "fail", "address": None}),
        ({"type": "address", "address": "Info@Example.com"}, {"type": "address", "address": "info@example.com"}),
    ],
)
async def test_the_catch_all_is_set_and_read_back(
    manager: Manager, body: dict[str, object], shown: dict[str, object]
) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    assert data_of(await client.patch(C, json=body)) == shown
    assert data_of(await client.get(C)) == shown


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "type"),
        ({"type": "bounce"}, "type"),
        ({"type": None}, "type"),
        ({"type": "address"}, "address"),
        ({"type": "address", "address": None}, "address"),
        ({"type": "address", "address": "nobody"}, "address"),
        ({"type": "fail", "address": "a@b.org"}, "address"),
        ({"type": "fail", "x": 1}, "x"),
    ],
)
async def test_a_wrong_catch_all_is_refused(manager: Manager, body: dict[str, object], field: str) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    seen = len(manager.sandbox.log)
    assert wrong_fields(await client.patch(C, json=body)) == [field]
    assert len(manager.sandbox.log) == seen


async def test_a_domain_that_is_not_there_is_404(manager: Manager) -> None:
    admin = await manager.bearer()
    for path in ("forwarders", "catch-all", "pointers", "spam/settings"):
        error_of(await admin.get(f"/api/domains/nowhere.test/{path}"), 404, "not_found")
    body = {"alias": "x", "destinations": ["a@b.org"]}
    error_of(await admin.post("/api/domains/nowhere.test/forwarders", json=body), 404, "not_found")
