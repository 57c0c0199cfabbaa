"""What is known of all domains, from our database alone: held in memory until something of it changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mxm.features.fleet import repository
from mxm.features.fleet.models import FleetSnapshotRow
from mxm.features.fleet.rules import MailboxWrite, moved_on
from mxm.features.fleet.schemas import FleetDns, FleetOverview, FleetRow
from mxm.features.jobs.api import JobOut
from mxm.platform.access import Caller, Permission, Principal
from mxm.platform.db import Database
from mxm.platform.db.generation import EVERYTHING, Generation
from mxm.upstreams.mxroute import tags
from mxm.upstreams.mxroute.client import MXroute

TAG = "fleet"
"""The tag of every change of a snapshot."""

_LISTS = tags.mailboxes("")
"""What the tags begin with under which our own writes to mailboxes are told."""


@dataclass(frozen=True, slots=True)
class _Held:
    """The rows as an administrator sees them."""

    last_run_at: datetime | None = None
    rows: Mapping[str, FleetRow] = field(default_factory=dict)


class Fleet:
    """One for each process."""

    def __init__(self, mxroute: MXroute, database: Database, generation: Generation) -> None:
        self._mxroute, self._database = mxroute, database
        self._held: _Held | None = None
        self._drops = 0
        generation.subscribe(self._on_change)

    async def overview(self, principal: Principal) -> FleetOverview:
        """The domains that `principal` may see, by name; each value only where they may see it.

        Asks MXroute for nothing but the names of an installation that has never been refreshed, and raises then what
        that read raises.
        """
        held = await self._load()
        names = [name for name in await self._names(held) if principal.may(name)]
        return FleetOverview(
            last_run_at=held.last_run_at, domains=[self._shown(principal, name, held.rows.get(name)) for name in names]
        )

    async def job_for(self, caller: Caller, job: JobOut) -> JobOut:
        """A refresh as `caller` may see it: of somebody else's only how far their own domains are."""
        if caller.principal.is_admin or job.created_by == caller.name:
            return job
        rows = (await self.overview(caller.principal)).domains
        done = sum(row.checked_at is not None and row.checked_at >= job.created_at for row in rows)
        mine = job.progress.model_copy(update={"done": done, "total": len(rows), "eta_seconds": None})
        return job.model_copy(update={"progress": mine, "created_by": "somebody else", "results": None, "steps": []})

    async def _names(self, held: _Held) -> Iterable[str]:
        """Of the account, when somebody has just read them, else those we hold rows of."""
        names = self._mxroute.domains.names()
        reading = names.known()
        if reading is None and held.rows:
            return held.rows
        if reading is None:
            reading = await names.cached()
        return sorted({name.lower() for name in reading.value})

    def _shown(self, principal: Principal, name: str, row: FleetRow | None) -> FleetRow:
        row = row or _unread(name)
        hidden: dict[str, object] = {}
        if not principal.may(name, Permission.DASHBOARD, Permission.DNS):
            hidden["dns"] = None
        if not principal.may(name, Permission.DASHBOARD, Permission.EMAILS):
            hidden["mailbox_count"] = None
        elif (listed := self._mxroute.mailboxes.all(name).known()) is not None:
            hidden["mailbox_count"] = len(listed.value)  # read within the last 15 s: nothing is truer
        return row.model_copy(update=hidden) if hidden else row

    async def _load(self) -> _Held:
        if self._held is not None:
            return self._held
        drops = self._drops
        async with self._database.read() as session:
            snapshots = await repository.snapshots(session)
            counted = [row.counted_at for row in snapshots if row.counted_at is not None]
            writes = await repository.mailbox_writes(session, min(counted)) if counted else []
            last_run_at = await repository.last_run(session)
        held = _Held(last_run_at, _rows(snapshots, writes))
        if drops == self._drops:  # otherwise what was read may be from before a change: good for this answer only
            self._held = held
        return held

    async def _on_change(self, changed: frozenset[str]) -> None:
        if changed == EVERYTHING or any(tag == TAG or tag.startswith(_LISTS) for tag in changed):
            self._drops += 1
            self._held = None


def _rows(snapshots: Iterable[FleetSnapshotRow], writes: Iterable[MailboxWrite]) -> dict[str, FleetRow]:
    by_domain: dict[str, list[MailboxWrite]] = {}
    for write in writes:
        by_domain.setdefault(write.domain, []).append(write)
    return {row.domain: _row(row, by_domain.get(row.domain, [])) for row in snapshots}


def _row(snapshot: FleetSnapshotRow, writes: Iterable[MailboxWrite]) -> FleetRow:
    count = snapshot.mailbox_count
    if count is not None and snapshot.counted_at is not None:
        count = moved_on(count, snapshot.counted_at, writes)
    return FleetRow(
        domain=snapshot.domain,
        mail_hosting=snapshot.mail_hosting,
        dns=FleetDns.model_validate(snapshot.dns) if snapshot.dns else None,
        mailbox_count=count,
        checked_at=snapshot.checked_at,
        error=snapshot.error,
    )


def _unread(name: str) -> FleetRow:
    return FleetRow(domain=name, mail_hosting=None, dns=None, mailbox_count=None, checked_at=None, error=None)
