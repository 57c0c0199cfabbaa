"""Names from people, by property: building one never crashes, what is built is stable, odd ones are refused."""

import string
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mxm.platform.names import alias_name, domain_name, email_address, local_part, network_text, plain_text

BUILDERS: list[Callable[[str], str]] = [domain_name, local_part, alias_name, email_address, plain_text, network_text]
ODD = st.text(alphabet=st.sampled_from("aZ0.-_@+ \t\n\x00\u200b\u00e9\u00df\u0130\u202e\u3002\uff0e\ud83d\ude00%/\\'*"))
LABEL = st.text(alphabet=string.ascii_letters + string.digits, min_size=1, max_size=20)


def _built(build: Callable[[str], str], text: str) -> str | None:
    """The name, or None when it is refused in our words."""
    try:
        return build(text)
    except ValueError as error:
        refused = error
    assert str(refused).startswith("must "), f"{type(refused)}: {refused}"
    return None


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@given(text=st.one_of(st.text(), ODD))
def test_building_never_crashes_and_is_idempotent(build: Callable[[str], str], text: str) -> None:
    name = _built(build, text)
    if name is not None:
        assert build(name) == name
        assert "\n" not in name
        assert "\x00" not in name


@given(labels=st.lists(LABEL, min_size=1, max_size=4), top=st.sampled_from(["com", "example", "TEST", "co.uk"]))
def test_ordinary_domains_are_lower_cased(labels: list[str], top: str) -> None:
    text = ".".join([*labels, top])
    assert domain_name(text) == text.lower()


@given(st.one_of(st.text(), ODD))
@example("b\u00fccher.example")
@example("stra\u00dfe.example")
@example("\u0130.example")
@example("xn--a.example")
def test_a_domain_is_ascii_labels_and_safe_in_a_path(text: str) -> None:
    name = _built(domain_name, text)
    if name is not None:
        assert name.isascii()
        assert name == name.lower()
        assert not set(name) & set("/\\%?#@: *")
        assert all(0 < len(label) <= 63 for label in name.split("."))


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("B\u00fccher.Example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("b\u0075\u0308cher.example", "xn--bcher-kva.example"),
        ("EXAMPLE\uff0ecom", "example.com"),
        ("stra\u00dfe.example", "xn--strae-oqa.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
    ],
)
def test_international_domains_have_one_form(given_name: str, name: str) -> None:
    assert domain_name(given_name) == name


NO_DOMAINS = [
    *("", "com", "a..b", ".a.b", "a.b.", "-a.com", "a-.com", "1.2.3.4", "a b.com", "a/b.com", " a.com", "a.com\n"),
    *("a\u200b.com", "\u202ea.com", f"{'a' * 64}.com", ".".join(["a" * 60] * 5), "*.example.com", "a%2eb.com"),
    "\u2488com",
]
NO_LOCAL_PARTS = ["", ".", "..", "a..b", ".a", "a.", "-a", "a b", "a@b", "\u00e9", "a/b", "a" * 65, "a\n"]


@pytest.mark.parametrize("text", NO_DOMAINS)
def test_what_is_no_domain(text: str) -> None:
    assert _built(domain_name, text) is None


@pytest.mark.parametrize("text", NO_LOCAL_PARTS)
def test_what_is_no_local_part(text: str) -> None:
    assert _built(local_part, text) is None


@given(st.text(alphabet=string.ascii_letters + string.digits + "._+-", min_size=1, max_size=64))
def test_a_local_part_is_lower_case_and_one_safe_segment(text: str) -> None:
    name = _built(local_part, text)
    if name is not None:
        assert name == text.lower()
        assert name not in {".", ".."}


@given(st.one_of(st.text(), ODD, st.emails()))
def test_an_address_has_one_at_and_an_ascii_domain(text: str) -> None:
    address = _built(email_address, text)
    if address is not None:
        local, _, domain = address.rpartition("@")
        assert local
        assert "@" not in local
        assert domain_name(domain) == domain
        assert address.isascii()


def test_an_address_keeps_its_meaning() -> None:
    assert email_address("  Alex.O'Hara@B\u00fccher.Example ") == "alex.o'hara@xn--bcher-kva.example"


@given(st.ip_addresses())
def test_a_single_address_is_a_network_of_one(address: object) -> None:
    text = network_text(str(address))
    assert text.endswith(("/32", "/128"))
