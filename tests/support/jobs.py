"""Looking at jobs from outside: over the API, and in the tables of a server that may be dead."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from support.api import data_of

FINAL = frozenset({"succeeded", "partly_failed", "failed", "cancelled"})


async def read_job(client: httpx2.AsyncClient, job_id: str, url: str = "") -> dict[str, Any]:
    """The job as its creator sees it."""
    found: dict[str, Any] = data_of(await client.get(f"{url}/api/jobs/{job_id}"))
    return found


async def finished(
    client: httpx2.AsyncClient, job: Mapping[str, Any], url: str = "", *, patience: float = 20.0
) -> dict[str, Any]:
    """The job once it is over."""
    ends = time.monotonic() + patience
    while True:
        found = await read_job(client, job["id"], url)
        if found["state"] in FINAL:
            return found
        assert time.monotonic() < ends, found
        await asyncio.sleep(0.05)
