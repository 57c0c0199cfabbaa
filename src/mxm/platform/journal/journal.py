"""Sends prepared writes: intent on disk, then the call, then outcome and audit entry in one transaction."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from mxm.platform.access.principal import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database, WriteTx
from mxm.platform.errors import AppError, Doubt, Unavailable, UpstreamFailure
from mxm.platform.idempotency.models import mark_effect
from mxm.platform.journal.models import OPEN, IntentRow
from mxm.platform.journal.record import AuditEvent, AuditRecorder, Followup, Recorded
from mxm.platform.journal.write import Effect, Examiner, Finding, PreparedWrite
from mxm.platform.keys import KeyRing

log = logging.getLogger("mxm.journal")

T = TypeVar("T")
_UNRECORDED = (
    "The request took effect, but our database cannot be used for the moment (locked, full or gone). "
    "The audit log will tell it later."
)
AppliedHandler = Callable[[AsyncSession, Mapping[str, Any]], Awaitable[Sequence[str]]]
"""Does a follow-up inside the recording transaction; returns the tags it changed."""

Opening = Callable[[], AbstractAsyncContextManager[WriteTx]]
"""Opens a write transaction."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """An applied write. `answer` is None when the answer was lost and reading back showed the effect."""

    answer: T | None
    read_back: bool


class Journal:
    """The only way for a write to leave. One for each process."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Chance,
        keys: KeyRing,
        examiners: Mapping[str, Examiner],
        record_audit: AuditRecorder,
    ) -> None:
        self._database, self._clock, self._chance, self._keys = database, clock, chance, keys
        self._examiners, self._record_audit = examiners, record_audit
        self._followups: dict[str, AppliedHandler] = {}
        self._in_hand: set[str] = set()
        self._cut_short: set[str] = set()
        self.process_id = chance.token(16).hex()

    def register(self, name: str, handler: AppliedHandler) -> None:
        """`handler` does the follow-ups called `name`; registered once, at composition."""
        if name in self._followups:
            raise ValueError(f"follow-up {name} is registered twice")
        self._followups[name] = handler

    async def run(
        self,
        caller: Caller,
        write: PreparedWrite[T],
        event: AuditEvent,
        *followups: Followup,
        within: Opening | None = None,
        observed: bool = False,
    ) -> Outcome[T]:
        """Send `write` and record what became of it.

        `within` opens the transaction that notes the intent, where it belongs together with another change; what it
        raises is raised, and nothing is sent. `observed`: the caller let `write` observe, a window ago at most.

        Raises what the write raises when it took no effect, and an `UpstreamFailure` whose message says what is
        known when that cannot be told.
        """
        if not observed:
            await write.observe()
        await write.reserve()
        intent = self._intent(caller, write, event, followups)
        self._in_hand.add(intent.id)
        try:
            await self._open(intent, write, within or self._database.write)
            return await self._carry_out(intent, write)
        finally:
            if intent.id in self._in_hand:  # cancelled, or our database failed
                self._in_hand.discard(intent.id)
                self._cut_short.add(intent.id)

    async def is_open(self, action: str, target: str) -> bool:
        """Whether the outcome of such a write is not known yet, whoever sent it: it may still take effect."""
        query = select(IntentRow.id).where(IntentRow.state == OPEN, IntentRow.action == action)
        async with self._database.read() as session:
            return (await session.execute(query.where(IntentRow.target == target).limit(1))).scalar() is not None

    async def let_go(self) -> None:
        """Hand over to the settler what was cut short here; what cannot be handed over now is with the next call."""
        if not self._cut_short:
            return
        pending = frozenset(self._cut_short)
        async with self._database.write() as tx:
            cut = update(IntentRow).where(IntentRow.id.in_(pending), IntentRow.state == OPEN)
            await tx.session.execute(cut.values(owner=None, free_since=self._clock.now()))
        self._cut_short -= pending

    async def _carry_out(self, intent: IntentRow, write: PreparedWrite[T]) -> Outcome[T]:
        try:
            answer = await write.send()
        except UpstreamFailure as failure:
            return await self._after_failure(intent, failure)
        except AppError as refusal:
            await _noted(self.settle(intent, Finding(Effect.NOT_APPLIED, refusal.message), "answer", audited=False))
            raise
        await self._settle_applied(intent, Finding(Effect.APPLIED, ""), "answer")
        return Outcome(answer, read_back=False)

    async def _settle_applied(self, intent: IntentRow, finding: Finding, by: str) -> None:
        if not await _noted(self.settle(intent, finding, by)):
            raise Unavailable(_UNRECORDED)

    async def _open(self, intent: IntentRow, write: PreparedWrite[T], opening: Opening) -> None:
        try:
            async with opening() as tx:
                tx.session.add(intent)
        except BaseException:
            write.release()
            raise

    def _intent(
        self, caller: Caller, write: PreparedWrite[T], event: AuditEvent, followups: Sequence[Followup]
    ) -> IntentRow:
        return IntentRow(
            id=self._chance.token(16).hex(),
            created_at=self._clock.now(),
            owner=self.process_id,
            state=OPEN,
            actor=caller.name,
            request_id=caller.request_id,
            address=caller.address,
            idempotency_id=caller.idempotency_id,
            action=event.action,
            target=event.target,
            details=dict(event.details),
            upstream=write.upstream,
            operation=write.operation,
            body_hash=self._keys.digest("journal.body", write.fingerprint),
            check=dict(write.check),
            drops=sorted(write.drops),
            followups=[{"name": f.name, "payload": dict(f.payload)} for f in followups],
        )

    async def _after_failure(self, intent: IntentRow, failure: UpstreamFailure) -> Outcome[Any]:
        """The answer does not say what holds: read it back once, and say what is known."""
        if failure.doubt is Doubt.NONE:
            await _noted(self.settle(intent, Finding(Effect.NOT_APPLIED, failure.message), "answer", audited=False))
            raise failure
        try:
            finding = await self._examiners[intent.upstream].examine(intent.check)
        except AppError as unreadable:
            log.warning("intent %s stays open: %s", intent.id, unreadable.message)
            await _noted(self._leave_open(intent))
            raise _told(failure, "Whether it took effect is not known yet; the audit log will tell.") from failure
        finding = await self.honest(intent, finding)
        if finding.effect is Effect.APPLIED:
            await self._settle_applied(intent, finding, "read_back")
            return Outcome(None, read_back=True)
        if failure.doubt is Doubt.OPEN:
            # No answer yet can still become an effect: the settler looks again when that is over.
            await _noted(self._leave_open(intent))
            raise _told(failure, f"{finding.sentence} The audit log will tell if that changes.") from failure
        await _noted(self.settle(intent, finding, "read_back"))
        raise _told(failure, finding.sentence) from failure

    async def honest(self, intent: IntentRow, finding: Finding) -> Finding:
        """What reading shows is no proof for a creation that another request of ours asked for at the same time."""
        before = intent.check.get("before")
        made = isinstance(before, Mapping) and before.get("present") is False
        if finding.effect is not Effect.APPLIED or not made:
            return finding
        same = (IntentRow.operation == intent.operation, IntentRow.target == intent.target, IntentRow.id != intent.id)
        meanwhile = and_(IntentRow.state == Effect.APPLIED.value, IntentRow.settled_at >= intent.created_at)
        async with self._database.read() as session:
            rows = await session.execute(select(IntentRow.check).where(*same, or_(IntentRow.state == OPEN, meanwhile)))
            others = [check for check in rows.scalars() if check.get("args") == intent.check.get("args")]
        if not others:
            return finding
        return Finding(
            Effect.UNKNOWN, "It exists now, but another request asked for the same; whose it is is not known."
        )

    async def _leave_open(self, intent: IntentRow) -> None:
        """Cached reads may be untrue from now on, whatever the settler will find."""
        async with self._database.write() as tx:
            free = {"owner": None, "free_since": self._clock.now()}
            await tx.session.execute(update(IntentRow).where(IntentRow.id == intent.id).values(free))
            tx.changed(*intent.drops)
        self._in_hand.discard(intent.id)

    async def settle(self, intent: IntentRow, finding: Finding, by: str, *, audited: bool = True) -> None:
        """Record the outcome, its follow-ups and its audit entry together. A second outcome is ignored."""
        async with self._database.write() as tx:
            known = select(IntentRow.state).where(IntentRow.id == intent.id).with_for_update()
            state = (await tx.session.execute(known)).scalar()
            # What was concluded from reading gives way to a certain answer, however late: its process was frozen.
            certain = by == "answer" and finding.effect is Effect.APPLIED and state not in {None, Effect.APPLIED.value}
            if state != OPEN and not certain:
                log.warning("intent %s was settled before; its %s says %s", intent.id, by, finding.effect)
                return
            values = {
                "state": finding.effect.value,
                "settled_at": self._clock.now(),
                "settled_by": by,
                "finding": finding.sentence or None,
                "owner": None,
            }
            await tx.session.execute(update(IntentRow).where(IntentRow.id == intent.id).values(values))
            tx.changed(*intent.drops)
            if finding.effect is not Effect.NOT_APPLIED:
                await mark_effect(tx.session, intent.idempotency_id)
            if finding.effect is Effect.APPLIED:
                await self._follow_up(tx, intent)
            if audited:
                await self._record_audit(tx.session, *_audit(intent, finding, by))
        self._in_hand.discard(intent.id)

    async def _follow_up(self, tx: WriteTx, intent: IntentRow) -> None:
        for followup in intent.followups:
            tags = await self._followups[followup["name"]](tx.session, followup["payload"])
            tx.changed(*tags)


async def _noted(noting: Awaitable[None]) -> bool:
    """Whether our database took it. If not, what is known is told all the same, and the settler finds it out anew."""
    try:
        await noting
    except (AppError, SQLAlchemyError) as error:
        log.warning("an outcome could not be recorded yet: %s", type(error).__name__)
        return False
    return True


def _audit(intent: IntentRow, finding: Finding, by: str) -> tuple[AuditEvent, Recorded]:
    event = AuditEvent(intent.action, intent.target, intent.details)
    return event, Recorded(intent.actor, intent.request_id, intent.address, finding.effect, by)


def _told(failure: UpstreamFailure, sentence: str) -> UpstreamFailure:
    """The same failure, with what is known of the effect."""
    return type(failure)(f"{failure.message} {sentence}", doubt=failure.doubt, retry_after=failure.retry_after)
