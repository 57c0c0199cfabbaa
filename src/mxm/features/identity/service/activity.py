"""When tokens and sessions were last used: kept in memory, written at most once a minute, never per request."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from mxm.features.identity.models import SessionRow, TokenRow
from mxm.platform.clock import Clock
from mxm.platform.db import Database

FLUSH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Use:
    """The latest use of a token or session."""

    at: datetime
    address: str


class Activity:
    """Notes uses; `flush` writes those that came since the last time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._tokens: dict[str, Use] = {}
        self._sessions: dict[str, Use] = {}
        self._unwritten: set[str] = set()
        self._flushing = asyncio.Lock()

    def token_used(self, token_id: str, address: str) -> None:
        """Note a use."""
        self._tokens[token_id] = Use(self._clock.now(), address)
        self._unwritten.add(token_id)

    def session_used(self, session_id: str, address: str) -> None:
        """Note a use."""
        self._sessions[session_id] = Use(self._clock.now(), address)
        self._unwritten.add(session_id)

    def of_token(self, token_id: str) -> Use | None:
        """The latest use that this process saw."""
        return self._tokens.get(token_id)

    def of_session(self, session_id: str) -> Use | None:
        """The latest use that this process saw."""
        return self._sessions.get(session_id)

    async def flush(self) -> None:
        """Write what is new; what cannot be written now is tried again with the next round."""
        async with self._flushing:
            await self._flush()

    async def _flush(self) -> None:
        pending, self._unwritten = self._unwritten, set()
        if not pending:
            return
        try:
            async with self._database.write() as tx:
                for key in pending:
                    if (use := self._tokens.get(key)) is not None:
                        row = update(TokenRow).where(TokenRow.id == key)
                        await tx.session.execute(row.values(last_used_at=use.at, last_used_ip=use.address))
                    if (use := self._sessions.get(key)) is not None:
                        seen = update(SessionRow).where(SessionRow.id == key)
                        await tx.session.execute(seen.values(seen_at=use.at))
        except BaseException:
            self._unwritten |= pending
            raise

    def forget(self, living: set[str]) -> None:
        """Drop what belongs to tokens and sessions that are gone."""
        self._tokens = {key: use for key, use in self._tokens.items() if key in living}
        self._sessions = {key: use for key, use in self._sessions.items() if key in living}
        self._unwritten &= living
