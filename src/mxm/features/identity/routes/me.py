"""`/api/me`: the caller about themselves."""

from fastapi import Request, Response

from mxm.features.identity.routes.cookies import Cookies
from mxm.features.identity.schemas.people import Me, PasswordIn, ProfileIn, SessionOut
from mxm.features.identity.service import Identity
from mxm.platform.access import Caller, Permission
from mxm.platform.access.dependencies import AnyCaller, SessionCaller
from mxm.platform.envelope import Ok
from mxm.platform.web.routing import APIRouter, router


async def describe(identity: Identity, caller: Caller, csrf_token: str | None, *, oidc_enabled: bool) -> Me:
    """The caller as `/api/me` shows them."""
    principal = caller.principal
    contact, notification = (None, None)
    if principal.user_id is not None:
        contact, notification = await identity.sign_in.profile(principal.user_id)
    grants = {} if principal.is_admin else principal.grants
    return Me(
        email=principal.name,
        auth_via="session" if principal.kind == "session" else "api_token",
        is_admin=principal.is_admin,
        domain_grants={domain: [p for p in Permission if p in held] for domain, held in sorted(grants.items())},
        delegated_domains=sorted(grants),
        permissions=list(Permission),
        oidc_enabled=oidc_enabled,
        contact_email=contact,
        notification_email=notification,
        csrf_token=csrf_token,
    )


def me_routes(identity: Identity, cookies: Cookies, *, oidc_enabled: bool) -> APIRouter:
    """Routes that concern only the caller."""
    me = router(tags=["App"], prefix="/api/me")

    @me.get("", summary="Who am I?")
    async def read_me(request: Request, caller: AnyCaller) -> Ok[Me]:
        """The current user or token, its grants, and for sessions the CSRF token."""
        csrf_token = request.scope.get("mxm.csrf_token")
        return Ok(data=await describe(identity, caller, csrf_token, oidc_enabled=oidc_enabled))

    @me.patch("/profile", summary="Change my contact address")
    async def change_profile(request: Request, caller: SessionCaller, body: ProfileIn) -> Ok[Me]:
        """Sets or clears the address at which the caller can be reached."""
        await identity.sign_in.change_profile(caller, body.contact_email)
        csrf_token = request.scope.get("mxm.csrf_token")
        return Ok(data=await describe(identity, caller, csrf_token, oidc_enabled=oidc_enabled))

    @me.post("/password", summary="Change my password")
    async def change_password(request: Request, response: Response, caller: SessionCaller, body: PasswordIn) -> Ok[Me]:
        """All sessions of the caller end; this browser gets a new one with a new CSRF token."""
        made = await identity.sign_in.change_password(
            caller, body.current_password, body.new_password, user_agent=request.headers.get("user-agent")
        )
        cookies.set(response, made)
        return Ok(data=await describe(identity, caller, made.csrf_token, oidc_enabled=oidc_enabled))

    @me.get("/sessions", summary="List my sessions")
    async def list_my_sessions(caller: SessionCaller) -> Ok[list[SessionOut]]:
        """The browsers in which the caller is signed in, newest first."""
        return Ok(data=await identity.sessions.listed(caller, own=True))

    @me.delete("/sessions", summary="End my other sessions")
    async def end_my_other_sessions(caller: SessionCaller) -> Ok[None]:
        """Ends every session of the caller but the present one."""
        await identity.sessions.end_own_others(caller)
        return Ok(data=None)

    @me.delete("/sessions/{id}", summary="End one of my sessions")
    async def end_my_session(caller: SessionCaller, id: str) -> Ok[None]:  # noqa: A002 - the contract's name
        """The browser that holds it is signed out at its next request."""
        await identity.sessions.end(caller, id, own=True)
        return Ok(data=None)

    return me
