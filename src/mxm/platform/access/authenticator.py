"""What the front layer asks of whoever knows the credentials; the identity feature answers, at composition."""

from dataclasses import dataclass
from typing import Protocol

from mxm.platform.access.principal import Principal


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought. A bearer header wins over the cookie, even when it is bad."""

    bearer: str | None
    session_cookie: str | None
    address: str
    """The caller's address as the trusted proxies tell it."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """A principal, and for sessions what their writes must prove."""

    principal: Principal
    session_id: str | None = None
    csrf_token: str | None = None


class Authenticator(Protocol):
    """Turns credentials into a principal. Fast: from memory, no slow hash, no database write."""

    async def authenticate(self, credentials: Credentials) -> Authenticated | None:
        """None when no credentials were brought; raises `Unauthorized` when they are bad."""
        ...
