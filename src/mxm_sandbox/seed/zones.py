"""Puts the zones of the seed where they belong: at Cloudflare, or at another provider."""

from collections.abc import Iterable

from mxm_sandbox.cloudflare.record import Record
from mxm_sandbox.cloudflare.state import SEED_TIME, Store, Zone, ZoneStatus
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.dns.public import PublicDns
from mxm_sandbox.dns.zonedata import Rr, ZoneData
from mxm_sandbox.mxroute.state import Account, HostedDomain
from mxm_sandbox.seed import demo
from mxm_sandbox.seed.scenarios import Facts, SeedRecord, half_moved, old_provider, records_of, txt, web

_OLD_SERVERS = ("ns1.old-host.test", "ns2.old-host.test")
_TTL_SECONDS = 3600


class ZoneSeeder:
    """Makes zones for the domains of an account."""

    def __init__(self, config: SandboxConfig, account: Account, store: Store, public: PublicDns) -> None:
        self._config, self._account, self._store, self._public = config, account, store, public

    def demo(self) -> None:
        """Every domain of the demo account, and the names that can be added to it."""
        for domain in self._account.domains.values():
            self.add(domain)
        for name in demo.ZONES_WITHOUT_MAIL:
            self._at_cloudflare(name, "active", [*web(name), txt(name, f"google-site-verification={name}")])
        for name in demo.ZONES_ELSEWHERE:
            self._elsewhere(name, old_provider(name))

    def add(self, domain: HostedDomain) -> None:
        """One domain in the state of its scenario."""
        facts = Facts(domain.name, self._config.server, self._account.verification_key, self._config.seed)
        match domain.dns_scenario:
            case "zone_elsewhere":
                self._elsewhere(domain.name, half_moved(facts))
            case "pending_zone":
                self._elsewhere(domain.name, old_provider(domain.name))
                self._at_cloudflare(domain.name, "pending", records_of("pending_zone", facts))
            case "zone_of_parent":
                parent = domain.name.partition(".")[2]
                self._at_cloudflare(parent, "active", [*web(parent), *records_of("zone_of_parent", facts)])
            case scenario:
                self._at_cloudflare(domain.name, "active", records_of(scenario, facts))

    def _at_cloudflare(self, name: str, status: ZoneStatus, records: Iterable[SeedRecord]) -> Zone:
        zone = self._store.zone_named(name) or self._store.add(name, status, SEED_TIME, waiting=False)
        self._store.fill(zone, [self._record(record) for record in records])
        return zone

    def _record(self, record: SeedRecord) -> Record:
        return Record(
            id=self._store.new_id(),
            name=record.name,
            type=record.type,
            content=record.content,
            created_on=SEED_TIME,
            modified_on=SEED_TIME,
            proxied=record.proxied,
            priority=record.priority,
            comment=record.comment,
            comment_modified_on=SEED_TIME if record.comment else None,
            data=_parts(record),
        )

    def _elsewhere(self, name: str, records: Iterable[SeedRecord]) -> None:
        rrs = [Rr(record.name, record.type, _TTL_SECONDS, _written(record)) for record in records]
        self._public.serve_elsewhere(ZoneData(name, rrs, name_servers=_OLD_SERVERS))


def _parts(record: SeedRecord) -> tuple[tuple[str, int | str], ...]:
    """The parts of a CAA record, the only type of the seed that has any."""
    if record.type != "CAA":
        return ()
    flags, tag, value = record.content.split(" ", 2)
    return ("flags", int(flags)), ("tag", tag), ("value", value.strip('"'))


def _written(record: SeedRecord) -> str:
    if record.type == "MX":
        return f"{record.priority} {record.content}."
    return f"{record.content}." if record.type == "CNAME" else record.content
