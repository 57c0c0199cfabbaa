"""Everything the DNS server was asked."""

from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

from mxm_sandbox.dns.faults import Transport


@dataclass(slots=True)
class Question:
    """One question. `name` is as it was asked, capitals included; `rcode` stays empty when there was no answer."""

    sequence: int
    time: float
    transport: Transport
    name: str
    type: str
    rcode: str | None = None
    truncated: bool = False
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as the control port shows it."""
        return asdict(self)


class QuestionLog:
    """The last questions in order of arrival, and counts of all of them."""

    def __init__(self, max_entries: int) -> None:
        self._entries: deque[Question] = deque(maxlen=max_entries)
        self._sequence = 0
        self._types: Counter[str] = Counter()
        self._rcodes: Counter[str] = Counter()
        self._transports: Counter[str] = Counter()

    def begin(self, time: float, transport: Transport, name: str, record_type: str) -> Question:
        """Note a question as it arrives."""
        self._sequence += 1
        entry = Question(self._sequence, time, transport, name, record_type)
        self._entries.append(entry)
        self._types[record_type] += 1
        self._transports[transport] += 1
        return entry

    def finish(self, entry: Question, rcode: str | None) -> None:
        """Note the answer, or that there was none."""
        entry.rcode = rcode
        self._rcodes[rcode or "none"] += 1

    def resize(self, max_entries: int) -> None:
        """Keep at most this many entries from now on."""
        self._entries = deque(self._entries, maxlen=max_entries)

    def since(self, sequence: int = 0) -> list[Question]:
        """Entries after `sequence`, oldest first."""
        return [entry for entry in self._entries if entry.sequence > sequence]

    def counts(self) -> dict[str, Any]:
        """Questions by type and transport, answers by code."""
        return {
            "questions": self._sequence,
            "by_type": dict(sorted(self._types.items())),
            "by_transport": dict(sorted(self._transports.items())),
            "by_rcode": dict(sorted(self._rcodes.items())),
        }
