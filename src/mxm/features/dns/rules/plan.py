"""A repair as a value: what would be changed and why, what is in the way, what is well as it is.

Nothing here destroys what it does not own. Ours is what our change log last wrote; of the rest, only what `replace`
names may go, and SPF is merged so that every sender stays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mxm.features.dns.rules.wanted import Wanted
from mxm.features.dns.schemas import Key, Replaceable
from mxm.upstreams.cloudflare import Batch, Patch, Record, RecordDraft
from mxm.upstreams.resolver import SpfCost

MOST_DELETIONS = 10
"""More that nobody named is no repair any more."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that is left alone, and why."""

    key: Key
    type: str
    name: str
    found: tuple[str, ...]
    reason: str
    replace: Replaceable | None = None


@dataclass(frozen=True, slots=True)
class SetChange:
    """One record set: as it was, and what is done to it. Of TXT only the records that mean the same thing belong."""

    key: Key
    type: str
    name: str
    before: tuple[Record, ...]
    reason: str
    deletes: tuple[Record, ...] = ()
    patches: tuple[Patch, ...] = ()
    posts: tuple[RecordDraft, ...] = ()

    @property
    def after(self) -> tuple[Record | RecordDraft, ...]:
        """The records as they will be."""
        gone = {record.id for record in self.deletes}
        changed = {patch.record.id: patch.draft for patch in self.patches}
        kept = [changed.get(record.id, record) for record in self.before if record.id not in gone]
        return (*kept, *self.posts)

    @property
    def action(self) -> Literal["create", "update", "delete"]:
        """What it is called."""
        if not self.before:
            return "create"
        return "update" if self.after else "delete"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a plan is made from. `zone` is the name of the zone, `records` all that is in it."""

    zone: str
    records: Sequence[Record]
    wanted: Wanted
    replace: frozenset[Replaceable] = frozenset()
    ours: frozenset[tuple[str, str, str]] = frozenset()
    """Type, name and content of records that our change log last wrote there."""
    spf_cost: Callable[[str], SpfCost | None] = lambda _record: None
    """What evaluating a record would cost; None when it could not be counted."""
    spf_redirected: Sequence[str] = ()
    """The texts of the domain that the SPF record hands over to."""
    domains: frozenset[str] = frozenset()
    """The other domains of the account: what lies at their names is theirs."""
    inherited_dmarc: str | None = None
    """The record of a parent that holds where the domain has none."""
    inherited_unknown: bool = False
    """Whether there is such a record could not be looked up."""

    def at(self, name: str, *types: str) -> list[Record]:
        """The records of a name, of these types (none named: of all)."""
        return [record for record in self.records if record.name == name and (not types or record.type in types)]

    def is_ours(self, record: Record) -> bool:
        """Whether we wrote it."""
        return (record.type, record.name, record.content) in self.ours

    def may_replace(self, what: Replaceable, records: Iterable[Record]) -> bool:
        """Whether these may go: told to, or all of them are our own work."""
        return what in self.replace or all(self.is_ours(record) for record in records)

    def exists(self, name: str) -> bool:
        """Whether a name exists in the zone: by records of its own, or of names below it (RFC 4592, 2.2.2)."""
        return name == self.zone or any(r.name == name or r.name.endswith(f".{name}") for r in self.records)

    def hidden_by(self, name: str) -> tuple[Record, ...]:
        """The wildcard's records that answer for `name` now, and would not any more once the name exists."""
        if self.exists(name):
            return ()
        parent = name.partition(".")[2]
        while not self.exists(parent):
            parent = parent.partition(".")[2]
        return tuple(self.at(f"*.{parent}", "A", "AAAA", "CNAME", "MX", "TXT"))

    def _wildcard(self, key: Key, name: str, type_: str) -> Conflict | None:
        """The domain itself may exist by a wildcard only: any record at it or below it would end that."""
        domain = self.wanted.domain
        hidden = self.hidden_by(domain) if name == domain or name.endswith(f".{domain}") else ()
        if not hidden:
            return None
        found = tuple(f"{record.type} {record.content}" for record in hidden)
        reason = (
            f"{domain} is answered by the wildcard {hidden[0].name}, which would end with the first record of its own. "
            "Publish what it shall keep at the name itself, then repair again."
        )
        return Conflict(key, type_, name, found, reason)

    def obstacle(self, key: Key, name: str, type_: str) -> Conflict | None:
        """What keeps a record from being published at `name`: an alias there, or a delegation to other name servers."""
        aliases = [] if name == self.zone else self.at(name, "CNAME")
        if aliases:
            found = tuple(record.content for record in aliases)
            reason = f"{name} is an alias (CNAME) of {found[0]}; no other record can stand beside it."
            return Conflict(key, type_, name, found, reason)
        for cut in self.records:
            if cut.type == "NS" and cut.name != self.zone and (name == cut.name or name.endswith(f".{cut.name}")):
                reason = f"{cut.name} is delegated to other name servers (NS); records must be published there."
                return Conflict(key, type_, name, (cut.content,), reason)
        return self._wildcard(key, name, type_)


@dataclass(slots=True)
class Plan:
    """The whole. `unchanged` says for each key why nothing is to be done."""

    changes: list[SetChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unchanged: dict[Key, str] = field(default_factory=dict)

    def batch(self, records: Iterable[Record]) -> Batch:
        """Everything at once; `records` is the zone as it was looked at."""
        return batch_of(self.changes, records)

    @property
    def changed_keys(self) -> list[Key]:
        """What will be well afterwards, in the order of the checks."""
        changed = {change.key for change in self.changes}
        return [key for key in Key if key in changed]


def batch_of(changes: Iterable[SetChange], records: Iterable[Record]) -> Batch:
    """The changes as one transaction, which holds only while the record sets that it touches are as in `records`."""
    listed = list(changes)
    touched = {(change.type, change.name) for change in listed}
    return Batch(
        deletes=tuple(record for change in listed for record in change.deletes),
        patches=tuple(patch for change in listed for patch in change.patches),
        posts=tuple(draft for change in listed for draft in change.posts),
        presumes=tuple(record for record in records if (record.type, record.name) in touched),
    )


Step = Callable[[Situation], Plan]


def plan(situation: Situation, keys: Iterable[Key], steps: Mapping[Key, Step], *, implied: bool = False) -> Plan:
    """The parts for `keys` put together, and held to the limit of deletions.

    `implied`: nobody named the keys. A zone whose mail is with another provider is left alone then.
    """
    whole = Plan()
    wanted = set(keys)
    for key in Key:
        if key in wanted:
            part = steps[key](situation)
            whole.changes += part.changes
            whole.conflicts += part.conflicts
            whole.unchanged |= part.unchanged
    if implied and wanted:
        whole = _without_provider(whole, situation, steps[Key.MX](situation))
    return _bounded(whole, situation.replace)


def _without_provider(whole: Plan, situation: Situation, mx: Plan) -> Plan:
    """Nothing at all, when mail is somebody else's business and nobody asked for this."""
    ours = any(record.content in situation.wanted.mx_hosts for record in situation.at(situation.wanted.domain, "MX"))
    veto = next((conflict for conflict in mx.conflicts if conflict.replace is not None), None)
    if ours or veto is None:
        return whole
    why = "Left alone, because the domain's mail is with another provider. Name it in `records` to publish it anyway."
    kept = {change.key: why for change in whole.changes}
    conflicts = whole.conflicts if veto in whole.conflicts else [veto, *whole.conflicts]
    return Plan([], conflicts, {**whole.unchanged, **kept})


def _bounded(whole: Plan, replace: frozenset[Replaceable]) -> Plan:
    """Without the parts that delete, when together they would delete too much that nobody named."""
    named = {item.value for item in replace}
    unnamed = [change for change in whole.changes if change.deletes and change.key.value not in named]
    count = sum(len(change.deletes) for change in unnamed)
    if count <= MOST_DELETIONS:
        return whole
    reason = f"It would delete {count} records; more than {MOST_DELETIONS} are not deleted unasked."
    refused = {change.key for change in unnamed}
    conflicts = [
        Conflict(change.key, change.type, change.name, tuple(r.content for r in change.deletes), reason)
        for change in unnamed
    ]
    kept = [change for change in whole.changes if change.key not in refused]
    return Plan(kept, [*whole.conflicts, *conflicts], whole.unchanged)
