"""What a failed call means: the one place where statuses and broken connections become typed errors.

The message says what failed and what is known of the effect; `doubt` says the latter to the journal.
"""

from dataclasses import dataclass

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
from mxm.upstreams.transport.exchange import ExchangeError, Phase
from mxm.upstreams.transport.text import sentence


@dataclass(frozen=True, slots=True)
class Upstream:
    """How messages name an upstream and the settings that lead to it."""

    name: str
    address_setting: str
    credential_settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """The error that upstream put into its own envelope, cleaned for people."""

    message: str
    code: str | None = None
    field: str | None = None


_GATEWAY = frozenset({502, 504, *range(520, 531)})
"""A gateway speaks, not the service (520-530: Cloudflare's): the service may still be at work."""

_EFFECT = {
    Doubt.NONE: "Nothing was changed.",
    Doubt.ENDED: "Whether the change took effect has to be read back.",
    Doubt.OPEN: "The change may still take effect.",
}


def failure(
    who: Upstream, status: int, problem: Problem | None, *, write: bool, retry_after: float | None = None
) -> AppError:
    """The error for a failed answer. `problem` is None when the body was not in upstream's own format."""
    if status in {401, 403}:
        return _denied(who, status, problem, write=write)
    if status == 413:
        return ValidationFailed(problem.message if problem else f"{who.name} refused the request as too large.")
    if status == 429:
        return RateLimited(f"{who.name} allows no more requests for now. Nothing was changed.", retry_after=retry_after)
    if 400 <= status < 500:
        return _refused(who, status, problem, write=write)
    return _broke(who, status, problem, write=write, retry_after=retry_after)


def malformed(who: Upstream, what: str, *, write: bool) -> UpstreamError:
    """The error for an answer that claims success and cannot be understood; `what` completes "MXroute …"."""
    return _error(who, what, Doubt.ENDED, write=write)


def unreached(who: Upstream, broken: ExchangeError, *, write: bool) -> UpstreamFailure:
    """The error for a request without a whole answer."""
    if broken.phase is Phase.UNSENT:
        make = _timeout if broken.timeout else _error
        return make(who, f"could not be reached: {broken.reason}", Doubt.NONE, write=write)
    if broken.timeout:
        return _timeout(who, "did not answer in time", Doubt.OPEN, write=write)
    if broken.phase is Phase.SENT or broken.status in _GATEWAY:
        return _error(who, f"did not answer: {broken.reason}", Doubt.OPEN, write=write)
    return _error(who, f"did not answer whole: {broken.reason}", Doubt.ENDED, write=write)


def _denied(who: Upstream, status: int, problem: Problem | None, *, write: bool) -> UpstreamError:
    said = f": {problem.message}" if problem else ""
    settings = ", ".join(who.credential_settings)
    if status == 401:
        what = f"refused our credentials (check {settings}){said}"
    else:
        what = f"answered that this is not allowed for this account (of {settings}){said}"
    message, doubt = _told(who, what, Doubt.NONE, write=write)
    return UpstreamDenied(message, doubt=doubt)


def _refused(who: Upstream, status: int, problem: Problem | None, *, write: bool) -> AppError:
    if status not in {400, 404, 409, 422}:
        said = f": {problem.message}" if problem else ""
        message, doubt = _told(who, f"refused the request with status {status}{said}", Doubt.NONE, write=write)
        return UpstreamDenied(message, doubt=doubt)
    if problem is None:
        # A proxy's or another server's page: "not found" here says nothing about the thing that was asked for.
        what = f"answered {status} in a format that is not its own (check {who.address_setting})"
        return _error(who, what, Doubt.ENDED, write=write)
    if status == 404:
        return NotFound(problem.message, field=problem.field)
    if status == 409:
        return Conflict(problem.message, field=problem.field)
    return ValidationFailed(problem.message, field=problem.field)


def _broke(
    who: Upstream, status: int, problem: Problem | None, *, write: bool, retry_after: float | None
) -> UpstreamFailure:
    said = f": {problem.message}" if problem else ""
    if 300 <= status < 400:
        what = f"answered with a redirect ({status}), which is not followed (check {who.address_setting})"
        return _error(who, what, Doubt.ENDED, write=write)
    if status in {504, 524}:
        return _timeout(who, f"did not answer its gateway in time{said}", Doubt.OPEN, write=write)
    if status in _GATEWAY:
        return _error(who, f"could not be reached by its gateway ({status}){said}", Doubt.OPEN, write=write)
    if status == 503:
        message, doubt = _told(who, f"is busy{said}", Doubt.ENDED, write=write)
        return UpstreamBusy(message, doubt=doubt, retry_after=retry_after)
    return _error(who, f"answered with an error ({status}){said}", Doubt.ENDED, write=write)


def _error(who: Upstream, what: str, doubt: Doubt, *, write: bool, retry_after: float | None = None) -> UpstreamError:
    message, doubt = _told(who, what, doubt, write=write)
    return UpstreamError(message, doubt=doubt, retry_after=retry_after)


def _timeout(who: Upstream, what: str, doubt: Doubt, *, write: bool) -> UpstreamTimeout:
    message, doubt = _told(who, what, doubt, write=write)
    return UpstreamTimeout(message, doubt=doubt)


def _told(who: Upstream, what: str, doubt: Doubt, *, write: bool) -> tuple[str, Doubt]:
    message = sentence(f"{who.name} {what}")
    # A read has no effect to be in doubt about.
    return (f"{message} {_EFFECT[doubt]}", doubt) if write else (message, Doubt.NONE)
