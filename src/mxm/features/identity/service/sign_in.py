"""Signing in, changing one's own password and profile, and the first administrator."""

import logging
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from mxm.features.audit.api import Action, AuditLog
from mxm.features.identity import repository
from mxm.features.identity.models import UserRow
from mxm.features.identity.service.directory import TAG
from mxm.features.identity.service.passwords import PasswordHasher
from mxm.features.identity.service.sessions import NewSession, Sessions
from mxm.features.identity.service.throttle import Throttle
from mxm.platform.access import PUBLIC, SYSTEM, Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import FieldError, NotFound, RateLimited, Unauthorized, ValidationFailed

log = logging.getLogger("mxm.identity")

_REFUSED = "Username or password is wrong."


class SignIn:
    """One message and one duration for an unknown user, a wrong password and a user without one."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Chance,
        passwords: PasswordHasher,
        throttle: Throttle,
        sessions: Sessions,
        audit: AuditLog,
    ) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self._passwords, self._throttle, self._sessions, self._audit = passwords, throttle, sessions, audit

    async def with_password(
        self, username: str, password: str, *, request_id: str, address: str, user_agent: str | None
    ) -> NewSession:
        """A new session. Raises `Unauthorized` or `RateLimited`; neither touches a session that there is."""
        caller = Caller(PUBLIC, request_id, address)
        login = username.strip().lower()
        await self._prove(caller, login, password)
        async with self._database.write() as tx:
            user = await repository.user_by_login(tx.session, login)
            if user is None:  # removed in this very moment
                raise Unauthorized(_REFUSED)
            made = self._sessions.begin(tx, user, via="password", address=address, user_agent=user_agent)
            await self._audit.record(tx.session, caller, Action.LOGIN, user.login, via="password")
        return made

    async def change_password(self, caller: Caller, current: str, new: str, *, user_agent: str | None) -> NewSession:
        """Change the caller's own password; all their sessions end and a new one begins."""
        try:
            await self._prove(caller, caller.name, current)
        except Unauthorized:
            raise ValidationFailed.of(FieldError("current_password", "is wrong")) from None
        new_hash = await self._passwords.hash(new)
        async with self._database.write() as tx:
            user = await repository.user_by_id(tx.session, caller.principal.user_id or "")
            if user is None:
                raise Unauthorized
            user.password_hash, user.updated_at = new_hash, self._clock.now()
            await repository.end_sessions(tx.session, user.id)
            made = self._sessions.begin(tx, user, via="password", address=caller.address or "", user_agent=user_agent)
            await self._audit.record(tx.session, caller, Action.PASSWORD_UPDATE, user.login)
        return made

    async def profile(self, user_id: str) -> tuple[str | None, str | None]:
        """The user's contact and notification addresses."""
        async with self._database.read() as session:
            user = await repository.user_by_id(session, user_id)
        return (user.contact_email, user.notification_email) if user else (None, None)

    async def change_profile(self, caller: Caller, contact_email: str | None) -> None:
        """Change the caller's own contact address."""
        async with self._database.write() as tx:
            user = await repository.user_by_id(tx.session, caller.principal.user_id or "")
            if user is None:
                raise NotFound("There is no such user.")
            user.contact_email, user.updated_at = contact_email, self._clock.now()
            await self._audit.record(tx.session, caller, Action.PROFILE_UPDATE, user.login, changed=["contact_email"])

    async def seed_administrator(self, login: str, password: str | None) -> None:
        """Make the first local administrator from the settings; does nothing once there is one."""
        async with self._database.read() as session:
            if await repository.count_admins(session, local=True):
                return
        if password is None:
            log.warning("no local administrator: set ADMIN_PASSWORD or run `mxm admin reset-password`")
            return
        try:
            await self.reset_password(login, password, via="ADMIN_PASSWORD")
        except IntegrityError:
            log.info("another process made the administrator at the same moment")

    async def reset_password(self, login: str, password: str, *, via: str) -> None:
        """Set an administrator's password, making the user when there is none; their sessions end."""
        new_hash = await self._passwords.hash(password)
        now, name = self._clock.now(), login.strip().lower()
        async with self._database.write() as tx:
            user = await repository.user_by_login(tx.session, name)
            if user is None:
                user = UserRow(id=self._chance.token(16).hex(), login=name, created_at=now, grants=[])
                tx.session.add(user)
            user.password_hash, user.is_admin, user.updated_at = new_hash, True, now
            await repository.end_sessions(tx.session, user.id)
            tx.changed(TAG)
            caller = Caller(SYSTEM, "-")
            await self._audit.record(tx.session, caller, Action.ADMIN_PASSWORD_UPDATE, name, via=via)

    async def _prove(self, caller: Caller, login: str, password: str) -> None:
        """Raises unless the password is the user's. The throttle comes before any hashing."""
        address = caller.address or ""
        try:
            async with self._throttle.attempt(login, address):
                stored = await self._compare(caller, login, password)
        except RateLimited:
            if self._throttle.worth_noting(address):
                await self._note(caller, Action.LOGIN_RATE_LIMITED, "sign-in")
            raise
        if self._passwords.needs_rehash(stored):
            await self._rehash(login, password)

    async def _compare(self, caller: Caller, login: str, password: str) -> str:
        """The stored hash, when the password fits. An unknown user takes as long as a known one."""
        address = caller.address or ""
        async with self._database.read() as session:
            user = await repository.user_by_login(session, login)
        stored = user.password_hash if user else None
        if not await self._passwords.verify(stored, password) or stored is None:
            await self._throttle.failed(login, address)
            await self._note(caller, Action.LOGIN_FAILED, login if user else "unknown user")
            raise Unauthorized(_REFUSED)
        await self._throttle.succeeded(login, address)
        return stored

    async def _rehash(self, login: str, password: str) -> None:
        new_hash = await self._passwords.hash(password)
        async with self._database.write() as tx:
            user = await repository.user_by_login(tx.session, login)
            if user is not None:
                user.password_hash = new_hash

    async def _note(self, caller: Caller, action: Action, login: str) -> None:
        """People type passwords into the user field, so an unknown name is never written down.

        A refusal is no effect: it leaves an idempotency key free.
        """
        refused = replace(caller, idempotency_id=None)
        async with self._database.write() as tx:
            await self._audit.record(tx.session, refused, action, login[:320], via="password")
