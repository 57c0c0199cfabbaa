"""The client of MXroute over a socket, against a hand-made account: order, caching, faults, lost answers."""

import json
from collections.abc import Callable

import pytest

from mxm.platform.errors import (
    Conflict,
    Doubt,
    NotConfigured,
    NotFound,
    UpstreamError,
    UpstreamFailure,
    ValidationFailed,
)
from mxm.platform.journal.write import Effect, Examiner, PreparedWrite
from mxm.upstreams.mxroute.client import Credentials, MXroute
from mxm.upstreams.mxroute.reads import SpamList
from mxm.upstreams.mxroute.write import MXrouteWrite
from support.clock import FakeClock, FixedChance
from support.standin import CLOSED, SILENCE, Reply, error, half, http, in_turn
from upstreams.account import BASE, CREDENTIALS, LOST, Account, mxroute

Make = Callable[[MXroute], MXrouteWrite[None]]
D = "example.com"


def create(mx: MXroute) -> MXrouteWrite[None]:
    return mx.mailboxes.create(D, "new", "Abcd1234", quota=500)


def delete(mx: MXroute) -> MXrouteWrite[None]:
    return mx.mailboxes.delete(D, "alex")


def enlarge(mx: MXroute) -> MXrouteWrite[None]:
    return mx.mailboxes.update(D, "alex", quota=2048)


async def run(write: PreparedWrite[None]) -> None:
    await write.observe()
    await write.reserve()
    await write.send()


async def test_a_write_from_start_to_end() -> None:
    account = Account()
    async with mxroute(account) as (mx, standin, _clock):
        write = create(mx)
        assert (write.upstream, write.operation) == ("mxroute", "createEmailAccount")
        await run(write)
        post = standin.seen[-1]
        assert (post.method, post.target.decode()) == ("POST", BASE)
        assert post.json == {"username": "new", "password": "Abcd1234", "quota": 500}
        assert (post.headers["x-server"], post.headers["x-username"]) == ("eagle.mxlogin.com", "johndoe")
        assert post.headers["x-api-key"] == "key-that-nobody-may-see"
        assert "new" in account.mailboxes
        assert "Abcd1234" not in repr(write) + repr(write._plan) + json.dumps(dict(write.check))
        assert b"Abcd1234" in write.fingerprint
        assert write.fingerprint == create(mx).fingerprint != delete(mx).fingerprint


async def test_a_write_is_used_once_and_only_with_budget() -> None:
    async with mxroute(Account()) as (mx, standin, _clock):
        write = create(mx)
        with pytest.raises(RuntimeError):
            await write.send()
        await run(write)
        with pytest.raises(RuntimeError):
            await write.send()
        assert standin.count("POST") == 1


async def test_released_budget_is_there_again() -> None:
    async with mxroute(Account()) as (mx, _standin, _clock):
        write = create(mx)
        await write.reserve()
        assert mx.budget.snapshot().writes.remaining == 19
        write.release()
        write.release()
        assert mx.budget.snapshot().writes.remaining == 20


async def test_observing_refuses_what_is_pointless() -> None:
    async with mxroute(Account()) as (mx, standin, _clock):
        with pytest.raises(Conflict, match=r"The mailbox ALEX@example\.com exists already"):
            await mx.mailboxes.create(D, "ALEX", "Abcd1234").observe()
        with pytest.raises(NotFound):
            await mx.mailboxes.delete(D, "nobody").observe()
        with pytest.raises(NotFound):
            await mx.mailboxes.update(D, "nobody", quota=1).observe()
        with pytest.raises(NotFound):
            await mx.mailboxes.update(D, "nobody", password="Abcd1234").observe()
        assert standin.count() == standin.count("GET") == 4


async def test_a_delete_takes_a_fresh_read_that_agrees_and_only_that() -> None:
    account = Account()
    async with mxroute(account) as (mx, standin, clock):
        await mx.mailboxes.all(D).cached()
        await delete(mx).observe()
        assert standin.count() == 1
        account.mailboxes = {"new": {}}
        await mx.mailboxes.delete(D, "new").observe()  # the kept list does not know it: asked again
        assert standin.count() == 2
        clock.jump(16)
        with pytest.raises(NotFound):
            await delete(mx).observe()
        assert standin.count() == 3


async def test_a_create_always_looks_live() -> None:
    """A kept list that does not know a mailbox yet must not make it ours when the 409 to our create is lost."""
    account = Account()
    account.after_effect = LOST
    async with mxroute(account) as (mx, standin, _clock):
        await mx.mailboxes.all(D).cached()
        account.mailboxes["new"] = {"quota": 1}
        with pytest.raises(Conflict):
            await run(create(mx))
        assert (standin.count("GET"), standin.count("POST")) == (2, 0)


async def test_values_before_are_always_read_live() -> None:
    account = Account()
    async with mxroute(account) as (mx, standin, _clock):
        await mx.mailboxes.one(D, "alex").cached()
        account.mailboxes["alex"]["quota"] = 9
        write = enlarge(mx)
        await write.observe()
        assert write.check["before"] == {"present": True, "quota": 9, "limit": 9600}
        assert standin.count() == 2


async def test_what_writes_drop() -> None:
    async with mxroute(Account()) as (mx, _standin, _clock):
        assert create(mx).drops == {"mailboxes:example.com", "mailbox:new@example.com", "quota", "email-quota"}
        assert enlarge(mx).drops == {"mailboxes:example.com", "mailbox:alex@example.com"}
        assert mx.domains.delete("Example.COM").drops >= {"domains", "everything:example.com"}
        assert mx.pointers.create(D, "p.example").drops >= {"domain:example.com", "pointers:example.com"}
        # A destination at Gmail and the like switches on Expert Spam Filtering (facts.md).
        assert mx.forwarders.create(D, "a", ["b@c.example"]).drops == {"forwarders:example.com", "spam-settings"}
        assert mx.spam.add(D, SpamList.BLACKLIST, "x").drops == {"spam:blacklist"}


async def test_when_the_state_before_cannot_be_read_nothing_is_sent() -> None:
    account = Account()
    account.reads = SILENCE
    async with mxroute(account, silent=True) as (mx, standin, _clock):
        with pytest.raises(UpstreamFailure, match="nothing was sent") as caught:
            await create(mx).observe()
        assert caught.value.doubt is Doubt.NONE
        assert standin.count("POST") == 0


async def test_a_write_drops_what_it_makes_untrue() -> None:
    async with mxroute(Account()) as (mx, _standin, _clock):
        before = await mx.mailboxes.all(D).cached()
        await run(create(mx))
        after = await mx.mailboxes.all(D).cached()
        assert [each.username for each in before.value] == ["alex"]
        assert [each.username for each in after.value] == ["alex", "new"]


async def test_a_write_of_unknown_outcome_drops_too() -> None:
    account = Account()
    account.after_effect = LOST
    async with mxroute(account) as (mx, _standin, _clock):
        await mx.mailboxes.all(D).cached()
        with pytest.raises(UpstreamError):
            await run(create(mx))
        assert mx.mailboxes.all(D).known() is None


FAULTS = [
    (error(500, "SERVER_ERROR"), Doubt.ENDED, 1),
    (error(503, "BUSY", Retry_After="2"), Doubt.ENDED, 3),
    (http(502, "<html>"), Doubt.OPEN, 3),
    (http(504, "<html>"), Doubt.OPEN, 3),
    (http(200, "<html>"), Doubt.ENDED, 1),
    (http(200, "{garbage"), Doubt.ENDED, 1),
    (http(200, {"data": []}), Doubt.ENDED, 1),
    (http(302, "", Location="/elsewhere"), Doubt.ENDED, 1),
    (http(404, "<html>Not found</html>"), Doubt.ENDED, 1),
    (error(401, "UNAUTHORIZED"), Doubt.NONE, 1),
    (error(403, "FORBIDDEN"), Doubt.NONE, 1),
    (error(405, "METHOD"), Doubt.NONE, 1),
    (half(), Doubt.ENDED, 3),
    (SILENCE, Doubt.OPEN, 3),
    (CLOSED, Doubt.OPEN, 3),
]


@pytest.mark.parametrize(("fault", "doubt", "tries"), FAULTS)
@pytest.mark.parametrize("make", [create, delete, enlarge])
@pytest.mark.parametrize("effect", [True, False])
async def test_writes_under_faults(fault: Reply, doubt: Doubt, tries: int, make: Make, effect: bool) -> None:
    """One request, a true doubt, and an examination that finds out what became of it."""
    account = Account()
    account.after_effect, account.before_effect = (fault, None) if effect else (None, fault)
    async with mxroute(account, silent=fault.hang) as (mx, standin, _clock):
        write = make(mx)
        await write.observe()
        await write.reserve()
        sent = len(standin.seen)
        with pytest.raises(UpstreamFailure) as caught:
            await write.send()
        assert len(standin.seen) == sent + 1
        assert caught.value.doubt is doubt
        finding = await mx.examiner.examine(json.loads(json.dumps(dict(write.check))))
        assert finding.effect is (Effect.APPLIED if effect else Effect.NOT_APPLIED)
        assert finding.sentence.startswith("The mailbox ")


@pytest.mark.parametrize(("fault", "doubt", "tries"), FAULTS)
async def test_reads_under_faults(fault: Reply, doubt: Doubt, tries: int) -> None:
    account = Account()
    async with mxroute(account, silent=fault.hang) as (mx, standin, clock):
        good = await mx.mailboxes.all(D).cached()
        account.reads = fault
        with pytest.raises(UpstreamFailure) as caught:
            await mx.mailboxes.all(D).live()
        assert caught.value.doubt is Doubt.NONE
        assert standin.count() == 1 + tries
        clock.jump(60)
        stale = await mx.mailboxes.all(D).cached()
        assert (stale.value, stale.stale, stale.fetched_at) == (good.value, True, good.fetched_at)


async def test_429_on_a_write_is_repeated() -> None:
    account = Account()
    replies = in_turn(error(429, "RATE_LIMITED", Retry_After="3"), http(204))

    def script(seen: object) -> Reply:
        return replies(seen) if getattr(seen, "method", "") == "DELETE" else account(seen)  # type: ignore[arg-type]

    async with mxroute(script) as (mx, standin, _clock):
        await run(delete(mx))
        assert standin.count("DELETE") == 2


async def test_upstream_refusals_keep_their_meaning() -> None:
    account = Account()
    async with mxroute(account) as (mx, _standin, _clock):
        for answer, kind in (
            (error(422, "BUSINESS_ERROR", "Mailbox limit reached"), ValidationFailed),
            (error(409, "CONFLICT", "There already"), Conflict),
            (error(404, "NOT_FOUND", "Domain not found"), NotFound),
        ):
            account.before_effect = answer
            with pytest.raises(kind, match=r"reached|already|not found"):
                await run(create(mx))


async def test_upstream_quoting_secrets() -> None:
    account = Account()
    account.before_effect = error(400, "VALIDATION_ERROR", "Abcd1234 with key-that-nobody-may-see is bad")
    async with mxroute(account) as (mx, _standin, _clock):
        with pytest.raises(ValidationFailed) as caught:
            await run(create(mx))
        assert caught.value.message == "[hidden] with [hidden] is bad"


async def test_examining_what_was_not_observed() -> None:
    async with mxroute(Account()) as (mx, _standin, _clock):
        examiner: Examiner = mx.examiner
        finding = await examiner.examine(mx.mailboxes.create(D, "alex", "Abcd1234").check)
        assert finding.effect is Effect.UNKNOWN
        assert finding.sentence == (
            "The mailbox alex@example.com exists now; whether this request made it so is not known."
        )


async def test_examining_a_password() -> None:
    account = Account()
    account.after_effect = LOST
    async with mxroute(account) as (mx, _standin, _clock):
        write = mx.mailboxes.update(D, "alex", password="Abcd1234", quota=77)
        with pytest.raises(UpstreamError):
            await run(write)
        finding = await mx.examiner.examine(write.check)
        assert finding.effect is Effect.UNKNOWN
        assert finding.sentence == (
            "The mailbox alex@example.com has quota 77 now; the password cannot be read back, "
            "so the effect is not known."
        )


async def test_examining_when_upstream_is_down() -> None:
    account = Account()
    async with mxroute(account) as (mx, _standin, _clock):
        write = create(mx)
        await write.observe()
        account.reads = http(502, "")
        with pytest.raises(UpstreamError):
            await mx.examiner.examine(write.check)


@pytest.mark.parametrize("check", [{}, {"watch": "of another version", "args": {}}, {"watch": "mailbox", "args": {}}])
async def test_examining_nonsense(check: dict[str, object]) -> None:
    async with mxroute(Account()) as (mx, standin, _clock):
        finding = await mx.examiner.examine({"before": None, "wanted": {}, "unreadable": None, **check})
        assert finding.effect is Effect.UNKNOWN
        assert standin.count() == 0


@pytest.mark.parametrize(
    ("credentials", "names"),
    [
        (Credentials(None, None, None), "MX_SERVER, MX_USER, MX_API_KEY"),
        (Credentials("s", "", "k"), "MX_USER"),
        (Credentials("s", "u", "key\nwith break"), "MX_API_KEY"),
    ],
)
async def test_not_configured(credentials: Credentials, names: str) -> None:
    mx = MXroute(credentials, clock=FakeClock(), chance=FixedChance())
    with pytest.raises(NotConfigured) as caught:
        await mx.domains.names().live()
    assert names in caught.value.message
    assert "with break" not in caught.value.message + repr(credentials)
    with pytest.raises(NotConfigured):
        await mx.domains.names().cached()
    write = mx.domains.create("example.com")
    with pytest.raises(NotConfigured):
        await write.observe()
    with pytest.raises(NotConfigured):
        await write.reserve()
    await mx.aclose()


def test_a_wrong_address_names_its_setting() -> None:
    with pytest.raises(ValueError, match="MXROUTE_API_URL"):
        MXroute(CREDENTIALS, clock=FakeClock(), chance=FixedChance(), base_url="api.mxroute.com")
    assert "nobody-may-see" not in repr(CREDENTIALS)


async def test_values_that_are_no_segment_send_nothing() -> None:
    async with mxroute(Account()) as (mx, standin, _clock):
        for bad in ("..", "", "a/b", "%2e%2e"):
            with pytest.raises(ValidationFailed):
                mx.mailboxes.delete(D, bad)
            with pytest.raises(ValidationFailed):
                mx.mailboxes.one(bad, "alex")
        assert standin.count() == 0
