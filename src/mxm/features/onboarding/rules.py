"""How long to wait between two looks, and what to tell people meanwhile. Pure thought."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from mxm.features.dns.api import Check, Checks, Key, Status, TextRecord, Wanted, ZoneOut, merged_spf

PATIENCE = timedelta(hours=72)
"""Changing name servers takes up to two days; who has not done it after three has changed their mind."""
REFUSED_PATIENCE = timedelta(minutes=45)
"""MXroute may not see a record that the world sees: 5 to 15 minutes are normal (facts.md)."""
VERIFY_PATIENCE = timedelta(hours=1)
"""For what was just published to be seen everywhere."""

_BAD = frozenset({Status.WARN, Status.FAIL, Status.UNKNOWN})


def pause(waiting: timedelta) -> float:
    """Seconds until the next look, when it has been waited so long already."""
    if waiting < timedelta(minutes=10):
        return 15.0
    return 60.0 if waiting < timedelta(hours=1) else 300.0


def to_publish(record: TextRecord) -> dict[str, Any]:
    """A text record, to be published by hand."""
    return {"type": "TXT", "name": record.name, "value": record.value}


def all_to_publish(wanted: Wanted, checks: Checks, *, webmail: bool) -> list[dict[str, Any]]:
    """What is still missing in public DNS, to be published by hand."""
    missing = {key for key, check in checks.items() if check.status in _BAD}
    if webmail and checks.webmail.status is not Status.PASS:
        missing.add(Key.WEBMAIL)
    if not webmail:
        missing.discard(Key.WEBMAIL)
    # Who publishes by hand must not lose the senders of today either.
    merged = merged_spf(checks.spf.found, wanted.spf) if wanted.spf else None
    return [record for key in Key if key in missing for record in _records(wanted, key, merged)]


def _records(wanted: Wanted, key: Key, spf: str | None) -> list[dict[str, Any]]:
    texts = {
        Key.SPF: TextRecord(wanted.domain, spf) if spf else None,
        Key.DKIM: wanted.dkim,
        Key.DMARC: TextRecord(wanted.dmarc_name, wanted.dmarc.record),
        Key.VERIFICATION: wanted.verification,
    }
    if key in texts:
        found = texts[key]
        return [{"key": key.value, **to_publish(found)}] if found else []
    if key is Key.MX:
        return [
            {"key": key.value, "type": "MX", "name": wanted.domain, "value": host, "priority": priority}
            for priority, host in sorted(wanted.mx)
        ]
    name = f"{key.value}.{wanted.domain}"
    return [{"key": key.value, "type": "CNAME", "name": name, "value": wanted.host}] if wanted.host else []


def not_yet(checks: Checks, *, webmail: bool, apart_from: Iterable[str] = ()) -> list[tuple[Key, Check]]:
    """Checks that are not well yet, without those that a conflict keeps from it."""
    excused = set(apart_from)
    counted = [(key, check) for key, check in checks.items() if key is not Key.WEBMAIL or webmail]
    return [(key, check) for key, check in counted if key.value not in excused and check.status in _BAD]


def waits_for(record: TextRecord, zone: ZoneOut | None) -> str:
    """What public DNS does not show yet, and what people can do about it."""
    wanted = f"Waiting for TXT {record.name} = {record.value} in public DNS."
    if zone is not None and zone.status != "active":
        servers = " and ".join(zone.name_servers)
        return f"{wanted} The zone {zone.name} is {zone.status}: set the name servers {servers} at the registrar."
    return wanted


def told(checks: Iterable[tuple[Key, Check]]) -> str:
    """Checks for a sentence."""
    return " ".join(f"{key.value}: {check.message}" for key, check in checks)
