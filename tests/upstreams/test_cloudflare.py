"""The client of Cloudflare over a socket, against a hand-made account: order, caching, reading back."""

import pytest

from mxm.platform.errors import (
    Conflict,
    Doubt,
    NotConfigured,
    UpstreamError,
    UpstreamFailure,
)
from mxm.platform.journal.write import Effect, Examiner
from mxm.upstreams.cloudflare import COMMENT, Batch, Patch, RecordDraft, Zone
from support.standin import CLOSED, SILENCE, http
from upstreams.cfaccount import (
    ACCOUNT,
    DRAFT,
    SPF,
    TOKEN,
    ZONE,
    Account,
    add,
    bad,
    by_type,
    change,
    cloudflare,
    listed,
    make_zone,
    record,
    remove,
    run,
)


async def test_a_batch_from_start_to_end() -> None:
    account = Account()
    async with cloudflare(account) as (cf, standin, _clock):
        spf, mx = await by_type(cf, "TXT"), await by_type(cf, "MX")
        batch = Batch(
            deletes=(mx,),
            patches=(Patch(spf, RecordDraft("TXT", "example.com", 'v=spf1 "~all"', ttl=300)),),
            posts=(RecordDraft("MX", "Example.com.", "MX.new.example.", priority=20, comment=COMMENT), DRAFT),
            presumes=(spf, mx),
        )
        assert (batch.size, batch.is_empty, Batch().is_empty) == (4, False, True)
        write = cf.apply(ZONE, batch)
        assert (write.upstream, write.operation) == ("cloudflare", "dns-records-for-a-zone-batch-dns-records")
        posted = await run(write)
        sent = standin.seen[-1]
        assert (sent.method, sent.target.decode()) == ("POST", f"/client/v4/zones/{ZONE.id}/dns_records/batch")
        assert sent.headers["authorization"] == f"Bearer {TOKEN}"
        assert sent.json == {
            "deletes": [{"id": mx.id}],
            "patches": [{"id": spf.id, "content": '"v=spf1 \\"~all\\""', "ttl": 300}],
            "posts": [
                {
                    "type": "MX",
                    "name": "example.com",
                    "content": "mx.new.example",
                    "ttl": 1,
                    "priority": 20,
                    "comment": COMMENT,
                },
                {
                    "type": "TXT",
                    "name": "_dmarc.example.com",
                    "content": '"v=DMARC1; p=none"',
                    "ttl": 1,
                    "comment": COMMENT,
                },
            ],
        }
        assert [(each.type, each.content) for each in posted] == [
            ("MX", "mx.new.example"),
            ("TXT", "v=DMARC1; p=none"),
            ("TXT", 'v=spf1 "~all"'),
        ]


async def test_the_fingerprint_is_that_of_the_request() -> None:
    async with cloudflare(Account()) as (cf, _standin, _clock):
        assert (await add(cf)).fingerprint == (await add(cf)).fingerprint != (await change(cf)).fingerprint
        assert TOKEN not in repr(await add(cf)) + repr(cf) + repr((await add(cf)).check)
        assert len((await add(cf)).operation) <= 64, "the journal's column"


async def test_patches_of_hosts_name_only_what_differs() -> None:
    account = Account()
    account.records = [record(1, "CNAME", "old.example", name="mail.example.com", proxied=True, comment="theirs")]
    async with cloudflare(account) as (cf, standin, _clock):
        old = await by_type(cf, "CNAME")
        for draft, sent in (
            (RecordDraft("CNAME", "mail.example.com", "OLD.example."), {"proxied": False}),
            (RecordDraft("CNAME", "mail.example.com", "old.example", ttl=300), {"proxied": False, "ttl": 300}),
            (RecordDraft("CNAME", "mail.example.com", "x.example", proxied=True), {"content": "x.example"}),
            (RecordDraft("CNAME", "mail.example.com", "old.example", proxied=True, comment=""), {"comment": ""}),
        ):
            account.records = [record(1, "CNAME", "old.example", name=old.name, proxied=True, comment="theirs")]
            await run(cf.apply(ZONE, Batch(patches=(Patch(old, draft),))))
            assert standin.seen[-1].json == {"patches": [{"id": old.id, **sent}]}
        priority = Batch(posts=(RecordDraft("A", "example.com", "192.0.2.1", proxied=True),))
        await run(cf.apply(ZONE, priority))
        assert standin.seen[-1].json["posts"][0]["proxied"] is True


async def test_a_patch_of_a_priority() -> None:
    async with cloudflare(Account()) as (cf, standin, _clock):
        mx = await by_type(cf, "MX")
        await run(cf.apply(ZONE, Batch(patches=(Patch(mx, RecordDraft("MX", "example.com", mx.content, priority=5)),))))
        assert standin.seen[-1].json == {"patches": [{"id": mx.id, "priority": 5}]}


async def test_a_write_is_used_once_and_only_with_budget() -> None:
    async with cloudflare(Account()) as (cf, standin, _clock):
        write = await add(cf)
        with pytest.raises(RuntimeError):
            await write.send()
        await run(write)
        with pytest.raises(RuntimeError):
            await write.send()
        assert standin.count("POST") == 1


async def test_released_budget_is_there_again() -> None:
    async with cloudflare(Account()) as (cf, _standin, _clock):
        write = await add(cf)
        await write.reserve()
        assert cf.budget.snapshot().writes.remaining == cf.budget.snapshot().reads.remaining == 1199
        write.release()
        write.release()
        assert cf.budget.snapshot().writes.remaining == 1200


async def test_a_batch_that_makes_no_sense() -> None:
    async with cloudflare(Account()) as (cf, standin, _clock):
        spf = await by_type(cf, "TXT")
        new = RecordDraft("TXT", "example.com", "v=spf1 ~all")
        nonsense = [
            Batch(presumes=(spf,)),
            Batch(deletes=(spf, spf)),
            Batch(deletes=(spf,), patches=(Patch(spf, new),)),
            Batch(posts=(DRAFT, DRAFT)),
            Batch(patches=(Patch(spf, RecordDraft("TXT", "example.com", SPF)),)),
            Batch(patches=(Patch(spf, RecordDraft("TXT", "www.example.com", "x")),)),
            Batch(patches=(Patch(spf, RecordDraft("A", "example.com", "192.0.2.1")),)),
            Batch(posts=(RecordDraft("TXT", "_dmarc", "x"),)),
            Batch(posts=(RecordDraft("TXT", "example.com.evil.example", "x"),)),
            Batch(posts=(RecordDraft("TXT", "notexample.com", "x"),)),
        ]
        for batch in nonsense:
            with pytest.raises(ValueError, match=r"batch|patch|name"):
                cf.apply(ZONE, batch)
        assert standin.count("POST") == 0


async def test_a_batch_that_is_too_large() -> None:
    posts = tuple(RecordDraft("TXT", f"n{number}.example.com", "x") for number in range(201))
    async with cloudflare(Account()) as (cf, _standin, _clock):
        with pytest.raises(Conflict, match="at most 200 changes at once; these are 201"):
            cf.apply(ZONE, Batch(posts=posts))
        assert len(await run(cf.apply(ZONE, Batch(posts=posts[:200])))) == 200


async def test_a_zone_that_changed_since_the_plan() -> None:
    account = Account()
    async with cloudflare(account) as (cf, standin, _clock):
        for make in (change, remove, add):
            write = await make(cf)
            before = account.records
            account.records = [
                record(9, "TXT", '"another"'),
                record(8, "TXT", '"v=DMARC1; p=none"', name="_dmarc.example.com"),
            ]
            with pytest.raises(Conflict, match="Nothing was sent"):
                await write.observe()
            account.records = before
        assert standin.count("POST") == 0


async def test_observing_looks_live() -> None:
    account = Account()
    async with cloudflare(account) as (cf, _standin, _clock):
        await cf.records(ZONE.id).cached()
        write = await add(cf)
        account.records.append(record(5, "TXT", '"new"', name="_dmarc.example.com"))
        with pytest.raises(Conflict):
            await write.observe()


async def test_when_the_state_before_cannot_be_read_nothing_is_sent() -> None:
    account = Account()
    async with cloudflare(account, silent=True) as (cf, standin, _clock):
        write = await add(cf)
        account.reads = SILENCE
        with pytest.raises(UpstreamFailure, match="nothing was sent") as caught:
            await write.observe()
        assert caught.value.doubt is Doubt.NONE
        assert standin.count("POST") == 0


async def test_writes_drop_what_they_make_untrue_whatever_their_end() -> None:
    account = Account()
    async with cloudflare(account) as (cf, _standin, clock):
        zones, records = cf.zones(), cf.records(ZONE.id)
        assert (await add(cf)).drops == {f"cf:records:{ZONE.id}"}
        assert (await make_zone(cf)).drops == cf.check_activation(ZONE).drops == {"cf:zones"}
        for fault in (None, CLOSED):
            account.after_effect = fault
            await zones.cached()
            await records.cached()
            try:
                await run(cf.apply(ZONE, Batch(posts=(RecordDraft("TXT", f"{fault is None}.example.com", "x"),))))
            except UpstreamError:
                assert fault is CLOSED
            assert records.known() is None
            assert zones.known() is not None
        account.after_effect = None
        await run(await make_zone(cf))
        assert zones.known() is None
        await records.cached()
        clock.jump(10.1)
        assert records.known() is None, "fresh for ten seconds"


async def test_a_zone_is_made() -> None:
    account = Account()
    async with cloudflare(account) as (cf, standin, _clock):
        made = await run(cf.create_zone("New.Example."))
        assert standin.seen[-1].json == {"account": {"id": ACCOUNT}, "name": "new.example", "type": "full"}
        assert made == Zone("n" * 32, "new.example", "pending", ("ns1.example",))
        assert not made.public
        with pytest.raises(Conflict, match=r"new\.example exists at Cloudflare already \(pending\)"):
            await cf.create_zone("new.example").observe()


async def test_a_zone_that_somebody_made_meanwhile() -> None:
    account = Account()
    account.before_effect = bad(400, {"code": 1061, "message": "new.example already exists"})
    async with cloudflare(account) as (cf, _standin, _clock):
        with pytest.raises(Conflict, match="already exists"):
            await run(await make_zone(cf))


async def test_making_a_zone_needs_an_account() -> None:
    async with cloudflare(Account(), account_id=None) as (cf, standin, _clock):
        with pytest.raises(NotConfigured, match="CF_ACCOUNT_ID"):
            cf.create_zone("new.example")
        await cf.zones().live()
        assert b"account.id" not in standin.seen[-1].target


async def test_a_check_of_name_servers() -> None:
    async with cloudflare(Account()) as (cf, standin, _clock):
        write = cf.check_activation(ZONE)
        assert await run(write) is None
        assert (standin.seen[-1].method, standin.seen[-1].body) == ("PUT", b"")
        finding = await cf.examiner.examine(write.check)
        assert finding.effect is Effect.UNKNOWN
        assert "asking again does no harm" in finding.sentence
        assert standin.count() == 1, "there is nothing to read"


async def test_examining_what_was_not_observed() -> None:
    account = Account()
    async with cloudflare(account) as (cf, _standin, _clock):
        examiner: Examiner = cf.examiner
        assert (await examiner.examine((await add(cf)).check)).effect is Effect.UNKNOWN
        zone = cf.create_zone("example.com")
        assert (await examiner.examine(zone.check)).effect is Effect.UNKNOWN


async def test_examining_what_leaves_no_trace() -> None:
    """A record in place of one that says the same: both ends look alike."""
    async with cloudflare(Account()) as (cf, _standin, _clock):
        mx = await by_type(cf, "MX")
        write = cf.apply(ZONE, Batch(deletes=(mx,), posts=(RecordDraft("MX", mx.name, mx.content, priority=10),)))
        await write.observe()
        assert (await cf.examiner.examine(write.check)).effect is Effect.UNKNOWN


async def test_examining_when_somebody_else_changed_it() -> None:
    account = Account()
    async with cloudflare(account) as (cf, _standin, _clock):
        write = await change(cf)
        await write.observe()
        account.records[0]["content"] = '"v=spf1 ?all"'
        finding = await cf.examiner.examine(write.check)
        assert finding.effect is Effect.UNKNOWN
        assert "neither as before nor as requested" in finding.sentence
        account.reads = bad(404, 1001)
        assert "not there any more" in (await cf.examiner.examine(write.check)).sentence
        account.reads = http(502, "")
        with pytest.raises(UpstreamError):
            await cf.examiner.examine(write.check)


async def test_examining_changes_of_what_is_beside_the_content() -> None:
    account = Account()
    for draft in (RecordDraft("TXT", "example.com", SPF, ttl=300), RecordDraft("TXT", "example.com", SPF, comment="c")):
        async with cloudflare(account) as (cf, _standin, _clock):
            write = cf.apply(ZONE, Batch(patches=(Patch(await by_type(cf, "TXT"), draft),)))
            await write.observe()
            assert (await cf.examiner.examine(write.check)).effect is Effect.NOT_APPLIED
            await write.reserve()
            await write.send()
            assert (await cf.examiner.examine(write.check)).effect is Effect.APPLIED
            account.records[0].update(ttl=1, comment=None)


@pytest.mark.parametrize(
    "check",
    [
        {},
        {"kind": "of another version"},
        {"kind": "zone"},
        {"kind": "records"},
        {"kind": "records", "zone": "z", "name": "n", "sets": [1], "wanted": [], "before": []},
        {"kind": "records", "zone": "z", "name": "n", "sets": [], "wanted": [3], "before": []},
        {"kind": "records", "zone": "z", "name": "n", "sets": [], "wanted": [], "before": 3},
    ],
)
async def test_examining_nonsense(check: dict[str, object]) -> None:
    account = Account()
    account.reads = listed([])
    async with cloudflare(account) as (cf, _standin, _clock):
        assert (await cf.examiner.examine(check)).effect is Effect.UNKNOWN
