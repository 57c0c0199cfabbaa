"""Repair: look, plan, apply in one transaction, note what was changed. And the way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mxm.features.audit.api import Action
from mxm.features.dns.models import ChangeRow
from mxm.features.dns.rules.fingerprint import fingerprint
from mxm.features.dns.rules.history import Past, undoing
from mxm.features.dns.rules.overall import mendable
from mxm.features.dns.rules.plan import Conflict as Obstacle
from mxm.features.dns.rules.plan import Plan, SetChange, Situation, batch_of, plan
from mxm.features.dns.rules.steps import STEPS
from mxm.features.dns.rules.wanted import Wanted
from mxm.features.dns.schemas import (
    Checks,
    ConflictOut,
    FixOut,
    Key,
    PlanOut,
    Replaceable,
    RevertOut,
    RevertPlanOut,
    Status,
    ZoneOut,
)
from mxm.features.dns.service.changelog import ChangeLog, past, shown
from mxm.features.dns.service.health import DnsHealth
from mxm.features.dns.service.hold import Holds
from mxm.features.dns.service.zones import Zones
from mxm.platform.access import Caller
from mxm.platform.clock import Chance
from mxm.platform.errors import Conflict, FieldError, NotFound
from mxm.platform.journal import AuditEvent, Followup, Journal, Opening
from mxm.upstreams.cloudflare import Cloudflare, Record, Zone

_TRIES = 3
"""How often a plan is made anew because the zone changed under it; nothing was sent then."""
_DEFAULT = tuple(key for key in Key if key is not Key.WEBMAIL)


@dataclass(frozen=True, slots=True)
class Order:
    """What to repair: `keys` None = whatever is at warn or fail."""

    keys: Sequence[Key] | None = None
    replace: Sequence[Replaceable] = ()
    dry_run: bool = False
    fingerprint: str | None = None
    """Of the plan that was read: any other is refused."""


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What is to be undone, in the order of the changes that do it, and the zone as it was looked at."""

    reverts: list[int]
    changes: list[SetChange]
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class _Chosen:
    keys: list[Key]
    steps: list[str]


class Repair:
    """One for each process."""

    def __init__(
        self,
        health: DnsHealth,
        zones: Zones,
        cloudflare: Cloudflare,
        journal: Journal,
        holds: Holds,
        log: ChangeLog,
        chance: Chance,
    ) -> None:
        self._health, self._zones, self._cloudflare = health, zones, cloudflare
        self._journal, self._holds, self._log, self._chance = journal, holds, log, chance

    async def plan(self, domain: str, order: Order) -> PlanOut:
        """What a repair would do; `keys` None = all but webmail."""
        zone = await self._zones.of(domain)
        keys = _DEFAULT if order.keys is None else order.keys
        _, found = await self._planned(zone, await self._health.wanted(domain), keys, order)
        return PlanOut(
            domain=domain,
            zone=ZoneOut.of(zone),
            changes=[shown(change) for change in found.changes],
            conflicts=[_conflict(conflict) for conflict in found.conflicts],
            unchanged=[key for key in Key if key in found.unchanged],
            notes={key.value: why for key, why in found.unchanged.items()},
            fingerprint=fingerprint(zone.name, found.changes),
        )

    async def fix(self, caller: Caller, domain: str, order: Order, *, within: Opening | None = None) -> FixOut:
        """Repair a domain. Nothing is sent when nothing is wrong, or when something is in the way of everything.

        `within` as in `Journal.run`.
        """
        zone = await self._zones.of(domain)
        chosen = await self._chosen(domain, order)
        wanted = await self._health.wanted(domain)
        if order.dry_run:
            _, found = await self._planned(zone, wanted, chosen.keys, order)
            return _fixed(order, chosen, found, zone, None)
        async with self._holds.of(zone):
            fix_id, found = await self._applied(caller, zone, wanted, chosen.keys, order, within)
        return _fixed(order, chosen, found, zone, fix_id)

    async def publish(
        self, caller: Caller, zone: Zone, wanted: Wanted, keys: Sequence[Key], *, within: Opening | None = None
    ) -> FixOut:
        """The same for what is wanted already, before MXroute knows the domain."""
        order = Order(keys)
        async with self._holds.of(zone):
            fix_id, found = await self._applied(caller, zone, wanted, list(keys), order, within)
        return _fixed(order, _Chosen(list(keys), []), found, zone, fix_id)

    async def revert_plan(self, domain: str, wanted: str) -> RevertPlanOut:
        """What undoing a change, or a whole fix, would do. Raises as `revert` does, but not when it was undone."""
        zone, rows = await self._to_revert(domain, wanted)
        found = await self._undoing(zone, rows)
        return RevertPlanOut(
            reverts=[str(each) for each in found.reverts],
            changes=[shown(change) for change in found.changes],
            fingerprint=fingerprint(zone.name, found.changes),
        )

    async def revert(self, caller: Caller, domain: str, wanted: str, read: str | None = None) -> RevertOut:
        """Undo a change, or a whole fix. Raises `NotFound`, and `Conflict` when something has changed since.

        `read` is the fingerprint of the plan that was read: any other is refused.
        """
        zone, rows = await self._to_revert(domain, wanted)
        if not rows:
            raise Conflict("It was undone already.")
        async with self._holds.of(zone):
            found = await self._undoing(zone, rows)
            _refuse_unread(read, fingerprint(zone.name, found.changes))
            fix_id = self._chance.token(16).hex()
            entry = self._log.entry(caller, domain, zone, fix_id, found.changes, found.reverts)
            event = AuditEvent(Action.DNS_REVERT, domain, _details(zone, fix_id, found.changes))
            await self._send(caller, zone, found.changes, found.records, event, entry)
        return RevertOut(
            fix_id=fix_id,
            reverted=[str(each) for each in found.reverts],
            changes=[shown(change) for change in found.changes],
            steps=[step for change in found.changes for step in _steps(change)],
        )

    async def _to_revert(self, domain: str, wanted: str) -> tuple[Zone, list[ChangeRow]]:
        """The changes that still hold of what is to be undone, where that may be done at all."""
        found = await self._log.to_revert(domain, wanted)
        if not found:
            raise NotFound(f"There is no change {wanted[:64]} of {domain}.")
        rows = [row for row in found if row.reverted_by is None]
        zone = await self._zones.of(domain)
        if any(row.zone_id != zone.id for row in rows):
            raise Conflict(f"{domain} lies in another zone now than when this was changed.")
        others = await self._zones.others(domain)
        if foreign := next((row.name for row in rows if row.name in others), None):
            raise Conflict(f"{foreign} is a domain of this account by itself now; undo it there by hand.")
        return zone, rows

    async def _undoing(self, zone: Zone, rows: Sequence[ChangeRow]) -> _Undoing:
        records = await self._zones.records(zone) if rows else []
        return _Undoing([row.id for row in rows], [_back(past(row), records) for row in rows], records)

    async def _chosen(self, domain: str, order: Order) -> _Chosen:
        """What to look after, and why the rest is left alone."""
        if order.keys is not None:
            return _Chosen([key for key in Key if key in order.keys], [])
        checks = (await self._health.brief(domain)).checks
        keys = mendable(checks)
        return _Chosen(keys, _left_alone(checks, keys))

    async def _planned(self, zone: Zone, wanted: Wanted, keys: Iterable[Key], order: Order) -> tuple[Situation, Plan]:
        asked = list(keys)
        situation = await self._zones.situation(zone, wanted, asked, order.replace)
        found = plan(situation, asked, STEPS, implied=order.keys is None)
        _refuse_unread(order.fingerprint, fingerprint(zone.name, found.changes))
        return situation, found

    async def _applied(
        self,
        caller: Caller,
        zone: Zone,
        wanted: Wanted,
        keys: list[Key],
        order: Order,
        within: Opening | None,
    ) -> tuple[str | None, Plan]:
        """The plan as it was carried out. One that the zone outran took no effect, and is made anew."""
        for left in range(_TRIES - 1, -1, -1):
            situation, found = await self._planned(zone, wanted, keys, order)
            if not found.changes:
                return None, found
            fix_id = self._chance.token(16).hex()
            entry = self._log.entry(caller, wanted.domain, zone, fix_id, found.changes)
            event = AuditEvent(Action.DNS_FIX, wanted.domain, _details(zone, fix_id, found.changes))
            try:
                await self._send(caller, zone, found.changes, situation.records, event, entry, within)
            except Conflict:
                if not left:
                    raise
            else:
                return fix_id, found
        raise AssertionError("the last try returns or raises")

    async def _send(
        self,
        caller: Caller,
        zone: Zone,
        changes: Sequence[SetChange],
        records: Sequence[Record],
        event: AuditEvent,
        entry: Followup,
        within: Opening | None = None,
    ) -> None:
        write = self._cloudflare.apply(zone, batch_of(changes, records))
        await self._journal.run(caller, write, event, entry, within=within)


def _refuse_unread(read: str | None, made: str) -> None:
    """Nothing is done that nobody has read: `read` is what the caller was shown, None where that does not matter."""
    if read is not None and read != made:
        why = "Something has changed since this was shown: other changes would be made now. Nothing was changed."
        raise Conflict(why, field="fingerprint", details=[FieldError("fingerprint", "is of another plan")])


def _back(change: Past, records: Sequence[Record]) -> SetChange:
    found = undoing(change, records)
    if found is None:
        raise Conflict(
            f"{change.type} {change.name} has changed since: undoing would destroy what somebody else did there. "
            "Nothing was changed."
        )
    return found


def _fixed(order: Order, chosen: _Chosen, found: Plan, zone: Zone, fix_id: str | None) -> FixOut:
    conflicts = [_conflict(conflict) for conflict in found.conflicts]
    blocked = {conflict.key for conflict in conflicts}
    fixed = [key for key in found.changed_keys if key not in blocked]
    considered = chosen.keys if order.keys is not None else list(_DEFAULT)
    steps = [step for change in found.changes for step in _steps(change)]
    if order.dry_run:
        steps = [f"Would: {step}" for step in steps]
    steps += [f"{key.value}: {why}" for key, why in found.unchanged.items()]
    steps += [f"{conflict.key.value}: left alone. {conflict.reason}" for conflict in conflicts]
    steps += chosen.steps
    if fix_id is not None and not zone.public:
        servers = ", ".join(zone.name_servers)
        steps.append(
            f"The zone {zone.name} is {zone.status}: its records are not public until the registrar names {servers}."
        )
    return FixOut(
        fixed=fixed,
        skipped=[key for key in considered if key not in fixed and key not in blocked],
        conflicts=conflicts,
        steps=steps,
        changes=[shown(change) for change in found.changes],
        fix_id=fix_id,
        dry_run=order.dry_run,
        fingerprint=fingerprint(zone.name, found.changes),
    )


def _left_alone(checks: Checks, keys: Sequence[Key]) -> list[str]:
    return [
        f"{key.value}: {check.message}"
        for key, check in checks.items()
        if key not in keys and key is not Key.WEBMAIL and check.status is not Status.PASS
    ]


def _conflict(found: Obstacle) -> ConflictOut:
    return ConflictOut(
        key=found.key,
        type=found.type,
        name=found.name,
        found=list(found.found),
        reason=found.reason,
        replace=found.replace,
    )


def _details(zone: Zone, fix_id: str, changes: Sequence[SetChange]) -> dict[str, object]:
    touched = [f"{change.action} {change.type} {change.name}" for change in changes]
    return {"zone": zone.name, "fix_id": fix_id, "changes": touched}


def _steps(change: SetChange) -> list[str]:
    """What was done, one sentence a record."""
    place = f"{change.type} {change.name}"
    done = [f"Deleted {place}: {record.content}" for record in change.deletes]
    done += [f"Changed {place}: {patch.draft.content}" for patch in change.patches]
    done += [f"Created {place}: {_valued(draft.priority, draft.content)}" for draft in change.posts]
    return done


def _valued(priority: int | None, content: str) -> str:
    return content if priority is None else f"{priority} {content}"
