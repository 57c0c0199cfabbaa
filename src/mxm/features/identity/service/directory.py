"""Everyone who may come in, in memory: checking a token or cookie costs one keyed hash and one look-up."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from mxm.features.identity import repository
from mxm.features.identity.models import SessionRow, TokenRow
from mxm.features.identity.rules.networks import is_inside
from mxm.features.identity.rules.token_format import is_well_formed
from mxm.features.identity.service.activity import Activity
from mxm.platform.access import SYSTEM, Credentials, Principal
from mxm.platform.access.authenticator import Authenticated
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.db.generation import EVERYTHING, Generation
from mxm.platform.errors import Unauthorized
from mxm.platform.keys import KeyRing

TAG = "identity"
"""The tag of every change of users, tokens, grants and sessions."""
SESSION_IDLE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=7)
_COOKIE_MAX = 128


@dataclass(frozen=True, slots=True)
class _KnownToken:
    id: str
    principal: Principal
    expires_at: datetime | None
    networks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _KnownSession:
    id: str
    principal: Principal
    created_at: datetime
    seen_at: datetime
    csrf_tokens: tuple[str, ...]


class Directory:
    """The authenticator: reloaded whenever a change of identities is taken in."""

    def __init__(
        self, database: Database, generation: Generation, clock: Clock, keys: KeyRing, activity: Activity
    ) -> None:
        self._database, self._generation, self._clock = database, generation, clock
        self._keys, self._activity = keys, activity
        self._tokens: dict[bytes, _KnownToken] = {}
        self._sessions: dict[bytes, _KnownSession] = {}
        self._principals: dict[str, Principal] = {}
        self._expiries: dict[str, datetime | None] = {}
        generation.subscribe(self._on_change)

    async def authenticate(self, credentials: Credentials) -> Authenticated | None:
        """See `Authenticator`. Fails closed when rights could not be confirmed for two seconds."""
        if credentials.bearer is None and not credentials.session_cookie:
            return None
        await self._generation.ensure_fresh()
        if credentials.bearer is not None:
            return await self._by_token(credentials.bearer, credentials.address, used=credentials.counts_as_use)
        cookie = credentials.session_cookie or ""
        return await self._by_cookie(cookie, credentials.address, used=credentials.counts_as_use)

    async def session_principal(self, cookie: str | None, address: str) -> Authenticated | None:
        """The session behind a cookie, for HTML pages; None when there is none."""
        if not cookie:
            return None
        await self._generation.ensure_fresh()
        try:
            return await self._by_cookie(cookie, address, used=True)
        except Unauthorized:
            return None

    async def principal(self, key: str) -> Principal | None:
        """Who `key` stands for with the rights of this moment; None when revoked, expired or gone."""
        await self._generation.ensure_fresh()
        if key == SYSTEM.key:
            return SYSTEM
        expires_at = self._expiries.get(key)
        return None if expires_at is not None and expires_at <= self._clock.now() else self._principals.get(key)

    def csrf_tokens(self, session_id: str) -> tuple[str, ...]:
        """The CSRF tokens that belong to a session: derived from its id, so nothing needs to be stored.

        A browser holds the one it was given: while keys are rotated, that of the previous key counts too.
        """
        digests = self._keys.digests("csrf", session_id.encode())
        return tuple(base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests)

    async def _by_token(self, token: str, address: str, *, used: bool) -> Authenticated:
        if not is_well_formed(token):
            raise Unauthorized
        digests = self._keys.digests("api_token", token.encode())
        found = next((known for digest in digests if (known := self._tokens.get(digest))), None)
        if found is None or (found.expires_at is not None and found.expires_at <= self._clock.now()):
            raise Unauthorized
        if found.networks and not is_inside(address, found.networks):
            raise Unauthorized
        if digests[0] not in self._tokens:
            await self._rekey(TokenRow, found.id, digests[0])
        if used:
            self._activity.token_used(found.id, address)
        return Authenticated(found.principal)

    async def _by_cookie(self, cookie: str, address: str, *, used: bool) -> Authenticated:
        if len(cookie) > _COOKIE_MAX:
            raise Unauthorized
        digests = self._keys.digests("session", cookie.encode("utf-8", "replace"))
        found = next((known for digest in digests if (known := self._sessions.get(digest))), None)
        if found is None or not await self._is_alive(found):
            raise Unauthorized
        if digests[0] not in self._sessions:
            await self._rekey(SessionRow, found.id, digests[0])
        if used:
            self._activity.session_used(found.id, address)
        return Authenticated(found.principal, found.id, found.csrf_tokens)

    async def _is_alive(self, known: _KnownSession) -> bool:
        now = self._clock.now()
        if now - known.created_at >= SESSION_LIFE:
            return False
        use = self._activity.of_session(known.id)
        if now - max(known.seen_at, use.at if use else known.seen_at) < SESSION_IDLE:
            return True
        async with self._database.read() as session:  # another process may have seen it since
            row = await session.get(SessionRow, known.id)
        return row is not None and now - row.seen_at < SESSION_IDLE

    async def _rekey(self, table: type[TokenRow] | type[SessionRow], row_id: str, digest: bytes) -> None:
        """A hash by the previous key becomes one by the present key at its first use."""
        async with self._database.write() as tx:
            await tx.session.execute(update(table).where(table.id == row_id).values(digest=digest))
            tx.changed(TAG)

    async def _on_change(self, tags: frozenset[str]) -> None:
        if TAG not in tags and tags != EVERYTHING:
            return
        async with self._database.read() as session:
            users = await repository.users(session)
            tokens = await repository.tokens(session)
            sessions = await repository.sessions(session)
        people = {user.id: _person(user.id, user.login, user.is_admin, user.grants) for user in users}
        self._tokens = {token.digest: _known_token(token) for token in tokens}
        known = self._tokens.values()
        self._principals = {p.key: p for p in (*people.values(), *(token.principal for token in known))}
        self._expiries = {token.principal.key: token.expires_at for token in known}
        self._sessions = {row.digest: self._known_session(row, people[row.user_id]) for row in sessions}
        self._activity.forget({token.id for token in tokens} | {row.id for row in sessions})

    def _known_session(self, row: SessionRow, principal: Principal) -> _KnownSession:
        return _KnownSession(row.id, principal, row.created_at, row.seen_at, self.csrf_tokens(row.id))


def _person(user_id: str, login: str, is_admin: bool, grants: repository.GrantRows) -> Principal:  # noqa: FBT001
    return Principal(f"user:{user_id}", login, "session", is_admin, repository.grant_set(grants), user_id)


def _known_token(row: TokenRow) -> _KnownToken:
    grants = repository.grant_set(row.grants)
    principal = Principal(f"token:{row.id}", f"token:{row.label}", "api_token", row.is_admin, grants)
    return _KnownToken(row.id, principal, row.expires_at, tuple(row.allowed_networks))
