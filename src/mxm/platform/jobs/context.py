"""What a handler works with: fenced transactions, items, steps, progress, waiting and suspension."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select, update

from mxm.platform.access.principal import Caller
from mxm.platform.clock import Clock
from mxm.platform.context import BudgetWait
from mxm.platform.db import Database, WriteTx
from mxm.platform.jobs import items
from mxm.platform.jobs.items import SEAL, TAG, JobItem, place
from mxm.platform.jobs.models import ItemState, JobRow
from mxm.platform.sealing import CannotOpen, Sealer

T = TypeVar("T")

LONGEST_SLEEP = 30.0
"""Seconds; whoever waits longer gives the lease back."""
_CHUNK = 50
_BRIEF = timedelta(seconds=2)
"""A wait for budget that is over so soon is not worth telling, and two that end so close are one."""

__all__ = ["LONGEST_SLEEP", "TAG", "JobCancelled", "JobContext", "LeaseLost", "Suspended"]


class LeaseLost(Exception):
    """Another process has the job now; this one stops and records nothing."""


class JobCancelled(Exception):
    """Somebody asked for it, and this is a good place to stop."""


class Suspended(Exception):
    """The handler waits for something that takes long: the lease is given back for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"for {seconds} s")
        self.seconds = seconds


class JobContext:
    """One claim of one job. Every write of the handler goes through `tx`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        job: JobRow,
        token: str,
        caller: Caller,
        *,
        sealer: Sealer | None = None,
    ) -> None:
        self._database, self._clock, self._sealer = database, clock, sealer
        self.job_id, self.token = job.id, token
        self.params: Mapping[str, Any] = job.params
        self.claims = job.claims
        self.created_at = job.created_at
        self.results: Mapping[str, Any] = dict(job.results or {})
        """What earlier claims have put into the job's row."""
        self.troubles = job.troubles
        """How often in a row a passing fault put it off before this claim; a handler that gets on sets it to 0."""
        self.caller = caller
        """Who created it; its effects are audited as theirs."""
        self._steps: list[dict[str, Any]] = [dict(step) for step in job.steps]
        self._cancel = asyncio.Event()
        self._wait: BudgetWait | None = None
        self._told: BudgetWait | None = None

    @asynccontextmanager
    async def tx(self, *, final: bool = False) -> AsyncIterator[WriteTx]:
        """The fence: a transaction that only opens while this claim holds and nobody cancelled.

        `final` records an outcome that has happened, cancelled or not.
        """
        async with self._database.write() as tx:
            query = select(JobRow.lease_owner, JobRow.cancel_requested).where(JobRow.id == self.job_id)
            row = (await tx.session.execute(query.with_for_update())).first()
            if row is None or row.lease_owner != self.token:
                raise LeaseLost(self.job_id)
            if row.cancel_requested and not final:
                raise JobCancelled(self.job_id)
            yield tx

    async def changed(self, tx: WriteTx, **values: Any) -> None:
        """Change the job's own row, and tell those who follow it."""
        row = update(JobRow).where(JobRow.id == self.job_id)
        await tx.session.execute(row.values(version=JobRow.version + 1, **values))
        tx.changed(TAG + self.job_id)

    async def outline(self, names: Iterable[str]) -> None:
        """Show the steps to come, so that people see from the start how far it is."""
        known = {step["name"] for step in self._steps}
        at = self._clock.now().isoformat()
        missing = [{"name": name, "state": "pending", "message": "", "at": at} for name in names if name not in known]
        if missing:
            self._steps += missing
            async with self.tx(final=True) as tx:
                await self.changed(tx, steps=self._steps)

    async def step(self, name: str, state: str, message: str = "") -> None:
        """Note a step; its name never changes once released."""
        at = self._clock.now().isoformat()
        found = next((step for step in self._steps if step["name"] == name), None)
        if found is None:
            found = {"name": name}
            self._steps.append(found)
        if found.get("state") == state and found.get("message") == message:
            return
        found.update(state=state, message=message, at=at)
        async with self.tx(final=True) as tx:
            await self.changed(tx, steps=self._steps)

    def step_state(self, name: str) -> str | None:
        """How a step stands; None when it was never begun."""
        return next((step["state"] for step in self._steps if step["name"] == name), None)

    async def waiting(self) -> bool:
        """Whether any item was not begun yet."""
        async with self._database.read() as session:
            return bool(await items.page(session, self.job_id, [ItemState.QUEUED], size=1))

    async def items(self, *states: str, chunk: int = _CHUNK) -> AsyncIterator[JobItem]:
        """Items in one of `states` (none named: those not begun), in order, a chunk of them in memory at a time."""
        after, wanted = -1, states or (ItemState.QUEUED,)
        while True:
            async with self._database.read() as session:
                found = await items.page(session, self.job_id, wanted, after=after, size=chunk)
            for item in found:
                yield item
            if len(found) < chunk:
                return
            after = found[-1].position

    async def each(self, handle: Callable[[JobItem], Awaitable[None]], *states: str, at_once: int = 1) -> None:
        """`handle` every item, so many at once. After an error none is begun, and those under way come to their end."""
        feed, turn, errors = self.items(*states), asyncio.Lock(), list[Exception]()

        async def worker() -> None:
            try:
                while not errors:
                    async with turn:
                        item = await anext(feed, None)
                    if item is None:
                        return
                    await handle(item)
            except Exception as error:  # noqa: BLE001 - raised below, once the others have ended
                errors.append(error)

        await asyncio.gather(*(worker() for _ in range(at_once)))
        if errors:
            raise errors[0]

    def open(self, item: JobItem) -> Any:
        """The item's secret. Raises `CannotOpen`."""
        if self._sealer is None or item.sealed is None:
            raise CannotOpen
        return self._sealer.open(SEAL, item.sealed, place(self.job_id, item.position))

    @asynccontextmanager
    async def attempting(self, position: int) -> AsyncIterator[WriteTx]:
        """The fenced transaction that marks an item `attempting`: what is written in it stands or falls with that."""
        async with self.tx() as tx:
            if not await items.mark_attempting(tx.session, self.job_id, position):
                raise LeaseLost(self.job_id)  # somebody has finished it: this claim is not what it takes itself for
            yield tx

    async def attempt(self, position: int) -> None:
        """Commit that something may be sent for the item from now on."""
        async with self.attempting(position):
            pass

    async def again(self, position: int) -> None:
        """What was sent for the item took no effect for certain: it waits for its turn again."""
        async with self.tx() as tx:
            await items.requeue(tx.session, self.job_id, position)

    async def finish(
        self,
        position: int,
        state: str,
        result: Mapping[str, Any] | None = None,
        *,
        handover: Any = None,
        also: Callable[[WriteTx], Awaitable[None]] | None = None,
        **values: Any,
    ) -> None:
        """Give an item its final word, erase its secret and count it, in one transaction with whatever `also` does.

        `handover` (JSON) is sealed for the creator to fetch; `values` change the job's own row.
        """
        hidden = None
        if handover is not None and self._sealer is not None:
            hidden = self._sealer.seal(SEAL, handover, place(self.job_id, position))
        async with self.tx(final=True) as tx:
            done = items.finish_item(tx.session, self.job_id, position, state, result=result, handover=hidden)
            tx.changed(*await done)
            if values:
                await self.changed(tx, **values)
            if also is not None:
                await also(tx)

    def note_cancel(self) -> None:
        """The heartbeat learned that the job is to be cancelled: whoever waits here stops waiting."""
        self._cancel.set()

    def note_wait(self, wait: BudgetWait) -> None:
        """One of its requests waits for budget. This may come often: the heartbeat tells it on."""
        self._wait = wait

    def untold_wait(self) -> BudgetWait | None:
        """The wait for budget that nobody was told of yet, once."""
        wait, told = self._wait, self._told
        if wait is None or wait.until - self._clock.now() < _BRIEF:
            return None
        if told is not None and abs(wait.until - told.until) < _BRIEF:
            return None
        self._told = wait
        return wait

    async def sleep(self, seconds: float) -> None:
        """Wait. Raises `JobCancelled` as soon as that is known, and `Suspended` at once for more than 30 s."""
        if seconds > LONGEST_SLEEP:
            raise Suspended(seconds)
        await self.interruptible(self._clock.sleep(seconds))

    async def interruptible(self, waiting: Awaitable[T]) -> T:
        """The result of `waiting`, given up when the job is cancelled (`JobCancelled`).

        For what may be broken off anywhere: a wait, a look-up; never for an upstream write.
        """
        task = asyncio.ensure_future(waiting)
        cancelled = asyncio.ensure_future(self._cancel.wait())
        try:
            await asyncio.wait({task, cancelled}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise JobCancelled(self.job_id)
        finally:
            for each in (task, cancelled):
                each.cancel()
            await asyncio.gather(task, cancelled, return_exceptions=True)
