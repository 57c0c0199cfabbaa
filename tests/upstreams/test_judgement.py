"""Applied only when known to have differed, not applied only when unchanged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.platform.journal.write import Effect
from mxm.upstreams.mxroute.judgement import judge

A, N, U = Effect.APPLIED, Effect.NOT_APPLIED, Effect.UNKNOWN
HERE, GONE = {"present": True}, {"present": False}


@pytest.mark.parametrize(
    ("before", "wanted", "now", "effect"),
    [
        (GONE, HERE, HERE, A),
        (GONE, HERE, GONE, N),
        (HERE, GONE, GONE, A),
        (HERE, GONE, HERE, N),
        (None, HERE, HERE, U),
        (None, GONE, HERE, U),
        ({"high_score": 5}, {"high_score": 9}, {"high_score": 9}, A),
        ({"high_score": 5}, {"high_score": 9}, {"high_score": 5}, N),
        ({"high_score": 5}, {"high_score": 9}, {"high_score": 7}, U),
        ({"high_score": 9}, {"high_score": 9}, {"high_score": 9}, U),
        ({"high_score": None}, {"high_score": 9}, {"high_score": 9}, U),
        ({"high_score": 5}, {"high_score": 9}, {"high_score": None}, U),
        ({"high_score": 5}, {"high_score": 9}, GONE, U),
        (GONE, {"present": True, "destinations": ["a"]}, {"present": True, "destinations": ["a"]}, A),
        (GONE, {"present": True, "destinations": ["a"]}, {"present": True, "destinations": ["b"]}, U),
        # The daily limit is applied only now and then: beside a quota it proves nothing.
        ({"quota": 1, "limit": 5}, {"quota": 2, "limit": 6}, {"quota": 2, "limit": 5}, A),
        ({"quota": 1, "limit": 5}, {"quota": 2, "limit": 6}, {"quota": 1, "limit": 5}, N),
        ({"quota": 2, "limit": 5}, {"quota": 2, "limit": 6}, {"quota": 2, "limit": 6}, A),
        ({"quota": 2, "limit": 5}, {"quota": 2, "limit": 6}, {"quota": 2, "limit": 5}, N),
    ],
)
def test_table(before: Any, wanted: Any, now: Any, effect: Effect) -> None:
    finding = judge("The thing", before, wanted, now)
    assert finding.effect is effect
    assert finding.sentence.startswith("The thing ")
    assert finding.sentence.endswith(".")
    assert judge("The thing", before, wanted, now, "the password").effect is U


def test_sentences() -> None:
    assert judge("The domain x", HERE, {"mail_hosting": False}, {"present": True, "mail_hosting": True}).sentence == (
        "The domain x has mail hosting on now; whether this request made it so is not known."
    )
    assert (
        judge("The pointer p", HERE, GONE, GONE).sentence
        == "The pointer p does not exist now: the request took effect."
    )


states = st.fixed_dictionaries({"present": st.booleans(), "quota": st.none() | st.integers(0, 3)})


@given(st.none() | states, st.fixed_dictionaries({"quota": st.integers(0, 3)}), states)
def test_never_more_than_is_known(before: Any, wanted: Any, now: Any) -> None:
    effect = judge("It", before, wanted, now).effect
    if effect is A:
        assert before["quota"] != wanted["quota"] == now["quota"]
    if effect is N:
        assert before["quota"] == now["quota"] != wanted["quota"]
