"""The caller about themselves."""

from pathlib import Path

import pytest

from support.api import data_of, wrong_fields
from support.manager import Manager, running_manager

EVERY = ["dashboard", "emails", "forwarders", "spam", "dns"]
FIELDS = {
    *("email", "auth_via", "is_admin", "domain_grants", "delegated_domains", "permissions", "oidc_enabled"),
    *("contact_email", "notification_email", "csrf_token"),
}


async def test_a_scoped_token_sees_its_grants(manager: Manager) -> None:
    client = await manager.bearer({"quiet.example": ["spam", "emails"], "example.com": ["dns"]}, label="ci bot")
    data = data_of(await client.get("/api/me"))
    assert data == {
        "email": "token:ci bot",
        "auth_via": "api_token",
        "is_admin": False,
        "domain_grants": {"example.com": ["dns"], "quiet.example": ["emails", "spam"]},
        "delegated_domains": ["example.com", "quiet.example"],
        "permissions": EVERY,
        "oidc_enabled": False,
        "contact_email": None,
        "notification_email": None,
        "csrf_token": None,
    }


async def test_an_admin_token_and_an_admin_session(manager: Manager) -> None:
    token = data_of(await (await manager.bearer()).get("/api/me"))
    assert set(token) == FIELDS
    assert (token["is_admin"], token["auth_via"], token["domain_grants"]) == (True, "api_token", {})
    browser = await manager.session()
    session = data_of(await browser.get("/api/me"))
    assert set(session) == FIELDS
    assert (session["is_admin"], session["auth_via"], session["email"]) == (True, "session", "admin")
    assert session["csrf_token"] == browser.cookies["csrf_token"]


async def test_whether_oidc_is_on_is_told(tmp_path: Path) -> None:
    async with running_manager(tmp_path, oidc_enabled=True) as manager:
        assert data_of(await (await manager.bearer()).get("/api/me"))["oidc_enabled"] is True


async def test_the_contact_address_is_ones_own_to_change(either_manager: Manager) -> None:
    browser = await either_manager.session()
    data = data_of(await browser.patch("/api/me/profile", json={"contact_email": "Me@Example.COM"}))
    assert data["contact_email"] == "me@example.com"
    assert data_of(await browser.get("/api/me")) == data
    assert data_of(await browser.patch("/api/me/profile", json={"contact_email": None}))["contact_email"] is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["contact_email"]),
        ({"contact_email": "x"}, ["contact_email"]),
        ({"contact_email": 5, "is_admin": True}, ["contact_email", "is_admin"]),
        ({"contact_email": None, "email": "a@b.org"}, ["email"]),
    ],
)
async def test_a_wrong_profile_is_refused(manager: Manager, body: dict[str, object], fields: list[str]) -> None:
    browser = await manager.session()
    assert wrong_fields(await browser.patch("/api/me/profile", json=body)) == fields
