"""What our change log says: which records are our own work, and how a change is undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.dkim import key_of
from mxm.features.dns.rules.plan import SetChange
from mxm.features.dns.schemas import Key
from mxm.upstreams.cloudflare import Patch, Record, RecordDraft

Image = Sequence[Mapping[str, Any]]
"""Records as the change log keeps them."""
Owned = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Past:
    """One change of the log."""

    id: int
    key: Key
    type: str
    name: str
    before: Image
    after: Image
    is_undoing: bool


def image(records: Iterable[Record | RecordDraft]) -> list[dict[str, Any]]:
    """Records in the form that is kept and shown."""
    return [
        {
            "content": record.content,
            "ttl": record.ttl,
            "priority": record.priority,
            "proxied": record.proxied,
            "comment": record.comment,
        }
        for record in records
    ]


def owned(past: Iterable[Past]) -> Owned:
    """Type, name and content of what we wrote last; `past` is oldest first.

    What was there before a change was not our work, and what an undoing brings back is not either.
    """
    found: dict[tuple[str, str, Key], set[str]] = {}
    for change in past:
        before, after = _contents(change.before), _contents(change.after)
        written = set() if change.is_undoing else after - before
        place = (change.type, change.name, change.key)
        found[place] = (found.get(place, set()) & after) | written
    return frozenset((kind, name, content) for (kind, name, _), contents in found.items() for content in contents)


def undoing(past: Past, records: Iterable[Record]) -> SetChange | None:
    """The change that brings the record set back; None when it is not as we left it, so that undoing would harm."""
    present = [record for record in records if _concerns(past, record)]
    if not _same(image(present), past.after):
        return None
    back = [_draft(past, each) for each in past.before]
    going = [record for record in present if not _take(back, record)]
    patches = tuple(Patch(record, draft) for record, draft in zip(going, back, strict=False))
    return SetChange(
        past.key,
        past.type,
        past.name,
        tuple(present),
        f"Undoes change {past.id}.",
        deletes=tuple(going[len(patches) :]),
        patches=patches,
        posts=tuple(back[len(patches) :]),
    )


def _concerns(past: Past, record: Record) -> bool:
    """Whether a record belongs to the set: of TXT only what means the same thing."""
    if (record.type, record.name) != (past.type, past.name):
        return False
    if record.type != "TXT":
        return True
    match past.key:
        case Key.SPF:
            return spf.is_spf(record.content)
        case Key.DKIM:
            return key_of(record.content) is not None
        case Key.DMARC:
            return dmarc.is_dmarc(record.content)
        case _:
            return record.content in _contents(past.before) | _contents(past.after)


def _take(back: list[RecordDraft], record: Record) -> bool:
    """Whether the record may stay as it is; the draft that it makes needless is taken from the list."""
    for draft in back:
        if (draft.content, draft.priority, draft.proxied, draft.ttl) == (
            record.content,
            record.priority,
            record.proxied,
            record.ttl,
        ):
            back.remove(draft)
            return True
    return False


def _draft(past: Past, kept: Mapping[str, Any]) -> RecordDraft:
    return RecordDraft(
        past.type,
        past.name,
        kept["content"],
        ttl=kept["ttl"],
        priority=kept["priority"],
        proxied=bool(kept["proxied"]),
        comment=kept["comment"] or "",
    )


def _contents(records: Image) -> set[str]:
    return {each["content"] for each in records}


def _same(now: Image, then: Image) -> bool:
    """Whether these are the records that we left. A comment is people's, and changing it changes no record; what we
    wrote with an automatic lifetime may be kept with another."""
    return len(now) == len(then) and all(
        one["content"] == other["content"]
        and (one["priority"] or 0, bool(one["proxied"])) == (other["priority"] or 0, bool(other["proxied"]))
        and (one["ttl"] == other["ttl"] or other["ttl"] == 1)
        for one, other in zip(sorted(now, key=_place), sorted(then, key=_place), strict=True)
    )


def _place(record: Mapping[str, Any]) -> tuple[str, int]:
    return record["content"], record["priority"] or 0
