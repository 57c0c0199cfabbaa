"""Generated passwords: always taken by MXroute, never guessable from one another, easy to read out."""

import string
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mxm.features.mailboxes.rules import generated_password
from mxm.features.mailboxes.schemas import password_rule
from mxm.platform.clock import SystemChance

CONFUSING = set("Il1O0o")


class GivenChance:
    """Randomness that a test decides."""

    def __init__(self, drawn: list[bytes]) -> None:
        self._drawn, self._next = drawn, 0

    def token(self, size: int) -> bytes:
        found = self._drawn[self._next % len(self._drawn)][:size].ljust(size, b"\x00")
        self._next += 1
        return found

    def jitter(self) -> float:
        return 0.5


@given(st.lists(st.binary(min_size=0, max_size=16), min_size=1, max_size=60))
def test_whatever_chance_gives_the_rule_is_kept(drawn: list[bytes]) -> None:
    password = generated_password(GivenChance(drawn))
    assert password_rule(password) == password
    assert len(password) >= 16
    assert not CONFUSING & set(password)
    assert set(password) <= set(string.ascii_letters + string.digits)


def test_real_ones_differ_and_use_every_character_in_every_place() -> None:
    made = [generated_password(SystemChance()) for _ in range(2000)]
    assert len(set(made)) == len(made)
    for place in range(len(made[0])):
        counts = Counter(password[place] for password in made)
        assert len(counts) > 50, "no place is kept for a kind of character"
        assert max(counts.values()) < 150, "none is favoured much"
