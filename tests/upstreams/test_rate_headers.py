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


def drafted(limit: str, policy: str | None = None, **more: str) -> dict[str, str]:
    return {"ratelimit": limit, **({} if policy is None else {"ratelimit-policy": policy}), **more}


def test_headers_of_the_draft() -> None:
    """As Cloudflare documents them."""
    said = report(drafted('"default";r=50;t=30', '"default";q=100;w=300'), NOW)
    assert (said.limit, said.left, said.reset_in, said.length) == (100, 50, 30.0, 300.0)
    assert (said.reset_at, said.retry_after, said.refused) == (UNIX + 30.0, None, False)
    refused = report(drafted('"default";r=0;t=300', **{"retry-after": "299"}), NOW, refused=True)
    assert (refused.limit, refused.left, refused.retry_after, refused.refused) == (None, 0, 299, True)


def test_the_draft_names_windows_by_upstreams_clock() -> None:
    hours_behind = {"date": "Wed, 31 Dec 2025 20:00:00 GMT"}
    said = report(drafted('"default";r=50;t=30', **hours_behind), NOW)
    assert (said.reset_in, said.reset_at) == (30.0, UNIX - 4 * 3600 + 30.0)


def test_of_several_limits_the_tightest_counts() -> None:
    policies = '"burst";q=100;w=10, "default" ; q=1200 ; w=300'
    said = report(drafted('"default";r=90;t=200, "burst" ; r=91 ; t=1', policies), NOW)
    assert (said.limit, said.left, said.reset_in, said.length) == (1200, 90, 200.0, 300.0)
    said = report(drafted('"default";r=90;t=200, burst;r=89;t=1', policies), NOW)
    assert (said.limit, said.left, said.reset_in, said.length) == (100, 89, 1.0, 10.0)


@pytest.mark.parametrize(
    ("limit", "policy", "found"),
    [
        ('"default";r=50', '"default";q=100;w=60', (100, 50, None, 60.0)),
        ('"default";r=50;t=30', '"other";q=100;w=60', (None, 50, 30.0, None)),
        ('"default";r=50;t=30', '"default";q=100', (None, 50, 30.0, None)),
        ('"default";r=50;t=30', '"default";q=100;w=86400', (None, 50, 30.0, None)),
        ('"default";r=50;t=30', '"default";q=0;w=60', (None, 50, 30.0, None)),
        ('"default";r=50;t=86400', None, (None, 50, None, None)),
        ('"default";r=101;t=30', '"default";q=100;w=60', (100, None, 30.0, 60.0)),
        ('"default";t=30', '"default";q=100;w=60', (None, None, None, None)),
        ("limit=100, remaining=50, reset=30", None, (None, None, None, None)),
        ('"default";r=-1;t=30', None, (None, None, None, None)),
        (";;,,==;r;=", ";;,,==;q;=", (None, None, None, None)),
    ],
)
def test_nonsense_in_the_draft(
    limit: str, policy: str | None, found: tuple[int | None, int | None, float | None, float | None]
) -> None:
    said = report(drafted(limit, policy), NOW)
    assert (said.limit, said.left, said.reset_in, said.length) == found


def test_the_older_headers_come_first() -> None:
    said = report(drafted('"default";r=1;t=1', **{"x-ratelimit-remaining": "7"}), NOW)
    assert (said.left, said.length) == (7, None)


@given(st.text('"defaultrtqw;,=0123456789 '), st.text('"defaultrtqw;,=0123456789 '))
def test_no_drafted_header_breaks_it(limit: str, policy: str) -> None:
    said = report(drafted(limit, policy), NOW)
    assert said.reset_in is None or 0 <= said.reset_in <= 3600
    assert said.left is None or said.limit is None or said.left <= said.limit
