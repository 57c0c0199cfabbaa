"""Cloudflare's tokens, accounts and zones: who may do what, pages, and the way of a zone from pending to active."""

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import Clock, cloudflare_of, problem, records_path, result_of


async def test_a_good_token(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    verified = await cloudflare.get("/user/tokens/verify")
    assert result_of(verified)["status"] == "active"
    assert verified.json()["messages"][0]["message"] == "This API Token is valid and active"
    other = await cloudflare.get(f"/accounts/{world.cloudflare_account}/tokens/verify")
    assert problem(other) == (401, 1000)
    world.configure(cloudflare_token_kind="account")
    assert problem(await cloudflare.get("/user/tokens/verify")) == (401, 1000)
    own = await cloudflare.get(f"/accounts/{world.cloudflare_account}/tokens/verify")
    assert result_of(own)["status"] == "active"
    assert problem(await cloudflare.get(f"/accounts/{'0' * 32}/tokens/verify")) == (403, 10000)


@pytest.mark.parametrize(
    ("state", "verify", "zones", "records", "write"),
    [
        ("valid", (200, None), (200, None), (200, None), (400, 9020)),
        ("invalid", (401, 1000), (403, 9109), (403, 9109), (403, 9109)),
        ("expired", (200, None), (403, 9109), (403, 9109), (403, 9109)),
        ("no_permission", (200, None), (403, 9109), (403, 10000), (403, 10000)),
        ("read_only", (200, None), (200, None), (200, None), (403, 10000)),
    ],
)
async def test_what_tokens_are_good_for(
    world: Sandbox,
    cloudflare: httpx2.AsyncClient,
    state: str,
    verify: tuple[int, int | None],
    zones: tuple[int, int | None],
    records: tuple[int, int | None],
    write: tuple[int, int | None],
) -> None:
    path = records_path(world, "example.com")
    world.configure(cloudflare_token_state=state)
    answers = [
        await cloudflare.get("/user/tokens/verify"),
        await cloudflare.get("/zones"),
        await cloudflare.get(path),
        await cloudflare.post(path, json={}),
    ]
    seen = [(a.status_code, a.json()["errors"][0]["code"] if a.json()["errors"] else None) for a in answers]
    assert seen == [verify, zones, records, write]
    if state == "expired":
        assert result_of(answers[0])["status"] == "expired"


async def test_a_token_of_somebody_else_and_none_at_all(world: Sandbox) -> None:
    async with cloudflare_of(world, token="stranger") as client:
        assert problem(await client.get("/zones")) == (403, 9109)
        assert problem(await client.get("/zones", headers={"Authorization": "Basic x"})) == (400, 6003)
        del client.headers["Authorization"]
        assert problem(await client.get("/zones")) == (400, 9106)


async def test_accounts(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    assert [item["id"] for item in result_of(await cloudflare.get("/accounts"))] == [world.cloudflare_account]
    world.configure(cloudflare_token_state="no_permission")
    assert result_of(await cloudflare.get("/accounts")) == []


async def test_zones_come_in_pages_of_twenty(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    world.scale(domains=60, mailboxes=0)
    total = len(world.state["cloudflare"])
    assert total > 50
    first = await cloudflare.get("/zones")
    info = {"page": 1, "per_page": 20, "count": 20, "total_count": total, "total_pages": -(-total // 20)}
    assert first.json()["result_info"] == info
    assert (await cloudflare.get("/zones?per_page=1000")).json()["result_info"]["per_page"] == 50
    names = []
    for page in range(1, info["total_pages"] + 1):
        names += [zone["name"] for zone in result_of(await cloudflare.get(f"/zones?page={page}"))]
    assert names == sorted(world.state["cloudflare"])
    beyond = await cloudflare.get("/zones?page=99")
    assert (result_of(beyond), beyond.json()["result_info"]["count"]) == ([], 0)
    assert problem(await cloudflare.get("/zones?page=x")) == (400, 1006)


async def test_zone_filters(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    [zone] = result_of(await cloudflare.get("/zones?name=Example.com"))
    assert (zone["name"], zone["status"]) == ("example.com", "active")
    assert result_of(await cloudflare.get(f"/zones/{zone['id']}")) == zone
    assert result_of(await cloudflare.get("/zones?name=elsewhere.example")) == []
    pending = result_of(await cloudflare.get("/zones?status=pending"))
    assert [zone["name"] for zone in pending] == ["pending-zone.example"]
    mine = (await cloudflare.get(f"/zones?account.id={world.cloudflare_account}")).json()
    assert mine["result_info"]["total_count"] == len(world.state["cloudflare"])
    assert result_of(await cloudflare.get(f"/zones?account.id={'0' * 32}")) == []


async def test_a_new_zone_is_pending_and_has_name_servers(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    body = {"name": "Brand-New.example", "account": {"id": world.cloudflare_account}, "type": "full"}
    zone = result_of(await cloudflare.post("/zones", json=body))
    assert (zone["name"], zone["status"], zone["type"]) == ("brand-new.example", "pending", "full")
    assert len(set(zone["name_servers"])) == 2
    assert zone["account"]["id"] == world.cloudflare_account
    again = await cloudflare.post("/zones", json=body)
    assert problem(again) == (400, 1061)
    assert again.json()["errors"][0]["message"] == "brand-new.example already exists"
    assert problem(await cloudflare.post("/zones", json={**body, "account": {"id": "0" * 32}})) == (403, 0)
    assert problem(await cloudflare.post("/zones", json={"name": "no dots"})) == (400, 1049)
    assert result_of(await cloudflare.delete(f"/zones/{zone['id']}")) == {"id": zone["id"]}
    assert problem(await cloudflare.get(f"/zones/{zone['id']}")) == (404, 1001)
    assert result_of(await cloudflare.post("/zones", json=body))["id"] != zone["id"]


async def test_a_pending_zone_becomes_active_in_time() -> None:
    clock = Clock()
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, cloudflare_activation_seconds=30), clock=clock)
    async with cloudflare_of(sandbox) as client:
        zone = result_of(await client.post("/zones", json={"name": "brand-new.example"}))
        [seeded] = result_of(await client.get("/zones?name=pending-zone.example"))

        async def statuses() -> list[str]:
            return [result_of(await client.get(f"/zones/{item['id']}"))["status"] for item in (zone, seeded)]

        clock.now += 29
        assert await statuses() == ["pending", "pending"]
        clock.now += 2
        assert await statuses() == ["active", "pending"]  # nobody has asked for the seed's zone yet
        checked = await client.put(f"/zones/{seeded['id']}/activation_check")
        assert result_of(checked) == {"id": seeded["id"]}
        assert await statuses() == ["active", "pending"]
        clock.now += 30
        assert await statuses() == ["active", "active"]
        assert result_of(await client.get(f"/zones/{zone['id']}"))["activated_on"] is not None


@pytest.mark.parametrize("status", ["initializing", "pending", "active", "moved", "deleted"])
async def test_the_control_port_changes_the_status(
    cloudflare: httpx2.AsyncClient, control: httpx2.AsyncClient, status: str
) -> None:
    body = {"name": "Pending-zone.example", "status": status}
    assert (await control.post("/zones", json=body)).status_code == 200
    [zone] = result_of(await cloudflare.get("/zones?name=pending-zone.example"))
    assert zone["status"] == status
    assert (await control.post("/zones", json={**body, "name": "nobody.example"})).status_code == 400
    assert (await control.post("/zones", json={**body, "status": "asleep"})).status_code == 400


async def test_unknown_routes_and_identifiers(cloudflare: httpx2.AsyncClient, world: Sandbox) -> None:
    assert problem(await cloudflare.get("/nowhere")) == (404, 7000)
    assert problem(await cloudflare.get("/zones/example.com")) == (404, 7003)
    assert problem(await cloudflare.get(f"/zones/{'0' * 32}/dns_records")) == (404, 1001)
    wrong = await cloudflare.put("/zones")
    assert problem(wrong) == (405, 10405)
    assert wrong.headers["allow"] == "GET, POST"
    assert problem(await cloudflare.post("/zones", content=b"[]")) == (400, 9207)
    assert world.counts_of("cloudflare")["by_operation"]["unknown"] == 3


async def test_log_and_counts_by_upstream(
    api: httpx2.AsyncClient, cloudflare: httpx2.AsyncClient, control: httpx2.AsyncClient, world: Sandbox
) -> None:
    path = records_path(world, "example.com")
    await api.get("/domains")
    await cloudflare.get(path)
    await cloudflare.post(path, json={"type": "A", "name": "x", "content": "192.0.2.1"})
    await cloudflare.post(path, json={"type": "A", "name": "x", "content": "192.0.2.1"})
    assert [entry.upstream for entry in world.log] == ["mxroute", "cloudflare", "cloudflare", "cloudflare"]
    assert [entry.applied for entry in world.log] == [False, False, True, False]
    assert world.log[2].operation == "POST /zones/{zone}/dns_records"
    listed = (await control.get("/log?upstream=cloudflare&since=2")).json()["entries"]
    assert [(entry["sequence"], entry["fields"]) for entry in listed] == [
        (3, ["content", "name", "type"]),
        (4, ["content", "name", "type"]),
    ]
    assert (await control.get("/counts")).json()["requests"] == 1
    counts = (await control.get("/counts?upstream=cloudflare")).json()
    assert (counts["reads"], counts["writes"], counts["writes_applied"]) == (1, 2, 1)
    assert counts["by_status"] == {"200": 2, "400": 1}
    assert (await control.get("/counts?upstream=other")).status_code == 400
    assert (await control.get("/log?upstream=other")).status_code == 400
    assert world.cloudflare_token not in (await control.post("/config", json={})).text
