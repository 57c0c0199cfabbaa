"""Delegations: who may sign in, and what they may do on which domains."""

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.api import Action, AuditLog
from mxm.features.identity import repository
from mxm.features.identity.models import UserRow
from mxm.features.identity.schemas.grants import GrantSet, listed, merged
from mxm.features.identity.schemas.people import Delegation, DelegationIn
from mxm.features.identity.service.directory import TAG
from mxm.features.identity.service.passwords import PasswordHasher
from mxm.features.identity.service.tokens import KnownDomains, unknown_domains
from mxm.platform.access import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import Conflict, FieldError, NotFound, ValidationFailed

_LAST = "This is the last administrator who can sign in; make another one first."
_OWN = "You cannot change your own rights; another administrator can."
_ALONE = "identity.delegations"
"""Changes of people come one after the other, or two could each count the other's administrator."""


class Delegations:
    """A person is always described whole: what is not named in a change is taken away."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Chance,
        passwords: PasswordHasher,
        audit: AuditLog,
        known_domains: KnownDomains,
        *,
        oidc_enabled: bool,
    ) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self._passwords, self._audit, self._known_domains = passwords, audit, known_domains
        self._oidc_enabled = oidc_enabled

    async def listed(self) -> list[Delegation]:
        """Everybody, by login."""
        async with self._database.read() as session:
            return [_shown(user) for user in await repository.users(session)]

    async def put(self, caller: Caller, wanted: DelegationIn) -> tuple[list[Delegation], bool]:
        """Make or change a person; returns everybody, and whether the person is new.

        Raises `ValidationFailed` naming every wrong field, `Conflict` for the caller's own account and for the last
        administrator.
        """
        if wanted.email == caller.principal.name and caller.principal.kind == "session":
            raise Conflict(_OWN, field="email")
        grants = await self._checked(wanted)
        new_hash = await self._passwords.hash(wanted.password) if wanted.password else None
        is_admin, now = wanted.domains == ["*"], self._clock.now()
        async with self._database.write() as tx:
            await tx.alone(_ALONE)
            user = await repository.user_by_login(tx.session, wanted.email)
            is_new = user is None
            if user is None:
                user = UserRow(id=self._chance.token(16).hex(), login=wanted.email, created_at=now, grants=[])
                tx.session.add(user)
            elif not is_admin:
                await self._keep_an_administrator(tx.session, user)
            lost_rights = not is_new and (user.is_admin != is_admin or bool(new_hash))
            user.is_admin, user.updated_at = is_admin, now
            if is_new or "contact_email" in wanted.model_fields_set:
                user.contact_email = wanted.contact_email
            user.password_hash = new_hash or user.password_hash
            user.grants.clear()
            await tx.session.flush()
            user.grants.extend(repository.user_grants(grants))
            if lost_rights:
                await repository.end_sessions(tx.session, user.id)
            tx.changed(TAG)
            shown = {domain: sorted(held) for domain, held in grants.items()}
            await self._audit.record(
                tx.session, caller, Action.DELEGATION_UPDATE, user.login, is_admin=is_admin, grants=shown
            )
        return await self.listed(), is_new

    async def revoke(self, caller: Caller, login: str) -> None:
        """Remove a person with their sessions. Raises `NotFound`, `Conflict`."""
        name = login.strip().lower()
        if name == caller.principal.name and caller.principal.kind == "session":
            raise Conflict(_OWN, field="email")
        async with self._database.write() as tx:
            await tx.alone(_ALONE)
            user = await repository.user_by_login(tx.session, name)
            if user is None:
                raise NotFound("There is no such person.")
            await self._keep_an_administrator(tx.session, user)
            await repository.end_sessions(tx.session, user.id)
            await tx.session.delete(user)
            tx.changed(TAG)
            await self._audit.record(tx.session, caller, Action.DELEGATION_REVOKE, name)

    async def _keep_an_administrator(self, session: AsyncSession, leaving: UserRow) -> None:
        """Raises `Conflict` when nobody who can sign in would be an administrator without `leaving`."""
        if not leaving.is_admin:
            return
        local = not self._oidc_enabled  # then only a password lets anybody in
        can_sign_in = leaving.password_hash is not None or not local
        if await repository.count_admins(session, local=local) - can_sign_in < 1:
            raise Conflict(_LAST, field="email")

    async def _checked(self, wanted: DelegationIn) -> GrantSet:
        wrong: list[FieldError] = []
        grants = merged(wanted.grants or [])
        if wanted.domains == ["*"]:
            if grants:
                wrong.append(FieldError("grants", "must be left out: an administrator may do everything"))
        elif not grants:
            wrong.append(FieldError("grants", 'is missing: name domains and permissions, or set domains to ["*"]'))
        else:
            bare = [domain for domain in wanted.domains or [] if domain not in grants]
            wrong += [FieldError("grants", f"has no permissions for {domain}") for domain in bare]
        if grants:
            wrong += unknown_domains([g.domain for g in wanted.grants or []], await self._known_domains())
        if wrong:
            raise ValidationFailed.of(*wrong)
        return grants


def _shown(user: UserRow) -> Delegation:
    grants = repository.grant_set(user.grants)
    return Delegation(
        email=user.login,
        contact_email=user.contact_email,
        notification_email=user.notification_email,
        is_admin=user.is_admin,
        domains=["*"] if user.is_admin else sorted(grants),
        grants=[] if user.is_admin else listed(grants),
    )
