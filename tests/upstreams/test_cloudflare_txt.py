"""TXT content: what is written is what is meant, however it is quoted and cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.upstreams.cloudflare import txt
from mxm_sandbox.dns import strings

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=700)
PARTS = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


@given(TEXTS)
def test_writing_and_reading_gives_the_same_text(text: str) -> None:
    assert txt.decode(txt.encode(text)) == text


@given(TEXTS)
def test_others_read_what_we_write(text: str) -> None:
    """The sandbox has a codec of its own."""
    written = strings.parse(txt.encode(text))
    assert written is not None
    assert b"".join(written) == text.encode()
    assert all(len(part) <= 255 for part in written)


@given(TEXTS)
def test_we_read_what_others_write(text: str) -> None:
    data = text.encode()
    assert txt.decode(strings.quoted(strings.split(data))) == text


@given(TEXTS)
def test_what_is_written_is_plain_ascii(text: str) -> None:
    assert re.fullmatch(r"[ -~]*", txt.encode(text))


@given(st.text(max_size=80) | st.text('"\\ 0123456789a', max_size=40))
def test_reading_never_fails(content: str) -> None:
    txt.decode(content)


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        ("v=spf1 -all", "v=spf1 -all"),
        ('"v=DKIM1; " "p=abc"', "v=DKIM1; p=abc"),
        ('"v=DKIM1; ""p=abc"', "v=DKIM1; p=abc"),
        ('  "padded"\t"twice" ', "paddedtwice"),
        ('"a\\"b\\\\c\\059"', 'a"b\\c;'),
        ('"\\195\\169"', "é"),
        ('"\\195" "\\169"', "é"),
        ('"é"', "é"),
        ('"\\999"', "999"),
        ('"\\255"', "\ufffd"),
        ('""', ""),
        ("", ""),
        # Not wholly quoted: all of it, as it is.
        ('"half', '"half'),
        ('"one" two', '"one" two'),
        ('say "hi"', 'say "hi"'),
        ('"ends in \\"', '"ends in \\"'),
        (" blanks kept ", " blanks kept "),
    ],
)
def test_what_others_write_is_understood(content: str, meant: str) -> None:
    assert txt.decode(content) == meant


def test_a_2048_bit_key() -> None:
    key = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 12 + "IDAQAB"
    written = txt.encode(key)
    assert [len(part) for part in PARTS.findall(written)] == [255, len(key) - 255]
    assert txt.decode(written) == key


def test_a_lone_surrogate_has_no_bytes() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        txt.encode("\ud800")
    assert txt.decode('"\ud800"') == "\ufffd" * 3
