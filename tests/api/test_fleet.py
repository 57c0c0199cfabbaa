"""The fleet routes: who sees what, what a refresh costs, and what is answered when it takes longer."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mxm.features.fleet import routes as fleet_routes
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of
from support.manager import Manager, dns_manager, running_manager

OVERVIEW, REFRESH = "/api/fleet/overview", "/api/fleet/refresh"
KEYS = {"mx", "spf", "dkim", "dmarc", "verification", "mail", "webmail"}


async def rows(client: httpx2.AsyncClient) -> dict[str, dict[str, Any]]:
    return {row["domain"]: row for row in data_of(await client.get(OVERVIEW))["domains"]}


async def test_a_refresh_reads_every_domain_and_answers_with_the_overview(
    tmp_path: Path, database_url: str | None
) -> None:
    async with dns_manager(tmp_path, database_url=database_url) as manager:
        admin, sandbox = await manager.bearer(), manager.sandbox
        found = data_of(await admin.post(REFRESH))
        names = sorted(sandbox.state["account"]["domains"])
        assert sandbox.counts_of("mxroute")["reads"] <= 2 * len(names) + 3
        assert found["last_run_at"] is not None
        assert [row["domain"] for row in found["domains"]] == names
        listed = {row["domain"]: row for row in found["domains"]}
        assert set(listed["healthy.example"]) == {"domain", "mail_hosting", "dns", "mailbox_count", "checked_at"}
        assert set(listed["healthy.example"]["dns"]["checks"]) == KEYS
        assert listed["healthy.example"]["dns"]["checks"]["mx"] == {"status": "pass"}
        assert listed["missing-spf.example"]["dns"]["overall"] == "unhealthy"
        assert listed["missing-spf.example"]["dns"]["checks"]["spf"] == {"status": "fail"}
        assert (listed["parked.example"]["mail_hosting"], listed["parked.example"]["dns"]["overall"]) == (
            False,
            "skipped",
        )
        assert (listed["forty.example"]["mailbox_count"], listed["empty.example"]["mailbox_count"]) == (40, 0)
        before = len(sandbox.log), len(sandbox.questions_since())
        assert data_of(await admin.get(OVERVIEW)) == found
        assert (len(sandbox.log), len(sandbox.questions_since())) == before, "the overview asks nobody"
        again = data_of(await admin.post(REFRESH))
        assert again["last_run_at"] > found["last_run_at"]


@pytest.mark.parametrize(
    ("permission", "sees"),
    [
        ("dashboard", {"dns", "mailbox_count"}),
        ("emails", {"mailbox_count"}),
        ("dns", {"dns"}),
        ("forwarders", set()),
        ("spam", set()),
    ],
)
async def test_one_domain_sees_one_row_and_in_it_what_its_rights_show(
    refreshed: Manager, permission: str, sees: set[str]
) -> None:
    client = await refreshed.bearer({"example.com": [permission]})
    found = await rows(client)
    assert set(found) == {"example.com"}
    assert found["example.com"]["mail_hosting"] is True
    assert {name for name in ("dns", "mailbox_count") if found["example.com"][name] is not None} == sees


async def test_a_caller_without_domains_sees_none_and_starts_nothing(refreshed: Manager) -> None:
    admin = await refreshed.bearer()
    email, password = "kim@example.com", "a good password"
    person = {"email": email, "password": password, "grants": [{"domain": "quiet.example", "permissions": ["dns"]}]}
    assert (await admin.post("/api/admin/delegations", json=person)).status_code == 201
    data_of(await admin.delete("/api/domains/quiet.example?confirm=quiet.example"))
    browser = await refreshed.session(email, password)
    before = len(refreshed.sandbox.log)
    assert await rows(browser) == {}
    assert data_of(await browser.post(REFRESH))["domains"] == []
    assert len(refreshed.sandbox.log) == before


async def test_a_delegate_refreshes_their_own_domains(refreshed: Manager) -> None:
    client = await refreshed.bearer({"example.com": ["dns"], "quiet.example": ["dashboard"]})
    refreshed.services.mxroute.cache.drop_all()
    seen = len(refreshed.sandbox.log)
    first = await rows(await refreshed.bearer())
    found = data_of(await client.post(REFRESH))
    assert [row["domain"] for row in found["domains"]] == ["example.com", "quiet.example"]
    asked = {entry.path.split("/")[2] for entry in refreshed.sandbox.log_since(seen) if entry.path.count("/") > 2}
    second = await rows(await refreshed.bearer())
    moved = {name for name in second if second[name]["checked_at"] != first[name]["checked_at"]}
    assert moved == {"example.com", "quiet.example"}
    assert asked <= {"example.com", "quiet.example", "email"}
    [mine, *_] = data_of(await client.get("/api/jobs"))
    assert (mine["kind"], mine["state"], mine["progress"]["total"]) == ("fleet.refresh", "succeeded", 2)


async def test_credentials_are_due(manager: Manager) -> None:
    error_of(await manager.client.get(OVERVIEW), 401, "unauthorized")
    error_of(await manager.client.post(REFRESH), 401, "unauthorized")


async def test_before_any_refresh_the_names_are_there_and_nothing_else(manager: Manager) -> None:
    admin = await manager.bearer()
    found = data_of(await admin.get(OVERVIEW))
    assert found["last_run_at"] is None
    assert [row["domain"] for row in found["domains"]] == sorted(manager.sandbox.state["account"]["domains"])
    empty = {"mail_hosting": None, "dns": None, "mailbox_count": None, "checked_at": None}
    assert found["domains"][0] == {"domain": found["domains"][0]["domain"], **empty}
    assert manager.sandbox.counts_of("mxroute")["reads"] == 1


async def test_without_any_refresh_and_without_mxroute_that_is_said(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    sandbox.configure(faults=[{"kind": "status", "status_code": 500}])
    async with running_manager(tmp_path, sandbox=sandbox) as manager:
        admin = await manager.bearer()
        error_of(await admin.get(OVERVIEW), 502, "upstream_error")
        error_of(await admin.post(REFRESH), 502, "upstream_error")


async def test_a_domain_that_is_removed_here_is_gone_at_once(tmp_path: Path, database_url: str | None) -> None:
    async with dns_manager(tmp_path, database_url=database_url) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(REFRESH))
        data_of(await admin.delete("/api/domains/quiet.example?confirm=quiet.example"))
        manager.services.mxroute.cache.drop_all()
        assert "quiet.example" not in await rows(admin)


async def test_a_domain_that_is_added_here_is_there_at_once_and_stays(tmp_path: Path, database_url: str | None) -> None:
    async with dns_manager(tmp_path, database_url=database_url) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(REFRESH))
        data_of(await admin.post("/api/domains", json={"domain": "Soon.TEST"}), 201)
        empty = {"mail_hosting": None, "dns": None, "mailbox_count": None, "checked_at": None}
        assert (await rows(admin))["soon.test"] == {"domain": "soon.test", **empty}
        manager.services.mxroute.cache.drop_all()
        before = len(manager.sandbox.log)
        assert "soon.test" in await rows(admin), "our own table knows it, too"
        assert len(manager.sandbox.log) == before


async def test_what_we_change_shows_before_any_refresh(refreshed: Manager) -> None:
    admin = await refreshed.bearer()
    path = "/api/domains/example.com/email-accounts"
    data_of(await admin.post(path, json={"username": "new", "password": "Abcd123!"}), 201)
    assert (await rows(admin))["example.com"]["mailbox_count"] == 4
    data_of(await admin.delete(f"{path}/new"))
    assert (await rows(admin))["example.com"]["mailbox_count"] == 3


async def test_a_look_at_one_domain_renews_its_row(tmp_path: Path, database_url: str | None) -> None:
    async with dns_manager(tmp_path, database_url=database_url) as manager:
        admin = await manager.bearer()
        domain = "/api/domains/missing-spf.example"
        before = {row["domain"]: row for row in data_of(await admin.post(REFRESH))["domains"]}["missing-spf.example"]
        assert before["dns"]["checks"]["spf"] == {"status": "fail"}
        assert data_of(await admin.post(f"{domain}/dns/fix", json={}))["fixed"] == ["spf"]
        assert data_of(await admin.get(f"{domain}/dns/health"))["checks"]["spf"]["status"] == "pass"
        after = (await rows(admin))["missing-spf.example"]
        assert after["dns"]["checks"]["spf"] == {"status": "pass"}
        assert after["checked_at"] > before["checked_at"]
        assert data_of(await admin.get(f"{domain}/dns/setup-health"))["overall"] == after["dns"]["overall"]
        assert (await rows(admin))["missing-spf.example"] == after, "what says the same is not written again"


async def test_a_repair_of_many_renews_their_rows(tmp_path: Path) -> None:
    async with dns_manager(tmp_path) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(REFRESH))
        done = data_of(await admin.post("/api/cloudflare/dns/fix-bulk", json={"domains": ["missing-spf.example"]}))
        assert done["results"]["missing-spf.example"]["fixed"] == ["spf"]
        assert (await rows(admin))["missing-spf.example"]["dns"]["checks"]["spf"] == {"status": "pass"}


async def test_switching_hosting_shows_in_the_row(tmp_path: Path, database_url: str | None) -> None:
    async with dns_manager(tmp_path, database_url=database_url) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(REFRESH))
        data_of(await admin.patch("/api/domains/healthy.example/mail-status", json={"enabled": False}))
        assert (await rows(admin))["healthy.example"]["mail_hosting"] is False


async def test_a_slow_look_does_not_undo_the_switch_in_the_row(tmp_path: Path) -> None:
    async with dns_manager(tmp_path) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(REFRESH))
        manager.sandbox.configure(dns_faults=[{"kind": "delay", "delay_ms": 800}])
        look = asyncio.ensure_future(admin.get("/api/domains/healthy.example/dns/health"))
        await asyncio.sleep(0.3)
        data_of(await admin.patch("/api/domains/healthy.example/mail-status", json={"enabled": False}))
        assert data_of(await look)["mail_hosting_enabled"] is True, "it had asked before"
        assert (await rows(admin))["healthy.example"]["mail_hosting"] is False


async def test_dns_of_before_is_not_told_of_a_domain_that_was_switched_on(tmp_path: Path) -> None:
    async with dns_manager(tmp_path) as manager:
        admin = await manager.bearer()
        listed = {row["domain"]: row for row in data_of(await admin.post(REFRESH))["domains"]}
        assert listed["parked.example"]["dns"]["overall"] == "skipped"
        data_of(await admin.patch("/api/domains/parked.example/mail-status", json={"enabled": True}))
        row = (await rows(admin))["parked.example"]
        assert (row["mail_hosting"], row["dns"], row["checked_at"]) == (True, None, None)
        found = data_of(await admin.get("/api/domains/parked.example/dns/health"))
        row = (await rows(admin))["parked.example"]
        assert row["dns"]["overall"] == found["overall"] != "skipped"


async def test_a_key_is_honoured(refreshed: Manager) -> None:
    admin = await refreshed.bearer()
    headers = {"Idempotency-Key": "refresh-1"}
    first = await admin.post(REFRESH, headers=headers)
    before = len(refreshed.sandbox.log)
    second = await admin.post(REFRESH, headers=headers)
    assert data_of(second) == data_of(first)
    assert len(refreshed.sandbox.log) == before


async def test_one_that_takes_longer_is_answered_with_its_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_routes, "WAIT_SECONDS", 0.3)
    sandbox = Sandbox(SandboxConfig(read_limit=30, limit_window_seconds=1.0))
    async with dns_manager(tmp_path, sandbox=sandbox) as manager:
        admin = await manager.bearer()
        answer = await admin.post(REFRESH)
        job = data_of(answer, 202)
        assert answer.headers["location"] == f"/api/jobs/{job['id']}"
        assert (job["kind"], job["created_by"]) == ("fleet.refresh", "token:test")
        assert job["state"] in {"queued", "running"}, "its claim may be given back for a moment"
        assert data_of(await admin.post(REFRESH), 202)["id"] == job["id"], "a second one shares it"
        client = await manager.bearer({"example.com": ["dns"], "forty.example": ["dns"]}, label="kim")
        shared = data_of(await client.post(REFRESH), 202)
        assert (shared["id"], shared["progress"]["total"], shared["created_by"]) == (job["id"], 2, "somebody else")
        error_of(await client.get(f"/api/jobs/{job['id']}"), 404, "not_found")
        ended = await over(admin, job["id"])
        assert (ended["state"], ended["results"]) == ("succeeded", {"domains": 24, "unread": 0})
        assert sandbox.counts_of("mxroute")["refused_429"] == 0
        assert sandbox.counts_of("mxroute")["reads"] <= 2 * 24 + 3


async def test_it_refreshes_by_itself(tmp_path: Path) -> None:
    async with dns_manager(tmp_path, fleet_refresh_minutes=15) as manager:
        admin = await manager.bearer()
        for _ in range(1000):
            if data_of(await admin.get(OVERVIEW))["last_run_at"]:
                break
            await asyncio.sleep(0.02)
        [job] = data_of(await admin.get("/api/jobs"))
        assert (job["created_by"], job["kind"]) == ("system", "fleet.refresh")
        assert job["id"].startswith("sched:fleet:")


async def over(client: httpx2.AsyncClient, job_id: str) -> Any:
    """The job at its end."""
    for _ in range(1500):
        job = data_of(await client.get(f"/api/jobs/{job_id}"))
        if job["finished_at"]:
            return job
        await asyncio.sleep(0.02)
    raise AssertionError(job)


@pytest.fixture
async def refreshed(tmp_path: Path) -> Any:
    """A manager whose fleet was read once."""
    async with dns_manager(tmp_path) as manager:
        data_of(await (await manager.bearer()).post(REFRESH))
        yield manager
