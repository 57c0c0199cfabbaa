"""Domains, pointers, catch-all, DNS information and the verification key."""

import base64
import re

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import client_of, data_of, opened, refusal


async def test_pointers_change_their_shape(api: httpx2.AsyncClient) -> None:
    assert data_of(await api.get("/domains/empty.example"))["pointers"] == []
    await api.post("/domains/empty.example/pointers", json={"pointer": "Other.example", "alias": False})
    assert data_of(await api.get("/domains/empty.example"))["pointers"] == {"other.example": "redirect"}
    listed = data_of(await api.get("/domains/empty.example/pointers"))
    assert listed == [{"pointer": "other.example", "type": "redirect", "target": "empty.example"}]
    await api.delete("/domains/empty.example/pointers/other.example")
    assert data_of(await api.get("/domains/empty.example"))["pointers"] == []
    gone = await api.delete("/domains/empty.example/pointers/other.example")
    assert refusal(gone) == (404, "NOT_FOUND", None)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"pointer": "bread.example"}, (409, "CONFLICT", "pointer")),
        ({"pointer": "example.com"}, (409, "CONFLICT", "pointer")),
        ({"pointer": "nodots"}, (400, "VALIDATION_ERROR", "pointer")),
        ({"pointer": "fine.example", "alias": "yes"}, (400, "VALIDATION_ERROR", "alias")),
        ({}, (400, "VALIDATION_ERROR", "pointer")),
    ],
)
async def test_bad_pointers(api: httpx2.AsyncClient, body: dict[str, object], expected: tuple[object, ...]) -> None:
    assert refusal(await api.post("/domains/bakery.example/pointers", json=body)) == expected


async def test_a_domain_needs_its_verification_record(api: httpx2.AsyncClient, world: Sandbox) -> None:
    key = data_of(await api.get("/verification-key"))["key"]
    assert re.fullmatch(r"_da-verify-[0-9a-f]{32}", key)
    refused = await api.post("/domains", json={"domain": "not-yet.example"})
    assert refusal(refused) == (422, "BUSINESS_ERROR", None)
    world.publish(f"{key}.not-yet.example", "TXT", ["something else"])
    assert (await api.post("/domains", json={"domain": "not-yet.example"})).status_code == 422
    world.publish(f"{key}.Not-Yet.example.", "TXT", ["something else", "domain-verified"])
    accepted = await api.post("/domains", json={"domain": "Not-Yet.example"})
    assert data_of(accepted) == {"domain": "not-yet.example", "ssl_enabled": True}
    assert "not-yet.example" in data_of(await api.get("/domains"))


async def test_the_look_up_can_be_injected() -> None:
    asked = []

    async def lookup(name: str) -> list[str]:
        asked.append(name)
        return ["domain-verified"]

    sandbox = Sandbox(SandboxConfig(world="empty"), txt_lookup=lookup)
    async with client_of(sandbox) as api:
        assert (await api.post("/domains", json={"domain": "any.example"})).status_code == 201
    assert asked == [f"{sandbox.state['account']['verification_key']}.any.example"]


@pytest.mark.parametrize("name", ["ready-to-add.example", "fresh-start.example"])
async def test_some_names_are_ready(api: httpx2.AsyncClient, name: str) -> None:
    assert (await api.post("/domains", json={"domain": name})).status_code == 201


@pytest.mark.parametrize("name", ["", "nodots", "-a.example", "a..example", "bücher.example", "a/b.example", 5, None])
async def test_what_is_no_domain_is_refused(api: httpx2.AsyncClient, name: object) -> None:
    assert refusal(await api.post("/domains", json={"domain": name})) == (400, "VALIDATION_ERROR", "domain")


async def test_deleting_a_domain_takes_everything_with_it(api: httpx2.AsyncClient, world: Sandbox) -> None:
    key = world.state["account"]["verification_key"]
    world.publish(f"{key}.example.com", "TXT", ["domain-verified"])
    assert (await api.delete("/domains/example.com")).status_code == 204
    assert (await api.get("/domains/example.com/email-accounts/info")).status_code == 404
    assert (await api.post("/domains", json={"domain": "example.com"})).status_code == 201
    for part in ("email-accounts", "forwarders", "pointers"):
        assert data_of(await api.get(f"/domains/example.com/{part}")) == []


async def test_mail_status(api: httpx2.AsyncClient) -> None:
    assert data_of(await api.get("/domains/parked.example"))["mail_hosting"] is False
    assert (await api.patch("/domains/parked.example/mail-status", json={"enabled": True})).status_code == 200
    assert data_of(await api.get("/domains/parked.example"))["mail_hosting"] is True
    answer = await api.patch("/domains/parked.example/mail-status", json={"enabled": "true"})
    assert refusal(answer) == (400, "VALIDATION_ERROR", "enabled")


async def test_dns_information() -> None:
    async with opened(server="eagle.mxlogin.com") as (_, api):
        info = data_of(await api.get("/domains/example.com/dns"))
        other = data_of(await api.get("/domains/healthy.example/dns"))
    assert [(item["priority"], item["hostname"]) for item in info["mx_records"]] == [
        (10, "eagle.mxlogin.com"),
        (20, "eagle-relay.mxlogin.com"),
    ]
    assert info["spf"] == {"type": "TXT", "name": "@", "value": "v=spf1 include:mxroute.com -all"}
    assert info["dkim"]["name"] == "x._domainkey"
    assert info["dkim"] != other["dkim"]
    version, kind, key = info["dkim"]["value"].split("; ")
    assert (version, kind) == ("v=DKIM1", "k=rsa")
    der = base64.b64decode(key.removeprefix("p="), validate=True)
    assert len(der) == 294  # a SubjectPublicKeyInfo with a 2048-bit modulus
    assert info["verification"]["value"] == "domain-verified"


async def test_dkim_and_verification_may_be_missing() -> None:
    async with opened(verification_key_available=False) as (_, api):
        info = data_of(await api.get("/domains/no-dkim.example/dns"))
        assert (info["dkim"], info["verification"]) == (None, None)
        assert refusal(await api.get("/verification-key"))[:2] == (500, "VERIFICATION_KEY_NOT_FOUND")


async def test_catch_all(api: httpx2.AsyncClient) -> None:
    path = "/domains/example.com/catch-all"
    assert data_of(await api.get(path))["type"] == "fail"
    assert refusal(await api.patch(path, json={"type": "address"})) == (400, "VALIDATION_ERROR", "address")
    bad = {"type": "address", "address": "nobody"}
    assert refusal(await api.patch(path, json=bad)) == (400, "VALIDATION_ERROR", "address")
    assert refusal(await api.patch(path, json={"type": "bounce"})) == (400, "VALIDATION_ERROR", "type")
    await api.patch(path, json={"type": "address", "address": "info@example.com"})
    assert data_of(await api.get(path))["address"] == "info@example.com"
    await api.patch(path, json={"type": "blackhole", "address": "info@example.com"})
    assert data_of(await api.get(path))["address"] is None


async def test_unknown_paths_and_methods_stay_in_the_envelope(api: httpx2.AsyncClient) -> None:
    for path in ("/", "/nowhere", "/domains/", "/domains/example.com/nothing", "/domains/example.com/dns/more"):
        assert refusal(await api.get(path)) == (404, "NOT_FOUND", None)
    answer = await api.put("/domains/example.com", json={})
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED", None)
    assert answer.headers["allow"] == "DELETE, GET"
