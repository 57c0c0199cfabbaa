"""For any zone: a repair keeps every record that it does not own, and a second repair changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.dns.zones import DEFAULT, HOST, KEY, PROOF, SELECTOR, WANTED, D, carried_out, record, situation, zones
from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.dkim import key_of
from mxm.features.dns.rules.plan import Plan, Situation, plan
from mxm.features.dns.rules.steps import STEPS
from mxm.features.dns.rules.wanted import DmarcWish, TextRecord
from mxm.features.dns.schemas import Key, Replaceable
from mxm.upstreams.cloudflare import COMMENT, Record
from mxm.upstreams.resolver import SpfCost

ALL = list(Key)
keys = st.sets(st.sampled_from(ALL), min_size=1)
replacing = st.sets(st.sampled_from(list(Replaceable)))
CUSTOM = "v=DMARC1; p=quarantine; sp=reject; aspf=s"


def planned(found: Situation, wanted: list[Key] | set[Key] = ALL, *, implied: bool = False) -> Plan:
    return plan(found, wanted, STEPS, implied=implied)


def meaning(each: Record) -> tuple[object, ...]:
    return (each.type, each.name, each.content, each.priority, each.ttl, each.comment)


def is_spf_record(each: Record) -> bool:
    return each.type == "TXT" and each.name == D and spf.is_spf(each.content)


def is_dmarc_record(each: Record) -> bool:
    return each.type == "TXT" and each.name == f"_dmarc.{D}" and dmarc.is_dmarc(each.content)


@given(zones, keys, st.booleans())
def test_a_repair_keeps_every_record_that_it_does_not_own(zone: list[Record], wanted: set[Key], implied: bool) -> None:
    after = {meaning(each) for each in carried_out(planned(situation(zone), wanted, implied=implied), zone)}
    lost = [each for each in zone if meaning(each) not in after and not is_spf_record(each)]
    assert lost == [], "only SPF is ever merged"


@given(zones)
def test_every_sender_stays(zone: list[Record]) -> None:
    before = [each.content for each in zone if is_spf_record(each)]
    after = [each.content for each in carried_out(planned(situation(zone)), zone) if is_spf_record(each)]
    kept = {term.key for record in after for term in spf.senders(record)}
    assert {term.key for text in before for term in spf.senders(text)} <= kept


@given(zones, keys, replacing, st.sampled_from([DEFAULT, CUSTOM]), st.booleans())
def test_a_second_repair_changes_nothing(
    zone: list[Record], wanted: set[Key], named: set[Replaceable], policy: str, implied: bool
) -> None:
    wish = replace(WANTED, dmarc=DmarcWish(policy, custom=policy == CUSTOM))
    first = planned(situation(zone, wanted=wish, replace=frozenset(named)), wanted, implied=implied)
    again = situation(carried_out(first, zone), wanted=wish, replace=frozenset(named))
    assert planned(again, wanted, implied=implied).changes == []


@given(zones, replacing)
def test_replace_opens_only_what_it_names(zone: list[Record], named: set[Replaceable]) -> None:
    found = planned(situation(zone, replace=frozenset(named)))
    going = [each for change in found.changes for each in change.deletes]
    opened: dict[Replaceable, Callable[[Record], bool]] = {
        Replaceable.MX: lambda each: each.type == "MX" and each.name == D,
        Replaceable.DKIM: lambda each: each.name == SELECTOR and key_of(each.content) is not None,
        Replaceable.MAIL: lambda each: each.name == f"mail.{D}" and each.type in {"A", "AAAA"},
        Replaceable.WEBMAIL: lambda each: each.name == f"webmail.{D}" and each.type in {"A", "AAAA"},
    }
    for each in going:
        assert is_spf_record(each) or any(opened[name](each) for name in named), each


@given(zones, st.sampled_from(["v=DMARC1; p=none", "v=DMARC1; p=reject; adkim=s"]))
def test_dmarc_is_never_weakened_and_never_replaced_unasked(zone: list[Record], default: str) -> None:
    wish = replace(WANTED, dmarc=DmarcWish(default, custom=False))
    before = [each for each in zone if is_dmarc_record(each)]
    after = [each for each in carried_out(planned(situation(zone, wanted=wish)), zone) if is_dmarc_record(each)]
    assert after == before or not before


@given(zones)
def test_comments_of_people_stay(zone: list[Record]) -> None:
    written = {each.comment for each in zone if is_spf_record(each) and each.comment == "ask Kim"}
    after = [each for each in carried_out(planned(situation(zone)), zone) if is_spf_record(each)]
    assert written <= {each.comment for each in after}


@given(zones)
def test_records_are_written_where_cloudflare_takes_them(zone: list[Record]) -> None:
    """Nothing beside an alias, no alias beside anything, nothing below a delegation, nothing twice."""
    after = carried_out(planned(situation(zone)), zone)
    new = [each for each in after if each not in zone]
    for each in new:
        beside = [other for other in after if other.name == each.name and other is not each]
        if each.name != D:
            assert not any(other.type == "CNAME" for other in beside)
            assert each.type != "CNAME" or not beside
        assert (each.type, each.content, each.priority) not in {(o.type, o.content, o.priority) for o in beside}


def test_an_empty_zone_gets_everything_marked_as_ours_but_webmail_only_when_named() -> None:
    found = planned(situation([]))
    assert {change.key for change in found.changes} == set(ALL)
    drafts = [draft for change in found.changes for draft in change.posts]
    assert all(draft.comment == COMMENT for draft in drafts)
    texts = [("TXT", name) for name in (D, SELECTOR, f"_dmarc.{D}", PROOF)]
    names = [("CNAME", f"mail.{D}"), ("CNAME", f"webmail.{D}")]
    assert sorted((d.type, d.name) for d in drafts) == sorted([("MX", D), ("MX", D), *texts, *names])


GOOGLE = [record("MX", D, "aspmx.l.google.com", priority=1), record("TXT", D, "v=spf1 include:_spf.google.com ~all")]


def test_a_zone_of_another_provider_is_left_alone_and_told_about() -> None:
    found = planned(situation(GOOGLE), [key for key in ALL if key is not Key.WEBMAIL], implied=True)
    assert found.changes == []
    (conflict,) = found.conflicts
    assert (conflict.key, conflict.replace) == (Key.MX, Replaceable.MX)
    assert "Google Workspace" in conflict.reason
    assert "another provider" in found.unchanged[Key.SPF]


def test_who_names_a_record_gets_it_beside_another_provider() -> None:
    found = planned(situation(GOOGLE), [Key.SPF])
    (change,) = found.changes
    assert change.patches[0].draft.content == "v=spf1 include:_spf.google.com include:mxroute.com ~all"


def test_replacing_the_mx_of_another_provider_is_possible_on_purpose() -> None:
    found = planned(situation(GOOGLE, replace=frozenset({Replaceable.MX})), [Key.MX])
    assert [each.content for each in found.changes[0].deletes] == ["aspmx.l.google.com"]
    assert {draft.content for draft in found.changes[0].posts} == WANTED.mx_hosts


def test_what_we_wrote_ourselves_may_go_without_asking() -> None:
    old = record("MX", D, "old-server.mxlogin.com", priority=10, comment=COMMENT)
    assert planned(situation([old]), [Key.MX]).changes == []
    found = planned(situation([old], ours=frozenset({("MX", D, "old-server.mxlogin.com")})), [Key.MX])
    assert found.changes[0].deletes == (old,)


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (SpfCost(lookups=11), "11 look-ups"),
        (SpfCost(lookups=3, unknown=True), "could not be counted"),
        (None, "could not be counted"),
    ],
)
def test_spf_is_left_alone_when_the_merged_record_could_not_be_evaluated(cost: SpfCost | None, words: str) -> None:
    zone = [record("TXT", D, "v=spf1 include:a.test ~all")]
    found = planned(situation(zone, spf_cost=lambda _record: cost), [Key.SPF])
    assert found.changes == []
    assert words in found.conflicts[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [("v=spf1 redirect=other.test", "redirect="), ("v=spf1 exists:%{i}.x.test -all", "macros"), ("v=spf1 :", "read")],
)
def test_spf_that_cannot_be_merged_is_a_conflict(text: str, words: str) -> None:
    found = planned(situation([record("TXT", D, text)]), [Key.SPF])
    assert found.changes == []
    assert words in found.conflicts[0].reason


def test_a_dozen_spf_records_are_not_deleted_unasked() -> None:
    zone = [record("TXT", D, f"v=spf1 ip4:203.0.113.{n} -all") for n in range(12)]
    found = planned(situation(zone))
    assert Key.SPF not in {change.key for change in found.changes}
    assert any("11 records" in conflict.reason for conflict in found.conflicts)


def test_an_alias_in_the_way_is_reported() -> None:
    zone = [record("CNAME", f"_dmarc.{D}", "dmarc.other.test"), record("CNAME", SELECTOR, "keys.other.test")]
    found = planned(situation(zone), [Key.DMARC, Key.DKIM])
    assert found.changes == []
    assert [conflict.key for conflict in found.conflicts] == [Key.DKIM, Key.DMARC]
    assert "alias" in found.conflicts[0].reason


def test_a_name_that_is_delegated_away_is_not_written() -> None:
    sub = replace(WANTED, domain=f"shop.{D}")
    found = planned(situation([record("NS", f"shop.{D}", "ns1.other.test")], wanted=sub), [Key.MX])
    assert found.changes == []
    assert "delegated" in found.conflicts[0].reason


def test_a_proxied_alias_becomes_plain_and_nothing_else() -> None:
    alias = record("CNAME", f"mail.{D}", HOST, proxied=True, comment="ask Kim")
    (change,) = planned(situation([alias]), [Key.MAIL]).changes
    assert change.patches[0].draft.proxied is False
    assert carried_out(Plan([change]), [alias]) == [replace(alias, proxied=False)]


def test_a_custom_policy_replaces_all_policies_and_leaves_other_texts() -> None:
    name = f"_dmarc.{D}"
    other = record("TXT", name, "hello")
    zone = [record("TXT", name, "v=DMARC1; p=reject"), other, record("TXT", name, "v=DMARC1; p=none")]
    wish = replace(WANTED, dmarc=DmarcWish(CUSTOM, custom=True))
    after = carried_out(planned(situation(zone, wanted=wish), [Key.DMARC]), zone)
    assert sorted(each.content for each in after) == sorted(["hello", CUSTOM])


@pytest.mark.parametrize(
    ("parent", "default", "words"),
    [
        ("v=DMARC1; p=none; sp=reject", DEFAULT, "holds here"),
        ("v=DMARC1; p=none; rua=mailto:reports@example.com", DEFAULT, "holds here"),
        ("v=DMARC1; p=reject", "v=DMARC1; p=none; adkim=s", "would weaken"),
        ("v=DMARC1; p=reject; sp=none", "v=DMARC1; p=quarantine", None),
        ("v=DMARC1; rua=mailto:x@example.com", DEFAULT, None),
        ("v=DMARC1; p=nonsense", DEFAULT, None),
    ],
)
def test_a_parents_policy_is_not_undercut(parent: str, default: str, words: str | None) -> None:
    wish = replace(WANTED, dmarc=DmarcWish(default, custom=False))
    found = planned(situation([], wanted=wish, inherited_dmarc=parent), [Key.DMARC])
    assert bool(found.changes) is (words is None)
    assert words is None or words in found.unchanged[Key.DMARC]


def test_a_parents_policy_that_could_not_be_looked_up_is_not_said_to_hold() -> None:
    found = planned(situation([], inherited_unknown=True), [Key.DMARC])
    assert not found.changes
    assert "could not be looked up" in found.unchanged[Key.DMARC]


def test_a_name_that_is_another_domain_of_the_account_is_left_to_it() -> None:
    address = record("A", f"mail.{D}", "203.0.113.1")
    found = situation([address], domains=frozenset({f"mail.{D}"}), replace=frozenset({Replaceable.MAIL}))
    (conflict,) = planned(found, [Key.MAIL]).conflicts
    assert conflict.replace is None
    assert "domain of this account" in conflict.reason


WILD = record("A", f"*.{D}", "203.0.113.9")


def test_a_name_that_a_wildcard_answers_is_taken_only_on_purpose() -> None:
    (conflict,) = planned(situation([WILD]), [Key.MAIL]).conflicts
    assert (conflict.replace, conflict.found) == (Replaceable.MAIL, ("A 203.0.113.9",))
    assert planned(situation([WILD], replace=frozenset({Replaceable.MAIL})), [Key.MAIL]).changes
    below = record("TXT", f"x.mail.{D}", "it exists by this")
    assert planned(situation([WILD, below]), [Key.MAIL]).changes, "a wildcard does not answer for what exists"
    assert planned(situation([WILD]), [Key.DKIM, Key.DMARC, Key.SPF, Key.MX]).conflicts == []


def test_a_domain_that_exists_by_a_wildcard_only_is_not_made_to_vanish() -> None:
    sub = replace(WANTED, domain=f"shop.{D}", dkim=TextRecord(f"x._domainkey.shop.{D}", KEY))
    wild = [WILD, record("MX", f"*.{D}", "aspmx.l.google.com", priority=1)]
    found = planned(situation(wild, wanted=sub), [Key.MX, Key.SPF, Key.DKIM, Key.DMARC, Key.MAIL])
    assert found.changes == []
    assert all("wildcard" in conflict.reason for conflict in found.conflicts)
    own = [*wild, record("A", f"shop.{D}", "203.0.113.9")]
    assert planned(situation(own, wanted=sub), [Key.MX, Key.SPF, Key.DKIM, Key.DMARC]).conflicts == []


def test_a_key_for_somebody_else_is_replaced_only_on_purpose() -> None:
    foreign = record("TXT", SELECTOR, "v=DKIM1; p=ANOTHERKEY", comment="newsletter")
    assert planned(situation([foreign]), [Key.DKIM]).conflicts[0].replace is Replaceable.DKIM
    named = situation([foreign], replace=frozenset({Replaceable.DKIM}))
    (patched,) = carried_out(planned(named, [Key.DKIM]), [foreign])
    assert (patched.id, patched.content, patched.comment) == (foreign.id, KEY, "newsletter")


def test_the_batch_presumes_all_of_every_set_that_it_touches() -> None:
    zone = [record("TXT", D, "v=spf1 -all"), record("TXT", D, "hello"), record("A", D, "203.0.113.1")]
    batch = planned(situation(zone), [Key.SPF]).batch(zone)
    assert {each.content for each in batch.presumes} == {"v=spf1 -all", "hello"}


def test_the_proof_stands_beside_other_texts() -> None:
    other = record("TXT", PROOF, "something else")
    found = planned(situation([other]), [Key.VERIFICATION])
    assert found.changes[0].posts[0].content == "domain-verified"
    assert found.changes[0].deletes == ()
