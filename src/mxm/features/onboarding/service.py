"""Asking for a domain to be set up."""

from sqlalchemy import select

from mxm.features.audit.api import Action, AuditLog
from mxm.features.dns.api import checked_policy
from mxm.features.onboarding.schemas import SetupIn
from mxm.platform.access import Caller
from mxm.platform.db import Database
from mxm.platform.errors import Conflict, NotConfigured
from mxm.platform.jobs import JobRow, JobState, JobStore
from mxm.upstreams.cloudflare import Cloudflare

KIND = "cloudflare.setup"


class Onboarding:
    """One for each process."""

    def __init__(self, database: Database, store: JobStore, cloudflare: Cloudflare, audit: AuditLog) -> None:
        self._database, self._store, self._cloudflare, self._audit = database, store, cloudflare, audit

    async def start(self, caller: Caller, wanted: SetupIn) -> str:
        """Make the job, or find the one that does the same already; returns its id.

        Raises `NotConfigured` without Cloudflare, `Conflict` when the domain is being set up in another way.
        """
        record = (wanted.dmarc_record or "").strip() or None
        if record is not None:
            checked_policy(record)
        dns = wanted.dns or ("cloudflare" if self._cloudflare.configured else "manual")
        if dns == "cloudflare" and not self._cloudflare.configured:
            raise NotConfigured(self._cloudflare.problem)
        params = {"domain": wanted.domain, "webmail": wanted.webmail, "dmarc_record": record, "dns": dns}
        async with self._database.write() as tx:
            await tx.alone(f"onboarding:{wanted.domain}")
            active = select(JobRow).where(JobRow.kind == KIND, JobRow.state.in_([JobState.QUEUED, JobState.RUNNING]))
            for job in (await tx.session.execute(active)).scalars():
                if job.params == params and not job.cancel_requested:
                    return job.id
                if job.params["domain"] == wanted.domain:
                    raise Conflict(f"{wanted.domain} is being set up already: job {job.id}. Cancel it to begin anew.")
            job = await self._store.create(tx, caller, KIND, params)
            details = {"dns": dns, "webmail": wanted.webmail}
            await self._audit.record(tx.session, caller, Action.CLOUDFLARE_SETUP, wanted.domain, **details)
        return job.id
