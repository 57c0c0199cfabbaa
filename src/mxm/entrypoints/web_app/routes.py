"""The addresses of the web app: its page under every view's address, and the files that the page loads."""

import base64
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from mxm.entrypoints.services import Services
from mxm.entrypoints.web_app.built import File, WebApp
from mxm.entrypoints.web_app.coding import choose
from mxm.platform.errors import NotFound
from mxm.platform.web.asgi import header, header_values
from mxm.platform.web.credentials import session_cookie

SECTIONS = (
    "domains",
    "email-accounts",
    "forwarders",
    "spam-controls",
    "access-control",
    "notifications",
    "audit-log",
    "jobs",
    "settings",
)
"""The first segments of the app's addresses; the dashboard is `/`."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Styles that the app makes while it runs carry the nonce; scripts are files of ours and need none."""
_FOR_EVER = "public, max-age=31536000, immutable"
_AN_HOUR = "public, max-age=3600"
_READS = ["GET", "HEAD"]
_NOTHING = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>There is nothing at this address</title>
<h1>There is nothing at this address</h1>
<p>The link may be old. <a href="/">To the dashboard</a></p>
</html>
"""
_PLAIN = "default-src 'none'; frame-ancestors 'none'"
_NOT_BUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The web app is not built</title>
<h1>The web app is not built</h1>
<p>Start with <code>make demo</code>, or run <code>npm run build</code> in <code>web/</code>; then reload this page.</p>
<p>The HTTP API works all the same.</p>
</html>
"""


class _PageRoute(APIRoute):
    """Takes the app's own addresses and leaves all others to their 404, those below `/api` before all."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope["path"]
        if path != "/" and path[1:].partition("/")[0] not in SECTIONS:
            return Match.NONE, {}
        return super().matches(scope)


def for_people(nothing: ASGIApp) -> ASGIApp:
    """Around what answers where no route is: a person's browser gets a page, a program its 404 in the envelope."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        is_page = scope["type"] == "http" and scope["method"] in _READS and not (path + "/").startswith("/api/")
        if is_page and "text/html" in (header(scope, b"accept") or ""):
            nothing_page = _page(Request(scope), _NOTHING, _PLAIN, status=404)
            await nothing_page(scope, receive, send)
            return
        await nothing(scope, receive, send)

    return answer


def web_app_routes(app: WebApp, services: Services, cookie_name: str) -> APIRouter:
    """Files are public, for they hold nothing of anybody. The page knows only the cookie: a token opens none."""
    pages = APIRouter(include_in_schema=False, redirect_slashes=False)

    @pages.api_route("/assets/{path:path}", methods=_READS)
    async def read_asset(request: Request) -> Response:
        return await _file_at(request, app, _FOR_EVER)

    @pages.api_route("/favicon.svg", methods=_READS)
    async def read_icon(request: Request) -> Response:
        return await _file_at(request, app, _AN_HOUR)

    async def read_page(request: Request) -> Response:
        cookie = session_cookie(request.scope, cookie_name)
        if await services.identity.directory.session_principal(cookie, request.state.address) is None:
            return RedirectResponse(f"/login?next={_address(request.scope)}", status_code=303)
        built = await app.built()
        if built is None:
            return _page(request, _NOT_BUILT, _PLAIN, status=503)
        nonce = base64.b64encode(services.chance.token(16)).decode()
        return _page(request, built.page_with(nonce), _POLICY.format(nonce=nonce))

    pages.add_api_route("/{page:path}", read_page, methods=_READS, route_class_override=_PageRoute)
    return pages


def _page(request: Request, body: bytes, policy: str, *, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return _answer(request, body, "text/html", headers, status=status)


async def _file_at(request: Request, app: WebApp, caching: str) -> Response:
    built = await app.built()
    file = built.files.get(request.scope["path"]) if built else None
    if file is None:
        # During an upgrade another replica may have it: nobody shall remember that it was missing here.
        raise NotFound("There is nothing at this address.", headers={"Cache-Control": "no-store"})
    return _file(request, file, caching)


def _file(request: Request, file: File, caching: str) -> Response:
    coding = choose(",".join(header_values(request.scope, b"accept-encoding")), file.bodies)
    tag = f'"{file.checksum}-{coding}"'
    headers = {"Cache-Control": caching, "ETag": tag, "Vary": "Accept-Encoding"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return _answer(request, file.bodies[coding], file.media_type, headers)


def _answer(request: Request, body: bytes, media_type: str, headers: dict[str, str], *, status: int = 200) -> Response:
    """For HEAD the same without the body."""
    if request.method == "HEAD":
        headers = {**headers, "Content-Length": str(len(body))}
        body = b""
    return Response(body, status, headers, media_type=media_type)


def _address(scope: Scope) -> str:
    """Path and query as they were sent, as one value of a query."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope.get("query_string", b"")
    return quote(path + b"?" + query if query else path, safe="/")
