"""Changes to a zone's records in one transaction: `POST /zones/{zone}/dns_records/batch`.

The order inside is Cloudflare's: deletes, patches, posts. All take effect or none; becoming public takes each its time.
"""

import re
from typing import Any

from mxm.platform.errors import AppError, Conflict
from mxm.upstreams.cloudflare import envelope, paging, sets, shapes, tags
from mxm.upstreams.cloudflare.envelope import CLOUDFLARE, Trouble
from mxm.upstreams.cloudflare.link import CloudflareRead, Link
from mxm.upstreams.cloudflare.models import MOST_IN_BATCH, Batch, Patch, Record, RecordDraft, Zone
from mxm.upstreams.cloudflare.names import PROXIABLE, RANKED, ascii_name, within
from mxm.upstreams.cloudflare.write import CloudflareWrite, Plan
from mxm.upstreams.transport import outcome
from mxm.upstreams.transport.paths import fill

FRESH = 10.0
_PAGE = 5000
"""Far below what Cloudflare allows (5,000,000, API reference) and above what a zone of the free plan can hold."""
_PART = re.compile(r"\b(deletes|patches|posts)\W+(\d{1,4})\b")


def records(link: Link, zone_id: str) -> CloudflareRead[list[Record]]:
    """`GET /zones/{zone}/dns_records`, all pages."""
    path = fill("/zones/{zone}/dns_records", zone=zone_id)

    async def fetch() -> list[Record]:
        return await paging.whole(link, path, shapes.records, size=_PAGE)

    return CloudflareRead(link, path, fetch, FRESH, frozenset({tags.records(zone_id)}))


def apply(link: Link, zone: Zone, batch: Batch) -> CloudflareWrite[list[Record]]:
    """The batch as a write. Raises `Conflict` when it is larger than Cloudflare takes, `ValueError` when it makes no
    sense: empty, outside the zone, the same thing twice."""
    if batch.size > MOST_IN_BATCH:
        raise Conflict(f"Cloudflare takes at most {MOST_IN_BATCH} changes at once; these are {batch.size}.")
    _refuse_nonsense(zone, batch)
    keys = sets.touched(batch)

    async def look() -> list[sets.Row]:
        now = await records(link, zone.id).live()
        sets.refuse_if_changed(zone.name, batch, now)
        return sets.rows(now, keys)

    return CloudflareWrite(
        link,
        Plan(
            operation="dns-records-for-a-zone-batch-dns-records",
            method="POST",
            path=fill("/zones/{zone}/dns_records/batch", zone=zone.id),
            body=_body(batch),
            look=look,
            check={
                "kind": "records",
                "zone": zone.id,
                "name": zone.name,
                "sets": sorted([name, kind] for name, kind in keys),
                "wanted": sets.wanted(batch),
            },
            drops=frozenset({tags.records(zone.id)}),
            parse=lambda data: _answer(data, batch),
            refusal=lambda trouble: _refusal(zone, batch, trouble),
        ),
    )


def _refuse_nonsense(zone: Zone, batch: Batch) -> None:
    if batch.is_empty:
        raise ValueError("a batch without changes")
    ids = [*(record.id for record in batch.deletes), *(patch.record.id for patch in batch.patches)]
    meanings = [sets.meaning(draft) for draft in (*(patch.draft for patch in batch.patches), *batch.posts)]
    if len(set(ids)) < len(ids) or len(set(meanings)) < len(meanings):
        raise ValueError("a batch that changes a record twice, or adds the same one twice")
    for patch in batch.patches:
        if sets.key(patch.record) != sets.key(patch.draft) or not _changes(patch):
            raise ValueError("a patch that changes nothing, or the name or type of a record")
    for draft in batch.posts:
        # Cloudflare would put the zone's name behind a foreign one, and people would search for the record in vain.
        if not within(ascii_name(draft.name), zone.name):
            raise ValueError(f"{draft.name} is not an absolute name in the zone {zone.name}")
    sets.presumed(batch)


def _body(batch: Batch) -> dict[str, Any]:
    body = {
        "deletes": [{"id": record.id} for record in batch.deletes],
        "patches": [{"id": patch.record.id, **_changes(patch)} for patch in batch.patches],
        "posts": [_whole(draft) for draft in batch.posts],
    }
    return {name: parts for name, parts in body.items() if parts}


def _whole(draft: RecordDraft) -> dict[str, Any]:
    name, kind = sets.key(draft)
    fields: dict[str, Any] = {"type": kind, "name": name, "content": sets.content(draft), "ttl": sets.ttl(draft)}
    if kind in PROXIABLE or draft.proxied:
        fields["proxied"] = draft.proxied
    if kind in RANKED and draft.priority is not None:
        fields["priority"] = draft.priority
    if draft.comment:
        fields["comment"] = draft.comment
    return fields


def _changes(patch: Patch) -> dict[str, Any]:
    """Only the fields that differ: what is not named stays, whatever a person has put there."""
    record, draft = patch.record, patch.draft
    fields: dict[str, Any] = {}
    if sets.content(record) != sets.content(draft):
        fields["content"] = sets.content(draft)
    if record.type in RANKED and record.priority != draft.priority and draft.priority is not None:
        fields["priority"] = draft.priority
    if sets.ttl(record) != sets.ttl(draft):
        fields["ttl"] = sets.ttl(draft)
    if record.proxied != draft.proxied:
        fields["proxied"] = draft.proxied
    if (record.comment or "") != (sets.comment_after(patch) or ""):
        fields["comment"] = draft.comment
    return fields


def _answer(data: Any, batch: Batch) -> list[Record]:
    posts, patches = shapes.changed(data)
    if (len(posts), len(patches)) != (len(batch.posts), len(batch.patches)):
        what = "answered with other records than those that were sent"
        raise outcome.malformed(CLOUDFLARE, what, write=True)
    return [*posts, *patches]


def _refusal(zone: Zone, batch: Batch, trouble: Trouble) -> AppError | None:
    """Cloudflare carries out all of a batch or nothing, so each of these took no effect."""
    if trouble.codes & (envelope.EXISTS | envelope.GONE):
        return Conflict(
            f"The zone {zone.name} changed meanwhile, so nothing was changed{_at(batch, trouble)}: {trouble.message}"
        )
    if trouble.codes & envelope.IN_THE_WAY:
        return Conflict(
            f"A CNAME or address record is in the way{_at(batch, trouble)}, so nothing was changed: {trouble.message}"
        )
    return None


def _at(batch: Batch, trouble: Trouble) -> str:
    """The name that the error points at; without a pointer all names that it can be about."""
    found = [part for pointer in trouble.pointers for part in _PART.findall(pointer)]
    parts: dict[str, list[Record | RecordDraft]] = {
        "deletes": [*batch.deletes],
        "patches": [patch.draft for patch in batch.patches],
        "posts": [*batch.posts],
    }
    items = [parts[which][int(index)] for which, index in found if int(index) < len(parts[which])]
    items = items or [*parts["patches"], *parts["posts"]] or parts["deletes"]
    named = sorted({ascii_name(item.name) for item in items})
    return f" at {', '.join(named[:3])}" + (" and other names" if len(named) > 3 else "")
