"""What runs beside the requests: looking for changes, settling writes, writing down last uses, tidying up."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from mxm.entrypoints.services import Services
from mxm.features.identity.api import FLUSH_SECONDS
from mxm.platform.clock import Clock
from mxm.platform.jobs.notices import listen

log = logging.getLogger("mxm.background")

_LET_GO_SECONDS = 5.0
_TIDY_SECONDS = 3600.0
_JOBS_TIDY_SECONDS = 300.0
"""More often: passwords that nobody fetched are erased then."""


@asynccontextmanager
async def background_work(services: Services) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run it all while inside; on leaving, stop it and write down what is still in memory."""
    identity, durable = services.identity, services.durable
    await services.settler.beat()
    jobs: list[tuple[str, Awaitable[None]]] = [
        ("changes", services.generation.watch()),
        ("beats", services.settler.keep_beating()),
        ("settler", services.settler.watch()),
        ("jobs", durable.runner.work()),
        ("leases", durable.runner.beat()),
        ("last uses", _every(services.clock, FLUSH_SECONDS, identity.activity.flush)),
        ("keys", _every(services.clock, _LET_GO_SECONDS, services.idempotency.let_go)),
        ("old jobs", _every(services.clock, _JOBS_TIDY_SECONDS, durable.store.tidy)),
        ("tidying", _every(services.clock, _TIDY_SECONDS, lambda: _tidy(services))),
    ]
    if services.database.is_postgresql:
        jobs.append(("notices", listen(services.database, services.clock, durable.runner.wake)))
    tasks = [asyncio.ensure_future(work) for _, work in jobs]
    # In a thread and in no hurry: the first sign-in shall take no longer than any other.
    warming = asyncio.ensure_future(asyncio.to_thread(identity.passwords.warm_up))
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, warming, return_exceptions=True)
        # The runner first: what its handlers leave open in the journal is part of the farewell.
        for last in (durable.runner.stop, identity.activity.flush, services.settler.farewell):
            with contextlib.suppress(Exception):
                await last()


async def _every(clock: Clock, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """`work` every so often, for ever; no fault ends it."""
    while True:
        await clock.sleep(seconds)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the loop must outlive every fault
            log.warning("background work failed this time: %s", type(error).__name__)


async def _tidy(services: Services) -> None:
    now = services.clock.now()  # before the flush: what is used after it must not look idle
    await services.identity.activity.flush()
    await services.identity.sessions.tidy(now)
    await services.identity.throttle.tidy()
    await services.idempotency.tidy()
