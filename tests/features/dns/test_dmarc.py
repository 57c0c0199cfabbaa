"""DMARC by meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.features.dns.rules import dmarc

POLICIES = ["none", "quarantine", "reject"]
TAGS = st.fixed_dictionaries(
    {"p": st.sampled_from(POLICIES)},
    optional={
        "sp": st.sampled_from(POLICIES),
        "adkim": st.sampled_from(["r", "s"]),
        "aspf": st.sampled_from(["r", "s"]),
        "pct": st.sampled_from(["0", "50", "100"]),
    },
)


def written(tags: dict[str, str]) -> str:
    return "; ".join(["v=DMARC1", *(f"{name}={value}" for name, value in tags.items())])


@given(st.text(max_size=60))
def test_nothing_breaks_the_parser(text: str) -> None:
    dmarc.parse(text)
    dmarc.parse("v=DMARC1;" + text)


@given(TAGS)
def test_every_policy_is_valid_and_as_strict_as_itself(tags: dict[str, str]) -> None:
    policy = dmarc.parse(written(tags))
    assert policy.valid
    assert dmarc.at_least_as_strict(policy, policy)
    assert dmarc.states(policy, policy)


@given(TAGS, TAGS, TAGS)
def test_strictness_is_transitive(one: dict[str, str], two: dict[str, str], three: dict[str, str]) -> None:
    a, b, c = (dmarc.parse(written(tags)) for tags in (one, two, three))
    if dmarc.at_least_as_strict(a, b) and dmarc.at_least_as_strict(b, c):
        assert dmarc.at_least_as_strict(a, c)


@pytest.mark.parametrize(
    ("found", "wanted", "enough"),
    [
        ("v=DMARC1; p=reject", "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;", True),
        ("v=DMARC1; p=none", "v=DMARC1; p=reject", False),
        ("v=DMARC1; p=reject; sp=none", "v=DMARC1; p=reject; sp=reject", False),
        ("v=DMARC1; p=reject; pct=10", "v=DMARC1; p=reject", False),
        ("v=DMARC1; p=reject; t=y", "v=DMARC1; p=reject", False),
        ("v=DMARC1; p=reject; adkim=r", "v=DMARC1; p=reject; adkim=s", False),
        ("v=DMARC1; p=reject; future=1", "v=DMARC1; p=reject", True),
        ("v=DMARC1; p=wrong", "v=DMARC1; p=none", False),
    ],
)
def test_strictness(found: str, wanted: str, enough: bool) -> None:
    assert dmarc.at_least_as_strict(dmarc.parse(found), dmarc.parse(wanted)) is enough


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p=none; v=DMARC1",
        "v=DMARC1",
        "v=DMARC1; p=",
        "v=DMARC1; p=none; p=none",
        "v=DMARC1; p=none; pct=101",
        "v=DMARC2; p=none",
    ],
)
def test_invalid(text: str) -> None:
    assert not dmarc.parse(text).valid


def test_an_unknown_tag_warns_only() -> None:
    policy = dmarc.parse("v=DMARC1; p=none; zz=1")
    assert policy.valid
    assert policy.warnings == ("the tag zz is not known",)


def test_a_custom_policy_compares_what_it_states() -> None:
    custom = dmarc.parse("v=DMARC1; p=reject; rua=mailto:b@x.example,mailto:a@x.example")
    same = dmarc.parse("v=DMARC1; p=REJECT; rua=mailto:a@x.example, mailto:B@x.example; fo=1")
    assert dmarc.states(same, custom)
    assert not dmarc.states(dmarc.parse("v=DMARC1; p=reject"), custom)


def test_blanks_in_front_make_it_no_record() -> None:
    assert not dmarc.is_dmarc(" v=DMARC1; p=reject")


def test_nothing_is_weaker_than_an_invalid_record() -> None:
    for text in ("v=DMARC1", "v=DMARC1; p=nonsense", "v=DMARC1; p=none; pct=abc", "v=DMARC1; p=none; adkim=x"):
        assert dmarc.at_least_as_strict(dmarc.parse("v=DMARC1; p=none"), dmarc.parse(text))
        assert not dmarc.at_least_as_strict(dmarc.parse(text), dmarc.parse("v=DMARC1; p=none"))
        assert not dmarc.for_subdomain(text).valid


@pytest.mark.parametrize(
    "addresses",
    [
        "mailto:a@reports.test",
        " mailto:a@reports.test , mailto:b%2Cc@reports.test!10m",
        "https://reports.test/in,MAILTO:a@reports.test",
    ],
)
def test_reports_go_to_addresses(addresses: str) -> None:
    assert dmarc.unsendable(dmarc.parse(f"v=DMARC1; p=none; rua={addresses}; ruf={addresses}")) == ()


@pytest.mark.parametrize(
    ("addresses", "wrong"),
    [
        ("a@reports.test", "a@reports.test"),
        ("mailto:a@reports.test mailto:b@reports.test", "mailto:a@reports.test mailto:b@reports.test"),
        ("mailto:a@reports.test,mailto:Kim Lee@reports.test", "mailto:Kim Lee@reports.test"),
        ("mailto:Lee,Kim@reports.test", "mailto:Lee"),
        ("mailto:a@reports.test!lots", "mailto:a@reports.test!lots"),
        ("mailto:", "mailto:"),
        ("mailto:a@reports.test,", "an empty address"),
        ("", "an empty address"),
    ],
)
def test_what_reports_cannot_be_sent_to_is_named(addresses: str, wrong: str) -> None:
    policy = dmarc.parse(f"v=DMARC1; p=none; rua={addresses}")
    assert policy.valid, "receivers honour the policy, and send no reports"
    assert dmarc.unsendable(policy)[0].startswith(f"rua: {wrong} is no address")


def test_a_tag_that_stands_twice_makes_the_whole_invalid() -> None:
    policy = dmarc.parse("v=DMARC1; p=reject; P=none")
    assert policy.problems == ("the tag p stands twice",)
    assert not dmarc.at_least_as_strict(policy, dmarc.parse("v=DMARC1; p=none"))
    assert not dmarc.states(policy, dmarc.parse("v=DMARC1; p=reject"))
