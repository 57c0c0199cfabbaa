"""The one error family. A class per meaning; each carries the status and code of the contract.

Raise them anywhere; `platform.web.handlers` is the only place that turns them into answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: `field` is its dotted path in the body, the query or the URL."""

    field: str
    message: str


class AppError(Exception):
    """Something that the caller is told. `message` is for people and never holds a secret."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        details: Sequence[FieldError] = (),
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`retry_after` is in seconds and becomes the `Retry-After` header."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = tuple(details)
        self.retry_after = retry_after
        self.headers = dict(headers or {})


class ValidationFailed(AppError):
    """The input is wrong; `details` names every wrong field."""

    status = 400
    code = "validation_error"

    @classmethod
    def of(cls, *details: FieldError) -> "ValidationFailed":
        """One error for several wrong fields; the first one is named in the message."""
        first = details[0]
        more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        return cls(f"{first.field}: {first.message}{more}", field=first.field, details=details)


class CsrfFailed(AppError):
    """A session's write without its CSRF token."""

    status = 400
    code = "csrf_failed"


class ConfirmationRequired(AppError):
    """A destructive call that did not name its target a second time."""

    status = 400
    code = "confirmation_required"


class Unauthorized(AppError):
    """No, unknown, expired or revoked credentials."""

    status = 401
    code = "unauthorized"

    def __init__(self, message: str = "Sign in or send a valid API token.") -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(AppError):
    """Known, but not allowed. The message never says whether the target exists."""

    status = 403
    code = "forbidden"


class CrossSite(AppError):
    """A sign-in sent from another site's page."""

    status = 403
    code = "cross_site"


class NotFound(AppError):
    """The thing that the path names is not there."""

    status = 404
    code = "not_found"


class MethodNotAllowed(AppError):
    """The path exists, the method does not."""

    status = 405
    code = "method_not_allowed"


class Conflict(AppError):
    """It exists already, or an idempotency key is in use."""

    status = 409
    code = "conflict"


class TooLarge(AppError):
    """The body is over its limit."""

    status = 413
    code = "too_large"


class UnsupportedMediaType(AppError):
    """A body of another type than the route takes."""

    status = 415
    code = "unsupported_media_type"


class MisdirectedRequest(AppError):
    """A Host header outside ALLOWED_HOSTS."""

    status = 421
    code = "misdirected_request"


class HeadersTooLarge(AppError):
    """More headers than any client sends."""

    status = 431
    code = "headers_too_large"


class RateLimited(AppError):
    """Our own limit, or no upstream budget in time."""

    status = 429
    code = "rate_limited"


class Unavailable(AppError):
    """We cannot serve for the moment: database locked, disk full, shutting down."""

    status = 503
    code = "unavailable"


class NotConfigured(AppError):
    """A setting is missing; the message names it."""

    status = 503
    code = "not_configured"


class Doubt(StrEnum):
    """What a failed upstream call leaves open about its effect."""

    NONE = "none"
    """It took no effect for certain: never sent, or refused."""
    ENDED = "ended"
    """Upstream has finished with it, but did not say what holds: read it back."""
    OPEN = "open"
    """No answer: it may still take effect later. Read it back, and once more later."""


class UpstreamFailure(AppError):
    """The common part of the two upstream errors: `doubt` says what is known of a write's effect."""

    def __init__(self, message: str, *, doubt: Doubt = Doubt.NONE, **more: Any) -> None:
        super().__init__(message, **more)
        self.doubt = doubt


class UpstreamError(UpstreamFailure):
    """MXroute or Cloudflare refused or broke; the message says what is known of the effect."""

    status = 502
    code = "upstream_error"


class UpstreamDenied(UpstreamError):
    """Upstream will not do it for us, whatever the input: trying again does not help until somebody changes that."""


class UpstreamBusy(UpstreamError):
    """Upstream is busy for the moment (503) and asks to be tried again shortly."""


class UpstreamTimeout(UpstreamFailure):
    """MXroute or Cloudflare kept silent; the message says what is known of the effect."""

    status = 504
    code = "upstream_timeout"
