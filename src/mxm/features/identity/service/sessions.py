"""Browser sessions: made at sign-in, renewed at every change of privilege, ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from mxm.features.audit.api import Action, AuditLog
from mxm.features.identity import repository
from mxm.features.identity.models import SessionRow, UserRow
from mxm.features.identity.schemas.people import SessionOut
from mxm.features.identity.service.activity import Activity
from mxm.features.identity.service.directory import SESSION_IDLE, SESSION_LIFE, TAG, Directory
from mxm.platform.access import Caller
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database, WriteTx
from mxm.platform.errors import NotFound
from mxm.platform.keys import KeyRing


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser gets: both values go into cookies, neither is stored."""

    id: str
    cookie: str
    csrf_token: str


class Sessions:
    """Server-side sessions; the browser holds an opaque id of which only a keyed hash is kept."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chance: Chance,
        keys: KeyRing,
        directory: Directory,
        activity: Activity,
        audit: AuditLog,
    ) -> None:
        self._database, self._clock, self._chance, self._keys = database, clock, chance, keys
        self._directory, self._activity, self._audit = directory, activity, audit

    def begin(self, tx: WriteTx, user: UserRow, *, via: str, address: str, user_agent: str | None) -> NewSession:
        """Add a session inside the caller's transaction."""
        secret = self._chance.token(32).hex()
        digest = self._keys.digest("session", secret.encode())
        now = self._clock.now()
        row = SessionRow(
            id=self._chance.token(16).hex(),
            digest=digest,
            user_id=user.id,
            via=via,
            created_at=now,
            seen_at=now,
            address=address,
            user_agent=(user_agent or "")[:300].replace("\x00", "") or None,
        )
        tx.session.add(row)
        tx.changed(TAG)
        return NewSession(row.id, secret, self._directory.csrf_tokens(row.id)[0])

    async def listed(self, caller: Caller, *, own: bool = False) -> list[SessionOut]:
        """All living sessions, or the caller's `own`, newest first."""
        async with self._database.read() as session:
            names = {user.id: user.login for user in await repository.users(session)}
            rows = await repository.sessions(session, of=(caller.principal.user_id or "") if own else None)
        shown = [self._shown(row, names[row.user_id], caller) for row in rows]
        now = self._clock.now()
        return [s for s in shown if now - s.created_at < SESSION_LIFE and now - s.seen_at < SESSION_IDLE]

    async def end(self, caller: Caller, session_id: str, *, own: bool = False) -> None:
        """End one session, only among the caller's `own` if so. Raises `NotFound`."""
        async with self._database.write() as tx:
            row = await tx.session.get(SessionRow, session_id)
            if row is None or (own and row.user_id != caller.principal.user_id):
                raise NotFound("There is no such session.")
            user = await repository.user_by_id(tx.session, row.user_id)
            await tx.session.delete(row)
            tx.changed(TAG)
            target = user.login if user else row.user_id
            await self._audit.record(tx.session, caller, Action.SESSION_END, target, reason="ended", count=1)

    async def end_all_others(self, caller: Caller) -> None:
        """End every session but the caller's own."""
        async with self._database.write() as tx:
            statement = delete(SessionRow).where(SessionRow.id != (caller.session_id or ""))
            ended = (await tx.session.execute(statement.returning(SessionRow.id))).scalars().all()
            tx.changed(TAG)
            await self._audit.record(tx.session, caller, Action.SESSION_END, "*", reason="all ended", count=len(ended))

    async def end_own_others(self, caller: Caller) -> None:
        """End every session of the caller's person but the present one."""
        async with self._database.write() as tx:
            count = await repository.end_sessions(tx.session, caller.principal.user_id or "", keep=caller.session_id)
            tx.changed(TAG)
            name = caller.name
            await self._audit.record(tx.session, caller, Action.SESSION_END, name, reason="all ended", count=count)

    async def logout(self, caller: Caller) -> None:
        """End the caller's own session."""
        async with self._database.write() as tx:
            await tx.session.execute(delete(SessionRow).where(SessionRow.id == caller.session_id))
            tx.changed(TAG)
            await self._audit.record(tx.session, caller, Action.LOGOUT, caller.name)

    async def tidy(self, now: datetime) -> None:
        """Forget sessions past their time at `now`; well past it, because last uses are written with delay."""
        over = (SessionRow.created_at < now - SESSION_LIFE) | (SessionRow.seen_at < now - 2 * SESSION_IDLE)
        async with self._database.write() as tx:
            ended = await tx.session.execute(delete(SessionRow).where(over).returning(SessionRow.id))
            if ended.scalars().first() is not None:
                tx.changed(TAG)

    def _shown(self, row: SessionRow, login: str, caller: Caller) -> SessionOut:
        use = self._activity.of_session(row.id)
        return SessionOut(
            id=row.id,
            user=login,
            via=row.via,
            created_at=row.created_at,
            seen_at=max(row.seen_at, use.at) if use else row.seen_at,
            address=row.address,
            user_agent=row.user_agent,
            current=row.id == caller.session_id,
        )
