"""What is done is what was read: a plan, or an undoing, that would do something else by now is refused."""

from typing import Any

import pytest

from features.dns.zones import HOST, D, record, situation
from mxm.features.dns.api import Zones
from mxm.features.dns.rules.fingerprint import fingerprint
from mxm.features.dns.rules.plan import Situation, plan
from mxm.features.dns.rules.steps import STEPS
from mxm.features.dns.schemas import Key
from support.api import data_of, error_of
from support.dns import E, cloudflare, fix, zone
from support.manager import Manager

MERGED = "missing-spf.example"
SPF = f"/api/domains/{MERGED}/dns"


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


def of(*records: Any, zone: str = D) -> str:
    return fingerprint(zone, plan(situation(records), [Key.SPF, Key.MAIL], STEPS).changes)


def test_it_stands_for_what_is_changed_and_for_nothing_else() -> None:
    spf, other = record("TXT", D, "v=spf1 ip4:203.0.113.7 ~all"), record("TXT", D, "v=spf1 mx ~all")
    plain = of(spf)
    assert plain == of(record("A", D, "203.0.113.1"), record(spf.type, spf.name, spf.content))
    assert len({plain, of(), of(other), of(spf, other), of(spf, record("CNAME", f"mail.{D}", HOST))}) == 5
    assert plain != of(spf, zone="example.net")
    assert plain != of(record("TXT", D, spf.content, ttl=300))


async def edited(manager: Manager, domain: str, of_type: str, holding: str, to: dict[str, Any]) -> None:
    """Somebody edits a record in Cloudflare's own panel."""
    base = f"/client/v4/zones/{manager.sandbox.state['cloudflare'][domain]['id']}/dns_records"
    async with cloudflare(manager) as person:
        records = (await person.get(base, params={"type": of_type})).json()["result"]
        (own,) = [each for each in records if holding in each["content"]]
        assert (await person.patch(f"{base}/{own['id']}", json=to)).status_code == 200


async def test_a_plan_is_applied_as_it_was_read_or_not_at_all(manager: Manager) -> None:
    admin = await manager.bearer()
    base = "/api/domains/busy-sender.example/dns"
    read = data_of(await admin.get(f"{base}/plan?records=spf"))["fingerprint"]
    assert data_of(await admin.get(f"{base}/plan?records=spf"))["fingerprint"] == read
    edit = {"content": "v=spf1 ip4:203.0.113.7 -all"}
    await edited(manager, "busy-sender.example", "TXT", "v=spf1", edit)
    before = zone(manager, "busy-sender.example")
    body = {"records": ["spf"], "fingerprint": read}
    for wanted in (body, {**body, "dry_run": True}):
        refused = error_of(await admin.post(f"{base}/fix", json=wanted), 409, "conflict")
        assert refused["field"] == "fingerprint"
    assert zone(manager, "busy-sender.example") == before
    assert data_of(await admin.get(f"{base}/changes")) == []
    again = data_of(await admin.post(f"{base}/fix", json={"records": ["spf"], "dry_run": True}))["fingerprint"]
    done = data_of(await admin.post(f"{base}/fix", json={"records": ["spf"], "fingerprint": again}))
    assert (done["fixed"], done["fingerprint"]) == (["spf"], again)


async def test_what_somebody_else_repaired_meanwhile_is_no_plan_any_more(manager: Manager) -> None:
    admin = await manager.bearer()
    read = data_of(await admin.get(f"{SPF}/plan?records=spf"))["fingerprint"]
    await fix(manager, MERGED)
    answer = await admin.post(f"{SPF}/fix", json={"records": ["spf"], "fingerprint": read})
    error_of(answer, 409, "conflict")
    assert data_of(await admin.post(f"{SPF}/fix", json={"records": ["spf"]}))["changes"] == []


async def test_a_zone_that_changes_under_the_write_is_not_planned_anew_unread(
    manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is the one that was read, and the zone changes right after it: see `Repair._applied`."""
    admin = await manager.bearer()
    read = data_of(await admin.get(f"{SPF}/plan?records=spf"))["fingerprint"]
    looks, look = [], Zones.situation
    note = {"type": "TXT", "name": MERGED, "content": "v=spf1 mx -all"}

    async def slow(*args: Any) -> Situation:
        looks.append(await look(*args))
        if len(looks) == 1:
            async with cloudflare(manager) as person:
                zone_id = manager.sandbox.state["cloudflare"][MERGED]["id"]
                await person.post(f"/client/v4/zones/{zone_id}/dns_records", json=note)
        return looks[-1]

    monkeypatch.setattr(Zones, "situation", slow)
    refused = error_of(await admin.post(f"{SPF}/fix", json={"records": ["spf"], "fingerprint": read}), 409, "conflict")
    assert (refused["field"], len(looks)) == ("fingerprint", 2)
    assert [row[2] for row in zone(manager, MERGED) if "spf1" in row[2]] == ['"v=spf1 mx -all"']


async def test_a_key_repeats_the_first_answer_whatever_the_plan_is_by_then(manager: Manager) -> None:
    admin = await manager.bearer()
    read = data_of(await admin.get(f"{SPF}/plan?records=spf"))["fingerprint"]
    key, body = {"Idempotency-Key": "read-4711"}, {"records": ["spf"], "fingerprint": read}
    first = await admin.post(f"{SPF}/fix", json=body, headers=key)
    again = await admin.post(f"{SPF}/fix", json=body, headers=key)
    assert data_of(again) == data_of(first)
    assert again.headers["idempotency-replayed"] == "true"
    other = await admin.post(f"{SPF}/fix", json={**body, "fingerprint": "another"}, headers=key)
    assert "another body" in error_of(other, 409, "conflict")["message"]


async def test_an_undoing_does_what_was_read_or_nothing(manager: Manager) -> None:
    admin = await manager.bearer()
    before = zone(manager)
    found = await fix(manager)
    path = f"{E}/dns/changes/{found['fix_id']}"
    read = data_of(await admin.get(f"{path}/plan"))
    assert len(read["reverts"]) == len(read["changes"]) == 6
    (mx,) = [each["id"] for each in data_of(await admin.get(f"{E}/dns/changes")) if each["key"] == "mx"]
    data_of(await admin.post(f"{E}/dns/changes/{mx}/revert"))
    now = zone(manager)
    body = {"fingerprint": read["fingerprint"]}
    assert error_of(await admin.post(f"{path}/revert", json=body), 409, "conflict")["field"] == "fingerprint"
    assert zone(manager) == now
    rest = data_of(await admin.get(f"{path}/plan"))
    assert len(rest["reverts"]) == 5
    done = data_of(await admin.post(f"{path}/revert", json={"fingerprint": rest["fingerprint"]}))
    assert (done["reverted"], done["changes"]) == (rest["reverts"], rest["changes"])
    assert zone(manager) == before
    nothing = data_of(await admin.get(f"{path}/plan"))
    assert (nothing["reverts"], nothing["changes"]) == ([], [])


async def test_the_plan_of_an_undoing_refuses_what_the_undoing_refuses(manager: Manager) -> None:
    admin = await manager.bearer()
    found = await fix(manager, MERGED)
    path = f"{SPF}/changes/{found['fix_id']}/plan"
    data_of(await admin.get(path))
    await edited(manager, MERGED, "TXT", "v=spf1", {"content": "v=spf1 include:mxroute.com mx -all"})
    assert "has changed since" in error_of(await admin.get(path), 409, "conflict")["message"]
    for unknown in ("999", "0" * 32, "x-y"):
        error_of(await admin.get(f"{SPF}/changes/{unknown}/plan"), 404, "not_found")
