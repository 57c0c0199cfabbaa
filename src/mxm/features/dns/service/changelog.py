"""The log of changes: noted in the transaction that records a write as applied, even when that is learned later."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.dns import repository
from mxm.features.dns.models import ChangeRow
from mxm.features.dns.rules.history import Owned, Past, image, owned
from mxm.features.dns.rules.plan import SetChange
from mxm.features.dns.schemas import Change, ChangeOut, Key, RecordOut
from mxm.platform.access import Caller
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.journal import Followup
from mxm.upstreams.cloudflare import Zone

CHANGED = "dns.changed"
"""The follow-up of a batch of changes."""


class ChangeLog:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def entry(
        self,
        caller: Caller,
        domain: str,
        zone: Zone,
        fix_id: str,
        changes: Sequence[SetChange],
        reverts: Sequence[int] = (),
    ) -> Followup:
        """What is noted when the batch turns out applied; `reverts` are the changes undone, in the same order."""
        undone = [*reverts, *[None] * (len(changes) - len(reverts))]
        rows = [
            {
                "key": change.key.value,
                "action": change.action,
                "type": change.type,
                "name": change.name,
                "before": image(change.before),
                "after": image(change.after),
                "reason": change.reason,
                "reverts": reverted,
            }
            for change, reverted in zip(changes, undone, strict=True)
        ]
        common = {
            "fix_id": fix_id,
            "domain": domain,
            "zone_id": zone.id,
            "created_by": caller.name,
            "request_id": caller.request_id,
        }
        return Followup(CHANGED, {"common": common, "changes": rows})

    async def follow_up(self, session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        """Note the changes (see `CHANGED`)."""
        now = self._clock.now()
        rows = [{**payload["common"], **change, "created_at": now} for change in payload["changes"]]
        await repository.add_changes(session, rows)
        return []

    async def ours(self, zone: Zone, names: Iterable[str]) -> Owned:
        """The records at these names that we wrote."""
        async with self._database.read() as session:
            rows = await repository.changes_at(session, zone.id, names)
        return owned(past(row) for row in rows)

    async def page(self, domain: str, limit: int, before: int | None) -> tuple[list[ChangeOut], str | None]:
        """Changes, newest first, and the cursor of the next page."""
        async with self._database.read() as session:
            rows = await repository.newest_changes(session, domain, limit + 1, before)
        return [_shown(row) for row in rows[:limit]], str(rows[limit - 1].id) if len(rows) > limit else None

    async def to_revert(self, domain: str, wanted: str) -> Sequence[ChangeRow]:
        """The change, or all of the fix, with this id."""
        async with self._database.read() as session:
            return await repository.changes_to_revert(session, domain, wanted)

    async def of_request(self, domain: str, request_id: str) -> Sequence[ChangeRow]:
        """What a request has changed so far."""
        async with self._database.read() as session:
            return await repository.changes_of_request(session, domain, request_id)


def past(row: ChangeRow) -> Past:
    """A row as the rules see it."""
    undoing = row.reverts is not None
    return Past(row.id, Key(row.key), row.type, row.name, row.before, row.after, undoing)


def shown(change: SetChange) -> Change:
    """A planned change for people."""
    return Change(
        action=change.action,
        key=change.key.value,
        type=change.type,
        name=change.name,
        before=_records(image(change.before)),
        after=_records(image(change.after)),
        reason=change.reason,
    )


def _shown(row: ChangeRow) -> ChangeOut:
    return ChangeOut.model_validate(
        {
            "action": row.action,
            "key": row.key,
            "type": row.type,
            "name": row.name,
            "before": _records(row.before),
            "after": _records(row.after),
            "reason": row.reason,
            "id": str(row.id),
            "fix_id": row.fix_id,
            "created_at": row.created_at,
            "created_by": row.created_by,
            "request_id": row.request_id,
            "reverts": None if row.reverts is None else str(row.reverts),
            "reverted_by": row.reverted_by,
        }
    )


def _records(kept: Iterable[Mapping[str, Any]]) -> list[RecordOut]:
    return [RecordOut.model_validate({name: value for name, value in each.items() if value != ""}) for each in kept]
