"""Reading and writing the tables of DNS."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.dns.models import ChangeRow, DmarcPolicyRow, HoldRow


async def newest_changes(session: AsyncSession, domain: str, limit: int, before: int | None) -> Sequence[ChangeRow]:
    """The changes of a domain, newest first; `before` is the id of the last one seen."""
    query = select(ChangeRow).where(ChangeRow.domain == domain).order_by(ChangeRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ChangeRow.id < before)
    return (await session.execute(query)).scalars().all()


async def changes_to_revert(session: AsyncSession, domain: str, wanted: str) -> Sequence[ChangeRow]:
    """The change of this id, or all those of the fix of this id; none when there is neither in the domain."""
    same = ChangeRow.id == int(wanted) if wanted.isdecimal() and len(wanted) < 19 else ChangeRow.fix_id == wanted
    query = select(ChangeRow).where(ChangeRow.domain == domain, same).order_by(ChangeRow.id)
    return (await session.execute(query)).scalars().all()


async def changes_of_request(session: AsyncSession, domain: str, request_id: str) -> Sequence[ChangeRow]:
    """What a request has changed of a domain so far."""
    query = select(ChangeRow).where(ChangeRow.domain == domain, ChangeRow.request_id == request_id)
    return (await session.execute(query.order_by(ChangeRow.id))).scalars().all()


async def changes_at(session: AsyncSession, zone_id: str, names: Iterable[str]) -> Sequence[ChangeRow]:
    """The history of these names, oldest first."""
    query = select(ChangeRow).where(ChangeRow.zone_id == zone_id, ChangeRow.name.in_(list(names)))
    return (await session.execute(query.order_by(ChangeRow.id))).scalars().all()


async def add_changes(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note changes. One that undoes another undoes all that say the same, and what these had undone holds again."""
    await session.execute(insert(ChangeRow), [dict(row) for row in rows])
    for row in rows:
        if row.get("reverts") is None:
            continue
        same, opposite = await _family(session, row["domain"], row["reverts"])
        undone = update(ChangeRow).where(ChangeRow.id.in_(same), ChangeRow.reverted_by.is_(None))
        await session.execute(undone.values(reverted_by=row["fix_id"]))
        await session.execute(update(ChangeRow).where(ChangeRow.id.in_(opposite)).values(reverted_by=None))


async def _family(session: AsyncSession, domain: str, change: int) -> tuple[list[int], list[int]]:
    """A change, its undoings, the undoings of these, and so on: those that do the same, and those that undo it."""
    query = select(ChangeRow.id, ChangeRow.reverts).where(ChangeRow.domain == domain, ChangeRow.reverts.is_not(None))
    undoings = {row.id: row.reverts for row in await session.execute(query.order_by(ChangeRow.id))}
    first = change
    while first in undoings:
        first = undoings[first]
    turns = {first: 0}
    for undoing, undone in undoings.items():  # an undoing is younger than what it undoes
        if undone in turns:
            turns[undoing] = turns[undone] + 1
    even = [each for each, turn in turns.items() if turn % 2 == turns[change] % 2]
    return even, [each for each in turns if each not in even]


async def policy(session: AsyncSession, domain: str, *, for_update: bool = False) -> str | None:
    """The domain's own DMARC policy; `for_update` keeps others from changing it until the transaction ends."""
    query = select(DmarcPolicyRow.record).where(DmarcPolicyRow.domain == domain)
    return (await session.execute(query.with_for_update() if for_update else query)).scalar()


async def put_policy(session: AsyncSession, domain: str, record: str | None, now: datetime) -> None:
    """Set it, or remove it."""
    await session.execute(delete(DmarcPolicyRow).where(DmarcPolicyRow.domain == domain))
    if record is not None:
        session.add(DmarcPolicyRow(domain=domain, record=record, updated_at=now))


async def forget_domain(session: AsyncSession, domain: str) -> None:
    """Everything of a domain."""
    await session.execute(delete(DmarcPolicyRow).where(DmarcPolicyRow.domain == domain))
    await session.execute(delete(ChangeRow).where(ChangeRow.domain == domain))


async def hold(session: AsyncSession, zone_id: str, owner: str, now: datetime, until: datetime) -> bool:
    """Take the zone for a while; False when somebody else has it."""
    found = (await session.execute(select(HoldRow).where(HoldRow.zone_id == zone_id).with_for_update())).scalar()
    if found is None:
        session.add(HoldRow(zone_id=zone_id, owner=owner, until=until))
        return True
    if found.until > now and found.owner != owner:
        return False
    found.owner, found.until = owner, until
    return True


async def let_go(session: AsyncSession, zone_id: str, owner: str) -> None:
    """Give the zone back."""
    await session.execute(delete(HoldRow).where(HoldRow.zone_id == zone_id, HoldRow.owner == owner))
