"""Recovery addresses, held in memory by domain and dropped when any process changes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.api import Action, AuditLog
from mxm.features.mailboxes import repository
from mxm.platform.access import Caller
from mxm.platform.db import Database
from mxm.platform.db.generation import EVERYTHING, Generation

PUT = "mailboxes.recovery"
"""The follow-up of a creation with a recovery address, and of a deletion."""

_MOST_DOMAINS = 2000
_PREFIX = "recovery:"


class Recovery:
    """One for each process."""

    def __init__(self, database: Database, generation: Generation, audit: AuditLog) -> None:
        self._database, self._audit = database, audit
        self._known: dict[str, Mapping[str, str]] = {}
        self._drops = 0
        generation.subscribe(self._on_change)

    async def of(self, domain: str) -> Mapping[str, str]:
        """Addresses by username; the same object until something changes."""
        known = self._known.get(domain)
        if known is not None:
            return known
        drops = self._drops
        async with self._database.read() as session:
            found: Mapping[str, str] = await repository.of_domain(session, domain)
        if drops != self._drops:  # what was read may be from before the change: good for this answer only
            return found
        if len(self._known) >= _MOST_DOMAINS:
            self._known.clear()
        return self._known.setdefault(domain, found)

    async def change(self, caller: Caller, domain: str, username: str, email: str | None) -> None:
        """Set or remove a mailbox's recovery address."""
        async with self._database.write() as tx:
            await repository.put(tx.session, domain, username, email)
            tx.changed(_tag(domain))
            target = f"{username}@{domain}"
            await self._audit.record(tx.session, caller, Action.MAILBOX_RECOVERY_UPDATE, target, recovery_email=email)

    async def follow_up(self, session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        """Part of a mailbox's creation or deletion (see `PUT`)."""
        await repository.put(session, payload["domain"], payload["username"], payload["email"])
        return [_tag(payload["domain"])]

    async def forget_domain(self, session: AsyncSession, domain: str) -> Sequence[str]:
        """Part of a domain's deletion."""
        await repository.forget_domain(session, domain)
        return [_tag(domain)]

    async def _on_change(self, tags: frozenset[str]) -> None:
        ours = [tag.removeprefix(_PREFIX) for tag in tags if tag.startswith(_PREFIX)]
        if ours or tags == EVERYTHING:
            self._drops += 1
        if tags == EVERYTHING:
            self._known.clear()
        for domain in ours:
            self._known.pop(domain, None)


def _tag(domain: str) -> str:
    return f"{_PREFIX}{domain}"
