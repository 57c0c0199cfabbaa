"""The client of Cloudflare when answers are lost, refuse or make no sense."""

import json
from typing import Any

import pytest

from mxm.platform.errors import (
    AppError,
    Conflict,
    Doubt,
    NotFound,
    UpstreamError,
    UpstreamFailure,
    ValidationFailed,
)
from mxm.platform.journal.write import Effect
from mxm.upstreams.cloudflare import Batch, RecordDraft
from support.standin import CLOSED, SILENCE, Reply, half, http
from upstreams.cfaccount import (
    TOKEN,
    ZONE,
    Account,
    Make,
    add,
    bad,
    by_type,
    change,
    cloudflare,
    good,
    make_zone,
    record,
    remove,
    run,
)

FAULTS = [
    (bad(500, 1), Doubt.ENDED, 1),
    (bad(500, 81057, 10000), Doubt.ENDED, 1),
    (bad(503, 1, Retry_After="2"), Doubt.ENDED, 3),
    (http(502, "<html>"), Doubt.OPEN, 3),
    (http(504, "<html>"), Doubt.OPEN, 3),
    (http(524, "<html>"), Doubt.OPEN, 1),
    (http(200, "<html>"), Doubt.ENDED, 1),
    (http(200, "{garbage"), Doubt.ENDED, 1),
    (http(200, "[]"), Doubt.ENDED, 1),
    (http(200, "[" * 100_000), Doubt.ENDED, 1),
    (http(200, {"result": []}), Doubt.ENDED, 1),
    (http(200, {"success": True}), Doubt.ENDED, 1),
    (http(200, {"success": "true", "result": []}), Doubt.ENDED, 1),
    (good(None), Doubt.ENDED, 1),
    (good([{"type": "TXT"}], {"total_count": 1}), Doubt.ENDED, 1),
    (bad(200, 9999), Doubt.ENDED, 1),
    (bad(200), Doubt.ENDED, 1),
    (http(200, {"success": False, "errors": "text"}), Doubt.ENDED, 1),
    (
        http(200, {"success": False, "errors": [1, None, {"code": True, "message": 7, "error_chain": 3}]}),
        Doubt.ENDED,
        1,
    ),
    (http(302, "", Location="/elsewhere"), Doubt.ENDED, 1),
    (http(404, "<html>Not found</html>"), Doubt.ENDED, 1),
    (bad(404, 7000), Doubt.ENDED, 1),
    (bad(401, 1000), Doubt.NONE, 1),
    (bad(403, 9109), Doubt.NONE, 1),
    (bad(403, 10000), Doubt.NONE, 1),
    (bad(400, 6003), Doubt.NONE, 1),
    (bad(200, 10000), Doubt.NONE, 1),
    (bad(405, 10405), Doubt.NONE, 1),
    (half(), Doubt.ENDED, 3),
    (SILENCE, Doubt.OPEN, 3),
    (CLOSED, Doubt.OPEN, 3),
]


@pytest.mark.parametrize(("fault", "doubt", "tries"), FAULTS)
@pytest.mark.parametrize("make", [add, change, remove, make_zone])
@pytest.mark.parametrize("effect", [True, False])
async def test_writes_under_faults(fault: Reply, doubt: Doubt, tries: int, make: Make, effect: bool) -> None:
    """One request, a true doubt, and an examination that finds out what became of it."""
    account = Account()
    account.after_effect, account.before_effect = (fault, None) if effect else (None, fault)
    async with cloudflare(account, silent=fault.hang) as (cf, standin, _clock):
        write = await make(cf)
        await write.observe()
        await write.reserve()
        sent = len(standin.seen)
        with pytest.raises(UpstreamFailure) as caught:
            await write.send()
        assert len(standin.seen) == sent + 1
        assert caught.value.doubt is doubt
        finding = await cf.examiner.examine(json.loads(json.dumps(dict(write.check))))
        assert finding.effect is (Effect.APPLIED if effect else Effect.NOT_APPLIED), finding.sentence
        assert finding.sentence.startswith("The ")


@pytest.mark.parametrize(("fault", "doubt", "tries"), FAULTS)
async def test_reads_under_faults(fault: Reply, doubt: Doubt, tries: int) -> None:
    account = Account()
    async with cloudflare(account, silent=fault.hang) as (cf, standin, clock):
        good_one = await cf.records(ZONE.id).cached()
        account.reads = fault
        with pytest.raises(UpstreamFailure) as caught:
            await cf.records(ZONE.id).live()
        assert caught.value.doubt is Doubt.NONE
        assert standin.count() == 1 + tries
        clock.jump(60)
        stale = await cf.records(ZONE.id).cached()
        assert (stale.value, stale.stale, stale.fetched_at) == (good_one.value, True, good_one.fetched_at)


@pytest.mark.parametrize("make", ["zones", "zone_named", "zone", "records", "token"])
@pytest.mark.parametrize("body", [None, [], {}, "text", 3, [None], [[]], {"id": 1}, [{"id": ""}]])
async def test_results_of_any_shape(make: str, body: object) -> None:
    """A typed error, or an empty list where an empty list came and was said to be whole."""
    account = Account()
    info = {"total_count": len(body)} if isinstance(body, list) else {"total_count": 1}
    account.reads = good(body, info)
    async with cloudflare(account) as (cf, _standin, _clock):
        arguments = () if make in {"zones", "token"} else (ZONE.id,)
        read = getattr(cf, make)(*arguments)
        if body == [] and make in {"zones", "zone_named", "records"}:
            assert not await read.live()
        else:
            with pytest.raises(UpstreamError, match="unexpected shape"):
                await read.live()


@pytest.mark.parametrize("field", ["id", "type", "name", "content"])
async def test_records_without_what_makes_them_one(field: str) -> None:
    account = Account()
    async with cloudflare(account) as (cf, _standin, _clock):
        values: tuple[object, ...] = (None, {}, True)
        for value in values:
            account.records[0] = {**record(1, "TXT", "x"), field: value}
            with pytest.raises(UpstreamError, match="unexpected shape"):
                await cf.records(ZONE.id).live()


REFUSALS = [
    (bad(400, 81057), Conflict, r"changed meanwhile.*at _dmarc\.example\.com: Trouble 81057"),
    (bad(400, {"code": 81058, "message": "An identical record already exists."}), Conflict, "changed meanwhile"),
    (bad(200, 81058), Conflict, "changed meanwhile"),
    (bad(404, 81044), Conflict, "changed meanwhile"),
    (bad(400, 81053), Conflict, r"CNAME or address record is in the way at _dmarc\.example\.com"),
    (bad(400, "odd", {"code": "81054", "message": "In the way"}), Conflict, r"is in the way.*In the way \(81054\)"),
    (bad(400, 9008), ValidationFailed, "Trouble 9008"),
    (bad(404, 1001), NotFound, "Trouble 1001"),
    (bad(403, 81057), UpstreamError, r"refused our credentials \(check CF_API_TOKEN\)"),
]


@pytest.mark.parametrize(("answer", "kind", "message"), REFUSALS)
async def test_refusals_of_a_batch(answer: Reply, kind: type[AppError], message: str) -> None:
    account = Account()
    async with cloudflare(account) as (cf, standin, _clock):
        account.before_effect = answer
        with pytest.raises(kind, match=message) as caught:
            await run(await add(cf))
        assert not isinstance(caught.value, UpstreamFailure) or caught.value.doubt is Doubt.NONE
        assert standin.count("POST") == 1


@pytest.mark.parametrize(
    ("pointer", "names"),
    [
        ("/posts/1", "at b.example.com"),
        ("#/body/posts/1/name", "at b.example.com"),
        ("posts[0]", "at a.example.com"),
        ("/deletes/0", "at example.com"),
        ("/posts/99", "at a.example.com, b.example.com, c.example.com and other names"),
        ("/nonsense", "at a.example.com, b.example.com, c.example.com and other names"),
        (7, "at a.example.com, b.example.com, c.example.com and other names"),
    ],
)
async def test_refusals_name_the_record(pointer: object, names: str) -> None:
    account = Account()
    account.before_effect = bad(400, {"code": 81053, "message": "No", "source": {"pointer": pointer}})
    async with cloudflare(account) as (cf, _standin, _clock):
        posts = tuple(RecordDraft("TXT", f"{name}.example.com", "x") for name in "abcd")
        batch = Batch(deletes=(await by_type(cf, "MX"),), posts=posts)
        with pytest.raises(Conflict) as caught:
            await run(cf.apply(ZONE, batch))
        assert names in caught.value.message


async def test_messages_carry_their_causes_and_no_secret() -> None:
    account = Account()
    chain = [{"code": 9300, "message": f"Too many\r\ntags for {TOKEN}"}, {"code": 1, "message": "\u202eX"}]
    account.before_effect = bad(400, {"code": 1004, "message": "DNS Validation Error", "error_chain": chain}, 7)
    async with cloudflare(account) as (cf, _standin, _clock):
        with pytest.raises(ValidationFailed) as caught:
            await run(await add(cf))
        assert caught.value.message == (
            "DNS Validation Error (1004); Too many tags for [hidden] (9300); X (1); Trouble 7 (7)"
        )


async def test_errors_without_end_stay_short() -> None:
    account = Account()
    nested: dict[str, Any] = {"code": 1, "message": "x" * 500}
    for _ in range(400):
        nested = (
            {"code": 1, "message": "x" * 50, "error_chain": [nested, nested]}
            if _ < 5
            else {
                "code": 1,
                "message": "x" * 50,
                "error_chain": [nested],
            }
        )
    account.before_effect = bad(400, nested)
    async with cloudflare(account) as (cf, _standin, _clock):
        with pytest.raises(ValidationFailed) as caught:
            await run(await add(cf))
        assert len(caught.value.message) <= 300


async def test_an_answer_with_other_records_than_sent() -> None:
    account = Account()
    account.after_effect = good({"posts": [], "patches": [], "deletes": []})
    async with cloudflare(account) as (cf, _standin, _clock):
        with pytest.raises(UpstreamError, match="other records") as caught:
            await run(await add(cf))
        assert caught.value.doubt is Doubt.ENDED
