"""`/api/auth`: signing in and out with JSON."""

from fastapi import Request, Response

from mxm.features.identity.routes.cookies import Cookies
from mxm.features.identity.routes.me import describe
from mxm.features.identity.rules.origins import is_cross_site
from mxm.features.identity.schemas.people import LoginIn, Me
from mxm.features.identity.service import Identity
from mxm.features.identity.service.sessions import NewSession
from mxm.platform.access import Caller
from mxm.platform.access.dependencies import SessionCaller
from mxm.platform.envelope import Ok
from mxm.platform.errors import CrossSite, Unauthorized
from mxm.platform.web.routing import APIRouter, router


def refuse_cross_site(request: Request, public_url: str | None) -> None:
    """Raises `CrossSite` when the browser says that another site's page sent this."""
    headers = request.headers
    if is_cross_site(
        fetch_site=headers.get("sec-fetch-site"),
        origin=headers.get("origin"),
        host=headers.get("host"),
        public_url=public_url,
    ):
        raise CrossSite("This sign-in was sent by another site's page.")


async def sign_in(identity: Identity, request: Request, username: str, password: str) -> tuple[NewSession, Caller]:
    """A new session for the browser, and the caller it stands for."""
    state = request.state
    made = await identity.sign_in.with_password(
        username,
        password,
        request_id=state.request_id,
        address=state.address,
        user_agent=request.headers.get("user-agent"),
    )
    found = await identity.directory.session_principal(made.cookie, state.address)
    if found is None:
        raise Unauthorized
    return made, Caller(found.principal, state.request_id, state.address, session_id=made.id)


def sign_in_routes(identity: Identity, cookies: Cookies, *, public_url: str | None, oidc_enabled: bool) -> APIRouter:
    """Routes for browsers and for scripts that prefer a session."""
    auth = router(tags=["App"], prefix="/api/auth")

    @auth.post("/login", summary="Sign in")
    async def login(request: Request, response: Response, body: LoginIn) -> Ok[Me]:
        """Sets the session and `csrf_token` cookies. Five failures in 15 minutes from one place: wait."""
        refuse_cross_site(request, public_url)
        made, caller = await sign_in(identity, request, body.username, body.password)
        cookies.set(response, made)
        return Ok(data=await describe(identity, caller, made.csrf_token, oidc_enabled=oidc_enabled))

    @auth.post("/logout", summary="Sign out")
    async def logout(response: Response, caller: SessionCaller) -> Ok[None]:
        """Ends the caller's session."""
        await identity.sessions.logout(caller)
        cookies.clear(response)
        return Ok(data=None)

    return auth
