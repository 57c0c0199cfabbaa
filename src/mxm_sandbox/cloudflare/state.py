"""What a Cloudflare account holds: zones with their records. Rules live in the rooms of the operations."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from mxm_sandbox.cloudflare.publishing import public_data
from mxm_sandbox.cloudflare.record import Record
from mxm_sandbox.dns.zonedata import ZoneData

ZoneStatus = Literal["initializing", "pending", "active", "moved", "deleted"]
# Zones and records of the seed are as old as this, whenever the sandbox was started: 2024-01-01.
SEED_TIME = 1_704_067_200.0


@dataclass(slots=True)
class Zone:
    """A zone; times in Unix seconds. `waiting_since` is when Cloudflare began to look for its name servers."""

    id: str
    name: str
    status: ZoneStatus
    name_servers: tuple[str, str]
    created_on: float
    modified_on: float
    activated_on: float | None = None
    waiting_since: float | None = None
    checked_on: float | None = None
    serial: int = 1
    records: dict[str, Record] = field(default_factory=dict)


class Publish(Protocol):
    """Tells public DNS what a zone shows from now on; none when it shows nothing."""

    def __call__(self, name: str, zone: ZoneData | None, *, at_once: bool) -> None: ...


class Store:
    """All zones. Everything that changes what is public goes through `commit`, `set_status` and `remove`."""

    def __init__(self, ids: random.Random, name_servers: tuple[str, str], publish: Publish) -> None:
        self._ids, self._name_servers, self._publish = ids, name_servers, publish
        self.zones: dict[str, Zone] = {}
        self._by_name: dict[str, Zone] = {}

    def new_id(self) -> str:
        """An identifier as Cloudflare makes them: 32 hex digits."""
        return self._ids.randbytes(16).hex()

    def zone_named(self, name: str) -> Zone | None:
        """The zone of this name, if there is one."""
        return self._by_name.get(name)

    def add(self, name: str, status: ZoneStatus, now: float, *, waiting: bool) -> Zone:
        """A new zone without records; one that is `waiting` becomes active by itself when the settings say so."""
        zone = Zone(self.new_id(), name, status, self._name_servers, now, now)
        zone.activated_on = now if status == "active" else None
        zone.waiting_since = now if waiting else None
        self.zones[zone.id] = self._by_name[name] = zone
        return zone

    def fill(self, zone: Zone, records: Iterable[Record]) -> None:
        """Give a zone the records of the seed, which are public at once."""
        zone.records = {record.id: record for record in records}
        self._publish(zone.name, self._public(zone), at_once=True)

    def commit(self, zone: Zone, records: Mapping[str, Record], now: float) -> None:
        """Replace a zone's records."""
        zone.records, zone.modified_on = dict(records), now
        zone.serial += 1
        self._show(zone)

    def set_status(self, zone: Zone, status: ZoneStatus, now: float) -> None:
        """Change the status, and with it whether the records are public."""
        if status == zone.status:
            return
        zone.status, zone.modified_on = status, now
        if status == "active":
            zone.activated_on = zone.activated_on or now
        self._show(zone)

    def remove(self, zone: Zone) -> None:
        """Delete a zone and its records."""
        del self.zones[zone.id], self._by_name[zone.name]
        self._publish(zone.name, None, at_once=False)

    def settle(self, now: float, activation_seconds: float | None) -> None:
        """Make those zones active whose name servers have been found meanwhile."""
        if activation_seconds is None:
            return
        for zone in self.zones.values():
            waits = zone.status in {"initializing", "pending"} and zone.waiting_since is not None
            if waits and now >= (zone.waiting_since or 0) + activation_seconds:
                self.set_status(zone, "active", now)

    def _show(self, zone: Zone) -> None:
        self._publish(zone.name, self._public(zone), at_once=False)

    @staticmethod
    def _public(zone: Zone) -> ZoneData | None:
        if zone.status != "active":
            return None
        return public_data(zone.name, zone.records.values(), zone.name_servers, zone.serial)

    def as_json(self) -> dict[str, Any]:
        """Everything the account holds, by zone name."""
        return {
            name: {
                "id": zone.id,
                "status": zone.status,
                "name_servers": list(zone.name_servers),
                "records": [record.as_json() for record in zone.records.values()],
            }
            for name, zone in sorted(self._by_name.items())
        }
