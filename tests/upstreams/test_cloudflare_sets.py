"""Record sets as pure thought: what a batch wants, and what no longer fits it."""

from dataclasses import replace

import pytest

from mxm.platform.errors import Conflict
from mxm.upstreams.cloudflare import Batch, Patch, Record, RecordDraft, sets, shapes
from mxm.upstreams.cloudflare.models import Zone
from mxm.upstreams.cloudflare.names import ascii_name

ZONE = Zone("z", "example.com", "active", ())
OLD = Record("1", "TXT", "example.com", "v=spf1 -all", 1, None, False, None, '"v=spf1 -all"')
OTHER = Record("2", "TXT", "example.com", "verify=1", 1, None, False, "theirs", '"verify=1"')
MAIL = Record("3", "MX", "example.com", "mx.example.net", 300, 10, False, None, "mx.example.net")
NEW = RecordDraft("TXT", "example.com", "v=spf1 include:mxroute.com -all")
BATCH = Batch(patches=(Patch(OLD, NEW),), presumes=(OLD, OTHER))


def test_a_zone_as_presumed() -> None:
    sets.refuse_if_changed("example.com", BATCH, [MAIL, OTHER, OLD])
    sets.refuse_if_changed("example.com", BATCH, [replace(OLD, comment="new", raw="v=spf1 -all"), OTHER])


@pytest.mark.parametrize(
    "now",
    [
        [],
        [OTHER],
        [OLD],
        [OLD, OTHER, replace(OTHER, id="9", content="verify=2")],
        [replace(OLD, content="v=spf1 ~all"), OTHER],
        [replace(OLD, ttl=300), OTHER],
        [replace(OLD, proxied=True), OTHER],
        [replace(OLD, type="A"), OTHER],
        [replace(OLD, name="www.example.com"), OTHER],
        [replace(OLD, id="8"), OTHER],
        [OLD, replace(OTHER, content="verify=2")],
    ],
)
def test_a_zone_that_has_changed(now: list[Record]) -> None:
    with pytest.raises(Conflict, match=r"zone example\.com has changed.*TXT at .*example\.com.*Nothing was sent"):
        sets.refuse_if_changed("example.com", BATCH, now)


def test_another_priority_is_another_record() -> None:
    with pytest.raises(Conflict, match="MX at"):
        sets.refuse_if_changed("example.com", Batch(deletes=(MAIL,)), [replace(MAIL, priority=20)])


def test_what_is_presumed_beside_the_touched_sets_counts_too() -> None:
    batch = Batch(posts=(NEW,), presumes=(MAIL,))
    sets.refuse_if_changed("example.com", batch, [MAIL])
    with pytest.raises(Conflict):
        sets.refuse_if_changed("example.com", batch, [])


def test_a_set_that_is_presumed_empty() -> None:
    batch = Batch(posts=(NEW,))
    sets.refuse_if_changed("example.com", batch, [MAIL])
    with pytest.raises(Conflict):
        sets.refuse_if_changed("example.com", batch, [OLD])


@pytest.mark.parametrize(
    "draft",
    [
        RecordDraft("TXT", "EXAMPLE.com.", "verify=1"),
        RecordDraft("txt", "example.com", "verify=1", ttl=300, comment="ours"),
    ],
)
def test_what_exists_is_not_added_again(draft: RecordDraft) -> None:
    with pytest.raises(Conflict, match="exists already"):
        sets.refuse_if_changed("example.com", Batch(posts=(draft,), presumes=(OLD, OTHER)), [OLD, OTHER])
    with pytest.raises(Conflict, match="exists already"):
        sets.refuse_if_changed("example.com", Batch(patches=(Patch(OLD, draft),), presumes=(OTHER,)), [OLD, OTHER])
    # What goes in the same batch is not in the way.
    sets.refuse_if_changed("example.com", Batch(deletes=(OTHER,), posts=(draft,), presumes=(OLD,)), [OLD, OTHER])


def test_the_same_address_is_the_same_record() -> None:
    address = Record("4", "AAAA", "example.com", "2001:db8::1", 1, None, False, None, "2001:db8::1")
    draft = RecordDraft("AAAA", "example.com", "2001:0DB8:0::1")
    with pytest.raises(Conflict):
        sets.refuse_if_changed("example.com", Batch(posts=(draft,), presumes=(address,)), [address])


def test_what_is_wanted() -> None:
    posted = RecordDraft("MX", "example.com", "MX2.example.net.", priority=20, comment="c")
    batch = Batch((MAIL,), (Patch(OLD, NEW),), (posted,), (OLD, OTHER, MAIL))
    assert sets.wanted(batch) == [
        ["TXT", "example.com", '"verify=1"', None, False, 1, "theirs"],
        ["TXT", "example.com", '"v=spf1 include:mxroute.com -all"', None, False, 1, None],
        ["MX", "example.com", "mx2.example.net", 20, False, 1, "c"],
    ]


def test_comments_of_people_stay() -> None:
    patched = Patch(OTHER, replace(NEW, comment=None))
    assert sets.comment_after(patched) == "theirs"
    assert sets.comment_after(replace(patched, draft=replace(NEW, comment="ours"))) == "ours"
    assert sets.comment_after(replace(patched, draft=replace(NEW, comment=""))) == ""


def test_a_batch_that_contradicts_itself() -> None:
    with pytest.raises(ValueError, match="two states"):
        sets.presumed(Batch(deletes=(OLD,), presumes=(replace(OLD, ttl=2),)))


def test_bytes_that_are_no_text_are_compared_as_they_came() -> None:
    """Two records that read the same and are not."""
    first, second = (
        shapes.records([{"id": "1", "type": "TXT", "name": "example.com", "content": f'"\\{byte}"', "ttl": 1}])[0]
        for byte in (200, 201)
    )
    assert first.content == second.content == "\ufffd"
    with pytest.raises(Conflict):
        sets.refuse_if_changed("example.com", Batch(deletes=(first,)), [second])


@pytest.mark.parametrize(
    ("name", "ascii_form"),
    [
        ("Example.COM.", "example.com"),
        ("_dmarc.Bücher.example", "_dmarc.xn--bcher-kva.example"),
        ("*.example.com", "*.example.com"),
        ("\u00ad.example", "\u00ad.example"),
    ],
)
def test_names(name: str, ascii_form: str) -> None:
    assert ascii_name(name) == ascii_form


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        ({"type": "CNAME", "content": "Host.Example.NET."}, "host.example.net"),
        ({"type": "mx", "content": "MX.example.net", "priority": 10}, "mx.example.net"),
        ({"type": "MX", "content": ".", "priority": 0}, "."),
        ({"type": "TXT", "content": '"a" "b"'}, "ab"),
        ({"type": "A", "content": "192.0.2.1", "proxied": True}, "192.0.2.1"),
        ({"type": "CAA", "content": '0 issue "CA.example"'}, '0 issue "CA.example"'),
        ({"type": "SVCB", "content": "1 . Odd"}, "1 . Odd"),
    ],
)
def test_content_in_one_form(sent: dict[str, object], content: str) -> None:
    record = shapes.records([{"id": "1", "name": "WWW.Example.com.", "ttl": 1, "comment": "", **sent}])[0]
    assert (record.name, record.content, record.raw, record.comment) == (
        "www.example.com",
        content,
        sent["content"],
        None,
    )
    assert record.type == str(sent["type"]).upper()
