"""Token, account and limit of the Cloudflare client."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mxm.platform.errors import (
    NotConfigured,
    RateLimited,
    UpstreamError,
    ValidationFailed,
)
from mxm.upstreams.cloudflare import Batch, Cloudflare, Zone
from support.clock import FakeClock, FixedChance
from support.standin import Reply, Seen, http, in_turn
from upstreams.cfaccount import ACCOUNT, DRAFT, TOKEN, ZONE, Account, bad, cloudflare, good, run


@pytest.mark.parametrize("token", [None, "", "with break\n", "zwei Wörter", " padded"])
async def test_not_configured(token: str | None) -> None:
    cf = Cloudflare(token, ACCOUNT, clock=FakeClock(), chance=FixedChance())
    assert not cf.configured
    assert "CF_API_TOKEN" in cf.problem
    assert not token or token.strip() not in cf.problem
    for call in (
        cf.zones().live,
        cf.records(ZONE.id).cached,
        cf.apply(ZONE, Batch(posts=(DRAFT,))).observe,
        cf.check_activation(ZONE).observe,
        cf.check_activation(ZONE).reserve,
    ):
        with pytest.raises(NotConfigured, match="CF_API_TOKEN"):
            await call()
    with pytest.raises(NotConfigured, match="CF_API_TOKEN"):
        cf.create_zone("new.example")
    await cf.aclose()


def test_a_wrong_address_names_its_setting() -> None:
    with pytest.raises(ValueError, match="CLOUDFLARE_API_URL"):
        Cloudflare(TOKEN, None, clock=FakeClock(), chance=FixedChance(), base_url="api.cloudflare.com")
    cf = Cloudflare(TOKEN, None, clock=FakeClock(), chance=FixedChance())
    assert (cf.configured, cf.problem) == (True, "")


async def test_secrets_stay_inside(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = Account()
    async with cloudflare(account) as (cf, _standin, _clock):
        account.reads = bad(401, {"code": 1000, "message": f"Bad {TOKEN}"})
        with pytest.raises(UpstreamError) as caught:
            await cf.zones().live()
        assert TOKEN not in f"{caught.value!r} {caught.value.message} {caplog.text} {cf!r} {cf._link!r}"


async def test_values_that_are_no_segment_send_nothing() -> None:
    async with cloudflare(Account()) as (cf, standin, _clock):
        for wrong in ("..", "", "a/b", "%2e%2e"):
            with pytest.raises(ValidationFailed):
                cf.records(wrong)
            with pytest.raises(ValidationFailed):
                cf.check_activation(Zone(wrong, "example.com", "active", ()))
        assert standin.count() == 0


@pytest.mark.parametrize("make", [lambda cf: cf.zones().live(), lambda cf: run(cf.check_activation(ZONE))])
async def test_a_block_of_five_minutes_is_told_at_once(make: Callable[[Cloudflare], Awaitable[Any]]) -> None:
    headers = {"Ratelimit": '"default";r=0;t=300', "Ratelimit_Policy": '"default";q=1200;w=300'}
    async with cloudflare(lambda _seen: bad(429, 971, Retry_After="300", **headers)) as (cf, standin, clock):
        for _ in range(3):
            with pytest.raises(RateLimited) as caught:
                await make(cf)
            assert caught.value.retry_after == 301
        assert (standin.count(), clock.slept) == (1, [])


async def test_a_short_429_on_a_write_is_repeated() -> None:
    account = Account()
    replies = in_turn(bad(429, 971, Retry_After="3"), good({"id": ZONE.id}))

    def script(seen: Seen) -> Reply:
        return replies(seen) if seen.method == "PUT" else account(seen)

    async with cloudflare(script) as (cf, standin, clock):
        await run(cf.check_activation(ZONE))
        assert (standin.count("PUT"), clock.slept) == (2, [4.0])


async def test_a_429_in_disguise() -> None:
    async with cloudflare(lambda _seen: bad(200, 971, Retry_After="300")) as (cf, _standin, _clock):
        with pytest.raises(RateLimited) as caught:
            await cf.zones().live()
        assert caught.value.retry_after == 300


async def test_the_token_of_an_account() -> None:
    expired = good({"id": "t", "status": "expired", "expires_on": "2026-01-02T03:04:05Z"})
    for refusal in (bad(401, 1000), bad(403, 9109), bad(400, 6003)):

        def script(seen: Seen, refusal: Reply = refusal) -> Reply:
            return expired if b"accounts" in seen.target else refusal

        async with cloudflare(script) as (cf, standin, _clock):
            state = (await cf.token().cached()).value
            assert (state.active, state.status, str(state.expires_on)) == (
                False,
                "expired",
                "2026-01-02 03:04:05+00:00",
            )
            assert [seen.target.decode().removeprefix("/client/v4") for seen in standin.seen] == [
                "/user/tokens/verify",
                f"/accounts/{ACCOUNT}/tokens/verify",
            ]
        async with cloudflare(script, account_id=None) as (cf, standin, _clock):
            with pytest.raises(UpstreamError, match="check CF_API_TOKEN"):
                await cf.token().live()
            assert standin.count() == 1


async def test_a_token_of_a_user() -> None:
    answers = [
        (good({"status": "active"}), True, None),
        (good({"status": "active", "expires_on": "2027-01-01T00:00:00"}), True, "2027-01-01 00:00:00+00:00"),
        (good({"status": "disabled", "expires_on": None}), False, None),
    ]
    for answer, active, expires in answers:
        async with cloudflare(lambda _seen, answer=answer: answer) as (cf, standin, _clock):
            state = await cf.token().live()
            assert (state.active, state.expires_on and str(state.expires_on)) == (active, expires)
            assert standin.count() == 1
    for broken in (good({"status": 3}), good({"status": "active", "expires_on": "soon"}), http(502, "")):
        async with cloudflare(lambda _seen, broken=broken: broken) as (cf, _standin, _clock):
            with pytest.raises(UpstreamError):
                await cf.token().live()
