"""Passwords that are read out and typed in: strong, without characters that look alike."""

from mxm.platform.clock import Chance

LENGTH = 20
"""More than 110 bits."""
_LOWER = "abcdefghjkmnpqrstuvwxyz"
_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_ALL = _LOWER + _UPPER + _DIGITS


def generated_password(chance: Chance) -> str:
    """A new password that MXroute's rule takes: upper case, lower case and digits, in any order."""
    drawn = [_drawn(chance, each) for each in (_LOWER, _UPPER, _DIGITS, *[_ALL] * (LENGTH - 3))]
    for last in range(len(drawn) - 1, 0, -1):  # Fisher and Yates: the first three have no fixed place
        other = _below(chance, last + 1)
        drawn[last], drawn[other] = drawn[other], drawn[last]
    return "".join(drawn)


def _drawn(chance: Chance, letters: str) -> str:
    return letters[_below(chance, len(letters))]


def _below(chance: Chance, number: int) -> int:
    """So much wider than `number` that its remainder favours nothing."""
    return int.from_bytes(chance.token(16), "big") % number
