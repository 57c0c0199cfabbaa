"""Reading and changing what is known of the domains."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.fleet.models import FleetRunRow, FleetSnapshotRow
from mxm.features.fleet.rules import Kind, MailboxWrite
from mxm.platform.db.work import alone
from mxm.platform.journal.models import IntentRow
from mxm.platform.journal.write import Effect

_RUN = 1
_CHUNK = 500
_LONGEST_OPEN = timedelta(hours=25)
"""A write is settled a day after it was begun at the latest (see `Settler`): the index is on when it was begun."""


async def snapshots(session: AsyncSession) -> Sequence[FleetSnapshotRow]:
    """Every row, by name."""
    return (await session.execute(select(FleetSnapshotRow).order_by(FleetSnapshotRow.domain))).scalars().all()


async def snapshot(session: AsyncSession, domain: str) -> FleetSnapshotRow | None:
    """The row of one domain."""
    return await session.get(FleetSnapshotRow, domain)


async def last_run(session: AsyncSession) -> datetime | None:
    """When a refresh last went through all domains."""
    return (await session.execute(select(FleetRunRow.at))).scalar()


async def note_run(session: AsyncSession, at: datetime) -> None:
    """A refresh has gone through all domains."""
    await alone(session, "fleet.run")
    await session.execute(delete(FleetRunRow))
    session.add(FleetRunRow(id=_RUN, at=at))


async def mailbox_writes(session: AsyncSession, since: datetime) -> list[MailboxWrite]:
    """Writes to mailboxes that were found to hold after `since`, in that order."""
    query = (
        select(IntentRow.settled_at, IntentRow.operation, IntentRow.check)
        .where(
            IntentRow.state == Effect.APPLIED.value,
            IntentRow.created_at > since - _LONGEST_OPEN,
            IntentRow.settled_at > since,
            IntentRow.operation.in_([kind.value for kind in Kind]),
        )
        .order_by(IntentRow.settled_at)
    )
    found = []
    for at, operation, check in await session.execute(query):
        args = check["args"]
        found.append(MailboxWrite(at, Kind(operation), args["domain"].lower(), args.get("user", "").lower()))
    return found


async def keep_exactly(session: AsyncSession, names: Iterable[str]) -> None:
    """One row for each of `names` and no other."""
    await alone(session, "fleet.names")  # two at once would both insert
    there = set((await session.execute(select(FleetSnapshotRow.domain))).scalars())
    wanted = set(names)
    gone = sorted(there - wanted)
    for start in range(0, len(gone), _CHUNK):
        part = gone[start : start + _CHUNK]
        await session.execute(delete(FleetSnapshotRow).where(FleetSnapshotRow.domain.in_(part)))
    if new := sorted(wanted - there):
        await session.execute(insert(FleetSnapshotRow), [{"domain": name} for name in new])


async def put_counts(session: AsyncSession, counts: Mapping[str, int], at: datetime) -> None:
    """Set the numbers of mailboxes; a row that is gone stays gone."""
    if not counts:
        return
    table = FleetSnapshotRow.__table__
    statement = (
        update(FleetSnapshotRow)
        .where(table.c.domain == bindparam("of"))
        .values(mailbox_count=bindparam("count"), counted_at=at)
    )
    connection = await session.connection()
    await connection.execute(statement, [{"of": name, "count": count} for name, count in counts.items()])


async def put(session: AsyncSession, domain: str, **values: Any) -> None:
    """Change a row; one that is gone stays gone."""
    await session.execute(update(FleetSnapshotRow).where(FleetSnapshotRow.domain == domain).values(values))


async def put_seen(session: AsyncSession, domain: str, since: datetime, **values: Any) -> None:
    """What a look that began at `since` found; what was looked at or switched later is truer and stays."""
    newer = or_(FleetSnapshotRow.checked_at > since, FleetSnapshotRow.hosting_at > since)
    mine = (FleetSnapshotRow.domain == domain, func.coalesce(newer, false()).is_(False))
    await session.execute(update(FleetSnapshotRow).where(*mine).values(values))


async def put_hosting(session: AsyncSession, domain: str, at: datetime, *, enabled: bool) -> None:
    """Hosting was switched. How DNS stood while it was off says nothing of the time after."""
    row = await session.get(FleetSnapshotRow, domain)
    if row is None:
        return
    row.mail_hosting, row.hosting_at = enabled, at
    if enabled and row.dns is not None and row.dns["overall"] == "skipped":
        row.dns = row.checked_at = None


async def put_error(session: AsyncSession, domains: Sequence[str], error: str) -> None:
    """None of these could be read; whether they were tried one by one is left as it is."""
    for start in range(0, len(domains), _CHUNK):
        mine = FleetSnapshotRow.domain.in_(domains[start : start + _CHUNK])
        await session.execute(update(FleetSnapshotRow).where(mine).values(error=error))


async def add_domain(session: AsyncSession, domain: str) -> None:
    """A row without figures, unless there is one."""
    await alone(session, f"fleet:{domain}")
    if await session.get(FleetSnapshotRow, domain) is None:
        session.add(FleetSnapshotRow(domain=domain))


async def forget_domain(session: AsyncSession, domain: str) -> None:
    """Drop the row of a domain that is going."""
    await session.execute(delete(FleetSnapshotRow).where(FleetSnapshotRow.domain == domain))
