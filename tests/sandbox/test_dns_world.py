"""One truth: what is written at Cloudflare is what DNS answers and MXroute finds, when and as long as it is public."""

from typing import get_args

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.cloudflare.state import ZoneStatus
from sandbox.dnsclient import DnsClient
from sandbox.helpers import Clock, client_of, cloudflare_of, records_path, refusal, result_of


def verification(world: Sandbox, domain: str) -> dict[str, str]:
    return {"type": "TXT", "name": world.state["account"]["verification_key"], "content": "domain-verified"}


async def test_registration_finds_what_cloudflare_was_given(
    api: httpx2.AsyncClient, cloudflare: httpx2.AsyncClient, world: Sandbox
) -> None:
    body = {"domain": "onboard.example"}
    assert refusal(await api.post("/domains", json=body))[0] == 422
    record = verification(world, "onboard.example")
    result_of(await cloudflare.post(records_path(world, "onboard.example"), json=record))
    assert (await api.post("/domains", json=body)).status_code == 201


async def test_registration_waits_for_the_zone(
    api: httpx2.AsyncClient, cloudflare: httpx2.AsyncClient, control: httpx2.AsyncClient, world: Sandbox
) -> None:
    zone = result_of(await cloudflare.post("/zones", json={"name": "moving.example"}))
    path = f"/zones/{zone['id']}/dns_records"
    result_of(await cloudflare.post(path, json=verification(world, "moving.example")))
    assert refusal(await api.post("/domains", json={"domain": "moving.example"}))[0] == 422
    await control.post("/zones", json={"name": "moving.example", "status": "active"})
    assert (await api.post("/domains", json={"domain": "moving.example"})).status_code == 201


async def test_faults_of_the_server_do_not_reach_mxroute(api: httpx2.AsyncClient, world: Sandbox) -> None:
    world.configure(dns_faults=[{"kind": "servfail"}])
    assert (await api.post("/domains", json={"domain": "ready-to-add.example"})).status_code == 201


async def test_a_pending_zone_is_written_but_not_public(
    cloudflare: httpx2.AsyncClient, world: Sandbox, dns_client: DnsClient
) -> None:
    name = "pending-zone.example"
    old = ["10 mx1.old-host.test.", "20 mx2.old-host.test."]
    new = ["10 sandbox.mxrouting.net.", "20 sandbox-relay.mxrouting.net."]
    assert await dns_client.values(name, "MX") == old
    assert await dns_client.values(name, "NS") == ["ns1.old-host.test.", "ns2.old-host.test."]
    listed = result_of(await cloudflare.get(records_path(world, name), params={"type": "MX"}))
    assert [f"{item['priority']} {item['content']}." for item in listed] == new
    world.set_zone_status(name, "active")
    assert await dns_client.values(name, "MX") == new
    servers = world.state["cloudflare"][name]["name_servers"]
    assert await dns_client.values(name, "NS") == sorted(f"{server}." for server in servers)
    for status in get_args(ZoneStatus):
        if status == "active":
            continue
        world.set_zone_status(name, status)
        assert await dns_client.values(name, "MX") == old
    world.set_zone_status(name, "active")
    result_of(await cloudflare.delete(f"/zones/{world.state['cloudflare'][name]['id']}"))
    assert await dns_client.values(name, "MX") == old


async def test_a_zone_that_becomes_active_in_time_is_public_without_anybody_asking_cloudflare() -> None:
    clock = Clock()
    sandbox = Sandbox(SandboxConfig(cloudflare_activation_seconds=60, limits_enabled=False), clock=clock)
    async with cloudflare_of(sandbox) as cloudflare, sandbox.serve() as running:
        zone = result_of(await cloudflare.post("/zones", json={"name": "brand-new.example"}))
        body = {"type": "TXT", "name": "@", "content": "here"}
        result_of(await cloudflare.post(f"/zones/{zone['id']}/dns_records", json=body))
        client = DnsClient(running)
        clock.now += 59
        assert await client.txt("brand-new.example") == []
        clock.now += 2
        assert await client.txt("brand-new.example") == ["here"]


async def test_changes_take_time_to_be_seen() -> None:
    clock = Clock()
    sandbox = Sandbox(SandboxConfig(dns_propagation_seconds=300, limits_enabled=False), clock=clock)
    async with cloudflare_of(sandbox) as cloudflare, client_of(sandbox) as api, sandbox.serve() as running:
        client = DnsClient(running)
        assert len(await client.values("healthy.example", "MX")) == 2  # the seed is public at once
        path = records_path(sandbox, "onboard.example")
        made = result_of(await cloudflare.post(path, json=verification(sandbox, "onboard.example")))
        sandbox.publish("hand.test", "TXT", ["one"])
        name = made["name"]
        clock.now += 299
        assert (await client.txt(name), await client.txt("hand.test")) == ([], [])
        assert refusal(await api.post("/domains", json={"domain": "onboard.example"}))[0] == 422
        assert {"name": "hand.test", "type": "TXT", "values": ["one"]} in sandbox.state["dns"]
        result_of(await cloudflare.patch(f"{path}/{made['id']}", json={"content": "changed"}))
        clock.now += 1
        assert (await client.txt(name), await client.txt("hand.test")) == (["domain-verified"], ["one"])
        assert (await api.post("/domains", json={"domain": "onboard.example"})).status_code == 201
        clock.now += 299
        assert await client.txt(name) == ["changed"]
        # what is public already stays so when the delay grows, and a shorter one overtakes
        sandbox.configure(dns_propagation_seconds=3600)
        sandbox.publish("hand.test", "TXT", [])
        assert await client.txt("hand.test") == ["one"]
        sandbox.configure(dns_propagation_seconds=0)
        sandbox.publish("hand.test", "TXT", ["two"])
        assert await client.txt("hand.test") == ["two"]
        clock.now += 7200
        assert await client.txt("hand.test") == ["two"]


async def test_published_sets_stand_in_front_and_can_be_taken_away(
    control: httpx2.AsyncClient, dns_client: DnsClient
) -> None:
    async def publish(name: str, kind: str, *values: str) -> None:
        body = {"name": name, "type": kind, "values": values}
        assert (await control.post("/dns", json=body)).status_code == 200

    real = await dns_client.values("healthy.example", "MX")
    await publish("Healthy.example.", "mx", "5 mx1.old-host.test")
    assert await dns_client.values("healthy.example", "MX") == ["5 mx1.old-host.test."]
    assert await dns_client.txt("healthy.example") == ["v=spf1 include:mxroute.com -all"]
    await publish("healthy.example", "MX")
    assert await dns_client.values("healthy.example", "MX") == real
    await publish("mail.healthy.example", "CNAME", "portal.webmail-host.test")
    assert await dns_client.values("mail.healthy.example", "CNAME") == ["portal.webmail-host.test."]
    await publish("t.test", "TXT", 'say "hi" \\ bye', "k" * 300)
    assert await dns_client.txt("t.test") == ["k" * 300, 'say "hi" \\ bye']


@pytest.mark.parametrize(
    ("kind", "value"), [("A", "nonsense"), ("AAAA", "127.0.0.1"), ("MX", "no-number"), ("NOTYPE", "x"), ("TXT", '"x')]
)
async def test_records_that_cannot_be_are_refused(
    world: Sandbox, control: httpx2.AsyncClient, kind: str, value: str
) -> None:
    before = world.state
    answer = await control.post("/dns", json={"name": "x.test", "type": kind, "values": [value]})
    assert answer.status_code == 400
    assert value in answer.json()["error"] or kind in answer.json()["error"]
    assert world.state == before


async def test_reset_takes_zones_back(cloudflare: httpx2.AsyncClient, world: Sandbox, dns_client: DnsClient) -> None:
    before = world.state["cloudflare"]
    path = records_path(world, "healthy.example")
    for item in result_of(await cloudflare.get(path)):
        result_of(await cloudflare.delete(f"{path}/{item['id']}"))
    world.set_zone_status("example.com", "moved")
    assert await dns_client.values("healthy.example", "MX") == []
    world.reset()
    assert world.state["cloudflare"] == before
    assert len(await dns_client.values("healthy.example", "MX")) == 2


async def test_the_mail_server_is_found_under_whatever_name_it_has(world: Sandbox, dns_client: DnsClient) -> None:
    world.configure(server="Eagle.mxlogin.com", dns_mail_address="127.0.0.25")
    assert await dns_client.values("eagle.mxlogin.com") == ["127.0.0.25"]
    assert await dns_client.values("eagle-relay.mxlogin.com") == ["127.0.0.25"]
    assert await dns_client.values("sandbox.mxrouting.net") == []
