"""Changes to a zone's records that take effect together or not at all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mxm_sandbox.cloudflare import contents
from mxm_sandbox.cloudflare.conflicts import refuse_conflict
from mxm_sandbox.cloudflare.errors import bad, record_gone, validation
from mxm_sandbox.cloudflare.names import absolute
from mxm_sandbox.cloudflare.record import AUTO_TTL, PROXIABLE, Record
from mxm_sandbox.cloudflare.state import Zone

MAX_COMMENT_CHARACTERS = 100
MIN_TTL_SECONDS, MAX_TTL_SECONDS = 60, 86_400
Body = dict[str, Any]


class Draft:
    """A copy of the records that is worked on; nobody else sees it until it is committed."""

    def __init__(self, zone: Zone, new_id: Callable[[], str], now: float) -> None:
        self._zone, self._new_id, self._now = zone, new_id, now
        self.records = dict(zone.records)

    def found(self, record_id: object) -> Record:
        """The record of this identifier. Raises 81044."""
        record = self.records.get(record_id) if isinstance(record_id, str) else None
        if record is None:
            raise record_gone()
        return record

    def delete(self, record_id: object) -> Record:
        """Remove a record."""
        record = self.found(record_id)
        del self.records[record.id]
        return record

    def post(self, body: Body) -> Record:
        """Add a record."""
        return self._keep(self._read(body, self._new_id(), self._now))

    def put(self, record_id: object, body: Body) -> Record:
        """Replace all of a record but its identifier: what is not given goes back to its default."""
        before = self.found(record_id)
        return self._keep(self._read(body, before.id, before.created_on))

    def patch(self, record_id: object, body: Body) -> Record:
        """Change what is given; the rest, comment and identifier included, stays."""
        before = self.found(record_id)
        kept: Body = {
            "name": before.name,
            "type": before.type,
            "content": before.content,
            "ttl": before.ttl,
            "proxied": before.proxied,
            "comment": before.comment,
        }
        if before.priority is not None:
            kept["priority"] = before.priority
        if before.data and not {"content", "priority"} & body.keys():
            kept["data"] = dict(before.data)
        if body.get("type", before.type) != before.type:
            kept.pop("data", None)
        after = self._read({**kept, **body}, before.id, before.created_on)
        if after.comment == before.comment:
            after = replace(after, comment_modified_on=before.comment_modified_on)
        return self._keep(after)

    def _keep(self, record: Record) -> Record:
        refuse_conflict(record, self.records.values(), self._zone.name)
        self.records[record.id] = record
        return record

    def _read(self, body: Body, record_id: str, created_on: float) -> Record:
        content = contents.read(body.get("type"), body)
        name = absolute(body.get("name"), self._zone.name)
        if body["type"] == "CNAME" and content.text == name:
            raise bad(9039, "A CNAME record cannot reference itself.")
        proxied = _proxied(body)
        comment = _comment(body)
        if isinstance(body.get("tags"), list) and body["tags"]:
            raise validation(9300, f"DNS record has {len(body['tags'])} tags, exceeding the quota of 0.")
        return Record(
            id=record_id,
            name=name,
            type=body["type"],
            content=content.text,
            created_on=created_on,
            modified_on=self._now,
            ttl=AUTO_TTL if proxied else _ttl(body),
            proxied=proxied,
            priority=content.priority,
            comment=comment,
            comment_modified_on=None if comment is None else self._now,
            data=content.data,
        )


def _ttl(body: Body) -> int:
    ttl = body.get("ttl", AUTO_TTL)
    whole = isinstance(ttl, int) and not isinstance(ttl, bool)
    if not whole or not (ttl == AUTO_TTL or MIN_TTL_SECONDS <= ttl <= MAX_TTL_SECONDS):
        raise bad(9021, "Invalid TTL. Must be between 60 and 86,400 seconds, or 1 for Automatic.")
    return int(ttl)


def _proxied(body: Body) -> bool:
    proxied = body.get("proxied", False)
    if not isinstance(proxied, bool):
        raise bad(9003, "Invalid 'proxied' value, must be a boolean.")
    if proxied and body["type"] not in PROXIABLE:
        raise bad(9004, "This record type cannot be proxied.")
    return proxied


def _comment(body: Body) -> str | None:
    comment = body.get("comment")
    if comment is not None and not isinstance(comment, str):
        raise bad(9207, "Request body is invalid.")
    if comment and len(comment) > MAX_COMMENT_CHARACTERS:
        over = f"DNS record comment has {len(comment)} characters, exceeding the quota of {MAX_COMMENT_CHARACTERS}."
        raise validation(9301, over)
    return comment or None
