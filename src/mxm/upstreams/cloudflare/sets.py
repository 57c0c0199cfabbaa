"""Record sets as pure thought: what a batch wants of them, whether it still fits, and what it makes of them.

A set is all records of one name and type. Here records and drafts are compared by what they mean.
"""

from collections.abc import Iterable
from typing import Any

from mxm.platform.errors import Conflict
from mxm.upstreams.cloudflare import txt
from mxm.upstreams.cloudflare.models import Batch, Patch, Record, RecordDraft
from mxm.upstreams.cloudflare.names import RANKED, ascii_name, plain_content

Key = tuple[str, str]
"""Name and type of a set."""
Row = list[Any]
"""A record as JSON for the journal: type, name, content, priority, proxied, ttl, comment."""
PUBLISHED = 5
"""How many fields of a row the world sees: type, name, content, priority, proxied."""
_LOST = "\N{REPLACEMENT CHARACTER}"
Meaning = tuple[str, str, str, int | None]


def key(item: Record | RecordDraft) -> Key:
    """The set that `item` belongs to."""
    return ascii_name(item.name), item.type.upper()


def meaning(item: Record | RecordDraft) -> Meaning:
    """What DNS says by it: no two records of a zone may say the same."""
    name, kind = key(item)
    return name, kind, content(item), item.priority if kind in RANKED else None


def content(item: Record | RecordDraft) -> str:
    """Content in the form in which it is compared: of TXT its bytes, written in one way only."""
    kind = item.type.upper()
    if kind != "TXT":
        return plain_content(kind, item.content)
    if isinstance(item, Record) and _LOST in item.content:
        return item.raw
    return txt.encode(item.content)


def ttl(item: Record | RecordDraft) -> int:
    """Seconds; Cloudflare sets that of a proxied record itself."""
    return 1 if item.proxied else item.ttl


def row(item: Record | RecordDraft, comment: str | None) -> Row:
    """`item` for the journal."""
    name, kind, text, priority = meaning(item)
    return [kind, name, text, priority, item.proxied, ttl(item), comment or None]


def presumed(batch: Batch) -> dict[str, Record]:
    """By identifier all records that must be as they were. Raises `ValueError` when the batch contradicts itself."""
    known: dict[str, Record] = {}
    for record in (*batch.presumes, *batch.deletes, *(patch.record for patch in batch.patches)):
        if _state(known.setdefault(record.id, record)) != _state(record):
            raise ValueError(f"the batch knows record {record.id} in two states")
    return known


def touched(batch: Batch) -> frozenset[Key]:
    """The sets that the batch changes."""
    changed: list[Record | RecordDraft] = [*batch.deletes, *(patch.record for patch in batch.patches), *batch.posts]
    return frozenset(key(item) for item in changed)


def refuse_if_changed(zone: str, batch: Batch, now: Iterable[Record]) -> None:
    """Raises `Conflict` when a set that the batch touches or presumes is not as it presumes, or when what it adds is
    there already."""
    then = presumed(batch)
    watched = touched(batch) | {key(record) for record in then.values()}
    current = {record.id: record for record in now}
    before = {_state(record) for record in then.values()}
    after = {_state(record) for record in current.values() if key(record) in watched}
    # A record that moved to another name or type is gone from its set and shows in the difference.
    if differing := before ^ after:
        name, kind = min((state[1], state[2]) for state in differing)
        raise _changed(zone, f"{kind} at {name}")
    going = {record.id for record in batch.deletes} | {patch.record.id for patch in batch.patches}
    staying = {meaning(record) for record in current.values() if record.id not in going}
    for draft in (*(patch.draft for patch in batch.patches), *batch.posts):
        if meaning(draft) in staying:
            raise _changed(zone, f"a {draft.type} record at {ascii_name(draft.name)} exists already")


def rows(records: Iterable[Record], keys: frozenset[Key]) -> list[Row]:
    """The records of these sets for the journal."""
    return [row(record, record.comment) for record in records if key(record) in keys]


def wanted(batch: Batch) -> list[Row]:
    """The touched sets as they shall be."""
    keys = touched(batch)
    going = {record.id for record in batch.deletes} | {patch.record.id for patch in batch.patches}
    staying = [record for record in presumed(batch).values() if record.id not in going]
    patched = [row(patch.draft, comment_after(patch)) for patch in batch.patches]
    return [*rows(staying, keys), *patched, *(row(draft, draft.comment) for draft in batch.posts)]


def comment_after(patch: Patch) -> str | None:
    """The comment that the record will have: a person's stays unless the draft says otherwise."""
    return patch.record.comment if patch.draft.comment is None else patch.draft.comment


def _state(record: Record) -> tuple[str, str, str, str, int | None, int, bool]:
    name, kind, text, priority = meaning(record)
    return record.id, name, kind, text, priority, record.ttl, record.proxied


def _changed(zone: str, what: str) -> Conflict:
    return Conflict(f"The zone {zone} has changed since it was looked at ({what}). Nothing was sent; look at it again.")
