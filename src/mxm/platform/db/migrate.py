"""Brings the schema to this code's version at start, under a lock, so that two processes may start at once."""

import fcntl
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from mxm.platform.db.engine import postgresql_url
from mxm.platform.db.migrations import HEAD
from mxm.platform.settings import Settings

log = logging.getLogger("mxm.db")

_LOCK_NUMBER = 0x6D786D  # "mxm": the advisory lock on PostgreSQL


class SchemaTooNew(Exception):
    """The database was written by a newer version of the program."""


def migrate(settings: Settings) -> None:
    """Upgrade the schema when it is older. Raises `SchemaTooNew`; SQLite is backed up before a change."""
    engine = _engine(settings)
    try:
        with _locked(settings, engine) as connection:
            found = _revision(connection)
            if found == HEAD:
                return
            _refuse_newer(found)
            if found is not None and not settings.uses_postgresql:
                _back_up(settings.sqlite_file, found)
            _upgrade(connection)
            log.info("database schema is now %s (was %s)", HEAD, found or "empty")
    finally:
        engine.dispose()


def _engine(settings: Settings) -> Engine:
    if settings.uses_postgresql:
        return create_engine(postgresql_url(settings.database_url or ""), poolclass=NullPool)
    settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    settings.sqlite_file.touch(mode=0o600)  # rights and addresses are nobody else's to read
    engine = create_engine(
        f"sqlite:///{settings.sqlite_file}", poolclass=NullPool, connect_args={"isolation_level": None}
    )
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@contextmanager
def _locked(settings: Settings, engine: Engine) -> Iterator[Connection]:
    if settings.uses_postgresql:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            yield connection
        return
    lock = settings.sqlite_file.with_name(settings.sqlite_file.name + ".migrating")
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with engine.begin() as connection:
            yield connection


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > HEAD:
        raise SchemaTooNew(
            f"The database has schema {found}; this version knows {HEAD}. Start the newer version, or restore a backup."
        )


def _back_up(file: Path, revision: str) -> None:
    folder = file.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"{file.stem}-schema-{revision}{file.suffix}"
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    target.chmod(0o600)
    log.info("backed up the database to %s", target)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
