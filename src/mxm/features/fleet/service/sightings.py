"""What somebody's look at one domain tells about it, kept in its row until the next refresh."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from mxm.features.fleet import repository
from mxm.features.fleet.service.health import SeenHealth, row_values
from mxm.features.fleet.service.overview import TAG
from mxm.platform.db import Database
from mxm.platform.errors import AppError

log = logging.getLogger("mxm.fleet")

_RECENT = timedelta(minutes=1)
"""A row that says the same and is no older is left as it is: looking often shall not write often."""

_PATIENCE = 1.0
"""Seconds; a locked database shall not hold up an answer that needs nothing of it."""


class Sightings:
    """One for each process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, domain: str, health: SeenHealth, since: datetime) -> None:
        """Keep how `domain` was seen by a look that began at `since`.

        Raises nothing and does not take long: what was seen is told all the same.
        """
        values = row_values(health, since)
        if values["error"]:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._put(domain, since, values)
        except (AppError, SQLAlchemyError, TimeoutError) as error:
            log.warning("the row of %s could not be renewed: %s", domain, type(error).__name__)

    async def _put(self, domain: str, since: datetime, values: Mapping[str, Any]) -> None:
        async with self._database.read() as session:
            row = await repository.snapshot(session, domain)
        if row is None:
            return
        same = (row.mail_hosting, row.dns, row.error) == (values["mail_hosting"], values["dns"], None)
        if same and row.checked_at is not None and since - row.checked_at < _RECENT:
            return
        async with self._database.write() as tx:
            await repository.put_seen(tx.session, domain, since, **values)
            tx.changed(TAG)
