"""The public content of one zone, and what it says about a name: records, wildcards, nothing (RFC 1034, RFC 4592)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from mxm_sandbox.dns.loopback import loopback4, loopback6, proxy_addresses

PROXIED_TTL_SECONDS = 300
Types = dict[str, list["Rr"]]


@dataclass(frozen=True, slots=True)
class Rr:
    """One resource record: absolute name in lower case without the root dot, data in presentation form."""

    name: str
    type: str
    ttl: int
    data: str
    proxied: bool = False


def ancestors(name: str) -> Iterator[str]:
    """The names above `name`, nearest first, the root left out."""
    while "." in name:
        name = name.partition(".")[2]
        yield name


class ZoneData:
    """An immutable zone; NS and SOA at its top come from its name servers. An empty name is the root."""

    def __init__(
        self, name: str, records: Iterable[Rr], *, name_servers: tuple[str, ...], serial: int = 1, contact: str = ""
    ) -> None:
        self.name, self.records, self._serial = name, tuple(records), serial
        self._name_servers = name_servers
        self._contact = contact or f"hostmaster.{name}".rstrip(".")

    @cached_property
    def _nodes(self) -> dict[str, Types]:
        nodes: dict[str, Types] = {self.name: {"NS": self._ns(), "SOA": [self.soa]}}
        for record in self.records:
            for shown in _shown(record):
                at_top = shown.name == self.name and shown.type in {"NS", "SOA"}
                if not at_top:
                    nodes.setdefault(shown.name, {}).setdefault(shown.type, []).append(shown)
        return nodes

    @cached_property
    def _existing(self) -> set[str]:
        """Names with records and the names above them: an empty non-terminal exists too."""
        ending = f".{self.name}" if self.name else ""
        above = {parent for name in self._nodes for parent in ancestors(name) if parent.endswith(ending)}
        return {*self._nodes, *above}

    def _ns(self) -> list[Rr]:
        return [Rr(self.name, "NS", 86_400, f"{server}.") for server in self._name_servers]

    @cached_property
    def soa(self) -> Rr:
        """The SOA record; its last figure is how long "there is no such thing" may be remembered, in seconds."""
        data = f"{self._name_servers[0]}. {self._contact}. {self._serial} 10000 2400 604800 1800"
        return Rr(self.name, "SOA", 1800, data)

    def exists(self, name: str) -> bool:
        """Whether there is such a name, be it by a wildcard."""
        return name in self._existing or self._wildcard(name) is not None

    def at(self, name: str) -> Types:
        """The records of a name by type; those of a wildcard bear the name that was asked for."""
        if name in self._existing:
            return dict(self._nodes.get(name, {}))
        source = self._wildcard(name)
        if source is None:
            return {}
        return {kind: [replace(rr, name=name) for rr in rrs] for kind, rrs in self._nodes[source].items()}

    def _wildcard(self, name: str) -> str | None:
        """The wildcard right under the nearest name above that exists; others do not count (RFC 4592, 3.3.1)."""
        for parent in ancestors(name):
            if parent in self._existing:
                source = f"*.{parent}"
                return source if source in self._nodes else None
        return None


def _shown(record: Rr) -> list[Rr]:
    """What outsiders see of a record: a proxied name is the proxy's addresses, and all addresses are loopback."""
    if record.proxied:
        shown = [Rr(record.name, "A", PROXIED_TTL_SECONDS, address) for address in proxy_addresses(record.name)]
        return [*shown, Rr(record.name, "AAAA", PROXIED_TTL_SECONDS, loopback6(record.data))]
    if record.type == "A":
        return [replace(record, data=loopback4(record.data))]
    if record.type == "AAAA":
        return [replace(record, data=loopback6(record.data))]
    return [record]
