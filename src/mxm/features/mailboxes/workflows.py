"""The import's worker: one mailbox after the other at the pace of the budget, through kills and lost answers.

A row's word is only ever what the write journal says. Its intent and `attempting` are committed together; what became
of it is committed with its audit entry (see `Imports.row_created`). So a row found `attempting` has an intent, and
nothing is sent for it again before that is settled as without effect.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from mxm.features.mailboxes import repository
from mxm.features.mailboxes.schemas import MailboxIn
from mxm.features.mailboxes.service import Creation, Mailboxes
from mxm.features.mailboxes.service.imports import CREATED, EXISTS, FAILED, IMPORT_ROW, UNCONFIRMED
from mxm.platform.access import Caller, Permission, Principal
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import (
    Conflict,
    Doubt,
    Forbidden,
    NotFound,
    Unavailable,
    UpstreamBusy,
    UpstreamDenied,
    UpstreamFailure,
    ValidationFailed,
)
from mxm.platform.jobs import ItemState, JobCancelled, JobContext, JobItem, JobState, Suspended
from mxm.platform.jobs.items import place, state_counts
from mxm.platform.journal import Effect, Followup, IntentRow, Journal
from mxm.platform.journal.models import OPEN
from mxm.upstreams.transport.budget import MAX_WAIT_SECONDS

ROWS_AT_ONCE = 4
"""MXroute takes up to 2 s for the look before and 2 s for the creation; 20 of them must fit into a minute."""
TRIES = 3
"""After so many requests without an answer and without effect a row has failed."""
PATIENCE = 30
"""Put-offs in a row, a quarter of an hour, before rows fail because MXroute cannot be reached."""
_BUSY_SECONDS, _LONGEST_BUSY = 2.0, 30.0
"""Before a busy MXroute is asked once more."""
_LOOK_SECONDS = 1.0
_LOOKS = 30
_LONG_SECONDS = 60.0
_WITHDRAWN = "Not created: the right to manage mailboxes there was withdrawn."
_PERHAPS = "It exists. Whether this import made it is not known; set its password anew to be sure of it."
_CANCELLED = "It was not created: the job was cancelled."
_NO_EFFECT = "It was sent and took no effect; the job was not able to send it again."

Rights = Callable[[str], Awaitable[Principal | None]]
"""Who a key stands for now, with the rights of now; None when it was revoked."""


@dataclass(frozen=True, slots=True)
class _Row:
    """An item with its secret opened."""

    item: JobItem
    key: str
    domain: str
    wanted: MailboxIn
    generated: bool


class MailboxImport:
    """The handler of `mailbox.import`."""

    def __init__(
        self, mailboxes: Mailboxes, journal: Journal, database: Database, rights: Rights, clock: Clock
    ) -> None:
        self._mailboxes, self._journal, self._database = mailboxes, journal, database
        self._rights, self._clock = rights, clock

    async def run(self, ctx: JobContext) -> JobState:
        """Work through all rows; what is not known of one yet is waited for last."""
        try:
            await self._work(ctx)
        except JobCancelled:
            if await self._unsettled(ctx, cancelled=True):
                raise Suspended(_LOOK_SECONDS) from None  # every row that was sent gets its true word first
            raise
        async with self._database.read() as session:
            counts = (await state_counts(session, [ctx.job_id])).get(ctx.job_id, {})
        total, bad = sum(counts.values()), counts.get(FAILED, 0)
        if counts.get(CREATED, 0) + counts.get(EXISTS, 0) == total:
            return JobState.SUCCEEDED
        return JobState.FAILED if bad == total else JobState.PARTLY_FAILED

    async def _work(self, ctx: JobContext) -> None:
        looks = 0
        while True:
            unsettled = await self._unsettled(ctx)
            if await ctx.waiting():
                await ctx.each(partial(self._row, ctx), at_once=ROWS_AT_ONCE)
                looks = 0
            elif unsettled:
                looks += 1
                await ctx.sleep(_LOOK_SECONDS if looks < _LOOKS else _LONG_SECONDS)
            else:
                return

    async def _row(self, ctx: JobContext, item: JobItem) -> None:
        """Create one mailbox: right, budget, then intent and `attempting` together, then the call."""
        row = _opened(ctx, item)
        creation = self._mailboxes.creation(row.domain, row.wanted)
        try:
            await self._check_right(ctx, row)
            await self._send(ctx, row, creation)
        except Conflict:
            await self._exists(ctx, row)
        except (Forbidden, ValidationFailed, NotFound, UpstreamDenied) as refusal:
            await ctx.finish(item.position, FAILED, {"message": refusal.message})
        except UpstreamFailure as failure:
            await self._failed(ctx, row, failure)
        else:
            ctx.troubles = 0
        finally:
            creation.write.release()

    async def _send(self, ctx: JobContext, row: _Row, creation: Creation) -> None:
        """The look before comes before the budget, so that a new window begins with a write and not with a read."""
        position = row.item.position
        await ctx.interruptible(creation.write.observe())
        began = self._clock.monotonic()
        await ctx.interruptible(creation.write.reserve())
        observed = self._clock.monotonic() - began < MAX_WAIT_SECONDS
        await self._check_right(ctx, row)  # it may have waited a minute
        created = Followup(IMPORT_ROW, {"job": ctx.job_id, "position": position, "generated": row.generated})
        caller = Caller(ctx.caller.principal, ctx.caller.request_id, ctx.caller.address, idempotency_id=row.key)
        await self._journal.run(
            caller,
            creation.write,
            creation.event,
            creation.recovery,
            created,
            within=partial(ctx.attempting, position),
            observed=observed,
        )

    async def _check_right(self, ctx: JobContext, row: _Row) -> None:
        """What the creator may do now counts, not only what they might when they asked. Raises `Forbidden`."""
        principal = await self._rights(ctx.caller.principal.key)
        if principal is None or not principal.may(row.domain, Permission.EMAILS):
            raise Forbidden(_WITHDRAWN)

    async def _exists(self, ctx: JobContext, row: _Row) -> None:
        """Somebody made it; that it was this job is possible only when an earlier request was not answered."""
        doubt = any(intent.settled_by != "answer" for intent in await self._intents(row.key))
        ctx.troubles = 0
        if doubt:
            await ctx.finish(row.item.position, UNCONFIRMED, {"message": _PERHAPS}, troubles=0)
        else:
            await ctx.finish(row.item.position, EXISTS, troubles=0)

    async def _failed(self, ctx: JobContext, row: _Row, failure: UpstreamFailure) -> None:
        """Nothing left for certain: the job waits for MXroute. Else what is known decides, at once or later."""
        if failure.doubt is not Doubt.NONE:
            busy = isinstance(failure, UpstreamBusy)
            if busy:
                await ctx.sleep(min(failure.retry_after or _BUSY_SECONDS, _LONGEST_BUSY))
            await self._is_settled(ctx, row.item, said=failure.message, busy=busy)
        elif ctx.troubles < PATIENCE:
            raise Unavailable(failure.message, retry_after=failure.retry_after) from failure
        else:
            await ctx.finish(row.item.position, FAILED, {"message": failure.message})

    async def _unsettled(self, ctx: JobContext, *, cancelled: bool = False) -> int:
        """How many rows still wait for the journal, after giving all others their word or another turn."""
        attempted = [item async for item in ctx.items(ItemState.ATTEMPTING)]
        return sum([not await self._is_settled(ctx, item, cancelled=cancelled) for item in attempted])

    async def _is_settled(
        self,
        ctx: JobContext,
        item: JobItem,
        *,
        said: str | None = None,
        cancelled: bool = False,
        busy: bool = False,
    ) -> bool:
        """Whether it is known what became of an attempted row; if so it gets its word, or another turn."""
        intents = await self._intents(row_key(ctx.job_id, item.position))
        states = {intent.state for intent in intents}
        if OPEN in states:
            return False
        if Effect.APPLIED in states:  # never seen: the row's word is in the same transaction
            await ctx.finish(item.position, CREATED, handover=_handover(ctx, item))
        elif Effect.UNKNOWN in states and await self._is_there(ctx, _opened(ctx, item)):
            await ctx.finish(item.position, UNCONFIRMED, {"message": _PERHAPS})
        elif cancelled:
            await ctx.finish(item.position, ItemState.CANCELLED, {"message": _CANCELLED})
        elif _may_be_sent_again(intents, busy=busy):
            await ctx.again(item.position)
        else:
            await ctx.finish(item.position, FAILED, {"message": said or intents[-1].finding or _NO_EFFECT})
        return True

    async def _is_there(self, ctx: JobContext, row: _Row) -> bool:
        """Whether the mailbox exists now; when even that cannot be told for long, it may."""
        try:
            return await self._mailboxes.exists(row.domain, row.wanted.username)
        except NotFound:
            return False
        except UpstreamFailure as failure:
            if ctx.troubles < PATIENCE:
                raise Unavailable(failure.message, retry_after=failure.retry_after) from failure
            return True

    async def _intents(self, key: str) -> Sequence[IntentRow]:
        async with self._database.read() as session:
            return await repository.intents(session, key)


def row_key(job_id: str, position: int) -> str:
    """What all requests for one row have in common; kept with each intent."""
    return hashlib.sha256(place(job_id, position).encode()).hexdigest()[:32]


def _may_be_sent_again(intents: Sequence[IntentRow], *, busy: bool) -> bool:
    """All of them took no effect. One that MXroute refused in words stays refused; busy and silence pass, but not for
    ever."""
    if not intents or intents[-1].settled_by == "answer":
        return True  # it never left, or what we were answered was lost in a crash: it is answered again
    heard = intents[-1].settled_by == "read_back" and not busy
    return not heard and sum(each.settled_by != "answer" for each in intents) < TRIES


def _opened(ctx: JobContext, item: JobItem) -> _Row:
    secret = ctx.open(item)
    wanted = {name: secret[name] for name in ("username", "password", "quota", "limit", "recovery_email")}
    key = row_key(ctx.job_id, item.position)
    return _Row(item, key, secret["domain"], MailboxIn.model_validate(wanted), secret["generated"])


def _handover(ctx: JobContext, item: JobItem) -> dict[str, str] | None:
    row = _opened(ctx, item)
    return {"password": row.wanted.password} if row.generated else None
