"""Loading and changing users, tokens, grants and sessions."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from mxm.features.identity.models import SessionRow, TokenGrantRow, TokenRow, UserGrantRow, UserRow
from mxm.platform.access import Permission

GrantRows = Sequence[UserGrantRow] | Sequence[TokenGrantRow]


async def users(session: AsyncSession) -> Sequence[UserRow]:
    """All users with their grants, by login."""
    query = select(UserRow).options(selectinload(UserRow.grants)).order_by(UserRow.login)
    return (await session.execute(query)).scalars().all()


async def user_by_login(session: AsyncSession, login: str) -> UserRow | None:
    """One user with their grants."""
    if "\x00" in login:  # PostgreSQL has no text with it, and nobody has such a name
        return None
    query = select(UserRow).options(selectinload(UserRow.grants)).where(UserRow.login == login.lower())
    return (await session.execute(query)).scalar()


async def user_by_id(session: AsyncSession, user_id: str) -> UserRow | None:
    """One user with their grants."""
    query = select(UserRow).options(selectinload(UserRow.grants)).where(UserRow.id == user_id)
    return (await session.execute(query)).scalar()


async def count_admins(session: AsyncSession, *, local: bool = False) -> int:
    """How many administrators there are; `local` counts those who can sign in with a password."""
    query = select(func.count()).select_from(UserRow).where(UserRow.is_admin)
    if local:
        query = query.where(UserRow.password_hash.is_not(None))
    return (await session.execute(query)).scalar_one()


async def tokens(session: AsyncSession) -> Sequence[TokenRow]:
    """All tokens with their grants, newest first."""
    query = select(TokenRow).options(selectinload(TokenRow.grants)).order_by(TokenRow.created_at.desc(), TokenRow.id)
    return (await session.execute(query)).scalars().all()


async def token_by_id(session: AsyncSession, token_id: str) -> TokenRow | None:
    """One token with its grants, locked for a change where the database does that."""
    query = select(TokenRow).options(selectinload(TokenRow.grants)).where(TokenRow.id == token_id)
    return (await session.execute(query.with_for_update())).scalar()


async def sessions(session: AsyncSession, *, of: str | None = None) -> Sequence[SessionRow]:
    """All sessions, or those `of` one user, newest first."""
    query = select(SessionRow).order_by(SessionRow.created_at.desc())
    if of is not None:
        query = query.where(SessionRow.user_id == of)
    return (await session.execute(query)).scalars().all()


async def end_sessions(session: AsyncSession, user_id: str, *, keep: str | None = None) -> int:
    """End a user's sessions but `keep`; returns how many."""
    statement = delete(SessionRow).where(SessionRow.user_id == user_id)
    if keep is not None:
        statement = statement.where(SessionRow.id != keep)
    ended = await session.execute(statement.returning(SessionRow.id))
    return len(ended.scalars().all())


async def forget_domain(session: AsyncSession, domain: str) -> None:
    """Drop every grant on a domain."""
    await session.execute(delete(UserGrantRow).where(UserGrantRow.domain == domain))
    await session.execute(delete(TokenGrantRow).where(TokenGrantRow.domain == domain))


def grant_set(rows: GrantRows) -> dict[str, frozenset[Permission]]:
    """Grants by domain; a permission that this version does not know grants nothing."""
    found: dict[str, set[Permission]] = {}
    known = {permission.value: permission for permission in Permission}
    for row in rows:
        if row.permission in known:
            found.setdefault(row.domain, set()).add(known[row.permission])
    return {domain: frozenset(held) for domain, held in found.items()}


def user_grants(grants: Mapping[str, frozenset[Permission]]) -> list[UserGrantRow]:
    """Rows for a user's grants."""
    return [UserGrantRow(domain=domain, permission=p.value) for domain, held in grants.items() for p in held]


def token_grants(grants: Mapping[str, frozenset[Permission]]) -> list[TokenGrantRow]:
    """Rows for a token's grants."""
    return [TokenGrantRow(domain=domain, permission=p.value) for domain, held in grants.items() for p in held]
