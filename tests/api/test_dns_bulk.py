"""Many domains, each by itself."""

import asyncio
from pathlib import Path

import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of
from support.dns import ALL
from support.manager import Manager, dns_manager


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


@pytest.fixture
def either(either_dns_world: Manager) -> Manager:
    return either_dns_world


URL = "/api/cloudflare/dns/fix-bulk"


async def test_the_recipe_of_the_manual(either: Manager) -> None:
    admin = await either.bearer()
    found = data_of(await admin.post(URL, json={"only_unhealthy": True}, timeout=60))
    assert set(found["domains"]) == set(found["results"])
    assert "healthy.example" not in found["domains"]
    assert found["results"]["example.com"]["fixed"] == ALL
    assert found["results"]["other-mx.example"]["conflicts"][0]["key"] == "mx"
    failed = found["results"]["elsewhere.example"]
    assert (failed["success"], set(failed)) == (False, {"success", "error"})
    assert not any("webmail" in result.get("fixed", []) for result in found["results"].values())
    again = data_of(await admin.post(URL, json={"only_unhealthy": True}, timeout=60))
    assert not any(result.get("fixed") for result in again["results"].values())


async def test_an_unknown_domain_is_a_result(manager: Manager) -> None:
    admin = await manager.bearer()
    body = {"domains": ["nobody.example", "no domain", "Healthy.Example"], "records": ["webmail"]}
    found = data_of(await admin.post(URL, json=body))
    assert found["domains"] == ["nobody.example", "no domain", "healthy.example"]
    assert [found["results"][name]["success"] for name in found["domains"]] == [False, False, True]


async def test_without_waiting_it_is_a_job(manager: Manager) -> None:
    admin = await manager.bearer()
    answer = await admin.post(URL, json={"domains": ["example.com"], "wait": False})
    job = data_of(answer, 202)
    assert answer.headers["location"] == f"/api/jobs/{job['id']}"
    for _ in range(200):
        job = data_of(await admin.get(f"/api/jobs/{job['id']}"))
        if job["finished_at"]:
            break
        await asyncio.sleep(0.02)
    assert (job["kind"], job["state"], job["progress"]["done"]) == ("dns.fix_bulk", "succeeded", 1)
    assert job["results"]["results"]["example.com"]["fixed"] == ALL
    (entry,) = data_of(await admin.get("/api/admin/logs?action=dns.fix_bulk"))["entries"]
    assert (entry["target"], entry["details"]["fixed"]) == ("*", 1)


async def test_only_for_administrators(manager: Manager) -> None:
    bot = await manager.bearer({"example.com": ["dns"]})
    error_of(await bot.post(URL, json={"domains": ["example.com"]}), 403, "forbidden")


async def test_a_failing_cloudflare_is_told_for_each(manager: Manager) -> None:
    manager.sandbox.configure(cloudflare_token_state="no_permission")
    body = {"domains": ["example.com", "two-spf.example"]}
    found = data_of(await (await manager.bearer()).post(URL, json=body))
    assert [found["results"][name]["success"] for name in found["domains"]] == [False, False]
    assert "CF_API_TOKEN" in found["results"]["example.com"]["error"]


async def test_upstream_limits_hold_for_a_bulk_repair(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig())
    async with dns_manager(tmp_path, sandbox=sandbox) as manager:
        found = data_of(await (await manager.bearer()).post(URL, json={"only_unhealthy": True}, timeout=60))
        assert found["results"]["example.com"]["success"] is True
        refused = [entry for entry in sandbox.log if entry.status == 429]
        assert refused == []
