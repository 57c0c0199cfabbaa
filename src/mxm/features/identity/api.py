"""What other features and the entry points may use of identities."""

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.identity import repository
from mxm.features.identity.schemas.grants import GrantIn
from mxm.features.identity.schemas.tokens import TokenIn
from mxm.features.identity.service import Identity
from mxm.features.identity.service.activity import FLUSH_SECONDS, Activity
from mxm.features.identity.service.delegations import Delegations
from mxm.features.identity.service.directory import TAG, Directory
from mxm.features.identity.service.passwords import PasswordHasher
from mxm.features.identity.service.sessions import Sessions
from mxm.features.identity.service.sign_in import SignIn
from mxm.features.identity.service.throttle import Throttle
from mxm.features.identity.service.tokens import Tokens


async def forget_domain(session: AsyncSession, domain: str) -> list[str]:
    """Drop every grant on a domain that is going; returns the tags that this changes."""
    await repository.forget_domain(session, domain)
    return [TAG]


__all__ = [
    "FLUSH_SECONDS",
    "Activity",
    "Delegations",
    "Directory",
    "GrantIn",
    "Identity",
    "PasswordHasher",
    "Sessions",
    "SignIn",
    "Throttle",
    "TokenIn",
    "Tokens",
    "forget_domain",
]
