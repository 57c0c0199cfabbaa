"""`/api/admin/api-tokens`, `/delegations`, `/sessions`: who may do what."""

from fastapi import Response

from mxm.features.identity.schemas.people import Delegation, DelegationIn, SessionOut
from mxm.features.identity.schemas.tokens import TokenIn, TokenListed, TokenMade
from mxm.features.identity.service import Identity
from mxm.platform.access.dependencies import AdminCaller, AdminSession
from mxm.platform.envelope import Ok
from mxm.platform.web.routing import APIRouter, router


def access_control_routes(identity: Identity) -> APIRouter:
    """Tokens are managed only from an administrator's browser session; people by admin tokens too."""
    admin = router(tags=["Admin"], prefix="/api/admin")

    @admin.get("/api-tokens", summary="List API tokens")
    async def list_tokens(caller: AdminSession) -> Ok[list[TokenListed]]:
        """All tokens, newest first, without their secrets."""
        return Ok(data=await identity.tokens.listed())

    @admin.post("/api-tokens", summary="Create an API token", status_code=201)
    async def create_token(caller: AdminSession, body: TokenIn) -> Ok[TokenMade]:
        """The answer shows the token this once."""
        return Ok(data=await identity.tokens.create(caller, body))

    @admin.post("/api-tokens/{id}/rotate", summary="Give an API token a new secret")
    async def rotate_token(caller: AdminSession, id: str) -> Ok[TokenMade]:  # noqa: A002 - the contract's name
        """The old secret ends at once; label, grants and expiry stay."""
        return Ok(data=await identity.tokens.rotate(caller, id))

    @admin.delete("/api-tokens/{id}", summary="Revoke an API token")
    async def revoke_token(caller: AdminSession, id: str) -> Ok[None]:  # noqa: A002 - the contract's name
        """The token fails from the next request on."""
        await identity.tokens.revoke(caller, id)
        return Ok(data=None)

    @admin.get("/delegations", summary="List people and their rights")
    async def list_delegations(caller: AdminCaller) -> Ok[list[Delegation]]:
        """Everybody who may sign in, administrators included."""
        return Ok(data=await identity.delegations.listed())

    @admin.post(
        "/delegations",
        summary="Make or change a person's rights",
        status_code=201,
        responses={200: {"model": Ok[list[Delegation]], "description": "An existing person was changed."}},
    )
    async def put_delegation(caller: AdminCaller, body: DelegationIn, response: Response) -> Ok[list[Delegation]]:
        """The person gets exactly these rights; 201 when they are new, 200 when they were changed."""
        everybody, is_new = await identity.delegations.put(caller, body)
        response.status_code = 201 if is_new else 200
        return Ok(data=everybody)

    @admin.delete("/delegations/{email}", summary="Remove a person")
    async def revoke_delegation(caller: AdminCaller, email: str) -> Ok[None]:
        """Their sessions end at once."""
        await identity.delegations.revoke(caller, email)
        return Ok(data=None)

    @admin.get("/sessions", summary="List sessions")
    async def list_sessions(caller: AdminCaller) -> Ok[list[SessionOut]]:
        """Everybody's browser sessions, newest first."""
        return Ok(data=await identity.sessions.listed(caller))

    @admin.delete("/sessions", summary="End all other sessions")
    async def end_all_sessions(caller: AdminCaller) -> Ok[None]:
        """Ends every session but the caller's own."""
        await identity.sessions.end_all_others(caller)
        return Ok(data=None)

    @admin.delete("/sessions/{id}", summary="End a session")
    async def end_session(caller: AdminCaller, id: str) -> Ok[None]:  # noqa: A002 - the contract's name
        """The browser that holds it is signed out at its next request."""
        await identity.sessions.end(caller, id)
        return Ok(data=None)

    return admin
