"""The fleet on a running manager's services, with a health of its own: two cached reads a domain and no DNS."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from mxm.features.dns.schemas import Overall, Status
from mxm.features.fleet.api import KIND, Fleet, FleetRefresh
from mxm.platform.access import SYSTEM, Caller, Permission, Principal
from mxm.platform.errors import AppError
from mxm.platform.jobs import JobRow, JobRunner, JobStore
from support.manager import Manager

ADMIN = Caller(SYSTEM, "test")


class SeenKey(StrEnum):
    """Two of the checks."""

    MX = "mx"
    SPF = "spf"


@dataclass(frozen=True)
class SeenCheck:
    """How one stands."""

    status: Status


@dataclass(frozen=True)
class SeenChecks:
    """All of them."""

    statuses: Mapping[SeenKey, Status]

    def items(self) -> list[tuple[SeenKey, SeenCheck]]:
        """Each with its key."""
        return [(key, SeenCheck(status)) for key, status in self.statuses.items()]


@dataclass(frozen=True)
class Seen:
    """What the fleet keeps of a health."""

    overall: Overall
    checks: SeenChecks
    mail_hosting_enabled: bool | None
    mxroute_reachable: bool = True


@dataclass
class SmallHealth:
    """Passes what MXroute can be read about; `broken` and `silent` name the domains of which that is not so."""

    manager: Manager
    broken: dict[str, Exception] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    spf: Status = Status.PASS
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], Awaitable[None]] | None = None

    async def of(self, domain: str) -> Seen:
        """The health of a domain of the account."""
        self.asked.append(domain)
        if self.before is not None:
            await self.before(domain)
        if domain in self.broken:
            raise self.broken[domain]
        mxroute = self.manager.services.mxroute
        try:
            detail, _ = await asyncio.gather(mxroute.domains.one(domain).cached(), mxroute.dns(domain).cached())
        except AppError:
            return Seen(Overall.DEGRADED, SeenChecks({SeenKey.MX: Status.UNKNOWN}), None, mxroute_reachable=False)
        checks = SeenChecks({SeenKey.MX: Status.PASS, SeenKey.SPF: self.spf})
        overall = Overall.HEALTHY if self.spf is Status.PASS else Overall.DEGRADED
        return Seen(overall, checks, detail.value.mail_hosting, domain not in self.unreachable)


@dataclass
class FleetWorld:
    """The fleet, its job kind and a runner of its own."""

    manager: Manager
    health: SmallHealth
    fleet: Fleet
    refresh: FleetRefresh
    store: JobStore

    async def begin(self, caller: Caller = ADMIN) -> str:
        """Begin or join a refresh."""
        job_id = await self.refresh.begin(caller)
        assert job_id is not None
        return job_id

    async def refreshed(self, caller: Caller = ADMIN) -> JobRow:
        """A refresh from its beginning to its end."""
        job_id = await self.begin(caller)
        async with self.running():
            return await self.ended(job_id)

    async def ended(self, job_id: str, seconds: float = 20) -> JobRow:
        """The job, once it is over for good or put off."""
        for _ in range(int(seconds / 0.02)):
            job = await self.job(job_id)
            if job.claims and job.lease_owner is None:
                return job
            await asyncio.sleep(0.02)
        raise AssertionError(f"job {job_id} does not end: {(await self.job(job_id)).steps}")

    async def job(self, job_id: str) -> JobRow:
        """The job's row."""
        async with self.manager.services.database.read() as session:
            return (await session.execute(select(JobRow).where(JobRow.id == job_id))).scalar_one()

    async def give_lease_up(self, job_id: str) -> None:
        """Its process died: the lease has run out."""
        async with self.manager.services.database.write() as tx:
            job = await tx.session.get_one(JobRow, job_id)
            job.lease_until = (job.lease_until or job.created_at) - timedelta(hours=1)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[JobRunner]:
        """A process that works on jobs, as one would after a start; killed on leaving."""
        services = self.manager.services
        runner = JobRunner(self.store, services.database, services.clock)
        runner.register(KIND, self.refresh.run)
        tasks = [asyncio.ensure_future(runner.work()), asyncio.ensure_future(runner.beat())]
        try:
            yield runner
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await runner.stop()


def fleet_world(manager: Manager) -> FleetWorld:
    """The fleet beside the manager's own, whose runner leaves this kind of job alone from now on."""
    services = manager.services
    services.durable.runner._handlers.pop(KIND)
    health = SmallHealth(manager)
    store = JobStore(services.database, services.clock, services.chance)
    return FleetWorld(
        manager=manager,
        health=health,
        fleet=Fleet(services.mxroute, services.database, services.generation),
        refresh=FleetRefresh(services.mxroute, services.database, services.clock, store, health.of),
        store=store,
    )


def person(grants: Mapping[str, list[str]]) -> Principal:
    """Somebody with these rights."""
    held = {domain: frozenset(Permission(name) for name in names) for domain, names in grants.items()}
    return Principal("user:kim", "kim@example.com", "session", grants=held)
