"""Spam settings, and the sender lists that all domains of the account share."""

from pathlib import Path
from urllib.parse import quote

import pytest

from support.api import data_of, error_of
from support.manager import Manager, running_manager

S = "/api/domains/example.com/spam"
LISTS = ("whitelist", "blacklist")


async def test_the_score_is_set_and_read_back(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    assert data_of(await client.get(f"{S}/settings")) == {"high_score": 15}
    for score in (1, 50):
        assert data_of(await client.patch(f"{S}/settings", json={"high_score": score})) == {"high_score": score}
        assert data_of(await client.get(f"{S}/settings")) == {"high_score": score}


@pytest.mark.parametrize("which", LISTS)
async def test_a_list_is_of_strings_and_says_that_it_is_shared(manager: Manager, which: str) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    answer = await client.get(f"{S}/{which}")
    assert data_of(answer) == manager.sandbox.state["account"]["spam_lists"][which]
    assert answer.json()["meta"]["shared_by_account"] is True
    made = await client.post(f"{S}/{which}", json={"entry": "Karen@hr.example.com"})
    assert data_of(made, 201) == {"entry": "Karen@hr.example.com"}
    assert made.json()["meta"]["shared_by_account"] is True
    elsewhere = await manager.bearer({"healthy.example": ["spam"]})
    assert "Karen@hr.example.com" in data_of(await elsewhere.get(f"/api/domains/healthy.example/spam/{which}"))
    gone = await client.delete(f"{S}/{which}/Karen%40hr.example.com")
    assert data_of(gone) is None
    assert gone.json()["meta"]["shared_by_account"] is True
    assert "Karen@hr.example.com" not in data_of(await client.get(f"{S}/{which}"))


@pytest.mark.parametrize("which", LISTS)
async def test_an_entry_is_there_in_any_case_of_letters(manager: Manager, which: str) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    data_of(await client.post(f"{S}/{which}", json={"entry": "Karen@HR.example.com"}), 201)
    error_of(await client.post(f"{S}/{which}", json={"entry": "kAREN@hr.example.com"}), 409, "conflict")
    assert data_of(await client.delete(f"{S}/{which}/karen@hr.EXAMPLE.com")) is None
    error_of(await client.delete(f"{S}/{which}/karen@hr.example.com"), 404, "not_found")
    assert "Karen@HR.example.com" not in data_of(await client.get(f"{S}/{which}"))


@pytest.mark.parametrize("entry", ["karen", "*@spam.test2", "a_b-c.d@e.f", "x" * 254, "*", "..a", "a.."])
async def test_local_parts_addresses_and_patterns_are_entries(manager: Manager, entry: str) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    data_of(await client.post(f"{S}/blacklist", json={"entry": entry}), 201)
    data_of(await client.delete(f"{S}/blacklist/{quote(entry, safe='')}"))


async def test_a_delegates_entry_that_is_not_listed_is_404(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    for entry in ("nobody", "ü", "a b", "a+b@c.org", "x" * 300):
        answer = await client.delete(f"{S}/blacklist/{quote(entry, safe='')}")
        assert answer.status_code in {400, 404}, answer.text
    assert not [entry for entry in manager.sandbox.log if entry.method != "GET"]


async def test_lists_may_be_kept_for_administrators(tmp_path: Path) -> None:
    async with running_manager(tmp_path, spam_lists_admin_only=True) as manager:
        client = await manager.bearer({"example.com": ["spam"]})
        for which in LISTS:
            assert (await client.get(f"{S}/{which}")).json()["meta"]["read_only"] is True
            error_of(await client.post(f"{S}/{which}", json={"entry": "a@b.org"}), 403, "forbidden")
            error_of(await client.delete(f"{S}/{which}/a@b.org"), 403, "forbidden")
        data_of(await client.patch(f"{S}/settings", json={"high_score": 9}))
        admin = await manager.bearer()
        data_of(await admin.post(f"{S}/blacklist", json={"entry": "a@b.org"}), 201)
        assert "read_only" not in (await admin.get(f"{S}/blacklist")).json()["meta"]
        data_of(await admin.delete(f"{S}/blacklist/a@b.org"))


async def test_an_unconfirmed_write_that_took_effect_is_read_back_and_never_repeated(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    fault = {"kind": "status_after_effect", "status_code": 500, "match": {"method": "POST", "path": "blacklist"}}
    manager.sandbox.configure(faults=[fault])
    data_of(await client.post(f"{S}/blacklist", json={"entry": "a@b.org"}), 201)
    assert len([entry for entry in manager.sandbox.log if entry.method == "POST"]) == 1
    assert "a@b.org" in data_of(await client.get(f"{S}/blacklist"))


async def test_an_unconfirmed_write_without_effect_is_told_and_never_repeated(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["spam"]})
    fault = {"kind": "status", "status_code": 500, "match": {"method": "POST", "path": "blacklist"}}
    manager.sandbox.configure(faults=[fault])
    answer = await client.post(f"{S}/blacklist", json={"entry": "a@b.org"})
    error_of(answer, 502, "upstream_error")
    assert len([entry for entry in manager.sandbox.log if entry.method == "POST"]) == 1
