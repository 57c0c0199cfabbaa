"""Puts the services of DNS together, and registers its jobs."""

from dataclasses import dataclass

from mxm.entrypoints.durable import Durable
from mxm.features.audit.api import AuditLog
from mxm.features.dns import api as dns_api
from mxm.features.dns.api import Dns
from mxm.features.dns.workflows import BulkWorker
from mxm.features.domains.api import Domains
from mxm.features.fleet.api import Sightings
from mxm.features.identity.api import Directory
from mxm.features.onboarding.api import KIND as ONBOARDING
from mxm.features.onboarding.api import Onboarding
from mxm.features.onboarding.workflows import SetupWorker
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.journal import Journal
from mxm.platform.settings import Settings
from mxm.upstreams.cloudflare import Cloudflare
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.probes import CertificateProbe
from mxm.upstreams.resolver import Resolver


@dataclass(frozen=True, slots=True)
class Upstreams:
    """Whom we ask about a domain."""

    mxroute: MXroute
    cloudflare: Cloudflare
    resolver: Resolver
    certificates: CertificateProbe


def build_dns(
    settings: Settings,
    database: Database,
    clock: Clock,
    chance: Chance,
    journal: Journal,
    audit: AuditLog,
    upstreams: Upstreams,
    domains: Domains,
    durable: Durable,
    directory: Directory,
) -> Dns:
    """The feature's services. Raises ValueError when DMARC_RECORD is none."""
    mxroute, cloudflare, resolver = upstreams.mxroute, upstreams.cloudflare, upstreams.resolver
    policies = dns_api.Policies(database, clock, audit, settings.dmarc_record)
    health = dns_api.DnsHealth(
        mxroute,
        cloudflare,
        resolver,
        upstreams.certificates,
        policies,
        clock,
        settings.mx_server,
        Sightings(database).note,
    )
    log = dns_api.ChangeLog(database, clock)
    zones = dns_api.Zones(cloudflare, resolver, log, domains)
    holds = dns_api.Holds(database, clock, chance)
    repair = dns_api.Repair(health, zones, cloudflare, journal, holds, log, chance)
    bulk = BulkWorker(database, health, repair, log, audit, directory.principal)
    durable.runner.register(dns_api.BULK, bulk.run, ended=bulk.ended)
    durable.jobs.show(dns_api.BULK, dns_api.BULK_VIEW)
    return Dns(
        health=health,
        repair=repair,
        policies=policies,
        log=log,
        zones=zones,
        cloudflare=dns_api.CloudflareLook(cloudflare),
        bulk=dns_api.BulkRepair(database, durable.store, domains, cloudflare),
    )


def build_onboarding(
    database: Database,
    clock: Clock,
    journal: Journal,
    audit: AuditLog,
    upstreams: Upstreams,
    domains: Domains,
    dns: Dns,
    durable: Durable,
    directory: Directory,
) -> Onboarding:
    """The journey from a zone to a domain that is well."""
    cloudflare, resolver = upstreams.cloudflare, upstreams.resolver
    worker = SetupWorker(domains, dns, cloudflare, resolver, journal, clock, directory.principal)
    durable.runner.register(ONBOARDING, worker.run)
    return Onboarding(database, durable.store, cloudflare, audit)
