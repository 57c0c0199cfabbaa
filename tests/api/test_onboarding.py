"""Onboarding: from a zone to a domain that is well, however long that takes and whoever publishes."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from mxm.platform.jobs import JobRow
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of, wrong_fields
from support.jobs import FINAL
from support.manager import Manager, dns_manager

URL = "/api/cloudflare/setup"
STEPS = ["zone", "verification", "public_dns", "register", "mail_dns", "verify"]


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


@pytest.fixture
def either(either_dns_world: Manager) -> Manager:
    return either_dns_world


async def start(client: httpx2.AsyncClient, domain: str, **more: Any) -> str:
    job: dict[str, str] = data_of(await client.post(URL, json={"domain": domain, **more}), 202)
    return job["id"]


async def until(client: httpx2.AsyncClient, job_id: str, *, step: str = "") -> dict[str, Any]:
    """The job once it is over, or once it waits (in `step`)."""
    ends = time.monotonic() + 15
    while True:
        job: dict[str, Any] = data_of(await client.get(f"/api/jobs/{job_id}"))
        waits = {each["name"] for each in job["steps"] if each["state"] == "waiting"}
        if job["state"] in FINAL or (job["waiting_until"] and waits and (not step or step in waits)):
            return job
        assert time.monotonic() < ends, job
        await asyncio.sleep(0.02)


async def later(manager: Manager, job_id: str, **ago: float) -> None:
    """Its waiting time is over; with `ago` it has been waiting for so long."""
    async with manager.services.database.write() as tx:
        changes: dict[str, Any] = {"run_at": datetime.now(UTC) - timedelta(seconds=1)}
        if ago:
            results = (await tx.session.get_one(JobRow, job_id)).results or {}
            since = {step: (datetime.now(UTC) - timedelta(**ago)).isoformat() for step in results["waiting_since"]}
            changes["results"] = {**results, "waiting_since": since}
        await tx.session.execute(update(JobRow).where(JobRow.id == job_id).values(changes))
    manager.services.durable.runner.wake()


def states(job: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["state"] for step in job["steps"]}


def message(job: dict[str, Any], step: str) -> str:
    messages: dict[str, str] = {each["name"]: each["message"] for each in job["steps"]}
    return messages[step]


async def test_from_a_zone_to_health(either: Manager) -> None:
    admin = await either.bearer()
    job_id = await start(admin, "Onboard.example", webmail=True, dmarc_record="v=DMARC1; p=reject")
    job = await until(admin, job_id)
    assert (job["kind"], job["state"]) == ("cloudflare.setup", "succeeded")
    assert states(job) == dict.fromkeys([*STEPS[:5], "webmail", "verify"], "done")
    assert job["results"]["health"]["overall"] == "healthy"
    assert job["results"]["domain"] == "onboard.example"
    health = data_of(await admin.get("/api/domains/onboard.example/dns/health"))
    assert (health["overall"], health["checks"]["webmail"]["status"]) == ("healthy", "pass")
    assert data_of(await admin.get("/api/domains/onboard.example/dmarc-policy"))["custom_value"] == "v=DMARC1; p=reject"
    entries = data_of(await admin.get("/api/admin/logs?target=onboard.example"))["entries"]
    assert [entry["action"] for entry in reversed(entries)] == [
        "cloudflare.setup",
        "dns.dmarc_policy_update",
        "dns.fix",
        "domain.create",
        "dns.fix",
        "dns.fix",
    ]
    assert {entry["user"] for entry in entries} == {"token:test"}


async def test_once_more_changes_nothing(manager: Manager) -> None:
    admin = await manager.bearer()
    await until(admin, await start(admin, "onboard.example"))
    before = manager.sandbox.state["cloudflare"]["onboard.example"]
    job = await until(admin, await start(admin, "onboard.example"))
    assert job["state"] == "succeeded"
    assert "already" in message(job, "register")
    assert manager.sandbox.state["cloudflare"]["onboard.example"] == before


async def test_a_new_zone_waits_for_its_name_servers(either: Manager) -> None:
    admin = await either.bearer()
    job_id = await start(admin, "moving.example")
    job = await until(admin, job_id, step="public_dns")
    assert (job["state"], job["results"]["zone"]["status"]) == ("queued", "pending")
    servers = job["results"]["zone"]["name_servers"]
    assert all(server in message(job, "public_dns") for server in servers)
    assert "website" in message(job, "zone")
    assert states(job)["register"] == "pending"
    await later(either, job_id)
    assert (await until(admin, job_id, step="public_dns"))["state"] == "queued"
    either.sandbox.set_zone_status("moving.example", "active")
    await later(either, job_id)
    job = await until(admin, job_id)
    assert job["state"] == "succeeded", job["steps"]
    assert len([entry for entry in either.sandbox.log if entry.path.endswith("/zones") and entry.method == "POST"]) == 1


async def test_by_hand_it_says_what_to_publish_and_watches(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual")
    job = await until(admin, job_id, step="public_dns")
    (record,) = job["results"]["publish"]
    assert record["name"].endswith(".moving.example")
    assert states(job)["zone"] == "skipped"
    manager.sandbox.publish(record["name"], "TXT", [record["value"]])
    await later(manager, job_id)
    job = await until(admin, job_id, step="mail_dns")
    wanted = job["results"]["publish"]
    assert {each["key"] for each in wanted} >= {"mx", "spf", "dkim", "dmarc", "mail"}
    assert "points elsewhere" in message(job, "register")
    spf = next(each["value"] for each in wanted if each["key"] == "spf")
    assert spf == "v=spf1 mx include:mxroute.com ~all", "the senders of today stay"
    for kind, name in {(each["type"], each["name"]) for each in wanted}:
        here = [each for each in wanted if (each["type"], each["name"]) == (kind, name)]
        values = [f"{e['priority']} {e['value']}" if kind == "MX" else e["value"] for e in here]
        manager.sandbox.publish(name, kind, values)
    await later(manager, job_id)
    job = await until(admin, job_id)
    assert job["state"] == "succeeded", job["steps"]
    written = [e for e in manager.sandbox.log if e.path.startswith("/client") and e.method != "GET"]
    assert written == [], "nothing was written at Cloudflare"


async def test_by_hand_an_spf_record_that_was_not_seen_is_never_replaced(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(dns_faults=[{"kind": "servfail", "name": "^soon.test$", "type": "TXT"}])
    job_id = await start(admin, "soon.test", dns="manual")
    job = await until(admin, job_id, step="mail_dns")
    assert "spf" not in {each["key"] for each in job["results"]["publish"]}
    assert {each["value"] for each in job["results"]["remove"]} == {"mx1.old-host.test", "mx2.old-host.test"}
    assert "Remove MX soon.test" in message(job, "mail_dns")
    manager.sandbox.configure(dns_faults=[])
    await later(manager, job_id)
    await asyncio.sleep(0.3)
    job = await until(admin, job_id, step="mail_dns")
    (spf,) = [each["value"] for each in job["results"]["publish"] if each["key"] == "spf"]
    assert spf == "v=spf1 mx include:mxroute.com ~all"


async def test_a_domain_of_another_provider_is_set_up_but_for_its_mx(manager: Manager) -> None:
    admin = await manager.bearer()
    zone = manager.sandbox.state["cloudflare"]["fresh-start.example"]
    headers = {"Authorization": f"Bearer {manager.sandbox.cloudflare_token}"}
    transport = httpx2.ASGITransport(app=manager.sandbox.cloudflare_app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://cf.test", headers=headers) as person:
        mx = {"type": "MX", "name": "fresh-start.example", "content": "aspmx.l.google.com", "priority": 1}
        await person.post(f"/client/v4/zones/{zone['id']}/dns_records", json=mx)
    job = await until(admin, await start(admin, "fresh-start.example"))
    assert job["state"] == "partly_failed"
    assert job["results"]["conflicts"] == ["mx"]
    assert "Google Workspace" in message(job, "mail_dns")
    assert "points elsewhere" in message(job, "register")
    records = manager.sandbox.state["cloudflare"]["fresh-start.example"]["records"]
    assert [r["content"] for r in records if r["type"] == "MX"] == ["aspmx.l.google.com"]


async def test_a_refused_registration_is_tried_again_and_then_told(manager: Manager) -> None:
    admin = await manager.bearer()
    refusal = {"kind": "status", "status_code": 422, "match": {"method": "POST", "path": "^/domains$"}}
    manager.sandbox.configure(faults=[{**refusal, "message": "Verification record not found"}])
    job_id = await start(admin, "onboard.example")
    job = await until(admin, job_id, step="register")
    assert "Verification record not found" in message(job, "register")
    await later(manager, job_id, minutes=50)
    job = await until(admin, job_id)
    assert (job["state"], states(job)["register"]) == ("failed", "failed")
    assert states(job)["mail_dns"] == "pending"


async def test_an_upstream_that_breaks_only_delays_it(manager: Manager) -> None:
    admin = await manager.bearer()
    broken = {"kind": "status", "status_code": 500, "match": {"upstream": "cloudflare"}, "times": 1}
    manager.sandbox.configure(faults=[broken])
    job_id = await start(admin, "onboard.example")
    job = await until(admin, job_id)
    if job["state"] not in FINAL:
        assert "tried again" in message(job, "zone")
        await later(manager, job_id)
        job = await until(admin, job_id)
    assert job["state"] == "succeeded", job


async def test_a_lost_answer_of_the_registration_is_not_sent_again(either: Manager) -> None:
    admin = await either.bearer()
    either.sandbox.configure(
        faults=[{"kind": "html_after_effect", "match": {"method": "POST", "path": "^/domains$"}, "times": 1}]
    )
    job = await until(admin, await start(admin, "onboard.example"))
    assert job["state"] == "succeeded", job["steps"]
    sent = [entry for entry in either.sandbox.log if entry.method == "POST" and entry.path == "/domains"]
    assert len(sent) == 1


async def test_it_is_given_up_after_three_days(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual")
    await until(admin, job_id, step="public_dns")
    await later(manager, job_id, hours=73)
    job = await until(admin, job_id)
    assert (job["state"], states(job)["public_dns"]) == ("failed", "failed")
    assert "72 hours" in message(job, "public_dns")


async def test_it_can_be_cancelled_while_it_waits(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual")
    await until(admin, job_id, step="public_dns")
    data_of(await admin.post(f"/api/jobs/{job_id}/cancel"))
    job = await until(admin, job_id)
    assert job["state"] == "cancelled"
    again = await start(admin, "moving.example", dns="manual")
    assert again != job_id


async def test_its_policy_is_set_once_and_later_choices_stand(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual", dmarc_record="v=DMARC1; p=none")
    await until(admin, job_id, step="public_dns")
    path = "/api/domains/moving.example/dmarc-policy"
    data_of(await admin.patch(path, json={"dmarc_record": "v=DMARC1; p=reject"}))
    manager.sandbox.publish("_dmarc.moving.example", "TXT", [])
    await later(manager, job_id)
    await asyncio.sleep(0.3)
    await until(admin, job_id)
    assert data_of(await admin.get(path))["custom_value"] == "v=DMARC1; p=reject"


async def test_a_zone_that_is_deleted_meanwhile_is_not_made_again(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example")
    job = await until(admin, job_id, step="public_dns")
    zone_id = job["results"]["zone_id"]
    headers = {"Authorization": f"Bearer {manager.sandbox.cloudflare_token}"}
    transport = httpx2.ASGITransport(app=manager.sandbox.cloudflare_app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://cf.test", headers=headers) as person:
        assert (await person.delete(f"/client/v4/zones/{zone_id}")).status_code == 200
    manager.services.cloudflare.cache.drop_all()
    await later(manager, job_id)
    job = await until(admin, job_id)
    assert job["state"] == "failed"
    assert "deleted" in message(job, "public_dns")
    assert "moving.example" not in manager.sandbox.state["cloudflare"]


async def test_a_domain_that_is_removed_meanwhile_is_told(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(dns_faults=[{"kind": "servfail", "name": "webmail.onboard.example"}])
    job_id = await start(admin, "onboard.example", webmail=True)
    await until(admin, job_id, step="verify")
    data_of(await admin.delete("/api/domains/onboard.example?confirm=onboard.example"))
    await later(manager, job_id)
    job = await until(admin, job_id)
    assert (job["state"], job["error"]) == ("failed", None)
    assert "not a domain of" in message(job, "verify")


async def test_a_domain_of_another_customer_is_refused_at_once(manager: Manager) -> None:
    admin = await manager.bearer()
    taken = {"kind": "status", "status_code": 409, "match": {"method": "POST", "path": "^/domains$"}}
    manager.sandbox.configure(faults=[{**taken, "message": "Domain belongs to another user"}])
    job = await until(admin, await start(admin, "onboard.example"))
    assert (job["state"], states(job)["register"]) == ("failed", "failed")
    assert "another user" in message(job, "register")


async def test_a_token_that_may_not_make_zones_ends_it(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(cloudflare_token_state="read_only")
    job = await until(admin, await start(admin, "moving.example"))
    assert (job["state"], states(job)["zone"]) == ("failed", "failed")
    assert "CF_API_TOKEN" in message(job, "zone")


async def test_the_long_wait_asks_public_dns_only(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual")
    await until(admin, job_id, step="public_dns")
    before, asked = len(manager.sandbox.log), len(manager.sandbox.questions_since())
    await later(manager, job_id)
    await asyncio.sleep(0.3)
    await until(admin, job_id, step="public_dns")
    assert len(manager.sandbox.log) == before
    assert len(manager.sandbox.questions_since()) > asked


async def test_who_is_no_administrator_any_more_sets_up_nothing(manager: Manager) -> None:
    admin = await manager.bearer()
    browser = await manager.session()
    other = await manager.bearer(label="leaving")
    job_id = await start(other, "moving.example", dns="manual")
    job = await until(admin, job_id, step="public_dns")
    tokens = data_of(await browser.get("/api/admin/api-tokens"))
    (leaving,) = [token["id"] for token in tokens if token["label"] == "leaving"]
    data_of(await browser.delete(f"/api/admin/api-tokens/{leaving}"))
    await later(manager, job_id)
    job = await until(admin, job_id)
    assert job["state"] == "failed"
    assert "administrator" in message(job, "zone")


async def test_one_job_for_one_domain(manager: Manager) -> None:
    admin = await manager.bearer()
    job_id = await start(admin, "moving.example", dns="manual")
    assert await start(admin, "moving.example", dns="manual") == job_id
    other = await admin.post(URL, json={"domain": "moving.example", "webmail": True, "dns": "manual"})
    assert job_id in error_of(other, 409, "conflict")["message"]


async def test_wrong_input(manager: Manager) -> None:
    admin = await manager.bearer()
    wrong = {"domain": "no domain", "webmail": "yes", "dns": "route53", "x": 1}
    assert wrong_fields(await admin.post(URL, json=wrong)) == ["dns", "domain", "webmail", "x"]
    policy = await admin.post(URL, json={"domain": "onboard.example", "dmarc_record": "p=none"})
    assert wrong_fields(policy) == ["dmarc_record"]
    bot = await manager.bearer({"example.com": ["dns"]})
    error_of(await bot.post(URL, json={"domain": "onboard.example"}), 403, "forbidden")


async def test_without_cloudflare_it_is_by_hand(tmp_path: Path) -> None:
    async with dns_manager(
        tmp_path, sandbox=Sandbox(SandboxConfig(limits_enabled=False)), cf_api_token=None
    ) as manager:
        admin = await manager.bearer()
        answer = await admin.post(URL, json={"domain": "moving.example", "dns": "cloudflare"})
        assert "CF_API_TOKEN" in error_of(answer, 503, "not_configured")["message"]
        job = await until(admin, await start(admin, "moving.example"), step="public_dns")
        assert states(job)["zone"] == "skipped"
