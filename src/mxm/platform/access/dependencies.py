"""The permission in the signature: a route takes one of these types and cannot be reached without it.

A test walks all routes and fails on one that takes none and is not in the short public list.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request

from mxm.platform.access.authenticator import Authenticated
from mxm.platform.access.principal import Caller, Permission, Principal
from mxm.platform.errors import FieldError, Forbidden, Unauthorized, Unavailable, ValidationFailed
from mxm.platform.idempotency.claim import Claim
from mxm.platform.names import domain_name

_DOMAIN = Path(description="The domain's real name; international names in either form.", examples=["example.com"])


@dataclass(frozen=True, slots=True)
class DomainAccess:
    """A caller who holds the permission on `domain` (lower case, ASCII form)."""

    domain: str
    caller: Caller


def caller_of(request: Request) -> Caller:
    """The caller that the front layer authenticated. Raises `Unauthorized` when it found none."""
    caller: Caller | None = request.scope.get("mxm.caller")
    if caller is None:
        raise Unauthorized
    return caller


async def _any(request: Request) -> Caller:
    return caller_of(request)


async def _session(request: Request) -> Caller:
    # No claim: what a session does to itself (signing out) is not the same for the next session.
    return _checked(request, session=True)


async def _admin(request: Request) -> Caller:
    return await _claimed(request, _checked(request, admin=True))


async def _admin_session(request: Request) -> Caller:
    return await _claimed(request, _checked(request, session=True, admin=True))


def _checked(request: Request, *, session: bool = False, admin: bool = False) -> Caller:
    caller = caller_of(request)
    if session and caller.principal.kind != "session":
        raise Forbidden("This needs a browser session; API tokens cannot do it.")
    if admin and not caller.principal.is_admin:
        raise Forbidden("This is for administrators.")
    return caller


async def _claimed(request: Request, caller: Caller) -> Caller:
    """The caller may: only now does an idempotency key count."""
    claim: Claim | None = request.scope.get("mxm.claim")
    if claim is not None:
        await claim.take(caller)
    return caller


async def honour_key(request: Request, caller: Caller) -> None:
    """For routes whose own code decides whether the caller may: only after that does an idempotency key count."""
    await _claimed(request, caller)


async def still(request: Request) -> Principal | None:
    """Who the request's credentials stand for by now; None once they are no good, or that cannot be told."""
    try:
        found: Authenticated | None = await request.scope["mxm.again"]()
    except (Unauthorized, Unavailable):
        return None
    return found.principal if found else None


def on_domain(*permissions: Permission, admin: bool = False) -> Callable[..., Awaitable[DomainAccess]]:
    """A dependency that yields the domain when the caller holds any of `permissions` there (none named: any)."""

    async def check(request: Request, domain: Annotated[str, _DOMAIN]) -> DomainAccess:
        caller = caller_of(request)
        try:
            name = domain_name(domain)
        except ValueError as wrong:
            if not caller.principal.is_admin:
                raise _forbidden(domain) from None
            raise ValidationFailed.of(FieldError("domain", str(wrong))) from None
        if admin and not caller.principal.is_admin:
            raise Forbidden("This is for administrators.")
        if not caller.principal.may(name, *permissions):
            raise _forbidden(domain)
        return DomainAccess(name, await _claimed(request, caller))

    check.permissions = permissions  # type: ignore[attr-defined]
    check.admin = admin  # type: ignore[attr-defined]
    return check


def _forbidden(domain: str) -> Forbidden:
    return Forbidden(f"You have no permission for this on {domain[:253]}.")


AnyCaller = Annotated[Caller, Depends(_any)]
SessionCaller = Annotated[Caller, Depends(_session)]
AdminCaller = Annotated[Caller, Depends(_admin)]
AdminSession = Annotated[Caller, Depends(_admin_session)]

AnyOn = Annotated[DomainAccess, Depends(on_domain())]
AdminOn = Annotated[DomainAccess, Depends(on_domain(admin=True))]
DashboardOn = Annotated[DomainAccess, Depends(on_domain(Permission.DASHBOARD))]
EmailsOn = Annotated[DomainAccess, Depends(on_domain(Permission.EMAILS))]
EmailsViewOn = Annotated[DomainAccess, Depends(on_domain(Permission.DASHBOARD, Permission.EMAILS))]
ForwardersOn = Annotated[DomainAccess, Depends(on_domain(Permission.FORWARDERS))]
ForwardersViewOn = Annotated[DomainAccess, Depends(on_domain(Permission.DASHBOARD, Permission.FORWARDERS))]
DnsOn = Annotated[DomainAccess, Depends(on_domain(Permission.DNS))]
DnsViewOn = Annotated[DomainAccess, Depends(on_domain(Permission.DASHBOARD, Permission.DNS))]
SpamOn = Annotated[DomainAccess, Depends(on_domain(Permission.SPAM))]
