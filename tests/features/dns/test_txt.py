"""TXT content: what is written is what is meant, however it is quoted and cut."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mxm.features.dns.rules import txt

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=700)


@given(TEXTS)
def test_writing_and_reading_gives_the_same_text(text: str) -> None:
    assert txt.decode(txt.encode(text)) == text


@given(TEXTS)
def test_no_string_is_longer_than_255_bytes(text: str) -> None:
    for part in re.findall(r'"((?:[^"\\]|\\.)*)"', txt.encode(text), re.DOTALL):
        assert len(txt.decode(f'"{part}"').encode()) <= 255


def test_what_others_write_is_understood() -> None:
    assert txt.decode("v=spf1 -all") == "v=spf1 -all"
    assert txt.decode('"v=DKIM1; " "p=abc"') == "v=DKIM1; p=abc"
    assert txt.decode('"a\\"b\\\\c\\059"') == 'a"b\\c;'
