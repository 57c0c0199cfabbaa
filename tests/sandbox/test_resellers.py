"""The reseller part: users and packages with state, and the rules between them."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from sandbox.helpers import GOOD_LOGIN, data_of, opened, refusal

USER = {"username": "fresh", "email": "fresh@example.org", "password": GOOD_LOGIN, "package": "premium"}


@pytest.fixture
async def reseller() -> AsyncIterator[httpx2.AsyncClient]:
    async with opened(reseller=True) as (_, client):
        yield client


async def test_life_of_a_user(reseller: httpx2.AsyncClient) -> None:
    assert (await reseller.post("/reseller/users", json=USER)).status_code == 201
    assert refusal(await reseller.post("/reseller/users", json=USER)) == (409, "CONFLICT", "username")
    user = data_of(await reseller.get("/reseller/users/fresh"))
    assert (user["package"], user["quota"]) == ("premium", {"limit": 10_240, "used": 0, "unlimited": False})
    await reseller.patch("/reseller/users/fresh", json={"quota": "unlimited"})
    assert data_of(await reseller.get("/reseller/users/fresh"))["quota"]["unlimited"] is True
    await reseller.post("/reseller/users/fresh/suspend")
    assert data_of(await reseller.get("/reseller/users/fresh"))["suspended"] is True
    await reseller.post("/reseller/users/fresh/unsuspend")
    assert data_of(await reseller.get("/reseller/users/fresh"))["suspended"] is False
    moved = data_of(await reseller.patch("/reseller/users/fresh/package", json={"package": "basic"}))
    assert (moved["package"], moved["quota"]["limit"]) == ("basic", 1024)
    assert (await reseller.delete("/reseller/users/fresh")).status_code == 204
    assert "fresh" not in data_of(await reseller.get("/reseller/users"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"username": "Fresh"}, (400, "VALIDATION_ERROR", "username")),
        ({"username": "elevenchars"}, (400, "VALIDATION_ERROR", "username")),
        ({"email": "nobody"}, (400, "VALIDATION_ERROR", "email")),
        ({"password": "short"}, (400, "VALIDATION_ERROR", "password")),
        ({"package": "missing"}, (422, "BUSINESS_ERROR", None)),
    ],
)
async def test_bad_users(reseller: httpx2.AsyncClient, change: dict[str, str], expected: tuple[object, ...]) -> None:
    assert refusal(await reseller.post("/reseller/users", json={**USER, **change})) == expected


@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("DELETE", ""), ("POST", "/suspend"), ("PATCH", "")])
async def test_unknown_users(reseller: httpx2.AsyncClient, method: str, suffix: str) -> None:
    answer = await reseller.request(method, f"/reseller/users/nobody{suffix}", json={})
    assert refusal(answer) == (404, "NOT_FOUND", None)


async def test_life_of_a_package(reseller: httpx2.AsyncClient) -> None:
    body = {"name": "tiny", "quota": "unlimited", "domains": "3"}
    settings = data_of(await reseller.post("/reseller/packages", json=body))["settings"]
    assert settings == {
        "quota_gb": None,
        "quota_unlimited": True,
        "domains": 3,
        "email_accounts": 100,
        "email_forwarders": 100,
        "domain_pointers": 10,
    }
    assert refusal(await reseller.post("/reseller/packages", json=body)) == (409, "CONFLICT", "name")
    await reseller.patch("/reseller/packages/tiny", json={"quota": "5", "email_accounts": "unlimited"})
    changed = data_of(await reseller.get("/reseller/packages/tiny"))["settings"]
    assert (changed["quota_gb"], changed["email_accounts"], changed["domains"]) == (5, None, 3)
    bad = await reseller.patch("/reseller/packages/tiny", json={"domains": "many"})
    assert refusal(bad) == (400, "VALIDATION_ERROR", "domains")
    assert (await reseller.delete("/reseller/packages/tiny")).status_code == 204
    assert refusal(await reseller.get("/reseller/packages/tiny")) == (404, "NOT_FOUND", None)
    assert refusal(await reseller.delete("/reseller/packages/basic")) == (422, "BUSINESS_ERROR", None)
