"""A look at a database from outside: beside a running server, without locks, changing nothing and making no file."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from mxm.platform.db.engine import postgresql_url
from mxm.platform.settings import Settings

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class DatabaseLook:
    """What is there. `schema` is None for an empty database."""

    exists: bool
    schema: str | None = None
    key_check: str | None = None
    """The noted value that tells whether a key is the right one (see `keycheck`)."""


def look(settings: Settings) -> DatabaseLook:
    """Open it, read two values, close it. Raises `SQLAlchemyError`, `sqlite3.Error` or `OSError`."""
    return _postgresql(settings.database_url or "") if settings.uses_postgresql else _sqlite(settings.sqlite_file)


def _sqlite(file: Path) -> DatabaseLook:
    if not file.exists():
        return DatabaseLook(exists=False)
    # Without a write-ahead log nobody has it open, and reading must not begin one.
    alone = not file.with_name(file.name + "-wal").exists()
    address = f"{file.resolve().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")
    with closing(sqlite3.connect(address, uri=True, timeout=_SECONDS)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

        def value(table: str, query: str) -> str | None:
            row = connection.execute(query).fetchone() if table in tables else None
            return None if row is None else str(row[0])

        return DatabaseLook(
            exists=True,
            schema=value("alembic_version", "SELECT version_num FROM alembic_version"),
            key_check=value("meta", "SELECT value FROM meta WHERE name = 'key_check'"),
        )


def _postgresql(url: str) -> DatabaseLook:
    options = {"connect_timeout": _SECONDS}
    engine = create_engine(postgresql_url(url), poolclass=NullPool, hide_parameters=True, connect_args=options)
    try:
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            tables = set(inspect(connection).get_table_names())

            def value(table: str, query: str) -> str | None:
                return connection.execute(text(query)).scalar() if table in tables else None

            return DatabaseLook(
                exists=True,
                schema=value("alembic_version", "SELECT version_num FROM alembic_version"),
                key_check=value("meta", "SELECT value FROM meta WHERE name = 'key_check'"),
            )
    finally:
        engine.dispose()
