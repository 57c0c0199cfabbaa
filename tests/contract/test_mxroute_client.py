"""All 43 operations of the MXroute client against the sandbox, and what examining says after a lost answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from mxm.platform.clock import SystemChance, SystemClock
from mxm.platform.context import spending_as
from mxm.platform.errors import Conflict, Doubt, NotFound, UpstreamError, UpstreamFailure, ValidationFailed
from mxm.platform.journal.write import Effect
from mxm.upstreams.mxroute.client import Credentials, MXroute
from mxm.upstreams.mxroute.link import MXrouteRead
from mxm.upstreams.mxroute.reads import SpamList
from mxm.upstreams.mxroute.write import MXrouteWrite
from mxm.upstreams.transport.exchange import Limits
from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.requestlog import LogEntry
from support.clock import FakeClock, FixedChance, settle

D = "example.com"
PASSWORD = "Abcd1234"
WHITE, BLACK = SpamList.WHITELIST, SpamList.BLACKLIST
Reads = Callable[[MXroute], MXrouteRead[Any]]
Writes = Callable[[MXroute], MXrouteWrite[Any]]

READS: dict[str, Reads] = {
    "GET /verification-key": lambda mx: mx.verification_key(),
    "GET /domains": lambda mx: mx.domains.names(),
    "GET /domains/{domain}": lambda mx: mx.domains.one("bakery.example"),
    "GET /domains/{domain}/pointers": lambda mx: mx.pointers.all("bakery.example"),
    "GET /domains/{domain}/email-accounts": lambda mx: mx.mailboxes.all(D),
    "GET /domains/{domain}/email-accounts/{user}": lambda mx: mx.mailboxes.one(D, "info"),
    "GET /domains/{domain}/forwarders": lambda mx: mx.forwarders.all(D),
    "GET /domains/{domain}/spam/settings": lambda mx: mx.spam.settings(D),
    "GET /domains/{domain}/spam/whitelist": lambda mx: mx.spam.entries(D, WHITE),
    "GET /domains/{domain}/spam/blacklist": lambda mx: mx.spam.entries(D, BLACK),
    "GET /domains/{domain}/dns": lambda mx: mx.dns(D),
    "GET /domains/{domain}/catch-all": lambda mx: mx.catch_all.one(D),
    "GET /quota": lambda mx: mx.quota(),
    "GET /quota/email": lambda mx: mx.email_quota(),
    "GET /reseller/users": lambda mx: mx.users.names(),
    "GET /reseller/users/{username}": lambda mx: mx.users.one("florist"),
    "GET /reseller/packages": lambda mx: mx.packages.names(),
    "GET /reseller/packages/{name}": lambda mx: mx.packages.one("premium"),
}

WRITES: dict[str, Writes] = {
    "POST /domains": lambda mx: mx.domains.create("ready-to-add.example"),
    "DELETE /domains/{domain}": lambda mx: mx.domains.delete("parked.example"),
    "PATCH /domains/{domain}/mail-status": lambda mx: mx.domains.set_mail_status(D, enabled=False),
    "POST /domains/{domain}/pointers": lambda mx: mx.pointers.create(D, "alias.example", alias=False),
    "DELETE /domains/{domain}/pointers/{pointer}": lambda mx: mx.pointers.delete("bakery.example", "bread.example"),
    "POST /domains/{domain}/email-accounts": lambda mx: mx.mailboxes.create(D, "alex", PASSWORD, quota=512, limit=50),
    "PATCH /domains/{domain}/email-accounts/{user}": lambda mx: mx.mailboxes.update(D, "info", quota=4096),
    "DELETE /domains/{domain}/email-accounts/{user}": lambda mx: mx.mailboxes.delete(D, "sales"),
    "POST /domains/{domain}/forwarders": lambda mx: mx.forwarders.create(D, "news", ["b@x.example", "A@x.example"]),
    "DELETE /domains/{domain}/forwarders/{alias}": lambda mx: mx.forwarders.delete(D, "hello"),
    "PATCH /domains/{domain}/spam/settings": lambda mx: mx.spam.set_high_score(D, 7),
    "POST /domains/{domain}/spam/whitelist": lambda mx: mx.spam.add(D, WHITE, "*@trusted.test"),
    "DELETE /domains/{domain}/spam/whitelist/{entry}": lambda mx: mx.spam.remove(D, WHITE, "*@healthy.example"),
    "POST /domains/{domain}/spam/blacklist": lambda mx: mx.spam.add(D, BLACK, "karen@hr.example.com"),
    "DELETE /domains/{domain}/spam/blacklist/{entry}": lambda mx: mx.spam.remove(D, BLACK, "*@spam.test"),
    "PATCH /domains/{domain}/catch-all": lambda mx: mx.catch_all.set(D, "address", "info@example.com"),
    "POST /reseller/users": lambda mx: mx.users.create(
        "fresh", email="a@example.org", password=PASSWORD, package="basic"
    ),
    "PATCH /reseller/users/{username}": lambda mx: mx.users.update("florist", quota="unlimited"),
    "DELETE /reseller/users/{username}": lambda mx: mx.users.delete("florist"),
    "POST /reseller/users/{username}/suspend": lambda mx: mx.users.suspend("florist"),
    "POST /reseller/users/{username}/unsuspend": lambda mx: mx.users.unsuspend("gone"),
    "PATCH /reseller/users/{username}/package": lambda mx: mx.users.set_package("florist", "premium"),
    "POST /reseller/packages": lambda mx: mx.packages.create("roomy", quota="5", domains="unlimited"),
    "PATCH /reseller/packages/{name}": lambda mx: mx.packages.update("premium", quota="20", email_accounts="50"),
    "DELETE /reseller/packages/{name}": lambda mx: mx.packages.delete("spare"),
}


@asynccontextmanager
async def client(**settings: Any) -> AsyncIterator[tuple[MXroute, Sandbox]]:
    """The client in one process with a sandbox; limits only where a test sets them. Its log begins after the set-up."""
    sandbox = Sandbox(SandboxConfig.model_validate({"limits_enabled": False, "reseller": True, **settings}))
    mx = MXroute(
        Credentials(*sandbox.credentials),
        clock=FakeClock(auto=True),
        chance=FixedChance(),
        base_url="http://mxroute.test",
        http=httpx2.ASGITransport(app=sandbox.mxroute_app),
    )
    try:
        # All packages of the sandbox are in use, and none of those can be deleted.
        if sandbox.config.reseller:
            await (await prepared(mx.packages.create("spare"))).send()
        mx.cache.drop_all()
        yield mx, sandbox
    finally:
        await mx.aclose()


async def prepared(write: MXrouteWrite[Any]) -> MXrouteWrite[Any]:
    await write.observe()
    await write.reserve()
    return write


def seen(sandbox: Sandbox) -> list[LogEntry]:
    """The requests after the set-up's two."""
    return sandbox.log[2:]


def test_all_43() -> None:
    assert len(READS | WRITES) == 43


@pytest.mark.parametrize("operation", READS)
async def test_reads(operation: str) -> None:
    async with client() as (mx, sandbox):
        live = await READS[operation](mx).live()
        cached = await READS[operation](mx).cached()
        assert (cached.value, cached.stale) == (live, False)
        assert await READS[operation](mx).cached() == cached
        assert [each.operation for each in seen(sandbox)] == [operation] * 2
        assert not any(each.odd_path for each in sandbox.log)


@pytest.mark.parametrize("operation", WRITES)
async def test_writes_take_effect_once(operation: str) -> None:
    async with client() as (mx, sandbox):
        write = await prepared(WRITES[operation](mx))
        await write.send()
        assert [each.operation for each in seen(sandbox) if each.method != "GET"] == [operation]
        finding = await mx.examiner.examine(json.loads(json.dumps(dict(write.check))))
        assert finding.effect is Effect.APPLIED, finding.sentence
        assert PASSWORD not in json.dumps(dict(write.check)) + repr(write)


@pytest.mark.parametrize("operation", WRITES)
@pytest.mark.parametrize("kind", ["status", "status_after_effect"])
async def test_writes_without_confirmation(operation: str, kind: str) -> None:
    """A 500 before or after the effect: one request, doubt, and an examination that tells the two apart."""
    method = operation.split(maxsplit=1)[0]
    async with client() as (mx, sandbox):
        write = await prepared(WRITES[operation](mx))
        sandbox.configure(faults=[{"kind": kind, "status_code": 500, "match": {"method": method}}])
        with pytest.raises(UpstreamError) as caught:
            await write.send()
        assert caught.value.doubt is Doubt.ENDED
        assert sum(each.method == method for each in seen(sandbox)) == 1
        finding = await mx.examiner.examine(write.check)
        expected = Effect.APPLIED if kind == "status_after_effect" else Effect.NOT_APPLIED
        assert finding.effect is expected, finding.sentence


@pytest.mark.parametrize("operation", WRITES)
async def test_kept_reads_follow_writes(operation: str) -> None:
    """Whatever was kept before a write is either still true after it or asked for again."""
    async with client(quota_live=True) as (mx, _sandbox):
        kept = [make(mx) for make in READS.values()]
        for read in kept:
            await read.cached()
        write = await prepared(WRITES[operation](mx))
        await write.send()
        for read in kept:
            if read.path.startswith("/quota"):
                continue  # hourly figures upstream: kept for ten minutes whatever happens
            try:
                live = await read.live()
            except NotFound:
                assert read.known() is None, read.path
                continue
            assert (await read.cached()).value == live, read.path


KINDS = [
    # fault, doubt, whether the write takes effect
    ("lose_answer", Doubt.OPEN, True),
    ("drop", Doubt.OPEN, False),
    ("html", Doubt.ENDED, False),
    ("html_after_effect", Doubt.ENDED, True),
    ("half_body", Doubt.ENDED, True),
    ("garbage", Doubt.ENDED, False),
    ("garbage_after_effect", Doubt.ENDED, True),
]


async def test_lost_answers_over_a_socket() -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as running:
        mx = MXroute(
            Credentials(*sandbox.credentials),
            clock=SystemClock(),
            chance=SystemChance(),
            base_url=running.mxroute_url,
            limits=Limits(connect=2.0, read=5.0),
        )
        try:
            for kind, doubt, takes_effect in KINDS:
                write = await prepared(mx.mailboxes.create(D, f"new-{kind}", PASSWORD))
                sandbox.configure(faults=[{"kind": kind, "match": {"method": "POST"}}])
                before = len(sandbox.log)
                with pytest.raises(UpstreamFailure) as caught:
                    await write.send()
                assert (kind, caught.value.doubt) == (kind, doubt)
                assert len(sandbox.log) == before + 1
                finding = await mx.examiner.examine(write.check)
                assert (kind, finding.effect) == (kind, Effect.APPLIED if takes_effect else Effect.NOT_APPLIED)
        finally:
            await mx.aclose()


async def test_refusals_keep_their_meaning() -> None:
    async with client() as (mx, _sandbox):
        with pytest.raises(Conflict):
            await mx.domains.create(D).observe()
        with pytest.raises(NotFound):
            await mx.mailboxes.one("not-ours.example", "x").live()
        weak = await prepared(mx.mailboxes.create(D, "weak", "short"))
        with pytest.raises(ValidationFailed) as caught:
            await weak.send()
        assert caught.value.field == "password"
        with pytest.raises(ValidationFailed):
            await (await prepared(mx.users.set_package("florist", "no-such-package"))).send()


async def test_spam_entries_in_any_case() -> None:
    async with client() as (mx, sandbox):
        with pytest.raises(Conflict):
            await mx.spam.add("bakery.example", BLACK, "prizes@LOTTERY.test").observe()
        await mx.spam.entries("bakery.example", BLACK).cached()
        await (await prepared(mx.spam.add(D, BLACK, "new@x.test"))).send()
        shared = await mx.spam.entries("bakery.example", BLACK).cached()
        assert "new@x.test" in shared.value, "one list for the whole account"
        sandbox.configure(spam_state="busy")
        busy = await prepared(mx.spam.add(D, BLACK, "other@x.test"))
        with pytest.raises(UpstreamError, match="busy"):
            await busy.send()


@pytest.mark.parametrize("enveloped", [True, False])
async def test_quotas_in_both_shapes(enveloped: bool) -> None:
    async with client(quota_enveloped=enveloped) as (mx, _sandbox):
        assert (await mx.quota().live()).total_used is not None
        assert (await mx.email_quota().live()).accounts


async def test_without_the_reseller_right_or_the_key() -> None:
    async with client(reseller=False, verification_key_available=False) as (mx, _sandbox):
        with pytest.raises(UpstreamError, match="not allowed for this account"):
            await mx.users.names().live()
        with pytest.raises(UpstreamError, match="MXroute answered with an error"):
            await mx.verification_key().live()


async def test_wrong_credentials() -> None:
    async with client() as (_mx, sandbox):
        mx = MXroute(
            Credentials("s", "u", "wrong"),
            clock=FakeClock(),
            chance=FixedChance(),
            base_url="http://mxroute.test",
            http=httpx2.ASGITransport(app=sandbox.mxroute_app),
        )
        with pytest.raises(UpstreamError, match="MX_SERVER, MX_USER, MX_API_KEY") as caught:
            await mx.domains.names().live()
        assert "wrong" not in caught.value.message
        await mx.aclose()


def limited(clock: FakeClock) -> tuple[MXroute, Sandbox]:
    """One clock for both sides, limits as documented."""
    sandbox = Sandbox(SandboxConfig(), clock=lambda: clock.now().timestamp())
    mx = MXroute(
        Credentials(*sandbox.credentials),
        clock=clock,
        chance=FixedChance(),
        base_url="http://mxroute.test",
        http=httpx2.ASGITransport(app=sandbox.mxroute_app),
    )
    return mx, sandbox


async def test_a_crowd_of_reads_is_not_refused() -> None:
    """250 at once, 150 of them from a job, at 100 a minute."""
    clock = FakeClock()
    mx, sandbox = limited(clock)
    with spending_as("job", background=True):
        job = [asyncio.ensure_future(mx.mailboxes.all(D).live()) for _ in range(150)]
    people = [asyncio.ensure_future(mx.mailboxes.all(D).live()) for _ in range(100)]
    for _second in range(200):
        await settle(200)
        await clock.advance(1)
    assert all(task.result() for task in job + people)
    assert [each.status for each in sandbox.log] == [200] * 250
    assert sandbox.log[-1].time - sandbox.log[0].time <= 3 * 63
    await mx.aclose()


async def test_an_import_is_not_refused() -> None:
    """Sixty writes at twenty a minute: three windows."""
    clock = FakeClock(auto=True)
    mx, sandbox = limited(clock)
    began = clock.monotonic()
    for number in range(60):
        await (await prepared(mx.mailboxes.create(D, f"bulk{number}", PASSWORD))).send()
    assert [each.status for each in sandbox.log if each.method == "POST"] == [201] * 60
    assert not any(each.status == 429 for each in sandbox.log)
    assert clock.monotonic() - began <= 60 * 60 / 20 * 1.1
    await mx.aclose()
