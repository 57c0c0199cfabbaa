"""Everything that was asked of the sandbox, so that a test can tell what a client really did.

Bodies are not kept, for they hold passwords: only their field names and, for writes, a digest.
"""

import hashlib
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from mxm_sandbox.faults import Upstream
from mxm_sandbox.wire import Wire


@dataclass(slots=True)
class LogEntry:
    """One request. `status` stays empty until there is an answer, and for ever when there is none."""

    sequence: int
    upstream: Upstream
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


@dataclass(slots=True)
class _Tally:
    """Counts of one upstream."""

    requests: int = 0
    reads: int = 0
    writes: int = 0
    applied: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)


class RequestLog:
    """The last requests to all upstreams in order of arrival, and counts of all of them by upstream."""

    def __init__(self, max_entries: int) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=max_entries)
        self._sequence = 0
        self._tallies: dict[Upstream, _Tally] = {"mxroute": _Tally(), "cloudflare": _Tally()}

    def begin(self, upstream: Upstream, wire: Wire, time: float) -> LogEntry:
        """Note a request as it arrives."""
        self._sequence += 1
        self._tallies[upstream].requests += 1
        entry = LogEntry(
            sequence=self._sequence,
            upstream=upstream,
            time=time,
            method=wire.method,
            raw_path=wire.raw_path,
            path=wire.path,
            query=wire.query,
            odd_path=is_odd(wire.raw_path),
            fields=wire.field_names(),
            body_sha256=None if wire.method == "GET" else hashlib.sha256(wire.raw_body).hexdigest(),
        )
        self._entries.append(entry)
        return entry

    def admit(self, entry: LogEntry) -> None:
        """Count a request that passed credentials and limits."""
        tally = self._tallies[entry.upstream]
        if entry.method == "GET":
            tally.reads += 1
        else:
            tally.writes += 1
        tally.operations[entry.operation or "unknown"] += 1

    def finish(self, entry: LogEntry, status: int | None) -> None:
        """Note the answer, or that there was none."""
        tally = self._tallies[entry.upstream]
        entry.status = status
        tally.statuses[str(status) if status is not None else "none"] += 1
        tally.applied += entry.applied

    def resize(self, max_entries: int) -> None:
        """Keep at most this many entries from now on."""
        self._entries = deque(self._entries, maxlen=max_entries)

    def since(self, sequence: int = 0) -> list[LogEntry]:
        """Entries after `sequence`, oldest first."""
        return [entry for entry in self._entries if entry.sequence > sequence]

    def counts(self, upstream: Upstream = "mxroute") -> dict[str, Any]:
        """Requests admitted by kind and operation, answers by status, writes that took effect."""
        tally = self._tallies[upstream]
        return {
            "requests": tally.requests,
            "reads": tally.reads,
            "writes": tally.writes,
            "writes_applied": tally.applied,
            "refused_401": tally.statuses["401"],
            "refused_429": tally.statuses["429"],
            "by_operation": dict(sorted(tally.operations.items())),
            "by_status": dict(sorted(tally.statuses.items())),
        }
