"""Health: what the domains of the demo world look like, and what is said when something cannot be looked up."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of
from support.manager import Manager, dns_manager, running_manager

KEYS = ["mx", "spf", "dkim", "dmarc", "verification", "mail", "webmail"]


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


async def health(client: httpx2.AsyncClient, domain: str, kind: str = "health") -> dict[str, Any]:
    found: dict[str, Any] = data_of(await client.get(f"/api/domains/{domain}/dns/{kind}"))
    return found


def amiss(found: dict[str, Any]) -> dict[str, str]:
    return {key: check["status"] for key, check in found["checks"].items() if check["status"] != "pass"}


SEEN = {
    "healthy.example": ("healthy", {}),
    "mail.example.org": ("healthy", {}),
    "xn--bcher-kva.example": ("healthy", {}),
    "missing-spf.example": ("unhealthy", {"spf": "fail"}),
    "two-spf.example": ("unhealthy", {"spf": "fail"}),
    "many-lookups.example": ("unhealthy", {"spf": "fail"}),
    "suspended.example": ("degraded", {"spf": "warn"}),
    "other-mx.example": ("unhealthy", {"mx": "fail", "spf": "fail"}),
    "broken-dkim.example": ("degraded", {"dkim": "fail"}),
    "no-dkim.example": ("healthy", {"dkim": "skipped"}),
    "proxied.example": ("degraded", {"mail": "fail"}),
    "quiet.example": ("healthy", {"webmail": "warn"}),
    "shop.example.net": ("healthy", {"webmail": "skipped"}),
    "busy-sender.example": ("unhealthy", {"spf": "fail"}),
    "parked.example": ("skipped", dict.fromkeys(KEYS, "skipped")),
}


@pytest.mark.parametrize("domain", SEEN)
async def test_domains_of_every_kind(manager: Manager, domain: str) -> None:
    found = await health(await manager.bearer(), domain)
    assert list(found["checks"]) == KEYS
    assert (found["overall"], amiss(found)) == SEEN[domain]
    assert found["domain"] == domain
    assert found["mail_hosting_enabled"] is (domain != "parked.example")
    assert (found["mxroute_reachable"], found["cf_configured"]) == (True, True)
    assert found["dmarc_policy"] == "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;"


async def test_what_a_check_says(manager: Manager) -> None:
    checks = (await health(await manager.bearer(), "many-lookups.example"))["checks"]
    assert checks["spf"]["lookups"] > 10
    assert str(checks["spf"]["lookups"]) in checks["spf"]["message"]
    assert checks["mail"]["expected_host"] == manager.sandbox.credentials[0]
    other = (await health(await manager.bearer(), "other-mx.example"))["checks"]["mx"]
    assert "Google Workspace" in other["message"]
    assert other["found"][0] == "1 aspmx.l.google.com"
    assert len(other["expected"]) == 2


async def test_a_failed_look_up_is_unknown_and_never_missing(manager: Manager) -> None:
    manager.sandbox.configure(
        dns_faults=[
            {"kind": "servfail", "name": "^healthy.example$", "type": "MX"},
            {"kind": "refused", "name": "_dmarc"},
            {"kind": "garbage", "name": "_domainkey"},
        ]
    )
    found = await health(await manager.bearer(), "healthy.example")
    assert amiss(found) == {"mx": "unknown", "dkim": "unknown", "dmarc": "unknown"}
    assert found["overall"] == "degraded"
    assert "could not be looked up" in found["checks"]["mx"]["message"]


async def test_silence_ends_at_the_deadline_and_what_was_heard_counts(manager: Manager) -> None:
    manager.sandbox.configure(dns_faults=[{"kind": "silence", "name": "^healthy.example$", "type": "TXT"}])
    found = await health(await manager.bearer(), "healthy.example")
    assert amiss(found) == {"spf": "unknown"}


async def test_unknown_is_not_repaired(manager: Manager) -> None:
    manager.sandbox.configure(dns_faults=[{"kind": "servfail"}])
    admin = await manager.bearer()
    found = data_of(await admin.post("/api/domains/example.com/dns/fix", json={}))
    assert (found["fixed"], found["changes"]) == ([], [])
    assert any("could not be looked up" in step for step in found["steps"])


async def test_without_any_resolver_everything_is_unknown(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        found = await health(await manager.bearer(), "healthy.example")
        assert set(amiss(found).values()) == {"unknown"}
        assert found["overall"] == "degraded"


async def test_two_reads_cold_and_none_warm(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(dns_propagation_seconds=0)
    before = manager.sandbox.counts_of("mxroute")["reads"]
    await health(admin, "healthy.example")
    assert manager.sandbox.counts_of("mxroute")["reads"] - before <= 2
    cold = manager.sandbox.counts_of("mxroute")["reads"]
    await health(admin, "healthy.example")
    assert manager.sandbox.counts_of("mxroute")["reads"] == cold
    questions = len(manager.sandbox.questions_since())
    await health(admin, "healthy.example")
    assert len(manager.sandbox.questions_since()) > questions, "DNS itself is always looked up live"


async def test_mxroute_out_of_reach_is_told_and_nothing_is_invented(manager: Manager) -> None:
    manager.sandbox.configure(faults=[{"kind": "html", "status_code": 500}])
    found = await health(await manager.bearer(), "healthy.example")
    assert found["mxroute_reachable"] is False
    assert amiss(found) == dict.fromkeys(["mx", "spf", "dkim", "verification"], "unknown")
    assert found["overall"] == "degraded"


async def test_a_domain_of_nobody_is_not_found(manager: Manager) -> None:
    error_of(await (await manager.bearer()).get("/api/domains/nobody.example/dns/health"), 404, "not_found")


async def test_setup_health_works_before_the_domain_is_there(manager: Manager) -> None:
    found = await health(await manager.bearer(), "onboard.example", "setup-health")
    assert (found["on_mxroute"], found["overall"]) == (False, "pending")
    assert {found["checks"][key]["status"] for key in ("mx", "spf", "dkim", "mail", "webmail")} == {"pending"}
    assert found["checks"]["verification"]["status"] == "fail"
    assert found["checks"]["verification"]["expected"] == ["domain-verified"]
    assert found["zone"]["status"] == "active"
    ready = await health(await manager.bearer(), "ready-to-add.example", "setup-health")
    assert ready["checks"]["verification"]["status"] == "pass"
    assert (ready["zone"], ready["zone_known"]) == (None, True)


async def test_a_zone_that_cloudflare_does_not_tell_is_not_known(manager: Manager) -> None:
    fault = {"kind": "status", "status_code": 500, "match": {"upstream": "cloudflare"}}
    manager.sandbox.configure(faults=[fault])
    found = await health(await manager.bearer(), "ready-to-add.example", "setup-health")
    assert (found["zone"], found["zone_known"]) == (None, False)


async def test_setup_health_of_a_domain_that_is_there(manager: Manager) -> None:
    found = await health(await manager.bearer(), "pending-zone.example", "setup-health")
    assert found["on_mxroute"] is True
    assert found["zone"]["status"] == "pending"
    assert len(found["zone"]["name_servers"]) == 2


async def test_records_to_publish(manager: Manager) -> None:
    found = data_of(await (await manager.bearer()).get("/api/domains/example.com/dns"))
    assert [each["priority"] for each in found["mx_records"]] == [10, 20]
    assert found["spf"]["value"] == "v=spf1 include:mxroute.com -all"
    assert found["dkim"]["fqdn"] == "x._domainkey.example.com"
    assert found["dmarc"] == {
        "type": "TXT",
        "name": "_dmarc",
        "fqdn": "_dmarc.example.com",
        "value": "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;",
    }


async def test_a_policy_of_a_parent_holds_below_it(manager: Manager) -> None:
    manager.sandbox.publish("_dmarc.mail.example.org", "TXT", [])
    manager.sandbox.publish("_dmarc.mail.example.org", "TXT", ["not a policy"])
    manager.sandbox.publish("_dmarc.example.org", "TXT", ["v=DMARC1; p=reject"])
    check = (await health(await manager.bearer(), "mail.example.org"))["checks"]["dmarc"]
    assert check["status"] == "pass"
    assert "_dmarc.example.org" in check["message"]


@pytest.mark.parametrize(
    ("target", "status"),
    [("v=spf1 include:mxroute.com -all", "pass"), ("v=spf1 include:sendgrid.net -all", "fail"), (None, "fail")],
)
async def test_spf_that_hands_over_to_another_record(manager: Manager, target: str | None, status: str) -> None:
    manager.sandbox.publish("healthy.example", "TXT", ["v=spf1 redirect=_spf.elsewhere.test"])
    if target is not None:
        manager.sandbox.publish("_spf.elsewhere.test", "TXT", ["another text", target])
    admin = await manager.bearer()
    assert (await health(admin, "healthy.example"))["checks"]["spf"]["status"] == status
    manager.sandbox.configure(dns_faults=[{"kind": "servfail", "name": "_spf.elsewhere"}])
    assert (await health(admin, "healthy.example"))["checks"]["spf"]["status"] == "unknown"


async def test_cloudflare_status(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with dns_manager(tmp_path, sandbox=sandbox) as manager:
        admin = await manager.bearer()
        assert data_of(await admin.get("/api/cloudflare/status")) == {"configured": True}
        found = data_of(await admin.get("/api/cloudflare/status?check=true"))
        assert found["token_valid"] is True
        assert "example.com" in [zone["name"] for zone in found["zones"]]
        sandbox.configure(cloudflare_token_state="expired")
        found = data_of(await admin.get("/api/cloudflare/status?check=true"))
        assert (found["token_valid"], found["zones"]) == (False, [])
        assert sandbox.cloudflare_token not in str(found)


async def test_without_cloudflare(tmp_path: Path) -> None:
    async with dns_manager(tmp_path, cf_api_token=None) as manager:
        admin = await manager.bearer()
        status = data_of(await admin.get("/api/cloudflare/status"))
        assert status["configured"] is False
        assert "CF_API_TOKEN" in status["message"]
        assert (await health(admin, "healthy.example"))["cf_configured"] is False
        for method, path in (
            ("GET", "/api/domains/example.com/dns/plan"),
            ("POST", "/api/domains/example.com/dns/fix"),
            ("POST", "/api/cloudflare/dns/fix-bulk"),
        ):
            answer = await admin.request(method, path, json={} if method == "POST" else None)
            assert "CF_API_TOKEN" in error_of(answer, 503, "not_configured")["message"]


async def test_a_wrong_default_policy_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="DMARC_RECORD"):
        async with running_manager(tmp_path, dmarc_record="p=none"):
            pytest.fail("it started")
