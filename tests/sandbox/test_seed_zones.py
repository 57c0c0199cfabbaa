"""The zones of the seed: public DNS shows for each domain what its scenario promises."""

import ipaddress
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.cloudflare import contents
from sandbox.dnsclient import DnsClient
from sandbox.helpers import client_of, cloudflare_of, data_of, records_path, result_of

SPF = "v=spf1 include:mxroute.com -all"
HEALTHY = {"mx", "spf", "dkim", "dmarc", "verification", "mail", "webmail"}
# What deviates from a healthy domain in each scenario.
LACKS: dict[str, set[str]] = {
    "healthy": set(),
    "zone_lacks_records": HEALTHY,
    "bare": HEALTHY,
    "missing_spf": {"spf"},
    "two_spf": {"spf"},
    "spf_too_many_lookups": {"spf"},
    "spf_void_lookups": {"spf"},
    "other_provider_mx": {"mx", "spf"},
    "broken_dkim": {"dkim"},
    "missing_dkim": {"dkim"},
    "dmarc_none": {"dmarc"},
    "pending_zone": HEALTHY,
    "zone_elsewhere": {"spf", "dkim", "dmarc", "mail", "webmail"},
    "proxied_mail_name": {"mail"},
    "foreign_webmail": {"webmail"},
    "zone_of_parent": set(),
    "no_webmail_name": {"webmail"},
    "other_senders": {"spf"},
}


@pytest.fixture
async def client(world: Sandbox) -> AsyncIterator[DnsClient]:
    async with world.serve() as running:
        yield DnsClient(running)


async def lacks(client: DnsClient, domain: str, info: dict[str, Any]) -> set[str]:
    """What public DNS does not show as MXroute wants it."""
    wanted_mx = sorted(f"{item['priority']} {item['hostname']}." for item in info["mx_records"])
    server = info["mx_records"][0]["hostname"]
    dmarc = await client.txt(f"_dmarc.{domain}")
    key = info["dkim"]["value"] if info["dkim"] else "no key"
    found = {
        "mx": await client.values(domain, "MX") == wanted_mx,
        "spf": [value for value in await client.txt(domain) if value.startswith("v=spf1")] == [info["spf"]["value"]],
        "dkim": await client.txt(f"x._domainkey.{domain}") == [key],
        "dmarc": len(dmarc) == 1 and "p=none" not in dmarc[0],
        "verification": await client.txt(f"{info['verification']['name']}.{domain}") == ["domain-verified"],
        "mail": await client.values(f"mail.{domain}", "CNAME") == [f"{server}."],
        "webmail": await client.values(f"webmail.{domain}", "CNAME") == [f"{server}."],
    }
    return {name for name, fine in found.items() if not fine}


async def test_every_domain_is_in_the_state_of_its_scenario(world: Sandbox, client: DnsClient) -> None:
    scenarios = {name: item["dns_scenario"] for name, item in world.state["account"]["domains"].items()}
    assert set(scenarios.values()) == set(LACKS)
    async with client_of(world) as api:
        for domain, scenario in scenarios.items():
            info = data_of(await api.get(f"/domains/{domain}/dns"))
            assert (domain, await lacks(client, domain, info)) == (domain, LACKS[scenario])


async def spf_lookups(client: DnsClient, domain: str, seen: tuple[str, ...] = ()) -> tuple[int, int]:
    """Look-ups and void look-ups of an SPF record, counted as RFC 7208 section 4.6.4 says."""
    policies = [value for value in await client.txt(domain) if value.startswith("v=spf1")]
    assert len(policies) == 1, (domain, policies)
    count = void = 0
    for term in policies[0].split()[1:]:
        kind, _, target = term.lstrip("+-~?").partition(":")
        if kind not in {"include", "a", "mx", "exists", "ptr"}:
            continue
        count += 1
        if kind == "include":
            assert target not in seen
            inner = await spf_lookups(client, target, (*seen, target))
            count, void = count + inner[0], void + inner[1]
        elif not await client.values(target, "MX" if kind == "mx" else "A"):
            void += 1
    return count, void


async def test_spf_can_be_counted_without_the_internet(client: DnsClient) -> None:
    assert await spf_lookups(client, "healthy.example") == (1, 0)
    assert await spf_lookups(client, "busy-sender.example") == (6, 0)
    count, void = await spf_lookups(client, "many-lookups.example")
    assert (count > 10, void) == (True, 0)
    count, void = await spf_lookups(client, "suspended.example")
    assert (count <= 10, void > 2) == (True, True)
    assert (await spf_lookups(client, "many.spf.test"))[0] == 12
    for sender in ("_spf.google.com", "sendgrid.net", "spf.protection.outlook.com", "mailgun.org", "amazonses.com"):
        assert (await spf_lookups(client, sender))[0] < 8


async def test_what_is_not_ours_is_there_to_be_kept(world: Sandbox, client: DnsClient) -> None:
    domain = "busy-sender.example"
    values = await client.txt(domain)
    assert len(values) == 4
    assert sum("verification" in value or value.startswith("MS=") for value in values) == 3
    [spf] = [value for value in values if value.startswith("v=spf1")]
    assert "mxroute" not in spf
    assert "include:_spf.google.com" in spf
    [dmarc] = await client.txt(f"_dmarc.{domain}")
    assert dmarc.startswith("v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s")
    async with cloudflare_of(world) as cloudflare:
        listed = result_of(await cloudflare.get(records_path(world, domain)))
    assert {item["comment"] for item in listed} == {None, "Search Console, ask Kim", "Newsletter links"}


async def test_the_special_cases(world: Sandbox, client: DnsClient) -> None:
    zones = world.state["cloudflare"]
    assert "elsewhere.example" not in zones
    assert await client.values("elsewhere.example", "NS") == ["ns1.old-host.test.", "ns2.old-host.test."]
    assert zones["pending-zone.example"]["status"] == "pending"
    assert await client.values("other-mx.example", "MX") == [
        "1 aspmx.l.google.com.",
        "5 alt1.aspmx.l.google.com.",
        "5 alt2.aspmx.l.google.com.",
    ]
    assert await client.values("webmail.quiet.example", "CNAME") == ["portal.webmail-host.test."]
    proxied = await client.values("mail.proxied.example")
    assert all(value.startswith("127.104.") for value in proxied)
    assert len(proxied) == 2
    assert "mail.example.org" not in zones
    assert "example.org" in zones
    [webmail] = [item for item in zones["example.com"]["records"] if item["type"] == "TXT"]
    assert "verification" in webmail["content"]


async def test_every_address_of_the_seed_is_a_loopback_one(world: Sandbox, client: DnsClient) -> None:
    zones = world.state["cloudflare"]
    names = {item["name"] for zone in zones.values() for item in zone["records"]} | set(zones)
    targets = set()
    for name, kind in itertools.product(names, ("MX", "NS", "CNAME")):
        targets |= {value.split()[-1].rstrip(".") for value in await client.values(name, kind)}
    addresses = {name: await client.values(name) + await client.values(name, "AAAA") for name in names | targets}
    flat = [value for values in addresses.values() for value in values]
    assert len(flat) > 100
    assert [value for value in flat if not ipaddress.ip_address(value).is_loopback] == []
    # and every host that mail or a name server is sent to is there
    assert [name for name in targets if not addresses[name]] == []


def test_records_of_the_seed_are_such_as_cloudflare_keeps(world: Sandbox) -> None:
    for zone in world.state["cloudflare"].values():
        for item in zone["records"]:
            kept = contents.read(item["type"], item)
            assert (kept.text, kept.priority, dict(kept.data)) == (
                item["content"],
                item.get("priority"),
                item.get("data", {}),
            )


def test_scaled_domains_have_healthy_zones_and_it_is_quick() -> None:
    sandbox = Sandbox(SandboxConfig())
    before = set(sandbox.state["cloudflare"])
    started = time.process_time()  # what other processes take of the machine does not count
    sandbox.scale(domains=1000, mailboxes=1000)
    assert time.process_time() - started < 3
    state = sandbox.state
    made = set(state["cloudflare"]) - before
    assert made == {name for name in state["account"]["domains"] if name[0] == "d" and name.endswith(".example.net")}
    assert len(state["cloudflare"]["d00001.example.net"]["records"]) == 10
    other = Sandbox(SandboxConfig())
    other.scale(domains=1000, mailboxes=1000)
    assert other.state["cloudflare"] == state["cloudflare"]


async def test_a_scaled_domain_is_healthy(world: Sandbox, client: DnsClient) -> None:
    world.scale(domains=40, mailboxes=0)
    async with client_of(world) as api:
        info = data_of(await api.get("/domains/d00001.example.net/dns"))
    assert await lacks(client, "d00001.example.net", info) == set()


def test_an_empty_world_has_no_zones() -> None:
    assert Sandbox(SandboxConfig(world="empty")).state["cloudflare"] == {}
