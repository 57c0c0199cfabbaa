"""Everything that was asked of the sandbox, so that a test can tell what a client really did.

Bodies are not kept, for they hold passwords: only their field names and, for writes, a digest.
"""

import hashlib
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote_to_bytes


@dataclass(slots=True)
class LogEntry:
    """One request. `status` stays empty until there is an answer, and for ever when there is none."""

    sequence: int
    time: float
    method: str
    raw_path: str
    path: str
    query: str
    odd_path: bool
    fields: tuple[str, ...]
    body_sha256: str | None
    operation: str | None = None
    status: int | None = None
    applied: bool = False
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as the control port shows it."""
        return asdict(self)


def is_odd(raw_path: str) -> bool:
    """Whether a naive server could take this path for another: dot or empty segments, hidden slashes, control
    characters, bytes that are no UTF-8, or an escape that still holds an escape."""
    segments = [unquote_to_bytes(segment) for segment in raw_path.split("/")[1:]]
    return any(_odd_segment(segment) for segment in segments)


def _odd_segment(segment: bytes) -> bool:
    if segment in {b"", b".", b".."} or any(byte < 0x20 or byte in b"/\\\x7f" for byte in segment):
        return True
    try:
        segment.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return unquote_to_bytes(segment) != segment


class RequestLog:
    """The last requests in order of arrival, and counts of all of them."""

    def __init__(self, max_entries: int) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=max_entries)
        self._sequence = 0
        self._statuses: Counter[str] = Counter()
        self._operations: Counter[str] = Counter()
        self._reads = self._writes = self._applied = 0

    def begin(
        self, *, time: float, method: str, raw_path: str, path: str, query: str, fields: tuple[str, ...], body: bytes
    ) -> LogEntry:
        """Note a request as it arrives."""
        self._sequence += 1
        is_read = method == "GET"
        entry = LogEntry(
            sequence=self._sequence,
            time=time,
            method=method,
            raw_path=raw_path,
            path=path,
            query=query,
            odd_path=is_odd(raw_path),
            fields=fields,
            body_sha256=None if is_read else hashlib.sha256(body).hexdigest(),
        )
        self._entries.append(entry)
        return entry

    def admit(self, entry: LogEntry) -> None:
        """Count a request that passed credentials and limits."""
        if entry.method == "GET":
            self._reads += 1
        else:
            self._writes += 1
        self._operations[entry.operation or "unknown"] += 1

    def finish(self, entry: LogEntry, status: int | None) -> None:
        """Note the answer, or that there was none."""
        entry.status = status
        self._statuses[str(status) if status is not None else "none"] += 1
        self._applied += entry.applied

    def resize(self, max_entries: int) -> None:
        """Keep at most this many entries from now on."""
        self._entries = deque(self._entries, maxlen=max_entries)

    def since(self, sequence: int = 0) -> list[LogEntry]:
        """Entries after `sequence`, oldest first."""
        return [entry for entry in self._entries if entry.sequence > sequence]

    def counts(self) -> dict[str, Any]:
        """Requests admitted by kind and operation, answers by status, writes that took effect."""
        return {
            "requests": self._sequence,
            "reads": self._reads,
            "writes": self._writes,
            "writes_applied": self._applied,
            "refused_401": self._statuses["401"],
            "refused_429": self._statuses["429"],
            "by_operation": dict(sorted(self._operations.items())),
            "by_status": dict(sorted(self._statuses.items())),
        }
