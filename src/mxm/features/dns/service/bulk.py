"""Asking for the repair of many domains: it is always a job, and the caller may wait for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from mxm.features.dns.schemas import BulkFixIn
from mxm.features.domains.api import Domains
from mxm.features.jobs.api import View
from mxm.platform.access import Caller
from mxm.platform.db import Database
from mxm.platform.errors import NotConfigured
from mxm.platform.jobs import ItemState, JobItemRow, JobStore, NewItem
from mxm.upstreams.cloudflare import Cloudflare

KIND = "dns.fix_bulk"
DONE, FAILED, WELL = "done", "failed", "healthy"
"""Final words of a domain; `healthy` was left out because nothing was to be mended."""


class BulkRepair:
    """One for each process."""

    def __init__(self, database: Database, store: JobStore, domains: Domains, cloudflare: Cloudflare) -> None:
        self._database, self._store = database, store
        self._domains, self._cloudflare = domains, cloudflare

    async def start(self, caller: Caller, wanted: BulkFixIn) -> str:
        """Make the job; returns its id. Without `domains` it takes all of the account. Raises `NotConfigured`."""
        if not self._cloudflare.configured:
            raise NotConfigured(self._cloudflare.problem)
        named = wanted.domains if wanted.domains is not None else sorted(await self._domains.known())
        names = dict.fromkeys(name.strip().lower().rstrip(".") for name in named)
        params = {
            "records": None if wanted.records is None else [key.value for key in wanted.records],
            "only_unhealthy": wanted.only_unhealthy,
        }
        async with self._database.write() as tx:
            job = await self._store.create(tx, caller, KIND, params, [NewItem(name) for name in names])
        return job.id


def _results(_counts: Mapping[str, int], items: Sequence[JobItemRow] | None) -> dict[str, Any] | None:
    if items is None:
        return None
    told = [item for item in items if item.state not in {ItemState.QUEUED, ItemState.ATTEMPTING, WELL}]
    return {"domains": [item.label for item in told], "results": {item.label: _outcome(item) for item in told}}


def _outcome(item: JobItemRow) -> dict[str, Any]:
    """What became of a domain; those that an ending job never came to only have a message."""
    result = item.result or {}
    return result if "success" in result else {"success": False, "error": result.get("message", "It was not done.")}


VIEW = View(_results)
"""How the results of a bulk repair are shown."""
