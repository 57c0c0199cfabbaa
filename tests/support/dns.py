"""Repairs seen from outside: the zone before and after, and a person at work in Cloudflare's own panel."""

from typing import Any

import httpx2

from support.api import data_of
from support.manager import Manager

E = "/api/domains/example.com"
ALL = ["mx", "spf", "dkim", "dmarc", "verification", "mail"]
"""What a repair does unasked."""


def zone(manager: Manager, name: str = "example.com") -> list[tuple[Any, ...]]:
    records = manager.sandbox.state["cloudflare"][name]["records"]
    return sorted((r["type"], r["name"], r["content"], r.get("priority") or 0, r["comment"] or "") for r in records)


async def fix(manager: Manager, domain: str = "example.com", **body: Any) -> Any:
    return data_of(await (await manager.bearer()).post(f"/api/domains/{domain}/dns/fix", json=body))


def cloudflare(manager: Manager) -> Any:
    """A person who works in Cloudflare's own panel."""
    headers = {"Authorization": f"Bearer {manager.sandbox.cloudflare_token}"}
    transport = httpx2.ASGITransport(app=manager.sandbox.cloudflare_app)
    return httpx2.AsyncClient(transport=transport, base_url="http://cloudflare.test", headers=headers)
