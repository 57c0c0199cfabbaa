"""The pages that the server draws itself: signing in and out. They work without JavaScript."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader

from mxm.features.identity.routes.cookies import CSRF_COOKIE, Cookies
from mxm.features.identity.routes.sign_in import refuse_cross_site, sign_in
from mxm.features.identity.rules.origins import local_path
from mxm.features.identity.schemas.people import MAX_LOGIN, MAX_PASSWORD_BYTES
from mxm.features.identity.service import Identity
from mxm.platform.access import Caller
from mxm.platform.access.authenticator import Authenticated
from mxm.platform.errors import AppError, CsrfFailed, ValidationFailed

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_TEMPLATES = Path(__file__).parent.parent / "templates"


def page_routes(identity: Identity, cookies: Cookies, *, public_url: str | None) -> APIRouter:
    """HTML knows only the cookie; an API token opens no page."""
    pages = APIRouter(include_in_schema=False, redirect_slashes=False)

    async def current(request: Request) -> Authenticated | None:
        cookie = request.cookies.get(cookies.session_name)
        return await identity.directory.session_principal(cookie, request.state.address)

    @pages.get("/login")
    async def login_form(request: Request, next: str | None = Query(None)) -> Response:  # noqa: A002 - the contract's name
        if await current(request) is not None:
            return RedirectResponse(local_path(next), status_code=303)
        return _page("login.html", next=local_path(next), error=None, username="")

    @pages.post("/login")
    async def login(
        request: Request,
        username: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str | None, Form()] = None,  # noqa: A002 - the contract's name
    ) -> Response:
        target = local_path(next)
        try:
            refuse_cross_site(request, public_url)
            if len(username) > MAX_LOGIN or len(password.encode()) > MAX_PASSWORD_BYTES:
                raise ValidationFailed("The username or the password is too long.")
            made, _ = await sign_in(identity, request, username, password)
        except AppError as error:
            page = _page(
                "login.html", status=error.status, next=target, error=error.message, username=username[:MAX_LOGIN]
            )
            if error.retry_after is not None:
                page.headers["Retry-After"] = str(int(error.retry_after) + 1)
            return page
        answer = RedirectResponse(target, status_code=303)
        cookies.set(answer, made)
        return answer

    @pages.post("/logout")
    async def logout(request: Request, csrf_token: Annotated[str, Form(max_length=200)] = "") -> Response:
        found = await current(request)
        answer = RedirectResponse("/login", status_code=303)
        if found is not None:
            if not found.is_proven_by(csrf_token or request.headers.get("x-csrf-token", "")):
                raise CsrfFailed(f"Sign out with the form, or send the {CSRF_COOKIE} cookie's value.")
            state = request.state
            caller = Caller(found.principal, state.request_id, state.address, session_id=found.session_id)
            await identity.sessions.logout(caller)
        cookies.clear(answer)
        return answer

    @pages.get("/static/pages.css")
    async def style() -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response((_TEMPLATES / "pages.css").read_text(), media_type="text/css", headers=headers)

    return pages


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)


def _page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(_templates().get_template(template).render(values), status_code=status, headers=headers)
