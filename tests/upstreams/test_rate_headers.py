"""Headers that make sense are believed, nonsense is not, and clocks may disagree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.upstreams.transport.rate_headers import report, retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)
UNIX = int(NOW.timestamp())
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


def test_sound_headers() -> None:
    headers = {"x-ratelimit-limit": "200", "x-ratelimit-remaining": "7", "x-ratelimit-reset": str(UNIX + 30)}
    said = report(headers, NOW)
    assert (said.limit, said.left, said.reset_in, said.reset_at) == (200, 7, 30.0, float(UNIX + 30))


def test_the_date_header_takes_the_skew_out() -> None:
    hours_behind = {"date": "Wed, 31 Dec 2025 20:00:00 GMT", "x-ratelimit-reset": str(UNIX - 4 * 3600 + 42)}
    assert report(hours_behind, NOW).reset_in == 42.0


def test_without_date_skew_is_bounded() -> None:
    assert report({"x-ratelimit-reset": str(UNIX + 4 * 3600)}, NOW).reset_in is None
    assert report({"x-ratelimit-reset": str(UNIX - 1)}, NOW).reset_in is None
    assert report({"x-ratelimit-reset": str(UNIX + 60)}, NOW).reset_in == 60.0


@pytest.mark.parametrize("nonsense", ["", "-1", "1.5", "many", "٣", "9" * 40, "0x10", "1e3"])
def test_nonsense_is_ignored(nonsense: str) -> None:
    headers = {f"x-ratelimit-{name}": nonsense for name in ("limit", "remaining", "reset")}
    said = report({**headers, "retry-after": nonsense, "date": nonsense}, NOW)
    assert (said.limit, said.left, said.reset_in, said.retry_after) == (None, None, None, None)


def test_impossible_values_are_ignored() -> None:
    assert report({"x-ratelimit-limit": "0"}, NOW).limit is None
    assert report({"x-ratelimit-limit": "5", "x-ratelimit-remaining": "6"}, NOW).left is None
    assert report({"date": DATE, "x-ratelimit-reset": str(UNIX + 7200)}, NOW).reset_in is None


def test_retry_after_as_number_and_as_date() -> None:
    assert retry_after({"retry-after": "12"}, NOW) == 12
    assert retry_after({"retry-after": "Thu, 01 Jan 2026 00:01:00 GMT", "date": DATE}, NOW) == 60.0
    assert retry_after({"retry-after": "Wed, 31 Dec 2025 23:59:00 GMT"}, NOW) == 0.0
    assert retry_after({"retry-after": "86400"}, NOW) is None


@given(st.dictionaries(st.sampled_from(["date", "retry-after", "x-ratelimit-reset", "x-ratelimit-limit"]), st.text()))
def test_no_header_breaks_it(headers: dict[str, str]) -> None:
    said = report(headers, NOW)
    assert said.reset_in is None or 0 <= said.reset_in <= 3600
