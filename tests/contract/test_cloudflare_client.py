"""The client of Cloudflare against the sandbox: every operation, lost answers, the limit of 1,200 in five minutes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from mxm.platform.clock import SystemChance, SystemClock
from mxm.platform.context import spending_as
from mxm.platform.errors import (
    Conflict,
    Doubt,
    NotFound,
    RateLimited,
    UpstreamError,
    UpstreamFailure,
    ValidationFailed,
)
from mxm.platform.journal.write import Effect
from mxm.upstreams.cloudflare import COMMENT, Batch, Cloudflare, Patch, Record, RecordDraft, Zone
from mxm.upstreams.cloudflare.write import CloudflareWrite
from mxm.upstreams.transport.exchange import Limits
from mxm_sandbox import Sandbox, SandboxConfig
from support.clock import FakeClock, FixedChance, settle

BASE = "http://cloudflare.test/client/v4"
BUSY = "busy-sender.example"
KEY = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 12 + "IDAQAB"
Prepare = Callable[[Cloudflare], Awaitable[CloudflareWrite[Any]]]


def connected(sandbox: Sandbox, clock: FakeClock, token: str | None = None) -> Cloudflare:
    return Cloudflare(
        token or sandbox.cloudflare_token,
        sandbox.cloudflare_account,
        clock=clock,
        chance=FixedChance(),
        base_url=BASE,
        http=httpx2.ASGITransport(app=sandbox.cloudflare_app),
    )


@asynccontextmanager
async def client(**settings: Any) -> AsyncIterator[tuple[Cloudflare, Sandbox]]:
    """The client in one process with a sandbox; limits only where a test sets them."""
    sandbox = Sandbox(SandboxConfig.model_validate({"limits_enabled": False, **settings}))
    cf = connected(sandbox, FakeClock(auto=True))
    try:
        yield cf, sandbox
    finally:
        await cf.aclose()


async def zone_of(cf: Cloudflare, name: str) -> Zone:
    zone = await cf.zone_of(name)
    assert zone is not None
    return zone


async def set_of(cf: Cloudflare, zone: Zone, name: str, kind: str) -> tuple[Record, ...]:
    return tuple(each for each in await cf.records(zone.id).live() if (each.name, each.type) == (name, kind))


async def prepared(write: CloudflareWrite[Any]) -> CloudflareWrite[Any]:
    await write.observe()
    await write.reserve()
    return write


async def replace_all(cf: Cloudflare) -> CloudflareWrite[Any]:
    """Delete, patch and post in one batch."""
    zone = await zone_of(cf, BUSY)
    texts = await set_of(cf, zone, BUSY, "TXT")
    hosts = await set_of(cf, zone, BUSY, "MX")
    spf = next(each for each in texts if each.content.startswith("v=spf1"))
    return cf.apply(
        zone,
        Batch(
            deletes=hosts[:1],
            patches=(Patch(spf, RecordDraft("TXT", BUSY, 'v=spf1 include:mxroute.com "quoted" é -all')),),
            posts=(
                RecordDraft("MX", BUSY, "mx.new.example", priority=5, comment=COMMENT),
                RecordDraft("TXT", f"x._domainkey.new.{BUSY}", KEY, ttl=300, comment=COMMENT),
            ),
            presumes=(*texts, *hosts),
        ),
    )


async def post_one(cf: Cloudflare) -> CloudflareWrite[Any]:
    return cf.apply(await zone_of(cf, BUSY), Batch(posts=(RecordDraft("CNAME", f"new.{BUSY}", "host.example"),)))


async def delete_one(cf: Cloudflare) -> CloudflareWrite[Any]:
    zone = await zone_of(cf, BUSY)
    texts = await set_of(cf, zone, BUSY, "TXT")
    return cf.apply(zone, Batch(deletes=texts[-1:], presumes=texts))


async def make_zone(cf: Cloudflare) -> CloudflareWrite[Any]:
    return cf.create_zone("brand-new.example")


WRITES: list[Prepare] = [replace_all, post_one, delete_one, make_zone]


async def test_every_zone_and_its_records() -> None:
    async with client() as (cf, sandbox):
        zones = await cf.zones().live()
        state = sandbox.state["cloudflare"]
        assert {zone.name: zone.status for zone in zones} == {name: each["status"] for name, each in state.items()}
        for zone in zones:
            assert await cf.zone(zone.id).live() == zone == await cf.zone_named(zone.name).live()
            records = await cf.records(zone.id).live()
            assert [(each.id, each.raw) for each in records] == [
                (each["id"], each["content"]) for each in state[zone.name]["records"]
            ]
            assert not any(each.content.startswith('"') for each in records)
        assert not any(each.odd_path for each in sandbox.log)
        with pytest.raises(NotFound):
            await cf.zone("0" * 32).live()


async def test_more_zones_than_one_page() -> None:
    async with client() as (cf, sandbox):
        sandbox.scale(domains=130, mailboxes=130)
        zones = await cf.zones().live()
        assert {zone.name for zone in zones} == set(sandbox.state["cloudflare"])
        assert len(zones) > 100


async def test_zones_of_another_account_are_not_ours() -> None:
    async with client() as (_cf, sandbox):
        other = Cloudflare(
            sandbox.cloudflare_token,
            "0" * 32,
            clock=FakeClock(),
            chance=FixedChance(),
            base_url=BASE,
            http=httpx2.ASGITransport(app=sandbox.cloudflare_app),
        )
        assert await other.zones().live() == []
        await other.aclose()


async def test_the_nearest_zone() -> None:
    async with client() as (cf, sandbox):
        assert (await zone_of(cf, "mail.example.org")).name == "example.org"
        await (await prepared(cf.create_zone("mail.example.org"))).send()
        assert (await zone_of(cf, "mail.example.org")).name == "mail.example.org"
        assert (await zone_of(cf, "www.example.org")).name == "example.org"
        sandbox.set_zone_status("mail.example.org", "moved")
        live = await cf.zone_of("mail.example.org", live=True)
        assert live is not None
        assert live.name == "example.org"
        assert await cf.zone_of("elsewhere.example") is None


async def test_what_a_batch_makes() -> None:
    async with client() as (cf, _sandbox):
        write = await prepared(await replace_all(cf))
        zone = await zone_of(cf, BUSY)
        made = await write.send()
        records = await cf.records(zone.id).live()
        assert all(each in records for each in made)
        assert [(each.type, each.content, each.ttl, each.priority, each.comment) for each in made] == [
            ("MX", "mx.new.example", 1, 5, COMMENT),
            ("TXT", KEY, 300, None, COMMENT),
            ("TXT", 'v=spf1 include:mxroute.com "quoted" é -all', 1, None, made[2].comment),
        ]


async def test_a_patch_leaves_the_comment_of_a_person() -> None:
    async with client() as (cf, _sandbox):
        zone = await zone_of(cf, BUSY)
        commented = next(each for each in await cf.records(zone.id).live() if each.comment and each.type == "TXT")
        texts = await set_of(cf, zone, commented.name, "TXT")
        draft = RecordDraft("TXT", commented.name, "changed")
        (after,) = await (
            await prepared(cf.apply(zone, Batch(patches=(Patch(commented, draft),), presumes=texts)))
        ).send()
        assert (after.id, after.content, after.comment) == (commented.id, "changed", commented.comment)


@pytest.mark.parametrize("make", WRITES)
async def test_writes_take_effect_once(make: Prepare) -> None:
    async with client() as (cf, sandbox):
        write = await prepared(await make(cf))
        await write.send()
        assert sum(each.applied for each in sandbox.log) == 1
        check = json.loads(json.dumps(dict(write.check)))
        assert sandbox.cloudflare_token not in json.dumps(check) + repr(write)
        finding = await cf.examiner.examine(check)
        assert finding.effect is Effect.APPLIED, finding.sentence


@pytest.mark.parametrize("make", WRITES)
@pytest.mark.parametrize("kind", ["status", "status_after_effect"])
async def test_writes_without_confirmation(make: Prepare, kind: str) -> None:
    """A 500 before or after the effect: one request, doubt, and an examination that tells the two apart."""
    async with client() as (cf, sandbox):
        write = await prepared(await make(cf))
        fault = {"kind": kind, "status_code": 500, "match": {"upstream": "cloudflare", "method": "POST"}}
        sandbox.configure(faults=[fault])
        with pytest.raises(UpstreamError) as caught:
            await write.send()
        assert caught.value.doubt is Doubt.ENDED
        assert sum(each.method == "POST" for each in sandbox.log) == 1
        finding = await cf.examiner.examine(json.loads(json.dumps(dict(write.check))))
        expected = Effect.APPLIED if kind == "status_after_effect" else Effect.NOT_APPLIED
        assert finding.effect is expected, finding.sentence


KINDS = [
    # fault, doubt, whether the write takes effect
    ("lose_answer", Doubt.OPEN, True),
    ("drop", Doubt.OPEN, False),
    ("html", Doubt.ENDED, False),
    ("html_after_effect", Doubt.ENDED, True),
    ("half_body", Doubt.ENDED, True),
    ("garbage", Doubt.ENDED, False),
    ("garbage_after_effect", Doubt.ENDED, True),
    ("wrong_envelope", Doubt.ENDED, True),
]


async def test_lost_answers_over_a_socket() -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as running:
        cf = Cloudflare(
            sandbox.cloudflare_token,
            sandbox.cloudflare_account,
            clock=SystemClock(),
            chance=SystemChance(),
            base_url=running.cloudflare_url,
            limits=Limits(connect=2.0, read=5.0),
        )
        try:
            zone = await zone_of(cf, BUSY)
            for kind, doubt, takes_effect in KINDS:
                draft = RecordDraft("TXT", f"{kind}.{BUSY}", KEY)
                write = await prepared(cf.apply(zone, Batch(posts=(draft,))))
                sandbox.configure(
                    faults=[{"kind": kind, "match": {"upstream": "cloudflare", "method": "POST"}, "times": 1}]
                )
                before = len(sandbox.log)
                with pytest.raises(UpstreamFailure) as caught:
                    await write.send()
                assert (kind, caught.value.doubt) == (kind, doubt)
                assert len(sandbox.log) == before + 1
                finding = await cf.examiner.examine(write.check)
                assert (kind, finding.effect) == (kind, Effect.APPLIED if takes_effect else Effect.NOT_APPLIED)
        finally:
            await cf.aclose()


async def test_a_zone_that_changes_between_observing_and_sending() -> None:
    async with client() as (cf, sandbox):
        for first, second in (
            (await post_one(cf), await post_one(cf)),  # 81058
            (await delete_one(cf), await delete_one(cf)),  # 81044
        ):
            await prepared(first)
            await prepared(second)
            await first.send()
            with pytest.raises(Conflict, match="changed meanwhile"):
                await second.send()
        assert sum(each.applied for each in sandbox.log) == 2


async def test_what_is_in_the_way() -> None:
    async with client() as (cf, _sandbox):
        zone = await zone_of(cf, BUSY)
        alias = next(each for each in await cf.records(zone.id).live() if each.type == "CNAME")
        address = await prepared(cf.apply(zone, Batch(posts=(RecordDraft("A", alias.name, "192.0.2.1"),))))
        with pytest.raises(Conflict, match=f"in the way at {alias.name}"):
            await address.send()


async def test_refusals_keep_their_meaning() -> None:
    async with client(cloudflare_batch_max=1) as (cf, _sandbox):
        zone = await zone_of(cf, BUSY)
        posts = tuple(RecordDraft("A", f"{name}.{BUSY}", "192.0.2.1") for name in "ab")
        with pytest.raises(ValidationFailed, match="exceeding the quota"):
            await (await prepared(cf.apply(zone, Batch(posts=posts)))).send()
        long = RecordDraft("A", f"a.{BUSY}", "192.0.2.1", comment="c" * 101)
        with pytest.raises(ValidationFailed, match=r"DNS Validation Error \(1004\); .*101 characters.*\(9301\)"):
            await (await prepared(cf.apply(zone, Batch(posts=(long,))))).send()
        with pytest.raises(Conflict, match=r"exists at Cloudflare already \(active\)"):
            await cf.create_zone(BUSY).observe()
        with pytest.raises(ValidationFailed, match="not a registered domain"):
            await (await prepared(cf.create_zone("nonsense"))).send()


async def test_a_new_zone_is_asked_to_be_looked_at() -> None:
    async with client() as (cf, sandbox):
        zone = await (await prepared(cf.create_zone("brand-new.example"))).send()
        assert (zone.status, zone.public, len(zone.name_servers)) == ("pending", False, 2)
        await (await prepared(cf.check_activation(zone))).send()
        sandbox.set_zone_status("brand-new.example", "active")
        assert (await cf.zone(zone.id).live()).public


@pytest.mark.parametrize("state", ["invalid", "expired", "no_permission"])
async def test_bad_tokens(state: str) -> None:
    async with client(cloudflare_token_state=state) as (cf, sandbox):
        with pytest.raises(UpstreamError, match=r"refused our credentials \(check CF_API_TOKEN\)") as caught:
            await cf.zones().live()
        assert sandbox.cloudflare_token not in caught.value.message
        if state == "invalid":
            with pytest.raises(UpstreamError, match="Invalid API Token"):
                await cf.token().live()
        else:
            assert (await cf.token().live()).active is (state == "no_permission")


async def test_a_token_that_may_only_read() -> None:
    async with client(cloudflare_token_state="read_only") as (cf, sandbox):
        write = await prepared(await post_one(cf))
        with pytest.raises(UpstreamError, match="CF_API_TOKEN") as caught:
            await write.send()
        assert caught.value.doubt is Doubt.NONE
        assert not any(each.applied for each in sandbox.log)


@pytest.mark.parametrize("kind", ["user", "account"])
async def test_tokens_of_users_and_accounts(kind: str) -> None:
    async with client(cloudflare_token_kind=kind) as (cf, sandbox):
        state = await cf.token().live()
        assert (state.active, state.status, state.expires_on) == (True, "active", None)
        assert len(sandbox.log) == (1 if kind == "user" else 2)


# The limit: one for reads and writes.


def limited(clock: FakeClock, **settings: Any) -> tuple[Cloudflare, Sandbox]:
    """One clock for both sides, limits as documented."""
    sandbox = Sandbox(SandboxConfig.model_validate(settings), clock=lambda: clock.now().timestamp())
    return connected(sandbox, clock), sandbox


async def mixed(cf: Cloudflare, zone: Zone, number: int) -> None:
    """Every fourth is a write."""
    if number % 4:
        await cf.zone(zone.id).live()
    else:
        write = cf.check_activation(zone)
        await write.reserve()
        await write.send()


def statuses(sandbox: Sandbox) -> set[int | None]:
    return {each.status for each in sandbox.log}


@pytest.mark.parametrize("headers", [True, False])
async def test_1200_mixed_requests_one_after_the_other_wait_for_nothing(headers: bool) -> None:
    clock = FakeClock(auto=True)
    cf, sandbox = limited(clock, rate_limit_headers=headers)
    zone = await zone_of(cf, BUSY)
    for number in range(1200 - len(sandbox.log)):
        await mixed(cf, zone, number)
    assert (len(sandbox.log), clock.slept, statuses(sandbox)) == (1200, [], {200})
    assert cf.budget.snapshot().reads.remaining == cf.budget.snapshot().writes.remaining == 0
    for number in (0, 1):
        with pytest.raises(RateLimited) as caught:
            await mixed(cf, zone, number)
        assert 300 <= (caught.value.retry_after or 0) <= 301
    assert (len(sandbox.log), clock.slept) == (1200, [])
    await cf.aclose()


async def test_1200_mixed_requests_at_once() -> None:
    clock = FakeClock()
    cf, sandbox = limited(clock)
    zone = await zone_of(cf, BUSY)
    began = clock.monotonic()
    crowd = [mixed(cf, zone, number) for number in range(1200 - len(sandbox.log))]
    await asyncio.gather(*crowd)
    assert (len(sandbox.log), statuses(sandbox), clock.monotonic() - began) == (1200, {200}, 0.0)
    await cf.aclose()


async def test_people_always_find_room_beside_background_work() -> None:
    """A job wants 3,000 requests: it gets four fifths of each window, and is never refused."""
    clock = FakeClock()
    cf, sandbox = limited(clock)
    zone = await zone_of(cf, BUSY)
    with spending_as("job", background=True):
        job = [asyncio.ensure_future(mixed(cf, zone, number)) for number in range(3000)]
    for second in range(1000):
        await settle(300 if second % 300 < 3 else 5)
        if second % 5 == 0 and second < 900:
            await mixed(cf, zone, second)
        await clock.advance(1)
    assert all(task.done() for task in job)
    assert statuses(sandbox) == {200}
    assert len(sandbox.log) == 3000 + 180 + 1
    assert sandbox.log[-1].time - sandbox.log[0].time < 1000
    await cf.aclose()


async def test_windows_that_begin_anywhere() -> None:
    """Bursts and pauses of all lengths over an hour: as many as it lets through, and none refused upstream."""
    clock = FakeClock(auto=True)
    cf, sandbox = limited(clock)
    zone = await zone_of(cf, BUSY)
    clock.jump(0.4)
    refused = 0
    for turn in range(40):
        for number in range(70 + turn * 37 % 400):
            try:
                await mixed(cf, zone, number)
            except RateLimited as told:
                refused += 1
                clock.jump(told.retry_after or 0)
        clock.jump(turn * 13.7 % 120)
    assert refused, "the limit was met"
    assert statuses(sandbox) == {200}
    await cf.aclose()


async def test_what_others_use_of_the_limit_counts() -> None:
    """The dashboard, another replica: they spend from the same 1,200, and the headers tell."""
    clock = FakeClock(auto=True)
    cf, sandbox = limited(clock)
    zone = await zone_of(cf, BUSY)
    other = connected(sandbox, clock)
    for number in range(1100):
        await mixed(other, zone, number)
    await mixed(cf, zone, 1)
    left = 1200 - len(sandbox.log)
    assert cf.budget.snapshot().writes.remaining == left < 100
    for number in range(left):
        await mixed(cf, zone, number)
    with pytest.raises(RateLimited):
        await mixed(cf, zone, 1)
    assert statuses(sandbox) == {200}
    clock.jump(302)
    await mixed(cf, zone, 1)
    await cf.aclose()
    await other.aclose()


async def test_a_block_ends_when_it_was_said_to() -> None:
    clock = FakeClock(auto=True)
    cf, sandbox = limited(clock, cloudflare_limit_requests=3, rate_limit_headers=False)
    zone = await zone_of(cf, BUSY)
    for number in range(2):
        await mixed(cf, zone, number)
    with pytest.raises(RateLimited) as caught:
        await mixed(cf, zone, 1)
    assert (caught.value.retry_after, clock.slept) == (301, [])
    assert sum(each.status == 429 for each in sandbox.log) == 1
    clock.jump(200)
    with pytest.raises(RateLimited) as caught:
        await mixed(cf, zone, 0)
    assert (caught.value.retry_after, clock.slept) == (101, [])
    clock.jump(90)
    await mixed(cf, zone, 1)
    assert clock.slept == [11.0], "near enough to wait for"
    assert sum(each.status == 429 for each in sandbox.log) == 1
    await cf.aclose()
