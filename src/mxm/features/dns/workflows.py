"""The work of a bulk repair: each domain by itself, so that one that fails keeps no other from being mended."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.api import Action, AuditLog
from mxm.features.dns.rules.overall import mendable
from mxm.features.dns.schemas import DomainFixed, FixOut, Key
from mxm.features.dns.service import Busy, ChangeLog, DnsHealth, Order, Repair
from mxm.features.dns.service.bulk import DONE, FAILED, WELL
from mxm.platform.access import Principal
from mxm.platform.db import Database
from mxm.platform.errors import AppError, FieldError, Forbidden, RateLimited, Unavailable, ValidationFailed
from mxm.platform.jobs import JobContext, JobItem, JobRow, JobState, Suspended
from mxm.platform.jobs.context import JobCancelled, LeaseLost
from mxm.platform.jobs.items import state_counts
from mxm.platform.jobs.models import ItemState
from mxm.platform.journal import AuditEvent, Effect, Recorded
from mxm.platform.names import domain_name

log = logging.getLogger("mxm.dns")

_BUSY_SECONDS = 5.0
_AT_ONCE = 4
"""Most of the time goes into public DNS, which no budget limits."""


class BulkWorker:
    """The handler of the job; one for each process."""

    def __init__(
        self,
        database: Database,
        health: DnsHealth,
        repair: Repair,
        log: ChangeLog,
        audit: AuditLog,
        principal: Callable[[str], Awaitable[Principal | None]],
    ) -> None:
        """`principal` gives who a key stands for with the rights of this moment."""
        self._database, self._health, self._repair = database, health, repair
        self._log, self._audit = log, audit
        self._principal = principal

    async def run(self, ctx: JobContext) -> JobState:
        """Work through the domains. A repair may be begun again: it finds what the one before it did."""
        handle = partial(self._one, ctx)
        await ctx.each(handle, ItemState.QUEUED, ItemState.ATTEMPTING, at_once=_AT_ONCE)
        async with self._database.read() as session:
            counts = (await state_counts(session, [ctx.job_id])).get(ctx.job_id, {})
        if not counts.get(FAILED):
            return JobState.SUCCEEDED
        return JobState.PARTLY_FAILED if counts.get(DONE) else JobState.FAILED

    async def _one(self, ctx: JobContext, item: JobItem) -> None:
        again = item.state == ItemState.ATTEMPTING
        await ctx.attempt(item.position)
        try:
            found = await self._fixed(ctx, item.label)
            if found is None and not again:
                await ctx.finish(item.position, WELL)
                return
            outcome = await self._with_earlier(ctx, item.label, found) if again else _told(found)
        except (Unavailable, RateLimited):
            raise  # these pass: the job is put off, and the domain is looked at again
        except Busy as busy:
            raise Suspended(_BUSY_SECONDS) from busy
        except AppError as error:
            outcome = DomainFixed(success=False, error=error.message)
        except (LeaseLost, JobCancelled):
            raise
        except Exception:
            # Our own mistake with one zone must not keep the others from repair.
            log.exception("the repair of %s broke", item.label)
            outcome = DomainFixed(success=False, error="Something went wrong on our side; the log has the details.")
        state = DONE if outcome.success else FAILED
        await ctx.finish(item.position, state, outcome.model_dump(mode="json", exclude_none=True))

    async def _fixed(self, ctx: JobContext, label: str) -> FixOut | None:
        """What was done; None when the domain was to be taken only if something could be mended."""
        creator = await self._principal(ctx.caller.principal.key)
        if creator is None or not creator.is_admin:
            raise Forbidden("Left alone: whoever asked for this is no administrator any more.")
        try:
            domain = domain_name(label)
        except ValueError as wrong:
            raise ValidationFailed.of(FieldError("domain", str(wrong))) from None
        named = ctx.params["records"]
        keys = None if named is None else [Key(name) for name in named]
        if ctx.params["only_unhealthy"]:
            broken = mendable((await self._health.brief(domain)).checks)
            if not [key for key in broken if keys is None or key in keys]:
                return None
        found = await self._repair.fix(ctx.caller, domain, Order(keys), within=ctx.tx)
        if found.fixed:
            with contextlib.suppress(AppError):  # what was done is done; only the overview is not renewed
                await self._health.seen(domain)
        return found

    async def _with_earlier(self, ctx: JobContext, domain: str, found: FixOut | None) -> DomainFixed:
        """What was done before a crash was done by this job as well."""
        rows = await self._log.of_request(domain, ctx.caller.request_id)
        keys = {Key(row.key) for row in rows} | set(found.fixed if found else [])
        steps = [f"Changed before an interruption: {row.action} {row.type} {row.name}" for row in rows]
        fixed = [key for key in Key if key in keys]
        return DomainFixed(
            success=True,
            fixed=fixed,
            skipped=[key for key in (found.skipped if found else []) if key not in keys],
            conflicts=found.conflicts if found else [],
            steps=[*steps, *(found.steps if found else [])],
        )

    async def ended(self, session: AsyncSession, job: JobRow) -> None:
        """One audit entry for the whole, however it ended; part of the transaction that records the end."""
        counts = (await state_counts(session, [job.id])).get(job.id, {})
        figures = {"domains": sum(counts.values()), "fixed": counts.get(DONE, 0), "failed": counts.get(FAILED, 0)}
        event = AuditEvent(Action.DNS_FIX_BULK, "*", {**figures, "job": job.id})
        recorded = Recorded(job.created_by, job.request_id, job.address, Effect.APPLIED, "answer")
        await self._audit.record_outcome(session, event, recorded)


def _told(found: FixOut | None) -> DomainFixed:
    if found is None:
        return DomainFixed(success=True, fixed=[], skipped=[], conflicts=[], steps=[])
    return DomainFixed(
        success=True, fixed=found.fixed, skipped=found.skipped, conflicts=found.conflicts, steps=found.steps
    )
