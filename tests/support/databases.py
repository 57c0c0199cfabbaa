"""Real databases for tests: SQLite files, and a PostgreSQL server of our own on loopback, started once a run."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import create_engine, text

from mxm.platform.db.migrate import migrate
from mxm.platform.settings import GivenSettings

KEY = SecretStr("a key for tests only, 32 characters")


def postgresql_bin() -> Path | None:
    """Where initdb lies, if PostgreSQL's server is installed."""
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A server with an empty cluster; yields the address without a database name."""
    bin_dir = postgresql_bin()
    assert bin_dir is not None, "no PostgreSQL server binaries on this machine"
    folder = Path(tempfile.mkdtemp(prefix="mxm-pg-"))
    user = _server_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str | Path) -> None:
        subprocess.run(list(map(str, command)), check=True, user=user, capture_output=True, cwd=folder)

    run(bin_dir / "initdb", "-D", data, "-U", "mxm", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    port = _free_port()
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c max_connections=200"
    run(bin_dir / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://mxm@127.0.0.1:{port}"
    finally:
        run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@cache
def migrated_sqlite() -> bytes:
    """A migrated, empty SQLite database: migrated once, copied for each test."""
    with tempfile.TemporaryDirectory() as folder:
        settings = GivenSettings(data_dir=Path(folder), secret_key=KEY)
        migrate(settings)
        return settings.sqlite_file.read_bytes()


_templates: set[str] = set()


def new_postgresql_database(server: str) -> str:
    """The address of a fresh, migrated database."""
    engine = create_engine(
        server.replace("postgresql", "postgresql+psycopg") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    name = f"t{uuid.uuid4().hex}"
    with engine.connect() as connection:
        if server not in _templates:
            connection.execute(text("CREATE DATABASE mxm_template"))
            migrate(GivenSettings(database_url=f"{server}/mxm_template", secret_key=KEY))
            _templates.add(server)
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE mxm_template"))
    engine.dispose()
    return f"{server}/{name}"
