"""DMARC policies: the domain's own, else the default of the installation."""

from mxm.features.audit.api import Action, AuditLog
from mxm.features.dns import repository
from mxm.features.dns.rules import dmarc
from mxm.features.dns.rules.fingerprint import hash_of
from mxm.features.dns.rules.wanted import DmarcWish
from mxm.features.dns.schemas import DmarcPolicyOut
from mxm.platform.access import Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import Conflict, FieldError, ValidationFailed


class Policies:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock, audit: AuditLog, default: str) -> None:
        """`default` is DMARC_RECORD; an invalid one is a ValueError that names the setting."""
        if problems := _problems(dmarc.parse(default)):
            raise ValueError(f"DMARC_RECORD: {problems[0]}; want a record such as v=DMARC1; p=none;")
        self._database, self._clock, self._audit, self._default = database, clock, audit, default

    async def wish(self, domain: str) -> DmarcWish:
        """The policy that is wanted for a domain."""
        async with self._database.read() as session:
            own = await repository.policy(session, domain)
        return DmarcWish(self._default, custom=False) if own is None else DmarcWish(own.strip(), custom=True)

    async def read(self, domain: str) -> DmarcPolicyOut:
        """The same for people."""
        async with self._database.read() as session:
            return self._shown(await repository.policy(session, domain))

    async def change(
        self, caller: Caller, domain: str, record: str | None, read: str | None = None
    ) -> tuple[DmarcPolicyOut, list[str]]:
        """Set or (None or blank) clear the domain's own policy, kept as it was sent; with warnings about it.

        `read` is the fingerprint of what the caller was shown. Raises `Conflict` when something else holds by now.
        """
        if record is not None and not record.strip():
            record = None
        warnings = [] if record is None else list(checked_policy(record).warnings)
        action = Action.DMARC_POLICY_CLEAR if record is None else Action.DMARC_POLICY_UPDATE
        details = {} if record is None else {"record": record}
        async with self._database.write() as tx:
            present = self._shown(await repository.policy(tx.session, domain, for_update=True))
            if read is not None and read != present.fingerprint:
                why = (
                    f"The policy has changed since this was shown: now it is “{present.effective}”. Nothing was saved."
                )
                raise Conflict(why, field="fingerprint", details=[FieldError("fingerprint", "is of another policy")])
            await repository.put_policy(tx.session, domain, record, self._clock.now())
            await self._audit.record(tx.session, caller, action, domain, **details)
        return self._shown(record), warnings

    def _shown(self, own: str | None) -> DmarcPolicyOut:
        return DmarcPolicyOut(
            custom=own is not None,
            custom_value=own,
            default=self._default,
            effective=self._default if own is None else own.strip(),
            fingerprint=hash_of([own, self._default]),
        )


def checked_policy(record: str, field: str = "dmarc_record") -> dmarc.Policy:
    """The parsed policy. Raises `ValidationFailed` naming every problem: the record will be published as it is."""
    if not record.isascii() or not record.isprintable():
        raise ValidationFailed.of(FieldError(field, "must be one line of ASCII text"))
    policy = dmarc.parse(record.strip())
    if problems := _problems(policy):
        raise ValidationFailed.of(*(FieldError(field, problem) for problem in problems))
    return policy


def _problems(policy: dmarc.Policy) -> tuple[str, ...]:
    """Of what others publish receivers make the best; what we shall publish has to be right as a whole."""
    return (*policy.problems, *dmarc.unsendable(policy))
