"""People and their rights: made, changed to exactly what is said, taken away."""

from pathlib import Path
from typing import Any

import pytest

from support.api import data_of, error_of, wrong_fields
from support.manager import Manager, running_manager

PATH = "/api/admin/delegations"
KIM = "kim@example.com"
GRANTS = [{"domain": "example.com", "permissions": ["emails", "spam"]}]


def person(listed: Any, email: str = KIM) -> Any:
    """One person of a list."""
    [found] = [entry for entry in listed if entry["email"] == email]
    return found


async def test_a_person_is_made_and_changed_to_exactly_what_is_said(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    body = {"email": "Kim@Example.com", "contact_email": "k@a.org", "password": "a good password", "grants": GRANTS}
    made = await admin.post(PATH, json=body)
    assert person(data_of(made, 201)) == {
        "email": KIM,
        "contact_email": "k@a.org",
        "notification_email": None,
        "is_admin": False,
        "domains": ["example.com"],
        "grants": GRANTS,
    }
    assert "a good password" not in made.text
    assert data_of(await admin.get(PATH)) == made.json()["data"]
    other = [{"domain": "quiet.example", "permissions": ["dns"]}]
    changed = await admin.post(PATH, json={"email": KIM, "grants": other})
    shown = person(data_of(changed, 200))
    assert shown["grants"] == other
    assert shown["domains"] == ["quiet.example"]
    assert shown["contact_email"] == "k@a.org"
    assert await either_manager.session(KIM, "a good password"), "the password stays when none is named"
    emptied = await admin.post(PATH, json={"email": KIM, "grants": other, "contact_email": None})
    assert person(data_of(emptied))["contact_email"] is None


async def test_a_star_makes_an_administrator_and_grants_unmake_one(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    body: dict[str, object] = {"email": KIM, "password": "a good password", "domains": ["*"]}
    shown = person(data_of(await admin.post(PATH, json=body), 201))
    assert (shown["is_admin"], shown["domains"], shown["grants"]) == (True, ["*"], [])
    browser = await either_manager.session(KIM, "a good password")
    assert (await browser.get("/api/quota")).status_code == 200
    shown = person(data_of(await admin.post(PATH, json={"email": KIM, "grants": GRANTS})))
    assert shown["is_admin"] is False
    error_of(await browser.get("/api/quota"), 401, "unauthorized")
    again = await either_manager.session(KIM, "a good password")
    error_of(await again.get("/api/quota"), 403, "forbidden")


async def test_a_new_password_ends_their_sessions(manager: Manager) -> None:
    admin = await manager.bearer()
    body = {"email": KIM, "password": "a good password", "grants": GRANTS}
    data_of(await admin.post(PATH, json=body), 201)
    browser = await manager.session(KIM, "a good password")
    data_of(await admin.post(PATH, json={**body, "password": "another password"}))
    error_of(await browser.get("/api/me"), 401, "unauthorized")
    assert await manager.session(KIM, "another password")


async def test_domains_and_grants_may_be_named_together(manager: Manager) -> None:
    admin = await manager.bearer()
    data_of(await admin.post(PATH, json={"email": KIM, "domains": ["example.com"], "grants": GRANTS}), 201)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"grants": None}, ["grants"]),
        ({"grants": []}, ["grants"]),
        ({"grants": None, "domains": []}, ["grants"]),
        ({"grants": None, "domains": ["example.com"]}, ["grants"]),
        ({"domains": ["example.com", "quiet.example"]}, ["grants"]),
        ({"domains": ["*"]}, ["grants"]),
        ({"domains": ["*", "example.com"]}, ["domains"]),
        ({"grants": [{"domain": "example.com"}]}, ["grants.0.permissions"]),
        ({"grants": [{"domain": "example.com", "permissions": []}]}, ["grants.0.permissions"]),
        ({"grants": [{"domain": "example.com", "permissions": ["all"]}]}, ["grants.0.permissions.0"]),
        ({"grants": [{"domain": "nowhere.test", "permissions": ["dns"]}]}, ["grants.0.domain"]),
        ({"email": "kim"}, ["email"]),
        ({"password": "short", "contact_email": "x", "email": "y"}, ["contact_email", "email", "password"]),
        ({"is_admin": True}, ["is_admin"]),
    ],
)
async def test_a_wrong_wish_changes_nothing(manager: Manager, change: dict[str, object], fields: list[str]) -> None:
    admin = await manager.bearer()
    answer = await admin.post(PATH, json={"email": KIM, "grants": GRANTS, **change})
    assert wrong_fields(answer) == fields
    assert [p["email"] for p in data_of(await admin.get(PATH))] == ["admin"]


async def test_nobody_changes_their_own_account(manager: Manager) -> None:
    admin = await manager.bearer()
    body = {"email": KIM, "password": "a good password", "domains": ["*"]}
    data_of(await admin.post(PATH, json=body), 201)
    browser = await manager.session(KIM, "a good password")
    error_of(await browser.post(PATH, json={"email": "KIM@example.com", "domains": ["*"]}), 409, "conflict")
    error_of(await browser.delete(f"{PATH}/KIM@Example.com"), 409, "conflict")
    assert (await browser.get("/api/quota")).status_code == 200


async def test_the_last_administrator_stays(manager: Manager) -> None:
    admin = await manager.bearer()
    error_of(await admin.delete(f"{PATH}/admin"), 409, "conflict")
    data_of(await admin.post(PATH, json={"email": KIM, "password": "a good password", "domains": ["*"]}), 201)
    data_of(await admin.delete(f"{PATH}/admin"))
    error_of(await admin.post(PATH, json={"email": KIM, "grants": GRANTS}), 409, "conflict")
    error_of(await admin.delete(f"{PATH}/{KIM}"), 409, "conflict")
    assert person(data_of(await admin.get(PATH)))["is_admin"] is True


async def test_an_administrator_who_cannot_sign_in_does_not_count(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    data_of(await admin.post(PATH, json={"email": KIM, "domains": ["*"]}), 201)
    error_of(await admin.delete(f"{PATH}/admin"), 409, "conflict")
    data_of(await admin.delete(f"{PATH}/{KIM}"))
    data_of(await admin.post(PATH, json={"email": KIM, "domains": ["*"]}), 201)
    demoted = await admin.post(PATH, json={"email": KIM, "grants": GRANTS})
    assert person(data_of(demoted))["is_admin"] is False, "one with a password stays"
    data_of(await admin.post(PATH, json={"email": KIM, "password": "a good password", "domains": ["*"]}))
    data_of(await admin.delete(f"{PATH}/admin"))
    data_of(await admin.post(PATH, json={"email": "lee@example.com", "domains": ["*"]}), 201)
    error_of(await admin.post(PATH, json={"email": KIM, "grants": GRANTS}), 409, "conflict")
    error_of(await admin.delete(f"{PATH}/{KIM}"), 409, "conflict")


async def test_with_a_provider_of_identities_no_password_is_needed(tmp_path: Path) -> None:
    async with running_manager(tmp_path, oidc_enabled=True) as manager:
        admin = await manager.bearer()
        data_of(await admin.post(PATH, json={"email": KIM, "domains": ["*"]}), 201)
        data_of(await admin.delete(f"{PATH}/admin"))
        error_of(await admin.delete(f"{PATH}/{KIM}"), 409, "conflict")


async def test_who_is_not_there_cannot_be_removed(manager: Manager) -> None:
    admin = await manager.bearer()
    for name in ("nobody@example.com", "x" * 400, "ü", "a%20b"):
        error_of(await admin.delete(f"{PATH}/{name}"), 404, "not_found")


async def test_changes_are_audited_with_their_rights(manager: Manager) -> None:
    browser = await manager.session()
    data_of(await browser.post(PATH, json={"email": KIM, "password": "a good password", "grants": GRANTS}), 201)
    data_of(await browser.delete(f"{PATH}/{KIM}"))
    entries = data_of(await browser.get("/api/admin/logs?action=delegation."))["entries"]
    assert [(e["action"], e["target"], e["user"]) for e in entries] == [
        ("delegation.revoke", KIM, "admin"),
        ("delegation.update", KIM, "admin"),
    ]
    assert entries[1]["details"] == {"is_admin": False, "grants": {"example.com": ["emails", "spam"]}}
