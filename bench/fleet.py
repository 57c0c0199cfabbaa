"""Figures of the fleet: what reading all domains costs, and how fast a thousand of them are shown."""

import time
from collections.abc import Callable
from typing import Any

from bench.load import measure
from bench.world import World

Say = Callable[[str, str, str], None]
OVERVIEW, REFRESH = "/api/fleet/overview", "/api/fleet/refresh"
_FINAL = {"succeeded", "partly_failed", "failed", "cancelled"}


def figures(manager: World, say: Say, limited: int) -> None:
    """The demo's domains without limits; `limited` domains, if any, with 100 reads a minute."""
    _refresh(manager, say, "")
    if limited:
        manager.call("POST", "/scale", {"domains": limited, "mailboxes": limited}, base=manager.control)
        manager.call("POST", "/config", {"limits_enabled": True}, base=manager.control)
        time.sleep(61)  # a window of its own, and no read is fresh any more
        _refresh(manager, say, ", 100 reads a minute")
        manager.call("POST", "/config", {"limits_enabled": False}, base=manager.control)


def large(manager: World, say: Say) -> None:
    """A thousand domains."""
    _refresh(manager, say, "")
    shown = measure(manager.url + OVERVIEW, manager.bearer, connections=1, seconds=1)
    say("fleet overview of all of them, slowest of 100", f"{shown.p99_ms:.1f} ms", "50 ms")


def _refresh(manager: World, say: Say, how: str) -> None:
    before, began = _counts(manager), time.perf_counter()
    answer = manager.call("POST", REFRESH)["data"]
    while answer.get("state", "succeeded") not in _FINAL:
        time.sleep(0.5)
        answer = manager.call("GET", f"/api/jobs/{answer['id']}")["data"]
    seconds, after = time.perf_counter() - began, _counts(manager)
    domains = manager.call("GET", OVERVIEW)["data"]["domains"]
    unread = sum("error" in row for row in domains)
    used, refused = after["reads"] - before["reads"], after["refused_429"] - before["refused_429"]
    bound = 2 * len(domains) + 3
    say(f"fleet refresh of {len(domains)} domains{how}", f"{used} reads, {seconds:.1f} s", f"at most {bound} reads")
    say("  of that refused, and rows not read", f"{refused}, {unread}", "0, 0")


def _counts(manager: World) -> Any:
    return manager.call("GET", "/counts", base=manager.control)
