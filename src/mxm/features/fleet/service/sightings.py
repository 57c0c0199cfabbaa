"""What somebody's look at one domain tells about it, kept in its row until the next refresh."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from mxm.features.fleet import repository
from mxm.features.fleet.service.health import SeenHealth, row_values
from mxm.features.fleet.service.overview import TAG
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.errors import AppError

log = logging.getLogger("mxm.fleet")

_RECENT = timedelta(minutes=1)
"""A row that says the same and is no older is left as it is: looking often shall not write often."""


class Sightings:
    """One for each process."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def note(self, domain: str, health: SeenHealth) -> None:
        """Keep how `domain` was just seen. Raises nothing: what was seen is told all the same."""
        now = self._clock.now()
        values = row_values(health, now)
        try:
            async with self._database.read() as session:
                row = await repository.snapshot(session, domain)
            if row is None or values["error"]:
                return
            held: Mapping[str, Any] = {"mail_hosting": row.mail_hosting, "dns": row.dns, "error": row.error}
            known = all(values[name] == value for name, value in held.items())
            if known and row.checked_at is not None and now - row.checked_at < _RECENT:
                return
            async with self._database.write() as tx:
                await repository.put(tx.session, domain, **values)
                tx.changed(TAG)
        except (AppError, SQLAlchemyError) as error:
            log.warning("the row of %s could not be renewed: %s", domain, type(error).__name__)
