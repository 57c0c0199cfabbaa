"""What other features and the entry points may use of DNS."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.dns import repository
from mxm.features.dns.rules import spf
from mxm.features.dns.rules.wanted import TextRecord, Wanted
from mxm.features.dns.schemas import Check, Checks, Health, Key, Overall, Status, ZoneOut
from mxm.features.dns.service import (
    CHANGED,
    BulkRepair,
    Busy,
    Certificates,
    ChangeLog,
    CloudflareLook,
    Dns,
    DnsHealth,
    Holds,
    Order,
    Policies,
    Repair,
    Zones,
    checked_policy,
)
from mxm.features.dns.service.bulk import KIND as BULK
from mxm.features.dns.service.bulk import VIEW as BULK_VIEW


def merged_spf(records: Sequence[str], wanted: str) -> str | None:
    """The one SPF record that keeps every sender of `records`; None where it cannot be made, or is there already."""
    merged = spf.merge(records, wanted).record
    return None if [merged] == list(records) else merged


async def forget_domain(session: AsyncSession, domain: str) -> list[str]:
    """Drop what we hold for a domain that is going: its policy and the history of its changes."""
    await repository.forget_domain(session, domain)
    return []


__all__ = [
    "BULK",
    "BULK_VIEW",
    "CHANGED",
    "BulkRepair",
    "Busy",
    "Certificates",
    "ChangeLog",
    "Check",
    "Checks",
    "CloudflareLook",
    "Dns",
    "DnsHealth",
    "Health",
    "Holds",
    "Key",
    "Order",
    "Overall",
    "Policies",
    "Repair",
    "Status",
    "TextRecord",
    "Wanted",
    "ZoneOut",
    "Zones",
    "checked_policy",
    "forget_domain",
    "merged_spf",
]
