"""Repair: what it does to real zones, what it leaves alone, and what it says when Cloudflare misbehaves."""

import asyncio

import pytest

from mxm.features.dns.api import Order
from mxm.platform.access import SYSTEM, Caller
from support.api import data_of, error_of, wrong_fields
from support.dns import ALL, E, fix, zone
from support.manager import Manager
from support.program import until

BATCH = {"upstream": "cloudflare", "method": "POST", "path": "/batch$"}


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


@pytest.fixture
def either(either_dns_world: Manager) -> Manager:
    return either_dns_world


def batches(manager: Manager) -> int:
    return sum(entry.path.endswith("/batch") and bool(entry.applied) for entry in manager.sandbox.log)


async def test_the_recipes_of_the_manual(either: Manager) -> None:
    kept = zone(either)
    bot = await either.bearer({"example.com": ["dns"]})
    found = data_of(await bot.post(f"{E}/dns/fix", json={}))
    assert (found["fixed"], found["skipped"], found["conflicts"]) == (ALL, [], [])
    assert set(kept) <= set(zone(either))
    healthy = data_of(await bot.get(f"{E}/dns/health"))
    assert (healthy["overall"], healthy["checks"]["webmail"]["status"]) == ("healthy", "skipped")
    webmail = data_of(await bot.post(f"{E}/dns/fix", json={"records": ["webmail"]}))
    assert webmail["fixed"] == ["webmail"]
    assert data_of(await bot.get(f"{E}/dns/health"))["checks"]["webmail"]["status"] == "pass"
    before = zone(either)
    again = data_of(await bot.post(f"{E}/dns/fix"))
    assert (again["fixed"], again["skipped"], again["fix_id"]) == ([], ALL, None)
    assert zone(either) == before
    assert batches(either) == 2


async def test_a_busy_zone_keeps_all_that_is_not_ours(manager: Manager) -> None:
    before = zone(manager, "busy-sender.example")
    found = await fix(manager, "busy-sender.example")
    assert found["fixed"] == ["spf"]
    after = zone(manager, "busy-sender.example")
    (gone,) = set(before) - set(after)
    (new,) = set(after) - set(before)
    assert gone[2] == '"v=spf1 ip4:203.0.113.7 include:_spf.google.com include:sendgrid.net ~all"'
    assert new[2] == '"v=spf1 ip4:203.0.113.7 include:_spf.google.com include:sendgrid.net include:mxroute.com ~all"'
    every = await fix(manager, "busy-sender.example", records=[*ALL, "webmail"])
    assert every["changes"] == []
    assert zone(manager, "busy-sender.example") == after


async def test_a_zone_of_another_provider_is_left_alone_and_explained(manager: Manager) -> None:
    before = zone(manager, "other-mx.example")
    found = await fix(manager, "other-mx.example")
    assert (found["fixed"], found["changes"]) == ([], [])
    assert zone(manager, "other-mx.example") == before
    (conflict,) = found["conflicts"]
    assert (conflict["key"], conflict["replace"]) == ("mx", "mx")
    assert "Google Workspace" in conflict["reason"]
    moved = await fix(manager, "other-mx.example", replace=["mx"])
    assert set(moved["fixed"]) == {"mx", "spf"}
    assert (
        data_of(await (await manager.bearer()).get("/api/domains/other-mx.example/dns/health"))["overall"] == "healthy"
    )


async def test_two_spf_records_become_one_that_keeps_both_senders(manager: Manager) -> None:
    await fix(manager, "two-spf.example")
    texts = [row[2] for row in zone(manager, "two-spf.example") if "v=spf1" in row[2]]
    assert texts == ['"v=spf1 include:mxroute.com include:_spf.google.com ~all"']


@pytest.mark.parametrize(
    ("domain", "key", "words"),
    [("many-lookups.example", "spf", "give up after ten"), ("quiet.example", "webmail", "leads elsewhere")],
)
async def test_what_cannot_be_mended_is_left_alone(manager: Manager, domain: str, key: str, words: str) -> None:
    before = zone(manager, domain)
    found = await fix(manager, domain, records=[key])
    assert found["fixed"] == []
    assert zone(manager, domain) == before
    assert found["skipped"] == [key] or words in found["conflicts"][0]["reason"]


async def test_a_proxied_name_becomes_plain(manager: Manager) -> None:
    assert (await fix(manager, "proxied.example"))["fixed"] == ["mail"]
    records = manager.sandbox.state["cloudflare"]["proxied.example"]["records"]
    assert [r["proxied"] for r in records if r["name"] == "mail.proxied.example"] == [False]
    assert [r["proxied"] for r in records if r["name"] == "www.proxied.example"] == [True]


async def test_a_domain_in_the_zone_of_its_parent(manager: Manager) -> None:
    found = await fix(manager, "mail.example.org", records=["webmail", "mail"])
    assert all(change["name"].endswith("mail.example.org") for change in found["changes"])


async def test_a_pending_zone_is_written_and_said_to_be_unseen(manager: Manager) -> None:
    found = await fix(manager, "pending-zone.example", records=["webmail", "spf"])
    assert found["fixed"] == [] or any("pending" in step for step in found["steps"])


async def test_a_domain_whose_dns_is_elsewhere(manager: Manager) -> None:
    admin = await manager.bearer()
    answer = await admin.post("/api/domains/elsewhere.example/dns/fix", json={})
    assert "DNS is elsewhere" in error_of(answer, 404, "not_found")["message"]


async def test_a_dry_run_changes_nothing_and_says_the_same(manager: Manager) -> None:
    before = zone(manager)
    dry = await fix(manager, dry_run=True)
    assert (dry["dry_run"], dry["fix_id"], dry["fixed"]) == (True, None, ALL)
    assert zone(manager) == before
    wet = await fix(manager)
    assert wet["changes"] == dry["changes"]


async def test_the_plan_is_what_the_fix_does(manager: Manager) -> None:
    admin = await manager.bearer()
    plan = data_of(await admin.get(f"{E}/dns/plan"))
    assert [change["action"] for change in plan["changes"]] == ["create"] * 6
    assert plan["zone"]["name"] == "example.com"
    assert all(change["reason"] for change in plan["changes"])
    assert (await fix(manager))["changes"] == plan["changes"]
    assert set(data_of(await admin.get(f"{E}/dns/plan"))["unchanged"]) == set(ALL)
    some = data_of(await admin.get(f"{E}/dns/plan?records=webmail,mx&records=spf&replace=mail"))
    assert [change["key"] for change in some["changes"]] == ["webmail"]


async def test_wrong_input_names_every_field(manager: Manager) -> None:
    admin = await manager.bearer()
    assert wrong_fields(await admin.post(f"{E}/dns/fix", json={"records": ["mx", "nonsense"], "replace": ["spf"]})) == [
        "records.1",
        "replace.0",
    ]
    assert wrong_fields(await admin.post(f"{E}/dns/fix", json={"record": []})) == ["record"]
    assert wrong_fields(await admin.get(f"{E}/dns/plan?records=foo&replace=bar")) in (["records"], ["replace"])
    assert zone(manager) == zone(manager)


async def test_two_repairs_at_once_publish_everything_once(either: Manager) -> None:
    admin = await either.bearer()
    answers = await asyncio.gather(*(admin.post(f"{E}/dns/fix", json={}) for _ in range(4)))
    assert sorted(len(data_of(answer)["fixed"]) for answer in answers) == [0, 0, 0, 6]
    names = [row[:3] for row in zone(either)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", ["lose_answer", "half_body", "html_after_effect", "garbage_after_effect"])
async def test_a_lost_answer_is_read_back(either: Manager, kind: str) -> None:
    either.sandbox.configure(faults=[{"kind": kind, "match": BATCH, "times": 1}])
    found = await fix(either)
    assert found["fixed"] == ALL
    assert batches(either) == 1
    changes = data_of(await (await either.bearer()).get(f"{E}/dns/changes"))
    assert len(changes) == 6
    (entry,) = data_of(await (await either.bearer()).get("/api/admin/logs?action=dns.fix"))["entries"]
    assert (entry["outcome"], entry["settled_by"]) == ("applied", "read_back")


@pytest.mark.parametrize(("kind", "status"), [("html", 502), ("drop", 502), ("status", 500), ("garbage", 200)])
async def test_a_refused_batch_changes_nothing_and_says_so(manager: Manager, kind: str, status: int) -> None:
    more = {"status_code": status} if kind == "status" else {}
    before = zone(manager)
    manager.sandbox.configure(faults=[{"kind": kind, "match": BATCH, **more}])
    answer = await (await manager.bearer()).post(f"{E}/dns/fix", json={})
    error = error_of(answer, 502, "upstream_error")
    assert "effect" in error["message"] or "changed" in error["message"]
    assert zone(manager) == before
    assert data_of(await (await manager.bearer()).get(f"{E}/dns/changes")) == []


async def test_a_zone_that_changes_under_the_plan_is_planned_anew(manager: Manager) -> None:
    """The batch is refused as a whole because somebody published one of its records meanwhile."""
    manager.sandbox.configure(
        faults=[{"kind": "status", "status_code": 400, "code": "81058", "match": BATCH, "times": 1}]
    )
    admin = await manager.bearer()
    answer = await admin.post(f"{E}/dns/fix", json={})
    assert answer.status_code in {200, 400}
    assert data_of(await admin.post(f"{E}/dns/fix", json={}))["conflicts"] == []
    assert data_of(await admin.get(f"{E}/dns/health"))["overall"] == "healthy"


async def test_a_broken_policy_of_a_parent_breaks_nothing(manager: Manager) -> None:
    for broken in ("v=DMARC1; rua=mailto:x@example.org", "v=DMARC1; p=nonsense", "v=DMARC1; p=none; pct=abc"):
        manager.sandbox.publish("_dmarc.example.org", "TXT", [broken])
        manager.sandbox.publish("_dmarc.mail.example.org", "TXT", ["no policy"])
        admin = await manager.bearer()
        data_of(await admin.get("/api/domains/mail.example.org/dns/health"))
        data_of(await admin.get("/api/domains/mail.example.org/dns/plan?records=dmarc"))


async def test_a_name_that_is_a_domain_of_its_own_is_left_to_it(manager: Manager) -> None:
    """`mail.example.org` is on the account: a repair of `example.org` must not publish its own `mail` there."""
    admin = await manager.bearer()
    key = data_of(await admin.get("/api/verification-key"))["key"]
    manager.sandbox.publish(f"{key}.example.org", "TXT", ["domain-verified"])
    data_of(await admin.post("/api/domains", json={"domain": "example.org"}), 201)
    before = [row for row in zone(manager, "example.org") if row[1] == "mail.example.org"]
    bot = await manager.bearer({"example.org": ["dns"]})
    body = {"records": ["mail"], "replace": ["mail"]}
    found = data_of(await bot.post("/api/domains/example.org/dns/fix", json=body))
    assert found["fixed"] == []
    assert "replace" not in found["conflicts"][0], "it cannot be had on purpose either"
    assert [row for row in zone(manager, "example.org") if row[1] == "mail.example.org"] == before


async def test_a_repair_that_is_cut_short_keeps_the_zone_until_its_batch_is_past(manager: Manager) -> None:
    stall = {"kind": "stall", "delay_seconds": 1.0, "match": BATCH, "times": 1}
    manager.sandbox.configure(faults=[stall])
    admin = await manager.bearer()
    task = asyncio.ensure_future(manager.services.dns.repair.fix(Caller(SYSTEM, "cut"), "example.com", Order()))
    await until(lambda: any(entry.path.endswith("/batch") for entry in manager.sandbox.log))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    other = asyncio.ensure_future(admin.post(f"{E}/dns/fix", json={}))
    await asyncio.sleep(0.5)
    assert not other.done(), "it waits for the zone"
    other.cancel()
    sent = [entry for entry in manager.sandbox.log if entry.path.endswith("/batch")]
    assert len(sent) == 1


async def test_the_log_tells_what_was_changed(manager: Manager) -> None:
    found = await fix(manager, records=["webmail"])
    (entry,) = data_of(await (await manager.bearer()).get("/api/admin/logs?action=dns."))["entries"]
    assert (entry["action"], entry["target"], entry["outcome"]) == ("dns.fix", "example.com", "applied")
    assert entry["details"] == {
        "zone": "example.com",
        "fix_id": found["fix_id"],
        "changes": ["create CNAME webmail.example.com"],
    }
