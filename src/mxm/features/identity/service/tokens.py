"""API tokens: made, listed, rotated, revoked. They belong to the installation, not to their maker."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from mxm.features.audit.api import Action, AuditLog
from mxm.features.identity import repository
from mxm.features.identity.models import TokenRow
from mxm.features.identity.rules.token_format import SHOWN, format_token
from mxm.features.identity.schemas.grants import GrantSet, listed, merged
from mxm.features.identity.schemas.tokens import TokenIn, TokenListed, TokenMade
from mxm.features.identity.service.activity import Activity
from mxm.features.identity.service.directory import TAG
from mxm.platform.access import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import FieldError, NotFound, ValidationFailed
from mxm.platform.keys import KeyRing

KnownDomains = Callable[[], Awaitable[frozenset[str]]]
"""The account's domains; handed in at composition, because domains are a feature above this one."""


class Tokens:
    """Every secret is shown once, by the call that made it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Chance,
        keys: KeyRing,
        activity: Activity,
        audit: AuditLog,
        known_domains: KnownDomains,
    ) -> None:
        self._database, self._clock, self._chance, self._keys = database, clock, chance, keys
        self._activity, self._audit, self._known_domains = activity, audit, known_domains

    async def create(self, caller: Caller, wanted: TokenIn) -> TokenMade:
        """A new token. Raises `ValidationFailed` naming every wrong field."""
        grants = await self._checked(wanted)
        secret = format_token(self._chance.token(32))
        row = TokenRow(
            id=self._chance.token(16).hex(),
            label=wanted.label,
            digest=self._digest(secret),
            prefix=secret[:SHOWN],
            is_admin=wanted.is_admin,
            allowed_networks=list(dict.fromkeys(wanted.allowed_networks or [])),
            created_by=caller.name,
            created_at=self._clock.now(),
            expires_at=wanted.expires_at,
            grants=repository.token_grants(grants),
        )
        async with self._database.write() as tx:
            tx.session.add(row)
            tx.changed(TAG)
            await self._audit.record(
                tx.session,
                caller,
                Action.TOKEN_CREATE,
                row.label,
                token_prefix=row.prefix,
                is_admin=row.is_admin,
                grants={domain: sorted(held) for domain, held in grants.items()},
                expires_at=row.expires_at.isoformat() if row.expires_at else None,
                allowed_networks=row.allowed_networks,
            )
        return TokenMade(**_fields(row), token=secret)

    async def listed(self) -> list[TokenListed]:
        """All tokens, newest first."""
        async with self._database.read() as session:
            rows = await repository.tokens(session)
        return [self._shown(row) for row in rows]

    async def rotate(self, caller: Caller, token_id: str) -> TokenMade:
        """A new secret for the same token; the old one ends at once. Raises `NotFound`."""
        secret = format_token(self._chance.token(32))
        async with self._database.write() as tx:
            row = await repository.token_by_id(tx.session, token_id)
            if row is None:
                raise NotFound("There is no such token.")
            row.digest, row.prefix = self._digest(secret), secret[:SHOWN]
            tx.changed(TAG)
            await self._audit.record(tx.session, caller, Action.TOKEN_ROTATE, row.label, token_prefix=row.prefix)
        return TokenMade(**_fields(row), token=secret)

    async def revoke(self, caller: Caller, token_id: str) -> None:
        """End a token; it fails from the next request on. Raises `NotFound`."""
        async with self._database.write() as tx:
            row = await repository.token_by_id(tx.session, token_id)
            if row is None:
                raise NotFound("There is no such token.")
            await tx.session.delete(row)
            tx.changed(TAG)
            await self._audit.record(tx.session, caller, Action.TOKEN_REVOKE, row.label, token_prefix=row.prefix)

    def _digest(self, secret: str) -> bytes:
        return self._keys.digest("api_token", secret.encode())

    def _shown(self, row: TokenRow) -> TokenListed:
        use = self._activity.of_token(row.id)
        at, address = (use.at, use.address) if use else (row.last_used_at, row.last_used_ip)
        return TokenListed(**_fields(row), last_used_at=at, last_used_ip=address)

    async def _checked(self, wanted: TokenIn) -> GrantSet:
        wrong: list[FieldError] = []
        grants = merged(wanted.grants or [])
        if not wanted.is_admin and not grants:
            wrong.append(FieldError("grants", "is missing: name domains and permissions, or set is_admin"))
        if wanted.is_admin and grants:
            wrong.append(FieldError("grants", "must be left out: an admin token may do everything"))
        if wanted.expires_at is not None and wanted.expires_at <= self._clock.now():
            wrong.append(FieldError("expires_at", "must be in the future"))
        if grants:
            wrong += unknown_domains([g.domain for g in wanted.grants or []], await self._known_domains())
        if wrong:
            raise ValidationFailed.of(*wrong)
        return grants


def unknown_domains(named: Iterable[str], known: frozenset[str]) -> list[FieldError]:
    """One error for each granted domain that the account does not have."""
    return [
        FieldError(f"grants.{place}.domain", f"{domain} is not a domain of this account")
        for place, domain in enumerate(named)
        if domain not in known
    ]


def _fields(row: TokenRow) -> dict[str, object]:
    expires: datetime | None = row.expires_at
    return {
        "id": row.id,
        "label": row.label,
        "token_prefix": row.prefix,
        "is_admin": row.is_admin,
        "grants": listed(repository.grant_set(row.grants)),
        "created_at": row.created_at,
        "expires_at": expires,
        "allowed_networks": row.allowed_networks,
    }
