"""A DNS record as Cloudflare keeps and shows it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PROXIABLE = frozenset({"A", "AAAA", "CNAME"})
AUTO_TTL = 1


def written_time(seconds: float) -> str:
    """A moment (Unix seconds) as it stands in answers."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Record:
    """One record; replaced as a whole when it changes. Times in Unix seconds; `data` only where a type has parts."""

    id: str
    name: str
    type: str
    content: str
    created_on: float
    modified_on: float
    ttl: int = AUTO_TTL
    proxied: bool = False
    priority: int | None = None
    comment: str | None = None
    comment_modified_on: float | None = None
    data: tuple[tuple[str, int | str], ...] = ()

    @property
    def meaning(self) -> tuple[str, str, str, int | None]:
        """What DNS says by it: no two records of a zone may say the same."""
        return self.name, self.type, self.content, self.priority

    def as_json(self) -> dict[str, Any]:
        """The record as answers show it."""
        shown: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "content": self.content,
            "proxiable": self.type in PROXIABLE,
            "proxied": self.proxied,
            "ttl": self.ttl,
            "settings": {"flatten_cname": False} if self.type == "CNAME" else {},
            "meta": {},
            "comment": self.comment,
            "tags": [],
            "created_on": written_time(self.created_on),
            "modified_on": written_time(self.modified_on),
        }
        if self.comment_modified_on is not None:
            shown["comment_modified_on"] = written_time(self.comment_modified_on)
        if self.priority is not None:
            shown["priority"] = self.priority
        if self.data:
            shown["data"] = dict(self.data)
        return shown
