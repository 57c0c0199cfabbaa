"""Sealed secrets: readable in their place only, and only with our keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.platform.clock import SystemChance
from mxm.platform.keys import KeyRing
from mxm.platform.sealing import CannotOpen, Sealer

OLD, NEW = "the secret before, for tests", "the secret of now, for tests"
VALUE = {"password": "Abcd123!", "quota": 5, "recovery": None, "name": "Zoë"}


def sealer(*secrets: str) -> Sealer:
    return Sealer(KeyRing(*secrets), SystemChance())


def test_what_was_sealed_comes_back_and_does_not_show() -> None:
    sealed = sealer(NEW).seal("a", VALUE, "job:1")
    assert sealer(NEW).open("a", sealed, "job:1") == VALUE
    assert b"Abcd" not in sealed
    assert sealed[:1] == b"\x01"
    assert sealer(NEW).seal("a", VALUE, "job:1") != sealed, "a nonce of its own each time"


@pytest.mark.parametrize(("purpose", "bound_to"), [("b", "job:1"), ("a", "job:2"), ("a", "")])
def test_it_opens_nowhere_else(purpose: str, bound_to: str) -> None:
    sealed = sealer(NEW).seal("a", VALUE, "job:1")
    with pytest.raises(CannotOpen):
        sealer(NEW).open(purpose, sealed, bound_to)


def test_while_keys_are_rotated_the_previous_one_opens() -> None:
    sealed = sealer(OLD).seal("a", VALUE, "job:1")
    assert sealer(NEW, OLD).open("a", sealed, "job:1") == VALUE
    with pytest.raises(CannotOpen, match="SECRET_KEY"):
        sealer(NEW).open("a", sealed, "job:1")
    with pytest.raises(CannotOpen):
        sealer(OLD).open("a", sealer(NEW, OLD).seal("a", VALUE, "job:1"), "job:1")


@given(place=st.integers(0, 60), change=st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(sealer(NEW).seal("a", VALUE, "job:1"))
    sealed[place] ^= change
    with pytest.raises(CannotOpen):
        sealer(NEW).open("a", bytes(sealed), "job:1")


@given(st.binary(max_size=64))
def test_noise_is_no_seal(noise: bytes) -> None:
    with pytest.raises(CannotOpen):
        sealer(NEW).open("a", noise, "job:1")
