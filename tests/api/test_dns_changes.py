"""Changes are kept with what was there before, and undone only while nothing has changed since."""

import pytest

from support.api import data_of, error_of
from support.dns import ALL, E, cloudflare, fix, zone
from support.manager import Manager


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


@pytest.fixture
def either(either_dns_world: Manager) -> Manager:
    return either_dns_world


async def test_a_fix_is_undone_whole_and_can_be_done_again(either: Manager) -> None:
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


async def test_one_change_of_several(manager: Manager) -> None:
    admin = await manager.bearer()
    await fix(manager)
    changes = {each["key"]: each for each in data_of(await admin.get(f"{E}/dns/changes"))}
    assert list(changes) == list(reversed(ALL))
    data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert"))
    assert not [row for row in zone(manager) if row[0] == "MX"]
    assert [row for row in zone(manager) if "spf1" in row[2]]
    again = await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert")
    assert "undone already" in error_of(again, 409, "conflict")["message"]


async def test_what_has_changed_since_is_not_destroyed(manager: Manager) -> None:
    admin = await manager.bearer()
    first = await fix(manager, "missing-spf.example")
    zone_id = manager.sandbox.state["cloudflare"]["missing-spf.example"]["id"]
    base = f"/client/v4/zones/{zone_id}/dns_records"
    async with cloudflare(manager) as person:
        records = (await person.get(base, params={"type": "TXT"})).json()["result"]
        (own,) = [each for each in records if "spf1" in each["content"]]
        await person.patch(f"{base}/{own['id']}", json={"content": "v=spf1 include:mxroute.com include:x.test -all"})
    before = zone(manager, "missing-spf.example")
    path = f"/api/domains/missing-spf.example/dns/changes/{first['fix_id']}/revert"
    assert "has changed since" in error_of(await admin.post(path), 409, "conflict")["message"]
    assert zone(manager, "missing-spf.example") == before


async def test_a_new_neighbour_is_no_hindrance(manager: Manager) -> None:
    admin = await manager.bearer()
    found = await fix(manager, "missing-spf.example")
    zone_id = manager.sandbox.state["cloudflare"]["missing-spf.example"]["id"]
    note = {"type": "TXT", "name": "missing-spf.example", "content": "google-site-verification=new"}
    async with cloudflare(manager) as person:
        await person.post(f"/client/v4/zones/{zone_id}/dns_records", json=note)
    path = f"/api/domains/missing-spf.example/dns/changes/{found['fix_id']}/revert"
    data_of(await admin.post(path))
    assert [row for row in zone(manager, "missing-spf.example") if "verification=new" in row[2]]


async def test_replaced_mail_exchangers_come_back_and_are_not_ours_then(manager: Manager) -> None:
    admin = await manager.bearer()
    before = zone(manager, "other-mx.example")
    found = await fix(manager, "other-mx.example", replace=["mx"])
    base = "/api/domains/other-mx.example/dns"
    data_of(await admin.post(f"{base}/changes/{found['fix_id']}/revert"))
    assert zone(manager, "other-mx.example") == before
    again = await fix(manager, "other-mx.example")
    assert again["conflicts"][0]["key"] == "mx"
    assert zone(manager, "other-mx.example") == before


async def test_undoing_an_undoing_makes_the_change_undoable_again(manager: Manager) -> None:
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


async def test_all_that_says_the_same_is_undone_together(manager: Manager) -> None:
    admin = await manager.bearer()
    base = "/api/domains/missing-spf.example/dns/changes"
    empty = zone(manager, "missing-spf.example")
    first = (await fix(manager, "missing-spf.example"))["fix_id"]

    async def revert(fix_id: str) -> str:
        return str(data_of(await admin.post(f"{base}/{fix_id}/revert"))["fix_id"])

    async def held() -> set[str]:
        return {each["fix_id"] for each in data_of(await admin.get(base)) if each["reverted_by"] is None}

    undone = await revert(first)
    assert await held() == {undone}
    again = await revert(undone)
    assert await held() == {first, again}
    at_last = await revert(first)
    assert await held() == {undone, at_last}
    assert zone(manager, "missing-spf.example") == empty
    error_of(await admin.post(f"{base}/{again}/revert"), 409, "conflict")
    once_more = await revert(undone)
    assert await held() == {first, again, once_more}


async def test_the_rest_of_a_fix_can_be_undone_after_a_part_of_it(manager: Manager) -> None:
    admin = await manager.bearer()
    before = zone(manager)
    await fix(manager)
    changes = {each["key"]: each for each in data_of(await admin.get(f"{E}/dns/changes"))}
    data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['id']}/revert"))
    rest = data_of(await admin.post(f"{E}/dns/changes/{changes['mx']['fix_id']}/revert"))
    assert len(rest["reverted"]) == 5
    assert zone(manager) == before


async def test_pages_and_strangers(manager: Manager) -> None:
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
