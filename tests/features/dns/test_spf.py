"""SPF by meaning: who may send now may send afterwards, MXroute besides, and a second merge changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.features.dns.rules import spf

OURS = "v=spf1 include:mxroute.com -all"
HOSTS = st.sampled_from(["a.example", "_spf.google.com", "sendgrid.net", "mxroute.com", "b.example"])
MECHANISMS = st.one_of(
    st.builds("include:{}".format, HOSTS),
    st.builds("a:{}".format, HOSTS),
    st.sampled_from(["a", "mx", "MX", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "+mx", "ptr", "exists:x.example"]),
)
ENDINGS = st.sampled_from(["-all", "~all", "?all", "+all", "all", ""])
RECORDS = st.builds(
    lambda terms, end: " ".join(["v=spf1", *terms, *([end] if end else [])]), st.lists(MECHANISMS, max_size=6), ENDINGS
)


@given(st.lists(RECORDS, max_size=3))
def test_a_merge_keeps_every_sender_and_lets_mxroute_send(records: list[str]) -> None:
    merged = spf.merge(records, OURS)
    assert merged.record is not None, merged.conflict
    kept = {term.key for term in spf.senders(merged.record)}
    assert {term.key for record in records for term in spf.senders(record)} <= kept
    assert spf.allows(merged.record, OURS)


@given(st.lists(RECORDS, min_size=1, max_size=3))
def test_a_second_merge_changes_nothing(records: list[str]) -> None:
    once = spf.merge(records, OURS).record
    assert once is not None
    assert spf.merge([once], OURS).record == once


@given(RECORDS)
def test_a_single_record_keeps_its_terms_in_their_order_and_its_qualifier(record: str) -> None:
    merged = spf.merge([record], OURS).record
    assert merged is not None
    words = merged.split()
    added = [word for word in words if word == "include:mxroute.com"][:1] if record.split() != words else []
    left = list(words)
    for word in added:
        left.remove(word)
    assert left == record.split()


@pytest.mark.parametrize(
    ("records", "merged"),
    [
        ([], OURS),
        ([OURS], OURS),
        (["v=spf1 include:_spf.google.com ~all"], "v=spf1 include:_spf.google.com include:mxroute.com ~all"),
        (["V=SPF1 include:MXROUTE.com. ~all"], "V=SPF1 include:MXROUTE.com. ~all"),
        (["v=spf1 a mx"], "v=spf1 a mx include:mxroute.com"),
        (["v=spf1 a -all", "v=spf1 mx ~all"], "v=spf1 a mx include:mxroute.com ~all"),
        (["v=spf1 -all include:mxroute.com"], "v=spf1 include:mxroute.com -all include:mxroute.com"),
        (["v=spf1 a -all exp=e.example", "v=spf1 mx -all"], "v=spf1 a mx include:mxroute.com -all exp=e.example"),
    ],
)
def test_merges(records: list[str], merged: str) -> None:
    assert spf.merge(records, OURS) == spf.Merged(merged)


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ("v=spf1 redirect=_spf.example.net", "redirect"),
        ("v=spf1 exists:%{i}.x.example -all", "macros"),
        ("v=spf1 ~include:mxroute.com -all", "not as allowed"),
        ("v=spf1 include:a.example !what -all", "cannot be read"),
    ],
)
def test_what_cannot_be_merged_safely_is_a_conflict(record: str, named: str) -> None:
    merged = spf.merge([record], OURS)
    assert merged.record is None
    assert named in (merged.conflict or "")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("v=spf1", True), ("V=SPF1 -all", True), ("v=spf10 -all", False), ("v=spf1-all", False), ("spf", False)],
)
def test_what_is_spf(text: str, is_one: bool) -> None:
    assert spf.is_spf(text) is is_one


@pytest.mark.parametrize(
    "records",
    [
        ["v=spf1 -ip4:1.2.3.0/24 +all", "v=spf1 ip4:1.2.3.4 -all"],
        ["v=spf1 ?include:a.example -all", "v=spf1 include:b.example -all"],
    ],
)
def test_records_that_refuse_single_senders_are_not_folded(records: list[str]) -> None:
    assert spf.merge(records, OURS).record is None
    assert spf.merge(records[:1], OURS).record is not None


def test_a_record_without_all_is_neutral_when_it_is_folded() -> None:
    assert (
        spf.merge(["v=spf1 -all", "v=spf1 ip4:192.0.2.9"], OURS).record
        == "v=spf1 ip4:192.0.2.9 include:mxroute.com ?all"
    )
    assert spf.merge(["v=spf1 a", "v=spf1 mx"], OURS).record == "v=spf1 a mx include:mxroute.com"


UNSOUND = [
    *["ip4:999.1.1.1", "ip4:2001:db8::1", "ip6:192.0.2.1", "ip4", "unknown:foo", "include:", "include", "exists"],
    *["a:x.test/99", "all:foo", "redirect=", "-exp=a.test", "mx:/24", "ptr/8"],
]
SOUND = [
    *["a", "a/24", "a//64", "a:x.test/24//64", "mx:x.test", "ptr:x.test", "exists:%{i}.x.test", "ip6:::1", "?all"],
    *["ip6:2001:db8::/32", "redirect=a.test", "exp=why.test", "future=anything", "include:%{d}.x.test"],
    "IP4:192.0.2.0/24",
]


@pytest.mark.parametrize("word", UNSOUND)
def test_a_record_with_a_term_outside_the_grammar_is_unreadable(word: str) -> None:
    assert spf.terms(f"v=spf1 {word} -all") is None
    assert spf.merge([f"v=spf1 {word} -all"], OURS).record is None


@pytest.mark.parametrize("word", SOUND)
def test_terms_of_the_grammar(word: str) -> None:
    assert spf.terms(f"v=spf1 {word}") is not None


@pytest.mark.parametrize("text", [" v=spf1 -all", "v=spf10 -all", "v=spf1;-all", "\tv=spf1"])
def test_what_only_looks_like_spf(text: str) -> None:
    assert not spf.is_spf(text)


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_modifiers_stand_once(name: str) -> None:
    assert spf.terms(f"v=spf1 {name}=a.test {name}=b.test") is None
