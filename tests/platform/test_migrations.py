"""The schema: migrations and models agree, two processes may start at once, and nothing newer is touched."""

import importlib
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

import mxm.entrypoints.services
from mxm.platform.db import Base
from mxm.platform.db import migrations as package
from mxm.platform.db.engine import postgresql_url
from mxm.platform.db.migrate import SchemaTooNew, migrate
from mxm.platform.settings import Settings
from support.databases import KEY, new_postgresql_database
from support.program import SRC, environment, given_settings

assert mxm.entrypoints.services, "imported for its models: all of them"
_MIGRATE = """
import sys
from pathlib import Path
from mxm.platform.db.migrate import migrate
from mxm.platform.settings import load_settings
migrate(load_settings())
"""


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path, database_url: str | None) -> Settings:
    """Settings of an empty database of either kind."""
    if database_url is None:
        return given_settings(tmp_path)
    server, _, name = database_url.rpartition("/")
    engine = create_engine(postgresql_url(f"{server}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}_empty"))
    engine.dispose()
    return given_settings(tmp_path, database_url=f"{database_url}_empty")


@pytest.fixture
def engine(empty: Settings) -> Iterator[Engine]:
    url = postgresql_url(empty.database_url) if empty.database_url else f"sqlite:///{empty.sqlite_file}"
    found = create_engine(url)
    yield found
    found.dispose()


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent))
    return ScriptDirectory.from_config(config)


def test_migrations_make_what_the_models_describe(empty: Settings, engine: Engine) -> None:
    migrate(empty)
    options: dict[str, Any] = {"compare_type": True, "compare_server_default": True}
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    assert found == []


def test_the_head_that_the_code_names_is_the_last_migration() -> None:
    assert _scripts().get_heads() == [package.HEAD]


def test_revisions_are_numbers_in_order_for_older_code_compares_them() -> None:
    revisions = [script.revision for script in _scripts().walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)


def test_every_module_with_a_table_is_known_to_the_program() -> None:
    files = [file for file in SRC.rglob("*.py") if "__tablename__" in file.read_text()]
    for file in files:
        importlib.import_module(".".join(file.relative_to(SRC).with_suffix("").parts))
    tables = sum(file.read_text().count("__tablename__") for file in files)
    assert tables == len(Base.metadata.tables)


def test_migrating_twice_changes_nothing(empty: Settings, engine: Engine) -> None:
    migrate(empty)
    migrate(empty)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM generation")).scalar() == 1


def test_processes_that_start_at_once_on_an_empty_database_all_succeed(empty: Settings, engine: Engine) -> None:
    url = {"DATABASE_URL": empty.database_url} if empty.database_url else {}
    env = environment(DATA_DIR=str(empty.data_dir), SECRET_KEY=KEY.get_secret_value(), **url)
    command = [sys.executable, "-c", _MIGRATE]
    started = [
        subprocess.Popen(command, env=env, cwd=empty.data_dir, stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for process in started:
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(package.HEAD,)]
        assert connection.execute(text("SELECT count(*) FROM generation")).scalar() == 1


def test_a_newer_schema_is_refused(empty: Settings, engine: Engine) -> None:
    migrate(empty)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match="9999"):
        migrate(empty)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_an_older_sqlite_file_is_backed_up_before_it_is_upgraded(tmp_path: Path) -> None:
    """The first schema is the oldest there is: an older one is imagined, and the upgrade then fails."""
    settings = given_settings(tmp_path)
    migrate(settings)
    with sqlite3.connect(settings.sqlite_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.execute("INSERT INTO meta (name, value) VALUES ('fact', 'kept')")
    connection.close()
    with pytest.raises(Exception, match="0000"):
        migrate(settings)
    [copy] = (tmp_path / "backups").iterdir()
    assert copy.name == "mxm-schema-0000.sqlite3"
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT value FROM meta WHERE name = 'fact'").fetchall() == [("kept",)]
    connection.close()


def test_a_fresh_database_needs_no_backup(tmp_path: Path) -> None:
    migrate(given_settings(tmp_path))
    assert not (tmp_path / "backups").exists()


def test_the_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """It holds who may do what, and people's addresses."""
    settings = given_settings(tmp_path)
    migrate(settings)
    assert settings.sqlite_file.stat().st_mode & 0o077 == 0


def test_a_fresh_postgresql_database_of_the_tests_is_at_the_head(postgresql: str) -> None:
    engine = create_engine(postgresql_url(new_postgresql_database(postgresql)))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == package.HEAD
    engine.dispose()
