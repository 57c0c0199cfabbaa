"""Zones and records as the product knows them, whatever form Cloudflare gives them."""

from dataclasses import dataclass
from datetime import datetime

COMMENT = "managed by mxm"
"""Marks our records for people; at most 100 characters on the free plan (facts.md)."""
MOST_IN_BATCH = 200
"""Changes in one batch on the free plan (facts.md)."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A domain at Cloudflare. `status` is initializing, pending, active, moved or deleted."""

    id: str
    name: str
    status: str
    name_servers: tuple[str, ...]

    @property
    def public(self) -> bool:
        """Whether the world sees its records."""
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class Record:
    """One DNS record. `name` is absolute, in lower case and ASCII; `content` is what is meant (TXT unquoted, hosts
    without final dot), `raw` what Cloudflare sent. `ttl` is in seconds, 1 = automatic."""

    id: str
    type: str
    name: str
    content: str
    ttl: int
    priority: int | None
    proxied: bool
    comment: str | None
    raw: str


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record as it shall be; `name` is absolute, `content` what is meant. `ttl` is in seconds, 1 = automatic."""

    type: str
    name: str
    content: str
    ttl: int = 1
    priority: int | None = None
    proxied: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """`record` as it was when planned, `draft` as it shall be. A draft without comment leaves the record's alone."""

    record: Record
    draft: RecordDraft


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that take effect together. `presumes` are all records of all touched sets (same name and type) as they
    were when planned: what is deleted or patched belongs to them, whether it is named there again or not."""

    deletes: tuple[Record, ...] = ()
    patches: tuple[Patch, ...] = ()
    posts: tuple[RecordDraft, ...] = ()
    presumes: tuple[Record, ...] = ()

    @property
    def size(self) -> int:
        """The number of changes."""
        return len(self.deletes) + len(self.patches) + len(self.posts)

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self.size == 0


@dataclass(frozen=True, slots=True)
class TokenState:
    """What Cloudflare says of our token: `status` is active, disabled or expired."""

    active: bool
    status: str
    expires_on: datetime | None
