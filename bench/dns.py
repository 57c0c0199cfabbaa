"""Figures of DNS health and repair."""

import time
from typing import Any

from bench.world import World


def reads(manager: World) -> int:
    """Requests to MXroute that read, so far."""
    found: int = manager.call("GET", "/counts", base=manager.control)["reads"]
    return found


def health(manager: World) -> tuple[int, int, float]:
    """Upstream reads of one domain's health, cold and warm, and the median of a warm one in milliseconds."""
    path = "/api/domains/bakery.example/dns/health"
    before = reads(manager)
    manager.call("GET", path)
    cold = reads(manager) - before
    times = []
    for _ in range(20):
        began = time.perf_counter()
        manager.call("GET", path)
        times.append(time.perf_counter() - began)
    return cold, reads(manager) - before - cold, sorted(times)[10] * 1000


def repair(manager: World) -> tuple[int, float]:
    """Domains repaired by one bulk call over the demo account, and its seconds."""
    began = time.perf_counter()
    answer: dict[str, Any] = manager.call("POST", "/api/cloudflare/dns/fix-bulk", {"only_unhealthy": True})
    return len(answer["data"]["domains"]), time.perf_counter() - began
