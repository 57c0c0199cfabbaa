"""What the front layer asks of whoever knows the credentials; the identity feature answers, at composition."""

from dataclasses import dataclass
from typing import Protocol

from mxm.platform.access.principal import Principal
from mxm.platform.secrets_compare import same


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought. A bearer header wins over the cookie, even when it is bad."""

    bearer: str | None
    session_cookie: str | None
    address: str
    """The caller's address as the trusted proxies tell it."""
    counts_as_use: bool = True
    """False for looking again who it is in the course of one request: a session left alone shall grow old."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """A principal, and for sessions what their writes must prove."""

    principal: Principal
    session_id: str | None = None
    csrf_tokens: tuple[str, ...] = ()
    """The session's; after the present one also that of the key before, while keys are rotated."""

    @property
    def csrf_token(self) -> str | None:
        """What the page is told; None for tokens, which need no proof."""
        return self.csrf_tokens[0] if self.csrf_tokens else None

    def is_proven_by(self, csrf_token: str) -> bool:
        """Whether a write with this CSRF token comes from our own page."""
        return not self.csrf_tokens or any(same(csrf_token, ours) for ours in self.csrf_tokens)


class Authenticator(Protocol):
    """Turns credentials into a principal. Fast: from memory, no slow hash, no database write."""

    async def authenticate(self, credentials: Credentials) -> Authenticated | None:
        """None when no credentials were brought; raises `Unauthorized` when they are bad."""
        ...
