"""Quota figures: enveloped or bare, and hourly old."""

from datetime import datetime

import httpx2

from mxm_sandbox import Sandbox, SandboxConfig
from sandbox.helpers import GOOD_LOGIN, client_of, data_of, opened

BOXES = "/domains/example.com/email-accounts"


async def listed(api: httpx2.AsyncClient) -> list[str]:
    return [item["email_address"] for item in data_of(await api.get("/quota/email"))["accounts"]]


async def make_and_delete(api: httpx2.AsyncClient) -> None:
    await api.post(BOXES, json={"username": "alex", "password": GOOD_LOGIN})
    await api.delete(f"{BOXES}/info")


async def test_the_list_is_old_until_it_is_renewed(
    api: httpx2.AsyncClient, world: Sandbox, control: httpx2.AsyncClient
) -> None:
    await make_and_delete(api)
    names = await listed(api)
    assert "alex@example.com" not in names
    assert "info@example.com" in names
    assert (await control.post("/refresh-quota")).status_code == 200
    names = await listed(api)
    assert "alex@example.com" in names
    assert "info@example.com" not in names
    world.configure(quota_lists_empty=False)
    assert "alex@example.com" not in await listed(api)


async def test_an_hour_renews_it() -> None:
    now = [1_700_000_000.0]
    sandbox = Sandbox(SandboxConfig(), clock=lambda: now[0])
    async with client_of(sandbox) as api:
        await make_and_delete(api)
        now[0] += 3599
        assert "alex@example.com" not in await listed(api)
        now[0] += 1
        assert "alex@example.com" in await listed(api)
        assert data_of(await api.get("/quota"))["updated_at"] == "2023-11-14T23:13:20Z"


async def test_it_can_be_live() -> None:
    async with opened(quota_live=True) as (_, api):
        await make_and_delete(api)
        assert "alex@example.com" in await listed(api)


async def test_figures_agree_and_are_sorted(api: httpx2.AsyncClient, world: Sandbox) -> None:
    total = data_of(await api.get("/quota"))
    accounts = data_of(await api.get("/quota/email"))["accounts"]
    sizes = [item["size_bytes"] for item in accounts]
    boxes = sum(len(domain["mailboxes"]) for domain in world.state["account"]["domains"].values())
    assert len(accounts) == boxes
    assert sizes == sorted(sizes, reverse=True)
    assert total["total_used"] == total["breakdown"]["email"] == sum(sizes)
    assert total["grace_period"] is None
    assert datetime.fromisoformat(accounts[0]["updated_at"]).tzinfo is not None


async def test_bare_unlimited_and_exceeded() -> None:
    async with opened(quota_enveloped=False, account_quota_mb=0) as (sandbox, api):
        bare = (await api.get("/quota")).json()
        assert (bare["username"], bare["total_limit"], bare["percent_used"]) == ("sandbox", 0, 0)
        assert set((await api.get("/quota/email")).json()) == {"username", "accounts"}
        sandbox.configure(account_quota_mb=10)
        exceeded = (await api.get("/quota")).json()
        assert exceeded["percent_used"] > 100
        assert exceeded["grace_period"]["days_remaining"] == 7
