"""What can be done with DNS; each module one task."""

from dataclasses import dataclass

from mxm.features.dns.service.bulk import BulkRepair
from mxm.features.dns.service.changelog import CHANGED, ChangeLog
from mxm.features.dns.service.health import Certificates, DnsHealth
from mxm.features.dns.service.hold import Busy, Holds
from mxm.features.dns.service.policies import Policies, checked_policy
from mxm.features.dns.service.repair import Order, Repair
from mxm.features.dns.service.status import CloudflareLook
from mxm.features.dns.service.zones import Zones

__all__ = [
    "CHANGED",
    "BulkRepair",
    "Busy",
    "Certificates",
    "ChangeLog",
    "CloudflareLook",
    "Dns",
    "DnsHealth",
    "Holds",
    "Order",
    "Policies",
    "Repair",
    "Zones",
    "checked_policy",
]


@dataclass(frozen=True, slots=True)
class Dns:
    """The feature's services, made once at composition."""

    health: DnsHealth
    repair: Repair
    policies: Policies
    log: ChangeLog
    zones: Zones
    cloudflare: CloudflareLook
    bulk: BulkRepair
