"""What is "published" in DNS as far as the sandbox knows: the data a DNS server of the sandbox can serve.

MXroute looks here for the verification record of a new domain; tests fill it through the control port.
"""

from collections.abc import Sequence

from mxm_sandbox.names import fold


class PublishedRecords:
    """Record sets by name and type, in memory."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, str], list[str]] = {}

    def publish(self, name: str, record_type: str, values: Sequence[str]) -> None:
        """Replace one record set; no values removes it."""
        key = (fold(name), record_type.upper())
        if values:
            self._sets[key] = list(values)
        else:
            self._sets.pop(key, None)

    def values(self, name: str, record_type: str) -> list[str]:
        """The values of one record set, empty when there is none."""
        return list(self._sets.get((fold(name), record_type.upper()), ()))

    async def txt(self, name: str) -> list[str]:
        """The default look-up behind domain registration."""
        return self.values(name, "TXT")

    def as_json(self) -> list[dict[str, object]]:
        """Every record set, sorted by name and type."""
        return [
            {"name": name, "type": kind, "values": list(self._sets[name, kind])} for name, kind in sorted(self._sets)
        ]
