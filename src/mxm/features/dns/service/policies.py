"""DMARC policies: the domain's own, else the default of the installation."""

from mxm.features.audit.api import Action, AuditLog
from mxm.features.dns import repository
from mxm.features.dns.rules import dmarc
from mxm.features.dns.rules.wanted import DmarcWish
from mxm.features.dns.schemas import DmarcPolicyOut
from mxm.platform.access import Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import FieldError, ValidationFailed


class Policies:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock, audit: AuditLog, default: str) -> None:
        """`default` is DMARC_RECORD; an invalid one is a ValueError that names the setting."""
        problems = dmarc.parse(default).problems
        if problems:
            raise ValueError(f"DMARC_RECORD: {problems[0]}; want a record such as v=DMARC1; p=none;")
        self._database, self._clock, self._audit, self._default = database, clock, audit, default

    async def wish(self, domain: str) -> DmarcWish:
        """The policy that is wanted for a domain."""
        async with self._database.read() as session:
            own = await repository.policy(session, domain)
        return DmarcWish(self._default, custom=False) if own is None else DmarcWish(own.strip(), custom=True)

    async def read(self, domain: str) -> DmarcPolicyOut:
        """The same for people."""
        wish = await self.wish(domain)
        async with self._database.read() as session:
            own = await repository.policy(session, domain)
        return DmarcPolicyOut(custom=wish.custom, custom_value=own, default=self._default, effective=wish.record)

    async def change(self, caller: Caller, domain: str, record: str | None) -> tuple[DmarcPolicyOut, list[str]]:
        """Set or (None or blank) clear the domain's own policy, kept as it was sent; with warnings about it."""
        if record is not None and not record.strip():
            record = None
        warnings = [] if record is None else list(checked_policy(record).warnings)
        action = Action.DMARC_POLICY_CLEAR if record is None else Action.DMARC_POLICY_UPDATE
        details = {} if record is None else {"record": record}
        async with self._database.write() as tx:
            await repository.put_policy(tx.session, domain, record, self._clock.now())
            await self._audit.record(tx.session, caller, action, domain, **details)
        return await self.read(domain), warnings


def checked_policy(record: str, field: str = "dmarc_record") -> dmarc.Policy:
    """The parsed policy. Raises `ValidationFailed` naming every problem: the record will be published as it is."""
    if not record.isascii() or not record.isprintable():
        raise ValidationFailed.of(FieldError(field, "must be one line of ASCII text"))
    policy = dmarc.parse(record.strip())
    if not policy.valid:
        raise ValidationFailed.of(*(FieldError(field, problem) for problem in policy.problems))
    return policy
