"""Cloudflare's JSON, checked. Unknown fields are ignored; a field without which a thing means nothing is required."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, model_validator

from mxm.upstreams.cloudflare import names, txt
from mxm.upstreams.cloudflare.models import Record, TokenState, Zone

_ALWAYS_WITH_CONTENT = frozenset({"A", "AAAA", "CNAME", "MX", "NS", "TXT"})
_Text = Annotated[str, Field(min_length=1)]


def _seconds(raw: Any) -> Any:
    return int(raw) if isinstance(raw, float) and raw.is_integer() else 1 if raw is None else raw


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Zone(_Shape):
    id: _Text
    name: _Text
    status: _Text
    name_servers: list[str] | None = None


class _Record(_Shape):
    id: _Text
    type: _Text
    name: _Text
    content: str | None = None
    ttl: Annotated[int, BeforeValidator(_seconds)] = 1
    priority: StrictInt | None = None
    proxied: StrictBool | None = None
    comment: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "_Record":
        # Some types say it all in `data`; they must not keep the rest of a zone from being read.
        if self.content is None and self.type.upper() in _ALWAYS_WITH_CONTENT:
            raise ValueError("a record without content")
        return self


class _Changed(_Shape):
    """The answer to a batch. What it says of deletes is not needed."""

    patches: list[_Record] | None = None
    posts: list[_Record] | None = None


class _Token(_Shape):
    status: _Text
    expires_on: datetime | None = None


_zones = TypeAdapter(list[_Zone])
_records = TypeAdapter(list[_Record])


def zone(data: Any) -> Zone:
    """One zone. This and the others raise pydantic's `ValidationError` for another shape."""
    return _as_zone(_Zone.model_validate(data))


def zones(data: Any) -> list[Zone]:
    """A list of zones."""
    return [_as_zone(each) for each in _zones.validate_python(data)]


def records(data: Any) -> list[Record]:
    """A list of records."""
    return [_as_record(each) for each in _records.validate_python(data)]


def changed(data: Any) -> tuple[list[Record], list[Record]]:
    """The posted and the patched records of a batch."""
    found = _Changed.model_validate(data)
    return [_as_record(each) for each in found.posts or ()], [_as_record(each) for each in found.patches or ()]


def token(data: Any) -> TokenState:
    """What is said of a token."""
    found = _Token.model_validate(data)
    expires = found.expires_on
    if expires is not None and expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return TokenState(found.status == "active", found.status, expires)


def _as_zone(found: _Zone) -> Zone:
    servers = tuple(names.ascii_name(each) for each in found.name_servers or ())
    return Zone(found.id, names.ascii_name(found.name), found.status.lower(), servers)


def _as_record(found: _Record) -> Record:
    kind, content = found.type.upper(), found.content or ""
    return Record(
        id=found.id,
        type=kind,
        name=names.ascii_name(found.name),
        content=txt.decode(content) if kind == "TXT" else names.plain_content(kind, content),
        ttl=found.ttl,
        priority=found.priority,
        proxied=bool(found.proxied),
        comment=found.comment or None,
        raw=content,
    )
