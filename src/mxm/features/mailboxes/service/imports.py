"""A CSV import on its way in: rows checked as in the preview, kept in order, secrets sealed, one job for all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.api import Action, AuditLog
from mxm.features.jobs.api import View
from mxm.features.mailboxes.rules import Draft, generated_password, understand
from mxm.features.mailboxes.schemas import ImportIn
from mxm.platform.access import Caller, Permission, Principal
from mxm.platform.clock import Chance
from mxm.platform.db import Database
from mxm.platform.errors import FieldError, Forbidden, ValidationFailed
from mxm.platform.jobs import ItemState, JobItemRow, JobRow, JobStore, NewItem
from mxm.platform.jobs.items import finish_item, state_counts
from mxm.platform.jobs.models import UNFINISHED

IMPORT = "mailbox.import"
IMPORT_ROW = "mailboxes.import_row"
"""The follow-up of a row's creation: its word is in the transaction of the outcome, whoever settles that."""
CREATED, EXISTS, UNCONFIRMED, FAILED = "created", "already_exists", "created_unconfirmed", "failed"
WORDS = (CREATED, EXISTS, UNCONFIRMED, FAILED)


class Imports:
    """One for each process."""

    def __init__(self, database: Database, store: JobStore, chance: Chance, audit: AuditLog) -> None:
        self._database, self._store, self._chance, self._audit = database, store, chance, audit

    def checked(self, principal: Principal, wanted: ImportIn) -> list[Draft]:
        """Every row as far as it can be understood. Raises `Forbidden` when a right is missing for any of them."""
        if not wanted.rows:
            raise ValidationFailed.of(FieldError("rows", "must hold at least one row"))
        drafts = [understand(row, n, wanted.default_domain) for n, row in enumerate(wanted.rows, start=1)]
        for domain in {draft.domain for draft in drafts if draft.domain}:
            if not principal.may(domain, Permission.EMAILS):
                raise Forbidden(f"You may not manage mailboxes on {domain}. Nothing was created.")
        return drafts

    async def start(self, caller: Caller, drafts: Sequence[Draft], *, generate: bool) -> str:
        """Make the job; returns its id. A row that cannot be done keeps its place and says why."""
        seen: set[str] = set()
        items = [self._item(draft, seen, generate=generate) for draft in drafts]
        domains = sorted({draft.domain for draft in drafts if draft.domain})
        async with self._database.write() as tx:
            target = domains[0] if len(domains) == 1 else "*"
            return (await self._store.create(tx, caller, IMPORT, {"target": target}, items)).id

    def _item(self, draft: Draft, seen: set[str], *, generate: bool) -> NewItem:
        email = draft.email
        if email is not None and email in seen:
            draft.wrong("email", "an earlier row has the same address")
        if not draft.password and not generate:
            draft.wrong("password", "is missing")
        if email is not None:
            seen.add(email)
        public = {"line": draft.line, "email": email}
        if draft.errors:
            return NewItem(email or "", public, state=ItemState.FAILED, result={"message": "; ".join(draft.errors)})
        secret = {
            "domain": draft.domain,
            "username": draft.username,
            "password": draft.password or generated_password(self._chance),
            "quota": draft.quota,
            "limit": draft.limit,
            "recovery_email": draft.recovery_email,
            "generated": not draft.password,
        }
        return NewItem(email or "", public, secret=secret)

    async def row_created(self, session: AsyncSession, payload: Mapping[str, Any]) -> Sequence[str]:
        """See `IMPORT_ROW`. A password that was made here waits for the creator from now on."""
        job_id, position = payload["job"], payload["position"]
        return await finish_item(session, job_id, position, CREATED, hand_over=payload["generated"], gets_on=True)

    async def ended(self, session: AsyncSession, job: JobRow) -> None:
        """One audit entry for the whole, in the transaction of its end."""
        counts = (await state_counts(session, [job.id])).get(job.id, {})
        caller = Caller(Principal(job.creator_key, job.created_by, "system"), job.request_id, job.address)
        target = job.params["target"]
        await self._audit.record(session, caller, Action.MAILBOX_IMPORT, target, job=job.id, **summary(counts))


def summary(counts: Mapping[str, int]) -> dict[str, int]:
    """How many rows ended how; the words of a job that was cut short only where there are any."""
    rare = [word for word in (ItemState.CANCELLED, ItemState.UNKNOWN) if counts.get(word)]
    return {**{word: counts.get(word, 0) for word in (*WORDS, *rare)}, "total": sum(counts.values())}


def results(counts: Mapping[str, int], items: Sequence[JobItemRow] | None) -> dict[str, Any] | None:
    """What the job shows: rows that have their word, in the order of the file."""
    if not any(count for state, count in counts.items() if state not in UNFINISHED):
        return None
    shown: dict[str, Any] = {"summary": summary(counts)}
    if items is not None:
        done = (item for item in items if item.state not in UNFINISHED)
        shown["rows"] = [{**item.public, "state": item.state, **(item.result or {})} for item in done]
    return shown


IMPORT_VIEW = View(results, columns=("line", "email", "state", "message"))
