"""Repair: what it does to real zones, what it leaves alone, and what it says when Cloudflare misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from mxm.features.dns.api import Order
from mxm.platform.access import SYSTEM, Caller
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of, wrong_fields
from support.manager import Manager, dns_manager
from support.program import until

E = "/api/domains/example.com"
ALL = ["mx", "spf", "dkim", "dmarc", "verification", "mail"]
BATCH = {"upstream": "cloudflare", "method": "POST", "path": "/batch$"}


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    async with dns_manager(tmp_path) as found:
        yield found


@pytest.fixture
async def either(tmp_path: Path, database_url: str | None) -> AsyncIterator[Manager]:
    async with dns_manager(tmp_path, database_url=database_url) as found:
        yield found


def zone(manager: Manager, name: str = "example.com") -> list[tuple[Any, ...]]:
    records = manager.sandbox.state["cloudflare"][name]["records"]
    return sorted((r["type"], r["name"], r["content"], r.get("priority") or 0, r["comment"] or "") for r in records)


def batches(manager: Manager) -> int:
    return sum(entry.path.endswith("/batch") and bool(entry.applied) for entry in manager.sandbox.log)


async def fix(manager: Manager, domain: str = "example.com", **body: Any) -> Any:
    return data_of(await (await manager.bearer()).post(f"/api/domains/{domain}/dns/fix", json=body))


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


class TestUndoing:
    """Changes are kept with what was there before, and undone only while nothing has changed since."""

    async def test_a_fix_is_undone_whole_and_can_be_done_again(self, either: Manager) -> None:
        admin = await either.bearer()
        before = zone(either, "two-spf.example")
        found = await fix(either, "two-spf.example")
        base = "/api/domains/two-spf.example/dns/changes"
        undone = data_of(await admin.post(f"{base}/{found['fix_id']}/revert"))
        assert zone(either, "two-spf.example") == before
        listed = data_of(await admin.get(base))
        assert [(each["action"], each["reverts"] is not None) for each in listed] == [
            ("update", True),
            ("update", False),
        ]
        assert listed[1]["reverted_by"] == undone["fix_id"] == listed[0]["fix_id"]
        error_of(await admin.post(f"{base}/{found['fix_id']}/revert"), 409, "conflict")
        redone = data_of(await admin.post(f"{base}/{undone['fix_id']}/revert", json={}))
        assert redone["reverted"] == [listed[0]["id"]]
        assert [row[2] for row in zone(either, "two-spf.example") if "spf1" in row[2]] == [
            '"v=spf1 include:mxroute.com include:_spf.google.com ~all"'
        ]

    async def test_one_change_of_several(self, manager: Manager) -> None:
        admin = await manager.bearer()
        await fix(manager)
        changes = {each["key"]: each for each in data_of(await admin.get(f"{E}/dns/changes"))}
        assert list(changes) == list(reversed(ALL))
        data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert"))
        assert not [row for row in zone(manager) if row[0] == "MX"]
        assert [row for row in zone(manager) if "spf1" in row[2]]
        again = await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert")
        assert "undone already" in error_of(again, 409, "conflict")["message"]

    async def test_what_has_changed_since_is_not_destroyed(self, manager: Manager) -> None:
        admin = await manager.bearer()
        first = await fix(manager, "missing-spf.example")
        zone_id = manager.sandbox.state["cloudflare"]["missing-spf.example"]["id"]
        base = f"/client/v4/zones/{zone_id}/dns_records"
        async with cloudflare(manager) as person:
            records = (await person.get(base, params={"type": "TXT"})).json()["result"]
            (own,) = [each for each in records if "spf1" in each["content"]]
            await person.patch(
                f"{base}/{own['id']}", json={"content": "v=spf1 include:mxroute.com include:x.test -all"}
            )
        before = zone(manager, "missing-spf.example")
        path = f"/api/domains/missing-spf.example/dns/changes/{first['fix_id']}/revert"
        assert "has changed since" in error_of(await admin.post(path), 409, "conflict")["message"]
        assert zone(manager, "missing-spf.example") == before

    async def test_a_new_neighbour_is_no_hindrance(self, manager: Manager) -> None:
        admin = await manager.bearer()
        found = await fix(manager, "missing-spf.example")
        zone_id = manager.sandbox.state["cloudflare"]["missing-spf.example"]["id"]
        note = {"type": "TXT", "name": "missing-spf.example", "content": "google-site-verification=new"}
        async with cloudflare(manager) as person:
            await person.post(f"/client/v4/zones/{zone_id}/dns_records", json=note)
        path = f"/api/domains/missing-spf.example/dns/changes/{found['fix_id']}/revert"
        data_of(await admin.post(path))
        assert [row for row in zone(manager, "missing-spf.example") if "verification=new" in row[2]]

    async def test_replaced_mail_exchangers_come_back_and_are_not_ours_then(self, manager: Manager) -> None:
        admin = await manager.bearer()
        before = zone(manager, "other-mx.example")
        found = await fix(manager, "other-mx.example", replace=["mx"])
        base = "/api/domains/other-mx.example/dns"
        data_of(await admin.post(f"{base}/changes/{found['fix_id']}/revert"))
        assert zone(manager, "other-mx.example") == before
        again = await fix(manager, "other-mx.example")
        assert again["conflicts"][0]["key"] == "mx"
        assert zone(manager, "other-mx.example") == before

    async def test_undoing_an_undoing_makes_the_change_undoable_again(self, manager: Manager) -> None:
        admin = await manager.bearer()
        base = "/api/domains/missing-spf.example/dns/changes"
        empty = zone(manager, "missing-spf.example")
        first = await fix(manager, "missing-spf.example")
        full = zone(manager, "missing-spf.example")
        undone = data_of(await admin.post(f"{base}/{first['fix_id']}/revert"))
        redone = data_of(await admin.post(f"{base}/{undone['fix_id']}/revert"))
        assert redone["fix_id"]
        assert [row[2] for row in zone(manager, "missing-spf.example")] == [row[2] for row in full]
        data_of(await admin.post(f"{base}/{first['fix_id']}/revert"))
        assert zone(manager, "missing-spf.example") == empty

    async def test_the_rest_of_a_fix_can_be_undone_after_a_part_of_it(self, manager: Manager) -> None:
        admin = await manager.bearer()
        before = zone(manager)
        await fix(manager)
        changes = {each["key"]: each for each in data_of(await admin.get(f"{E}/dns/changes"))}
        data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert"))
        rest = data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['fix_id']}/revert"))
        assert len(rest["reverted"]) == 5
        assert zone(manager) == before

    async def test_pages_and_strangers(self, manager: Manager) -> None:
        admin = await manager.bearer()
        found = await fix(manager)
        first = await admin.get(f"{E}/dns/changes?limit=4")
        cursor = first.json()["meta"]["next_cursor"]
        rest = await admin.get(f"{E}/dns/changes?limit=4&cursor={cursor}")
        assert len(data_of(first)) + len(data_of(rest)) == 6
        assert "meta" not in rest.json()
        for wanted in ("999", "0" * 32, "x", "9" * 30):
            error_of(await admin.post(f"{E}/dns/changes/{wanted}/revert"), 404, "not_found")
        other = f"/api/domains/healthy.example/dns/changes/{found['fix_id']}/revert"
        error_of(await admin.post(other), 404, "not_found")
        bot = await manager.bearer({"example.com": ["dashboard"]})
        error_of(await bot.get(f"{E}/dns/changes"), 403, "forbidden")


class TestDmarcPolicy:
    """The domain's own policy, kept as sent, compared by meaning, published by a repair."""

    async def test_the_recipes_of_the_manual(self, either: Manager) -> None:
        bot = await either.bearer({"example.com": ["dns"]})
        default = "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;"
        assert data_of(await bot.get(f"{E}/dmarc-policy")) == {
            "custom": False,
            "custom_value": None,
            "default": default,
            "effective": default,
        }
        own = "v=DMARC1; p=reject; sp=reject; aspf=r;"
        set_ = data_of(await bot.patch(f"{E}/dmarc-policy", json={"dmarc_record": own}))
        assert (set_["custom"], set_["custom_value"], set_["effective"]) == (True, own, own)
        data_of(await bot.post(f"{E}/dns/fix", json={"records": ["dmarc"]}))
        assert [row[2] for row in zone(either) if row[1] == "_dmarc.example.com"] == [f'"{own}"']
        assert data_of(await bot.get(f"{E}/dns/health"))["checks"]["dmarc"]["status"] == "pass"
        for blank in (None, "", "  "):
            cleared = data_of(await bot.patch(f"{E}/dmarc-policy", json={"dmarc_record": blank}))
            assert (cleared["custom"], cleared["effective"]) == (False, default)
        actions = [
            e["action"] for e in data_of(await (await either.bearer()).get("/api/admin/logs?action=dns.d"))["entries"]
        ]
        assert actions == ["dns.dmarc_policy_clear"] * 3 + ["dns.dmarc_policy_update"]

    async def test_a_published_policy_is_replaced_only_by_a_policy_of_its_own(self, manager: Manager) -> None:
        bot = await manager.bearer()
        base = "/api/domains/busy-sender.example"
        data_of(await bot.patch(f"{base}/dmarc-policy", json={"dmarc_record": "v=DMARC1; p=none"}))
        assert data_of(await bot.get(f"{base}/dns/health"))["checks"]["dmarc"]["status"] == "warn"
        assert "dmarc" in data_of(await bot.post(f"{base}/dns/fix", json={}))["fixed"]
        assert [row[2] for row in zone(manager, "busy-sender.example") if row[1].startswith("_dmarc")] == [
            '"v=DMARC1; p=none"'
        ]

    @pytest.mark.parametrize(
        "record",
        [
            "p=reject; v=DMARC1",
            "v=DMARC1",
            "v=DMARC1; p=sometimes",
            "v=DMARC1; p=none; p=reject",
            "v=DMARC2; p=none",
            "v=DMARC1; p=none\nX: y",
            "v=DMARC1; p=none; pct=200",
            "hello",
            "v=DMARC1; p=none; adkim=x",
            "vé=DMARC1",
        ],
    )
    async def test_what_is_no_policy_is_refused(self, manager: Manager, record: str) -> None:
        answer = await (await manager.bearer()).patch(f"{E}/dmarc-policy", json={"dmarc_record": record})
        assert wrong_fields(answer) == ["dmarc_record"]

    @pytest.mark.parametrize("body", [{}, {"dmarc_record": 1}, {"dmarc_record": "v=DMARC1; p=none", "x": 1}, []])
    async def test_other_bodies(self, manager: Manager, body: object) -> None:
        error_of(await (await manager.bearer()).patch(f"{E}/dmarc-policy", json=body), 400, "validation_error")

    async def test_unknown_tags_warn(self, manager: Manager) -> None:
        record = "v=DMARC1; p=none; colour=blue"
        answer = await (await manager.bearer()).patch(f"{E}/dmarc-policy", json={"dmarc_record": record})
        assert data_of(answer)["effective"] == record
        assert "colour" in answer.json()["meta"]["warnings"][0]

    async def test_a_domain_that_goes_takes_its_policy_along(self, manager: Manager) -> None:
        admin = await manager.bearer()
        data_of(await admin.patch(f"{E}/dmarc-policy", json={"dmarc_record": "v=DMARC1; p=reject"}))
        await fix(manager)
        data_of(await admin.delete("/api/domains/example.com?confirm=example.com"))
        assert data_of(await admin.get(f"{E}/dmarc-policy"))["custom"] is False
        assert data_of(await admin.get(f"{E}/dns/changes")) == []


class TestBulk:
    """Many domains, each by itself."""

    URL = "/api/cloudflare/dns/fix-bulk"

    async def test_the_recipe_of_the_manual(self, either: Manager) -> None:
        admin = await either.bearer()
        found = data_of(await admin.post(self.URL, json={"only_unhealthy": True}, timeout=60))
        assert set(found["domains"]) == set(found["results"])
        assert "healthy.example" not in found["domains"]
        assert found["results"]["example.com"]["fixed"] == ALL
        assert found["results"]["other-mx.example"]["conflicts"][0]["key"] == "mx"
        failed = found["results"]["elsewhere.example"]
        assert (failed["success"], set(failed)) == (False, {"success", "error"})
        assert not any("webmail" in result.get("fixed", []) for result in found["results"].values())
        again = data_of(await admin.post(self.URL, json={"only_unhealthy": True}, timeout=60))
        assert not any(result.get("fixed") for result in again["results"].values())

    async def test_an_unknown_domain_is_a_result(self, manager: Manager) -> None:
        admin = await manager.bearer()
        body = {"domains": ["nobody.example", "no domain", "Healthy.Example"], "records": ["webmail"]}
        found = data_of(await admin.post(self.URL, json=body))
        assert found["domains"] == ["nobody.example", "no domain", "healthy.example"]
        assert [found["results"][name]["success"] for name in found["domains"]] == [False, False, True]

    async def test_without_waiting_it_is_a_job(self, manager: Manager) -> None:
        admin = await manager.bearer()
        answer = await admin.post(self.URL, json={"domains": ["example.com"], "wait": False})
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

    async def test_only_for_administrators(self, manager: Manager) -> None:
        bot = await manager.bearer({"example.com": ["dns"]})
        error_of(await bot.post(self.URL, json={"domains": ["example.com"]}), 403, "forbidden")

    async def test_a_failing_cloudflare_is_told_for_each(self, manager: Manager) -> None:
        manager.sandbox.configure(cloudflare_token_state="no_permission")
        body = {"domains": ["example.com", "two-spf.example"]}
        found = data_of(await (await manager.bearer()).post(self.URL, json=body))
        assert [found["results"][name]["success"] for name in found["domains"]] == [False, False]
        assert "CF_API_TOKEN" in found["results"]["example.com"]["error"]


def cloudflare(manager: Manager) -> Any:
    """A person who works in Cloudflare's own panel."""
    import httpx2

    headers = {"Authorization": f"Bearer {manager.sandbox.cloudflare_token}"}
    transport = httpx2.ASGITransport(app=manager.sandbox.cloudflare_app)
    return httpx2.AsyncClient(transport=transport, base_url="http://cloudflare.test", headers=headers)


async def test_upstream_limits_hold_for_a_bulk_repair(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig())
    async with dns_manager(tmp_path, sandbox=sandbox) as manager:
        found = data_of(await (await manager.bearer()).post(TestBulk.URL, json={"only_unhealthy": True}, timeout=60))
        assert found["results"]["example.com"]["success"] is True
        refused = [entry for entry in sandbox.log if entry.status == 429]
        assert refused == []
