"""The two cookies of a session: an opaque id for the server alone, and the CSRF token for the page to read."""

from dataclasses import dataclass

from starlette.responses import Response

from mxm.features.identity.service.directory import SESSION_LIFE
from mxm.features.identity.service.sessions import NewSession

CSRF_COOKIE = "csrf_token"


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set here; `Secure` and the `__Host-` prefix only where everything is https."""

    secure: bool

    @property
    def session_name(self) -> str:
        """The session cookie's name."""
        return "__Host-mxm_session" if self.secure else "mxm_session"

    def set(self, response: Response, made: NewSession) -> None:
        """Give a new session to the browser."""
        self._put(response, self.session_name, made.cookie, http_only=True)
        self._put(response, CSRF_COOKIE, made.csrf_token, http_only=False)

    def clear(self, response: Response) -> None:
        """Take the session from the browser."""
        for name, http_only in ((self.session_name, True), (CSRF_COOKIE, False)):
            response.delete_cookie(name, path="/", secure=self.secure, httponly=http_only, samesite="lax")

    def _put(self, response: Response, name: str, value: str, *, http_only: bool) -> None:
        life = int(SESSION_LIFE.total_seconds())
        response.set_cookie(name, value, max_age=life, path="/", secure=self.secure, httponly=http_only, samesite="lax")
