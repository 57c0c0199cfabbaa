"""Decides for a key: run, repeat the first answer, or refuse."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError, Conflict
from mxm.platform.idempotency.models import IdempotencyRow
from mxm.platform.journal.models import DEAD_AFTER, OPEN, IntentRow, ProcessRow
from mxm.platform.keys import KeyRing

log = logging.getLogger("mxm.idempotency")

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Use:
    """One request with a key."""

    caller: str
    method: str
    path: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Replay:
    """The first answer, without secrets."""

    status: int
    body: str


class IdempotencyStore:
    """Keys of all callers, in the database, so that every replica knows them."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, keys: KeyRing, process_id: str) -> None:
        self._database, self._clock, self._chance, self._keys = database, clock, chance, keys
        self._process_id = process_id
        self._running_here: set[str] = set()
        self._unkept: set[str] = set()

    async def begin(self, use: Use) -> str | Replay:
        """The id of a run to carry out, or the answer to repeat. Raises `Conflict`."""
        body_hash = self._keys.digest("idempotency.body", use.body)
        run = self._chance.token(16).hex()
        self._running_here.add(run)  # before anybody can see its row
        begun = False
        try:
            async with self._database.write() as tx:
                row = await self._find(tx.session, use)
                if row is not None:
                    answer = await self._judge(tx.session, row, body_hash)
                    if answer is not None:
                        return answer
                    await tx.session.execute(delete(IdempotencyRow).where(IdempotencyRow.id == row.id))
                await self._insert(tx.session, use, body_hash, run)
            begun = True
        except IntegrityError:
            raise _in_progress() from None
        finally:
            if not begun:
                self._running_here.discard(run)
        return run

    async def finish(self, run: str, status: int, body: str) -> None:
        """Keep the first answer. When the database fails, the run ends without one."""
        await self._end(run, status=status, body=body)

    async def abandon(self, run: str) -> None:
        """No answer to keep: the key is free again, unless an effect was had or may still come."""
        await self._end(run)

    async def let_go(self) -> None:
        """Tell other processes of runs that ended while the database failed."""
        if not self._unkept:
            return
        pending = frozenset(self._unkept)
        async with self._database.write() as tx:
            ended = update(IdempotencyRow).where(IdempotencyRow.id.in_(pending))
            await tx.session.execute(ended.values(owner=None))
        self._unkept -= pending

    async def _end(self, run: str, **answer: int | str) -> None:
        """The answer that is on its way stays true whatever becomes of this: a fault is only logged."""
        self._running_here.discard(run)
        try:
            async with self._database.write() as tx:
                row = update(IdempotencyRow).where(IdempotencyRow.id == run)
                await tx.session.execute(row.values(owner=None, **answer))
        except AppError as error:
            log.warning("the end of a request with a key could not be kept: %s", error.message)
            self._unkept.add(run)

    async def tidy(self) -> None:
        """Forget keys of more than a day."""
        old = IdempotencyRow.created_at < self._clock.now() - KEPT
        async with self._database.write() as tx:
            await tx.session.execute(delete(IdempotencyRow).where(old))

    async def _find(self, session: AsyncSession, use: Use) -> IdempotencyRow | None:
        query = select(IdempotencyRow).filter_by(
            caller=use.caller, method=use.method, path=use.path, key=self._kept(use.key)
        )
        return (await session.execute(query.with_for_update())).scalar()

    def _kept(self, key: str) -> str:
        """The key as it lies in the database: scripts make keys of what they send, passwords included."""
        return self._keys.digest("idempotency.key", key.encode()).hex()

    async def _insert(self, session: AsyncSession, use: Use, body_hash: bytes, run: str) -> None:
        row = IdempotencyRow(
            id=run,
            caller=use.caller,
            method=use.method,
            path=use.path,
            key=self._kept(use.key),
            body_hash=body_hash,
            owner=self._process_id,
            took_effect=False,
            created_at=self._clock.now(),
        )
        session.add(row)
        await session.flush()

    async def _judge(self, session: AsyncSession, row: IdempotencyRow, body_hash: bytes) -> Replay | None:
        """The answer to repeat; None when the key may be used anew."""
        if row.created_at < self._clock.now() - KEPT:
            return None
        if row.body_hash != body_hash:
            raise Conflict("This Idempotency-Key was used with another body.", field="Idempotency-Key")
        if row.status is not None:
            return Replay(row.status, row.body or "")
        if await self._running(session, row) or await self._undecided(session, row):
            raise _in_progress()
        if row.took_effect:
            raise Conflict(
                "The earlier request with this Idempotency-Key took effect, or may have, but its answer was lost. "
                "It is not done again: read the present state.",
                field="Idempotency-Key",
            )
        return None

    async def _running(self, session: AsyncSession, row: IdempotencyRow) -> bool:
        if row.owner == self._process_id:
            return row.id in self._running_here
        alive = ProcessRow.seen_at > self._clock.now() - DEAD_AFTER
        query = select(exists().where(ProcessRow.id == row.owner, alive))
        return row.owner is not None and bool((await session.execute(query)).scalar())

    async def _undecided(self, session: AsyncSession, row: IdempotencyRow) -> bool:
        query = select(exists().where(IntentRow.idempotency_id == row.id, IntentRow.state == OPEN))
        return bool((await session.execute(query)).scalar())


def _in_progress() -> Conflict:
    return Conflict("A request with this Idempotency-Key is still in progress.", field="Idempotency-Key", retry_after=2)
