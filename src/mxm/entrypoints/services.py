"""Puts the program together: every service is built here, once, from the settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.entrypoints.dns import Upstreams, build_dns, build_onboarding
from mxm.entrypoints.durable import Durable, build_durable
from mxm.entrypoints.fleet import FleetParts, build_fleet
from mxm.entrypoints.imports import build_imports
from mxm.features.account.api import Account
from mxm.features.audit.api import AuditLog
from mxm.features.client_setup.api import ClientSetup
from mxm.features.dns import api as dns_api
from mxm.features.dns.api import CHANGED, Dns
from mxm.features.domains.api import ADDED, GONE, HOSTING, Domains
from mxm.features.fleet import api as fleet_api
from mxm.features.forwarding.api import Forwarding
from mxm.features.identity import api as identity_api
from mxm.features.identity.api import Identity
from mxm.features.mailboxes.api import PUT, Imports, Mailboxes, Recovery
from mxm.features.onboarding.api import Onboarding
from mxm.features.spam.api import Spam
from mxm.platform.clock import Chance, Clock, SystemChance, SystemClock
from mxm.platform.db import Database
from mxm.platform.db.generation import EVERYTHING, Generation
from mxm.platform.idempotency import IdempotencyStore
from mxm.platform.journal import Examiner, Journal, Settler
from mxm.platform.keys import KeyRing, secret_from_file
from mxm.platform.settings import Settings
from mxm.platform.web.metrics import HttpMetrics
from mxm.upstreams.cloudflare import Cloudflare
from mxm.upstreams.mxroute.client import Credentials, MXroute
from mxm.upstreams.probes import CertificateProbe
from mxm.upstreams.resolver import Resolver
from mxm.upstreams.transport.budget import Budget
from mxm.upstreams.transport.cache import ReadCache
from mxm.upstreams.transport.client import HttpTransport


@dataclass(frozen=True, slots=True)
class Services:
    """The whole program, without its HTTP side."""

    settings: Settings
    clock: Clock
    chance: Chance
    keys: KeyRing
    database: Database
    generation: Generation
    mxroute: MXroute
    cloudflare: Cloudflare
    resolver: Resolver
    certificates: CertificateProbe
    journal: Journal
    settler: Settler
    idempotency: IdempotencyStore
    audit: AuditLog
    identity: Identity
    durable: Durable
    domains: Domains
    account: Account
    mailboxes: Mailboxes
    imports: Imports
    forwarding: Forwarding
    spam: Spam
    client_setup: ClientSetup
    dns: Dns
    fleet: FleetParts
    onboarding: Onboarding
    metrics: HttpMetrics


def build_services(
    settings: Settings,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    mxroute_http: HttpTransport | None = None,
    cloudflare_http: HttpTransport | None = None,
) -> Services:
    """Build everything; opens no connection yet. `mxroute_http` and `cloudflare_http` replace the network in tests."""
    clock, chance = clock or SystemClock(), chance or SystemChance()
    keys = _keys(settings, chance)
    database = Database(settings)
    generation = Generation(database, clock)
    mxroute = _mxroute(settings, clock, chance, mxroute_http)
    cloudflare = _cloudflare(settings, clock, chance, cloudflare_http)
    resolver = Resolver(settings.dns_resolvers)
    _share_drops(generation, mxroute.cache, cloudflare.cache)
    audit = AuditLog(database, clock)
    examiners: dict[str, Examiner] = {"mxroute": mxroute.examiner, "cloudflare": cloudflare.examiner}
    journal = Journal(database, clock, chance, keys, examiners, audit.record_outcome)
    domains = Domains(mxroute, journal)
    recovery = Recovery(database, generation, audit)
    mailboxes = Mailboxes(mxroute, journal, recovery)
    identity = _identity(settings, database, generation, clock, chance, keys, audit, domains)
    durable = build_durable(database, generation, clock, chance, keys, audit)
    certificates = CertificateProbe(resolver.lookup, clock, allow_networks=settings.probe_allow_networks)
    upstreams = Upstreams(mxroute, cloudflare, resolver, certificates)
    dns = build_dns(settings, database, clock, chance, journal, audit, upstreams, domains, durable, identity.directory)
    services = Services(
        settings=settings,
        clock=clock,
        chance=chance,
        keys=keys,
        database=database,
        generation=generation,
        mxroute=mxroute,
        cloudflare=cloudflare,
        resolver=resolver,
        certificates=certificates,
        journal=journal,
        settler=Settler(journal, database, clock, examiners),
        idempotency=IdempotencyStore(database, clock, chance, keys, journal.process_id),
        audit=audit,
        identity=identity,
        durable=durable,
        domains=domains,
        account=Account(mxroute),
        mailboxes=mailboxes,
        imports=build_imports(
            durable, database, clock, chance, journal, audit, mailboxes, identity.directory, mxroute.budget
        ),
        forwarding=Forwarding(mxroute, journal),
        spam=Spam(mxroute, journal, lists_admin_only=settings.spam_lists_admin_only),
        client_setup=ClientSetup(dns.health, settings.mx_server, settings.public_url_scheme),
        dns=dns,
        fleet=build_fleet(settings, database, generation, clock, mxroute, durable, dns.health.brief),
        onboarding=build_onboarding(
            database, clock, journal, audit, upstreams, domains, dns, durable, identity.directory
        ),
        metrics=HttpMetrics(),
    )
    _register_followups(journal, recovery, dns, clock)
    _register_gauges(services)
    return services


def _keys(settings: Settings, chance: Chance) -> KeyRing:
    previous = settings.secret_key_previous
    if settings.secret_key is not None:
        secret = settings.secret_key.get_secret_value()
    else:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        secret = secret_from_file(settings.data_dir / "secret.key", chance)
    return KeyRing(secret, previous.get_secret_value() if previous else None)


def _mxroute(settings: Settings, clock: Clock, chance: Chance, http: HttpTransport | None) -> MXroute:
    api_key = settings.mx_api_key.get_secret_value() if settings.mx_api_key else None
    credentials = Credentials(settings.mx_server, settings.mx_user, api_key)
    return MXroute(credentials, clock=clock, chance=chance, base_url=settings.mxroute_api_url, http=http)


def _cloudflare(settings: Settings, clock: Clock, chance: Chance, http: HttpTransport | None) -> Cloudflare:
    token = settings.cf_api_token.get_secret_value() if settings.cf_api_token else None
    url = settings.cloudflare_api_url
    return Cloudflare(token, settings.cf_account_id, clock=clock, chance=chance, base_url=url, http=http)


def _share_drops(generation: Generation, *caches: ReadCache) -> None:
    """What any process wrote makes our cached reads untrue as well."""

    async def drop(tags: frozenset[str]) -> None:
        for cache in caches:
            if tags == EVERYTHING:
                cache.drop_all()
            else:
                cache.drop(tags)

    generation.subscribe(drop)


def _identity(
    settings: Settings,
    database: Database,
    generation: Generation,
    clock: Clock,
    chance: Chance,
    keys: KeyRing,
    audit: AuditLog,
    domains: Domains,
) -> Identity:
    activity = identity_api.Activity(database, clock)
    directory = identity_api.Directory(database, generation, clock, keys, activity)
    passwords = identity_api.PasswordHasher()
    throttle = identity_api.Throttle(database, clock, chance, keys)
    sessions = identity_api.Sessions(database, clock, chance, keys, directory, activity, audit)
    return Identity(
        directory=directory,
        activity=activity,
        passwords=passwords,
        sessions=sessions,
        sign_in=identity_api.SignIn(database, clock, chance, passwords, throttle, sessions, audit),
        throttle=throttle,
        tokens=identity_api.Tokens(database, clock, chance, keys, activity, audit, domains.known),
        delegations=identity_api.Delegations(
            database, clock, chance, passwords, audit, domains.known, oidc_enabled=settings.oidc_enabled
        ),
    )


def _register_followups(journal: Journal, recovery: Recovery, dns: Dns, clock: Clock) -> None:
    """What belongs to a write in our own database, by name."""

    async def domain_gone(session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        domain = payload["domain"]
        return [
            *await identity_api.forget_domain(session, domain),
            *await recovery.forget_domain(session, domain),
            *await dns_api.forget_domain(session, domain),
            *await fleet_api.forget_domain(session, domain),
        ]

    journal.register(PUT, recovery.follow_up)
    journal.register(CHANGED, dns.log.follow_up)

    async def domain_added(session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        return await fleet_api.add_domain(session, payload["domain"])

    async def hosting_switched(session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        return await fleet_api.note_hosting(session, payload["domain"], clock.now(), enabled=payload["enabled"])

    journal.register(ADDED, domain_added)
    journal.register(HOSTING, hosting_switched)
    journal.register(GONE, domain_gone)


def _register_gauges(services: Services) -> None:
    """Figures that are looked up when Prometheus asks."""
    settler = services.settler
    remaining = Gauge(
        "mxm_upstream_budget_remaining",
        "Requests that may still be sent in this window.",
        ["upstream", "kind"],
        registry=services.metrics.registry,
    )
    for name, budget in (("mxroute", services.mxroute.budget), ("cloudflare", services.cloudflare.budget)):
        remaining.labels(name, "read").set_function(partial(_reads_left, budget))
        remaining.labels(name, "write").set_function(partial(_writes_left, budget))
    unsettled = Gauge(
        "mxm_writes_unsettled",
        "Writes whose outcome is not known yet, at the settler's last look.",
        registry=services.metrics.registry,
    )
    unsettled.set_function(lambda: settler.unsettled)


def _reads_left(budget: Budget) -> float:
    return budget.snapshot().reads.remaining


def _writes_left(budget: Budget) -> float:
    return budget.snapshot().writes.remaining
