"""The layer that decides who calls, before a body is read: bearer tokens, session cookies, CSRF.

It is pure ASGI because the framework parses bodies before its dependencies run.
"""

import re
from dataclasses import replace
from functools import partial

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxm.platform import context
from mxm.platform.access.authenticator import Authenticated, Authenticator, Credentials
from mxm.platform.access.principal import Caller
from mxm.platform.errors import AppError, CsrfFailed, Unauthorized, ValidationFailed
from mxm.platform.web.asgi import header, header_values, send_failure

_LOGIN, _PUBLIC = "/api/auth/login", "/api/public/"
REFERENCE = "/api/docs"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ODD = re.compile(r"[\x00-\x1f\x7f\\]|%(2f|5c|00)|(^|/)(\.|%2e){1,2}(/|$)", re.IGNORECASE)


class CredentialsLayer:
    """Puts a `Caller` into the scope of every `/api` request, or refuses it."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator, cookie_name: str) -> None:
        self._app, self._authenticator, self._cookie_name = app, authenticator, cookie_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_guarded(scope["path"]):
            await self._app(scope, receive, send)
            return
        credentials = self._credentials(scope)
        try:
            found = await self._authenticator.authenticate(credentials)
            if found is None:
                raise Unauthorized
            _check_csrf(scope, found)
            _check_path(scope)
        except AppError as error:
            if isinstance(error, Unauthorized) and _is_page(scope):
                await send(_to_login(scope["path"]))
                await send({"type": "http.response.body", "body": b""})
                return
            await send_failure(send, error, scope["state"]["request_id"])
            return
        principal = found.principal
        scope["mxm.caller"] = Caller(
            principal, scope["state"]["request_id"], scope["state"]["address"], session_id=found.session_id
        )
        scope["mxm.csrf_token"] = found.csrf_token
        scope["mxm.again"] = partial(self._authenticator.authenticate, replace(credentials, counts_as_use=False))
        context.requester.set(context.Requester(principal.key))
        await self._app(scope, receive, send)

    def _credentials(self, scope: Scope) -> Credentials:
        return Credentials(bearer_token(scope), session_cookie(scope, self._cookie_name), scope["state"]["address"])


def is_guarded(path: str) -> bool:
    """Whether a path needs credentials; unknown ones below `/api` do."""
    return (path == "/api" or path.startswith("/api/")) and path != _LOGIN and not path.startswith(_PUBLIC)


def _is_page(scope: Scope) -> bool:
    """A browser that opens the reference is shown the way in; scripts get their 401."""
    is_browser = "text/html" in (header(scope, b"accept") or "")
    return scope["path"] == REFERENCE and scope["method"] == "GET" and is_browser and bearer_token(scope) is None


def _to_login(path: str) -> Message:
    return {"type": "http.response.start", "status": 303, "headers": [(b"location", f"/login?next={path}".encode())]}


def bearer_token(scope: Scope) -> str | None:
    """The bearer token; "" when there is one that cannot be read. Other schemes do not count."""
    values = header_values(scope, b"authorization")
    bearers = [value for value in values if value.lower().split(None, 1)[:1] == ["bearer"]]
    if not bearers:
        return None
    return bearers[0].strip()[6:].strip() if len(values) == 1 else ""


def session_cookie(scope: Scope, name: str) -> str | None:
    """The session cookie's value, if the request brought one."""
    for value in header_values(scope, b"cookie"):
        if name in value and (found := cookie_parser(value).get(name)):
            return found
    return None


def _check_csrf(scope: Scope, found: Authenticated) -> None:
    if scope["method"] in _SAFE:
        return
    if not found.is_proven_by(header(scope, b"x-csrf-token") or ""):
        raise CsrfFailed("Send the csrf_token cookie's value in the X-CSRF-Token header.")


def _check_path(scope: Scope) -> None:
    """A segment that hides a slash or a step upwards must reach no route and no upstream."""
    raw: bytes = scope.get("raw_path") or b""
    if _ODD.search(scope["path"]) or (b"%" in raw and _ODD.search(raw.decode("latin-1"))):
        raise ValidationFailed("The path holds an encoded slash, a control character or a step upwards.", field="path")
