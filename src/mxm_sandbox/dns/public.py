"""What public DNS shows at a moment: hand-published record sets, then active zones, then the rest of the world.

It is the one truth: the DNS server answers from it, and MXroute looks its verification records up in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mxm_sandbox.dns import strings
from mxm_sandbox.dns.internet import ROOT, mail_hosts, well_known
from mxm_sandbox.dns.rdata import presentation
from mxm_sandbox.dns.zonedata import Rr, Types, ZoneData, ancestors
from mxm_sandbox.gradual import Gradual
from mxm_sandbox.names import fold
from mxm_sandbox.records import PublishedRecords
from mxm_sandbox.service import Common

_MAX_CHAIN = 8
_PUBLISHED_TTL_SECONDS = 300


@dataclass(slots=True)
class Resolution:
    """The outcome of a look-up. Without answers of the wanted type `zone` is where there is nothing."""

    answers: list[list[Rr]] = field(default_factory=list)
    zone: ZoneData = ROOT
    exists: bool = True
    found: bool = False
    looped: bool = False


class PublicDns:
    """Every name of the sandbox's world; what is nowhere else does not exist."""

    def __init__(self, common: Common, clock: Callable[[], float]) -> None:
        self._common, self._clock = common, clock
        self.published = PublishedRecords()
        self._active: dict[str, Gradual[ZoneData | None]] = {}
        self._elsewhere: dict[str, ZoneData] = {}

    def publish(self, name: str, record_type: str, values: Sequence[str]) -> None:
        """Replace one record set in front of all zones, public after the delay of propagation."""
        self.published.publish(name, record_type, values, self._public_at())

    def serve(self, name: str, zone: ZoneData | None, *, at_once: bool = False) -> None:
        """A zone's public content from now on, or that it is not public; seen after the delay of propagation."""
        if name not in self._active:
            self._active[name] = Gradual(None)
        self._active[name].change(zone, 0.0 if at_once else self._public_at())

    def serve_elsewhere(self, zone: ZoneData) -> None:
        """A zone at another provider, seen as long as no active zone takes its place."""
        self._elsewhere[zone.name] = zone

    def _public_at(self) -> float:
        return self._clock() + self._common.config.dns_propagation_seconds

    def _zone(self, name: str, now: float) -> ZoneData:
        """The zone with the longest name that `name` lies in; the root when there is none."""
        hosts = mail_hosts(self._common.config.server, self._common.config.dns_mail_address)
        for candidate in (name, *ancestors(name)):
            active = self._active[candidate].seen(now) if candidate in self._active else None
            zone = active or self._elsewhere.get(candidate) or hosts.get(candidate) or well_known().get(candidate)
            if zone is not None:
                return zone
        return ROOT

    def _zone_names(self, now: float) -> list[str]:
        active = [name for name, zone in self._active.items() if zone.seen(now)]
        hosts = mail_hosts(self._common.config.server, self._common.config.dns_mail_address)
        return [*active, *self._elsewhere, *hosts, *well_known()]

    def _exists(self, name: str, zone: ZoneData, now: float) -> bool:
        if zone.exists(name) or self.published.has_below(name, now):
            return True
        ending = f".{name}"
        return zone is ROOT and any(other.endswith(ending) for other in self._zone_names(now))

    def _at(self, name: str, zone: ZoneData, now: float) -> Types:
        types = zone.at(name)
        by_hand = {
            kind: [Rr(name, kind, _PUBLISHED_TTL_SECONDS, presentation(kind, value)) for value in values]
            for kind, values in self.published.at(name, now).items()
        }
        return by_hand if "CNAME" in by_hand else {**types, **by_hand}

    def resolve(self, name: str, record_type: str) -> Resolution:
        """Look a name up; CNAMEs are followed wherever they lead inside this world."""
        now, current, result = self._clock(), fold(name), Resolution()
        for _ in range(_MAX_CHAIN):
            zone = self._zone(current, now)
            types = self._at(current, zone, now)
            alias = types.get("CNAME")
            if alias and current == zone.name:
                return self._flattened(result, types, record_type, zone)
            if record_type in types:
                result.answers.append(types[record_type])
                return replace(result, zone=zone, found=True)
            if not alias:
                exists = bool(types) or self._exists(current, zone, now)
                return replace(result, zone=zone, exists=exists)
            result.answers.append(alias[:1])
            current = fold(alias[0].data)
        return replace(result, looped=True)

    def _flattened(self, result: Resolution, types: Types, record_type: str, zone: ZoneData) -> Resolution:
        """The top of a zone cannot be an alias: its addresses are those of the target (Cloudflare's flattening)."""
        rrs = [] if record_type == "CNAME" else types.get(record_type, [])
        if not rrs and record_type in {"A", "AAAA"}:
            target = types["CNAME"][0]
            if fold(target.data) != zone.name:
                last = self.resolve(target.data, record_type)
                rrs = [replace(rr, name=zone.name) for rr in last.answers[-1]] if last.found else []
        if rrs:
            result.answers.append(rrs)
        return replace(result, zone=zone, found=bool(rrs))

    async def txt(self, name: str) -> list[str]:
        """The TXT values of a name, joined and without quotes: the look-up behind MXroute's registration."""
        found = self.resolve(name, "TXT")
        values = found.answers[-1] if found.found else []
        return [b"".join(strings.strings_of(rr.data) or ()).decode("utf-8", "replace") for rr in values]
