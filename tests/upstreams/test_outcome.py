"""Status and envelope to error: one table."""

import pytest

from mxm.platform.errors import (
    AppError,
    Conflict,
    Doubt,
    NotFound,
    RateLimited,
    UpstreamBusy,
    UpstreamDenied,
    UpstreamError,
    UpstreamFailure,
    UpstreamTimeout,
    ValidationFailed,
)
from mxm.upstreams.transport.outcome import Problem, Upstream, failure
from mxm.upstreams.transport.text import clean

WHO = Upstream("MXroute", "MXROUTE_API_URL", ("MX_SERVER", "MX_USER", "MX_API_KEY"))
SAID = Problem("Quota is too large", "VALIDATION_ERROR", "quota")


@pytest.mark.parametrize(
    ("status", "kind", "doubt"),
    [
        (400, ValidationFailed, None),
        (422, ValidationFailed, None),
        (404, NotFound, None),
        (409, Conflict, None),
        (413, ValidationFailed, None),
        (429, RateLimited, None),
        (401, UpstreamDenied, Doubt.NONE),
        (403, UpstreamDenied, Doubt.NONE),
        (405, UpstreamDenied, Doubt.NONE),
        (418, UpstreamDenied, Doubt.NONE),
        (302, UpstreamError, Doubt.ENDED),
        (500, UpstreamError, Doubt.ENDED),
        (503, UpstreamBusy, Doubt.ENDED),
        (502, UpstreamError, Doubt.OPEN),
        (520, UpstreamError, Doubt.OPEN),
        (504, UpstreamTimeout, Doubt.OPEN),
        (524, UpstreamTimeout, Doubt.OPEN),
    ],
)
def test_in_its_own_format(status: int, kind: type[AppError], doubt: Doubt | None) -> None:
    error = failure(WHO, status, SAID, write=True)
    assert type(error) is kind
    if isinstance(error, UpstreamFailure):
        assert error.doubt is doubt
    read = failure(WHO, status, SAID, write=False)
    assert not isinstance(read, UpstreamFailure) or read.doubt is Doubt.NONE
    assert status == 429 or "Quota is too large" in error.message or 300 <= status < 400


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_another_format_is_another_server(status: int) -> None:
    error = failure(WHO, status, None, write=True)
    assert isinstance(error, UpstreamError)
    assert error.doubt is Doubt.ENDED
    assert status == 500 or "MXROUTE_API_URL" in error.message


def test_keeps_message_and_field() -> None:
    error = failure(WHO, 422, SAID, write=True)
    assert (error.message, error.field) == ("Quota is too large", "quota")


def test_refused_credentials_name_the_settings() -> None:
    message = failure(WHO, 401, None, write=True).message
    assert message == ("MXroute refused our credentials (check MX_SERVER, MX_USER, MX_API_KEY). Nothing was changed.")
    assert "not allowed for this account" in failure(WHO, 403, None, write=True).message


def test_busy_says_when() -> None:
    assert failure(WHO, 503, SAID, write=True, retry_after=3.0).retry_after == 3.0


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\n\tb\x1b[31m", "a b[31m"),
        ("left\u202eright\u200b", "leftright"),
        ("x" * 400, "x" * 299 + "…"),
        ("\ud800ok", "ok"),
        ("your key s3cret is wrong", "your key [hidden] is wrong"),
    ],
)
def test_foreign_text_is_cleaned(raw: str, shown: str) -> None:
    assert clean(raw, secrets=("s3cret", "")) == shown
