"""How long to wait between two looks, and what to tell people meanwhile. Pure thought."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from mxm.features.dns.api import Check, Checks, Key, Status, TextRecord, Wanted, ZoneOut, merged_spf

PATIENCE = timedelta(hours=72)
"""Changing name servers takes up to two days; who has not done it after three has changed their mind."""
REFUSED_PATIENCE = timedelta(minutes=45)
"""MXroute may not see a record that the world sees: 5 to 15 minutes are normal (facts.md)."""
VERIFY_PATIENCE = timedelta(hours=1)
"""For what was just published to be seen everywhere."""

_WRONG = frozenset({Status.WARN, Status.FAIL})
_BAD = _WRONG | {Status.UNKNOWN}


def pause(waiting: timedelta) -> float:
    """Seconds until the next look, when it has been waited so long already."""
    if waiting < timedelta(minutes=10):
        return 15.0
    return 60.0 if waiting < timedelta(hours=1) else 300.0


def to_publish(record: TextRecord) -> dict[str, Any]:
    """A text record, to be published by hand."""
    return {"type": "TXT", "name": record.name, "value": record.value}


def all_to_publish(wanted: Wanted, checks: Checks, *, webmail: bool) -> tuple[list[dict[str, Any]], list[Key]]:
    """What is to be published by hand, and the checks that publishing cannot help.

    What could not be looked up is neither: publishing MXroute's record over one that was not seen would lose senders.
    """
    missing: set[Key] = {key for key, check in checks.items() if check.status in _WRONG} - {Key.WEBMAIL}
    if webmail and checks.webmail.status not in {Status.PASS, Status.UNKNOWN}:
        missing.add(Key.WEBMAIL)
    merged = merged_spf(checks.spf.found, wanted.spf) if wanted.spf else None
    listed = {key: _records(wanted, key, merged) for key in Key if key in missing}
    return [record for found in listed.values() for record in found], [key for key in listed if not listed[key]]


def to_remove(wanted: Wanted, checks: Checks) -> list[dict[str, Any]]:
    """Mail exchangers of others, which take mail away from MXroute as long as they are published."""
    found = [value.split(" ", 1)[-1] for value in checks.mx.found]
    return [
        {"key": Key.MX.value, "type": "MX", "name": wanted.domain, "value": host}
        for host in found
        if wanted.mx and host not in wanted.mx_hosts
    ]


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


def sentence(verb: str, records: Iterable[Mapping[str, Any]]) -> str:
    """What is to be done with these records; their values are in the job's results."""
    names = [f"{each['type']} {each['name']}" for each in records]
    return f"{verb} {', '.join(dict.fromkeys(names))}. " if names else ""
