"""Jobs as their creators and administrators see them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.audit.api import Action, AuditLog
from mxm.features.jobs import repository
from mxm.features.jobs.rules import cursor_of
from mxm.features.jobs.schemas import JobFilter, JobOut, NewPassword, PasswordsOut
from mxm.features.jobs.service.following import Followers, Places
from mxm.features.jobs.service.views import View, Views
from mxm.platform.access import Caller, Permission, Principal
from mxm.platform.cells import csv_lines
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import Conflict, Forbidden, NotFound, Unavailable
from mxm.platform.jobs import JobRow, JobState, JobStore
from mxm.platform.jobs.items import SEAL, place, state_counts
from mxm.platform.sealing import Sealer

LOOK_SECONDS = 2.0
"""How often a stream's right is checked, job changed or not."""
QUIET_SECONDS = 15.0
_GONE = "There is no such job."


class Jobs:
    """One for each process."""

    def __init__(
        self, database: Database, store: JobStore, sealer: Sealer, followers: Followers, clock: Clock, audit: AuditLog
    ) -> None:
        self._database, self._store, self._sealer = database, store, sealer
        self._followers, self._clock, self._audit = followers, clock, audit
        self._views = Views()
        self.places = Places()

    def show(self, kind: str, view: View) -> None:
        """How jobs of `kind` show their results; at composition."""
        self._views.register(kind, view)

    async def page(self, caller: Caller, wanted: JobFilter, limit: int) -> tuple[list[JobOut], str | None]:
        """The caller's jobs (administrators: all), and the cursor of the next page."""
        if not caller.principal.is_admin:
            wanted = wanted.model_copy(update={"creator_key": caller.principal.key})
        async with self._database.read() as session:
            rows = list(await repository.newest(session, wanted, limit + 1))
            shown, more = rows[:limit], len(rows) > limit
            counts = await state_counts(session, [row.id for row in shown])
        now = self._clock.now()
        listed = [self._views.shown(row, counts.get(row.id, {}), None, now) for row in shown]
        return listed, cursor_of(shown[-1].created_at, shown[-1].id) if more else None

    async def one(self, caller: Caller, job_id: str) -> JobOut:
        """A job with all its results. Raises `NotFound`."""
        async with self._database.read() as session:
            row = await self._visible(session, caller.principal, job_id)
            return await self._detail(session, row)

    async def results_csv(self, caller: Caller, job_id: str) -> str:
        """The rows of a job's results. Raises `NotFound` when its kind has none."""
        async with self._database.read() as session:
            row = await self._visible(session, caller.principal, job_id)
            job = await self._detail(session, row)
        view = self._views.of(job.kind)
        if view is None or not view.columns:
            raise NotFound("This kind of job has no rows of results.")
        rows: list[dict[str, Any]] = (job.results or {}).get("rows", [])
        cells = ([_cell(each.get(column)) for column in view.columns] for each in rows)
        return "".join(csv_lines(view.columns, cells))

    async def cancel(self, caller: Caller, job_id: str) -> JobOut:
        """Stop a job at the next good place. Raises `NotFound`, `Conflict` when it is over."""
        async with self._database.write() as tx:
            row = await self._visible(tx.session, caller.principal, job_id)
            first = not row.cancel_requested
            if not await self._store.cancel(tx, job_id):
                raise Conflict("The job is over already.")
            if first:
                await self._audit.record(tx.session, caller, Action.JOB_CANCEL, job_id, kind=row.kind)
        return await self.one(caller, job_id)

    async def check(self, caller: Caller, job_id: str) -> None:
        """Raises `NotFound` when the caller may not see it."""
        async with self._database.read() as session:
            await self._visible(session, caller.principal, job_id)

    async def passwords(self, caller: Caller, job_id: str) -> PasswordsOut:
        """What was generated, for the creator alone. Raises `NotFound` once it was acknowledged or is past its time."""
        async with self._database.read() as session:
            row = await self._own(session, caller, job_id)
            found = await repository.handovers(session, job_id)
        if not found or self._is_past(row):
            raise NotFound("There are no passwords to fetch: none were made, or they were acknowledged or expired.")
        opened = [(item.label, self._sealer.open(SEAL, item.handover or b"", _at(item))) for item in found]
        held = caller.principal
        listed = [
            NewPassword(email=label, password=value["password"])
            for label, value in opened
            if held.may(label.rpartition("@")[2], Permission.EMAILS)  # a right that was withdrawn since is gone
        ]
        return PasswordsOut(passwords=listed, expires_at=row.handover_until)

    async def acknowledge(self, caller: Caller, job_id: str) -> PasswordsOut:
        """Erase what was generated. Raises `Conflict` while more may come, `NotFound` when there is nothing."""
        async with self._database.write() as tx:
            row = await self._own(tx.session, caller, job_id)
            if not JobState(row.state).is_final:
                raise Conflict("The job is not over: more passwords may come.")
            if self._is_past(row) or not await repository.handovers(tx.session, job_id):
                raise NotFound("There are no passwords to fetch: none were made, or they were acknowledged or expired.")
            await repository.forget_handovers(tx.session, job_id, await self._store.now(tx.session))
        return PasswordsOut(passwords=[], expires_at=None)

    async def wait(self, job_id: str, seconds: float) -> JobOut:
        """The job once it is over, or as it is after so many seconds. Raises `NotFound`."""
        ends = self._clock.monotonic() + seconds
        with self._followers.of(job_id) as follower:
            while True:
                async with self._database.read() as session:
                    job = await self._detail(session, await self._row(session, job_id))
                left = ends - self._clock.monotonic()
                if JobState(job.state).is_final or left <= 0:
                    return job
                await follower.wait(left)

    async def stream(
        self, job_id: str, last_id: int | None, still: Callable[[], Awaitable[Principal | None]]
    ) -> AsyncIterator[str]:
        """Server-Sent Events of a job until it is over, or until `still` gives nobody who may see it.

        No connection to the database is held between two events.
        """
        sent, quiet = -1 if last_id is None else last_id, self._clock.monotonic()
        known: JobRow | None = None
        yield "retry: 2000\n\n"
        with self._followers.of(job_id) as follower:
            told = True
            while not self._followers.stopping:
                row, job = (await self._undisturbed(job_id)) if told else (None, None)
                if row is not None and job is not None:
                    known = row
                    if row.version > sent:
                        sent, quiet = row.version, self._clock.monotonic()
                        yield _event("progress", row.version, job)
                    if JobState(row.state).is_final:
                        yield _event("end", row.version, job)
                        return
                told = await follower.wait(LOOK_SECONDS) or (told and row is None)
                principal = await still()
                if principal is None or (known is not None and not _may_see(principal, known)):
                    return
                if self._clock.monotonic() - quiet >= QUIET_SECONDS:
                    quiet = self._clock.monotonic()
                    yield ": still here\n\n"

    async def _undisturbed(self, job_id: str) -> tuple[JobRow | None, JobOut | None]:
        """A client may hang up at any moment: what is being read from the database is read to its end nevertheless."""
        return await asyncio.shield(asyncio.ensure_future(self._brief(job_id)))

    async def _brief(self, job_id: str) -> tuple[JobRow | None, JobOut | None]:
        """A job without its rows; nothing while the database cannot be read."""
        try:
            async with self._database.read() as session:
                row = await self._row(session, job_id)
                counts = await state_counts(session, [job_id])
        except Unavailable:
            return None, None
        return row, self._views.shown(row, counts.get(job_id, {}), None, self._clock.now())

    async def _detail(self, session: AsyncSession, row: JobRow) -> JobOut:
        counts = await state_counts(session, [row.id])
        items = await repository.items(session, row.id) if self._views.of(row.kind) else None
        return self._views.shown(row, counts.get(row.id, {}), items, self._clock.now())

    async def _row(self, session: AsyncSession, job_id: str) -> JobRow:
        row = await repository.by_id(session, job_id)
        if row is None:
            raise NotFound(_GONE)
        return row

    async def _visible(self, session: AsyncSession, principal: Principal, job_id: str) -> JobRow:
        row = await self._row(session, job_id)
        if not _may_see(principal, row):
            raise NotFound(_GONE)  # the same as for one that does not exist
        return row

    async def _own(self, session: AsyncSession, caller: Caller, job_id: str) -> JobRow:
        row = await self._visible(session, caller.principal, job_id)
        if row.creator_key != caller.principal.key:
            raise Forbidden("Only who started the job may fetch its passwords.")
        return row

    def _is_past(self, row: JobRow) -> bool:
        return row.handover_until is not None and row.handover_until <= self._clock.now()


def _may_see(principal: Principal, row: JobRow) -> bool:
    return principal.is_admin or row.creator_key == principal.key


def _event(name: str, version: int, job: JobOut) -> str:
    return f"id: {version}\nevent: {name}\ndata: {job.model_dump_json()}\n\n"


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _at(item: Any) -> str:
    return place(item.job_id, item.position)
