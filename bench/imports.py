"""Figures of the import: its pace against the limit, and what people feel of it meanwhile."""

import time
from dataclasses import dataclass
from typing import Any

from bench.world import World

FINAL = {"succeeded", "partly_failed", "failed", "cancelled"}


@dataclass(frozen=True)
class Pace:
    """How an import went."""

    minutes: float
    least: float
    """N mailboxes at W writes a minute."""
    refused: int
    person_seconds: float
    """The longest that a person's own write took meanwhile."""


def pace(manager: World, mailboxes: int, writes: int = 20) -> Pace:
    """Import so many mailboxes with the limits on, while a person makes a forwarder now and then."""
    manager.call("POST", "/config", {"limits_enabled": True}, base=manager.control)
    time.sleep(61)  # a window of its own
    rows = [{"username": f"import{number}", "password": "Bench-pass-1"} for number in range(mailboxes)]
    began, longest = time.monotonic(), 0.0
    job = manager.call("POST", "/api/email-accounts/import", {"default_domain": "empty.example", "rows": rows})["data"]
    person = began + 20
    while job["state"] not in FINAL:
        time.sleep(0.5)
        if time.monotonic() >= person:
            person += 70
            longest = max(longest, _write(manager, int(person)))
        job = manager.call("GET", f"/api/jobs/{job['id']}")["data"]
    minutes = (time.monotonic() - began) / 60
    refused = sum(entry["status"] == 429 for entry in _log(manager))
    manager.call("POST", "/config", {"limits_enabled": False}, base=manager.control)
    assert job["results"]["summary"]["created"] == mailboxes, job["results"]["summary"]
    return Pace(minutes, mailboxes / writes, refused, longest)


def _write(manager: World, number: int) -> float:
    began = time.perf_counter()
    body = {"alias": f"person{number}", "destinations": ["info@example.com"]}
    manager.call("POST", "/api/domains/example.com/forwarders", body)
    return time.perf_counter() - began


def _log(manager: World) -> list[dict[str, Any]]:
    found = manager.call("GET", "/log?since=0&upstream=mxroute", base=manager.control)
    entries: list[dict[str, Any]] = found["entries"] if isinstance(found, dict) else found
    return entries
