"""Mailboxes, through MXroute and the journal; what an answer claims has been read back."""

from collections.abc import Mapping
from dataclasses import dataclass

from mxm.features.audit.api import Action
from mxm.features.mailboxes.schemas import (
    DomainQuota,
    MailboxChange,
    MailboxIn,
    MailboxOut,
    MailboxUsage,
    UsageTotals,
)
from mxm.features.mailboxes.service.recovery import PUT, Recovery
from mxm.platform.access import Caller
from mxm.platform.envelope import Meta
from mxm.platform.errors import FieldError, ValidationFailed
from mxm.platform.journal import AuditEvent, Followup, Journal
from mxm.platform.readback import read_back
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.mxroute.models import EmailAccount
from mxm.upstreams.mxroute.write import MXrouteWrite
from mxm.upstreams.transport.cache import Reading


@dataclass(frozen=True, slots=True)
class _Merged:
    """A list with its recovery addresses, and what it was made of: it holds while both are the same objects."""

    accounts: list[EmailAccount]
    recovery: Mapping[str, str]
    full: list[MailboxOut]
    reduced: list[MailboxOut]


@dataclass(frozen=True, slots=True)
class Creation:
    """What is sent, how it is audited, and what follows from it here."""

    write: MXrouteWrite[None]
    event: AuditEvent
    recovery: Followup


class Mailboxes:
    """One for each process."""

    def __init__(self, mxroute: MXroute, journal: Journal, recovery: Recovery) -> None:
        self._mxroute, self._journal, self.recovery = mxroute, journal, recovery
        self._merged: dict[str, _Merged] = {}

    async def all(self, domain: str, *, with_recovery: bool) -> Reading[list[MailboxOut]]:
        """All mailboxes of a domain, by username; recovery addresses only where they may be seen."""
        reading = await self._mxroute.mailboxes.all(domain).cached()
        recovery = await self.recovery.of(domain)
        merged = self._merged.get(domain)
        if merged is None or merged.accounts is not reading.value or merged.recovery is not recovery:
            merged = self._merge(domain, reading.value, recovery)
        return Reading(merged.full if with_recovery else merged.reduced, reading.fetched_at, reading.stale)

    async def one(self, domain: str, user: str) -> Reading[MailboxOut]:
        """One mailbox. Raises `NotFound`."""
        reading = await self._mxroute.mailboxes.one(domain, user).cached()
        recovery = await self.recovery.of(domain)
        return Reading(_shown(domain, reading.value, recovery.get(user)), reading.fetched_at, reading.stale)

    async def create(self, caller: Caller, domain: str, wanted: MailboxIn) -> tuple[MailboxOut, Meta | None]:
        """Make a mailbox. Raises `Conflict` when it exists, `ValidationFailed` for what MXroute refuses."""
        _differs(wanted.recovery_email, f"{wanted.username}@{domain}")
        creation = self.creation(domain, wanted)
        await self._journal.run(caller, creation.write, creation.event, creation.recovery)
        return await self._as_it_is(domain, wanted.username, limit=wanted.limit)

    def creation(self, domain: str, wanted: MailboxIn) -> Creation:
        """A mailbox's creation as the journal takes it."""
        write = self._mxroute.mailboxes.create(
            domain, wanted.username, wanted.password, quota=wanted.quota, limit=wanted.limit
        )
        details = {
            "quota": wanted.quota,
            "limit": wanted.limit,
            "recovery_email_set": wanted.recovery_email is not None,
        }
        event = AuditEvent(Action.MAILBOX_CREATE, f"{wanted.username}@{domain}", details)
        recovery = {"domain": domain, "username": wanted.username, "email": wanted.recovery_email}
        return Creation(write, event, Followup(PUT, recovery))

    async def exists(self, domain: str, user: str) -> bool:
        """Whether MXroute has the mailbox now, live."""
        accounts = await self._mxroute.mailboxes.all(domain).live()
        return user in {account.username.lower() for account in accounts}

    async def change(
        self, caller: Caller, domain: str, user: str, wanted: MailboxChange
    ) -> tuple[MailboxOut, Meta | None]:
        """Change a mailbox. Raises `NotFound`, `ValidationFailed`."""
        values = wanted.model_dump(exclude_none=True)
        if not values:
            raise ValidationFailed.of(FieldError("body", "must name password, quota or limit"))
        write = self._mxroute.mailboxes.update(
            domain, user, password=wanted.password, quota=wanted.quota, limit=wanted.limit
        )
        await self._journal.run(caller, write, _change_event(f"{user}@{domain}", values))
        return await self._as_it_is(domain, user, limit=wanted.limit)

    async def delete(self, caller: Caller, domain: str, user: str) -> None:
        """Delete a mailbox with its mail and its recovery address. Raises `NotFound`."""
        forget = Followup(PUT, {"domain": domain, "username": user, "email": None})
        event = AuditEvent(Action.MAILBOX_DELETE, f"{user}@{domain}")
        await self._journal.run(caller, self._mxroute.mailboxes.delete(domain, user), event, forget)

    async def set_recovery(self, caller: Caller, domain: str, user: str, email: str | None) -> MailboxOut:
        """Set or remove the recovery address. Raises `NotFound` when there is no such mailbox."""
        _differs(email, f"{user}@{domain}")
        account = (await self._mxroute.mailboxes.one(domain, user).cached()).value
        await self.recovery.change(caller, domain, user, email)
        return _shown(domain, account, email)

    async def quota(self, domain: str) -> Reading[DomainQuota]:
        """The domain's mailboxes with their shares, and the sums."""
        reading = await self.all(domain, with_recovery=False)
        shares = [
            MailboxUsage.model_validate(m.model_dump(include=set(MailboxUsage.model_fields))) for m in reading.value
        ]
        totals = UsageTotals(
            mailboxes=len(shares),
            quota=sum(m.quota or 0 for m in shares),
            unlimited=sum(m.quota == 0 for m in shares),
            usage=round(sum(m.usage or 0 for m in shares), 2),
            sent=sum(m.sent or 0 for m in shares),
        )
        found = DomainQuota(domain=domain, mailboxes=shares, totals=totals)
        return Reading(found, reading.fetched_at, reading.stale)

    async def _as_it_is(self, domain: str, user: str, *, limit: int | None) -> tuple[MailboxOut, Meta | None]:
        """The mailbox as it is now: MXroute ignores send limits now and then, so nothing is claimed unread."""
        found, meta = await read_back(self._mxroute.mailboxes.one(domain, user).live())
        recovery = await self.recovery.of(domain)
        if found is None:
            return _shown(domain, EmailAccount(username=user), recovery.get(user)), meta
        if limit is not None and found.limit is not None and found.limit != limit:
            meta = Meta(warnings=[f"MXroute did not apply the send limit {limit}; {found.limit} a day holds."])
        return _shown(domain, found, recovery.get(user)), meta

    def _merge(self, domain: str, accounts: list[EmailAccount], recovery: Mapping[str, str]) -> _Merged:
        full = [_shown(domain, a, recovery.get(a.username)) for a in sorted(accounts, key=lambda a: a.username)]
        reduced = [mailbox.model_copy(update={"recovery_email": None}) for mailbox in full]
        merged = self._merged[domain] = _Merged(accounts, recovery, full, reduced)
        if len(self._merged) > 2000:
            self._merged.pop(next(iter(self._merged)))
        return merged


def _shown(domain: str, account: EmailAccount, recovery: str | None) -> MailboxOut:
    return MailboxOut(
        username=account.username,
        email=account.email or f"{account.username}@{domain}",
        quota=account.quota,
        usage=account.usage,
        limit=account.limit,
        sent=account.sent,
        suspended=account.suspended,
        recovery_email=recovery,
        has_recovery_email=recovery is not None,
    )


def _change_event(address: str, values: Mapping[str, object]) -> AuditEvent:
    """The narrowest action of the vocabulary that says what was changed."""
    names = set(values)
    if names == {"password"}:
        return AuditEvent(Action.MAILBOX_PASSWORD_UPDATE, address)
    if names == {"quota"}:
        return AuditEvent(Action.MAILBOX_QUOTA_UPDATE, address, {"quota": values["quota"]})
    shown = {name: value for name, value in values.items() if name != "password"}
    return AuditEvent(Action.MAILBOX_UPDATE, address, {"changed": sorted(names), **shown})


def _differs(recovery: str | None, address: str) -> None:
    if recovery == address:
        raise ValidationFailed.of(FieldError("recovery_email", "must differ from the mailbox"))
