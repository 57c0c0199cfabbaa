"""Record sets published by hand: through the control port, by a test, or by the seed.

They stand in front of every zone, so that a test can say what public DNS shows for any name.
"""

from collections.abc import Sequence

from mxm_sandbox.gradual import Gradual
from mxm_sandbox.names import fold


class PublishedRecords:
    """Record sets by name and type, in memory."""

    def __init__(self) -> None:
        self._sets: dict[str, dict[str, Gradual[tuple[str, ...]]]] = {}

    def publish(self, name: str, record_type: str, values: Sequence[str], visible_at: float = 0.0) -> None:
        """Replace one record set, seen from `visible_at` (Unix seconds) on; no values removes it."""
        at_name = self._sets.setdefault(fold(name), {})
        at_name.setdefault(record_type.upper(), Gradual(())).change(tuple(values), visible_at)

    def at(self, name: str, now: float) -> dict[str, tuple[str, ...]]:
        """The record sets of a name that can be seen at this moment, by type."""
        seen = {kind: values.seen(now) for kind, values in self._sets.get(fold(name), {}).items()}
        return {kind: values for kind, values in seen.items() if values}

    def has_below(self, name: str, now: float) -> bool:
        """Whether there is anything under a name, so that the name itself exists."""
        ending = f".{fold(name)}"
        return any(other.endswith(ending) and self.at(other, now) for other in self._sets)

    def as_json(self) -> list[dict[str, object]]:
        """Every record set, seen already or not, sorted by name and type."""
        return [
            {"name": name, "type": kind, "values": list(values.latest)}
            for name, kinds in sorted(self._sets.items())
            for kind, values in sorted(kinds.items())
            if values.latest
        ]
