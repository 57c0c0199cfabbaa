"""A server that cannot start says why, in one line for each reason, and leaves with a code that is not zero."""

import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from mxm.platform.db.migrations import HEAD
from support.databases import migrated_sqlite, new_postgresql_database
from support.program import admin_token, run_mxm, server_environment

NOWHERE = "http://127.0.0.1:9"


def _refused(folder: Path, **settings: str) -> list[str]:
    """The lines of a start that fails; there is nothing else on standard error, and no traceback."""
    env = {**server_environment(folder, NOWHERE), **settings}
    ended = run_mxm("serve", cwd=folder, env={name: value for name, value in env.items() if value})
    assert ended.returncode not in {0, -9}, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def test_a_wrong_value(tmp_path: Path) -> None:
    [line] = _refused(tmp_path, PORT="many")
    assert line.startswith("PORT: got 'many', want")


def test_several_wrong_values_with_secrets(tmp_path: Path) -> None:
    lines = _refused(tmp_path, PORT="70000", SECRET_KEY="hush", MX_SERVER="not a host", FORCE_HTTPS="perhaps")
    assert sorted(line.partition(":")[0] for line in lines) == ["FORCE_HTTPS", "MX_SERVER", "PORT", "SECRET_KEY"]
    assert "hush" not in "".join(lines)


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert _refused(tmp_path, PORT=str(port)) == [f"PORT: 127.0.0.1:{port} is already in use"]


def test_an_address_that_is_not_ours(tmp_path: Path) -> None:
    [line] = _refused(tmp_path, HOST="192.0.2.1")
    assert "192.0.2.1" in line
    assert line.startswith("HOST")


def test_a_data_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [line] = _refused(tmp_path, DATA_DIR=str(tmp_path / "file" / "data"))
    assert line.startswith("DATA_DIR: ")
    assert "Not a directory" in line


@pytest.mark.parametrize("secret", ["", "a key for tests only, 32 characters"])
def test_a_database_that_is_none(tmp_path: Path, secret: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "mxm.sqlite3").write_text("this is no database" * 100)
    [line] = _refused(tmp_path, SECRET_KEY=secret)
    assert line.startswith("DATA_DIR (")
    assert "not a database" in line


def test_an_incomplete_key_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").write_text("half a key")
    [line] = _refused(tmp_path, SECRET_KEY="")
    assert "secret.key does not hold a complete key" in line
    assert "half a key" not in line


async def test_the_secret_key_of_another_database(tmp_path: Path) -> None:
    await admin_token(tmp_path)
    file = tmp_path / "data" / "mxm.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO meta (name, value) VALUES ('key_check', 'of another key')")
    connection.close()
    before = file.read_bytes()
    [line] = _refused(tmp_path)
    assert line.startswith("SECRET_KEY is not the one this database was written with")
    assert file.read_bytes() == before


def test_a_newer_schema_is_left_as_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    file = data / "mxm.sqlite3"
    file.write_bytes(migrated_sqlite())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    [line] = _refused(tmp_path)
    assert line.startswith(f"The database has schema 9999; this version knows {HEAD}.")
    assert file.read_bytes() == before


def test_postgresql_that_is_not_there(tmp_path: Path) -> None:
    [line] = _refused(tmp_path, DATABASE_URL="postgresql://me:hush@127.0.0.1:9/mxm")
    assert line.startswith("DATABASE_URL: the database cannot be used: ")
    assert "hush" not in line


def test_postgresql_that_does_not_know_the_database(tmp_path: Path, postgresql: str) -> None:
    [line] = _refused(tmp_path, DATABASE_URL=f"{postgresql}/nothing_of_this_name")
    assert line.startswith("DATABASE_URL: the database cannot be used: ")
    assert "nothing_of_this_name" in line


def test_postgresql_without_a_secret_key(tmp_path: Path, postgresql: str) -> None:
    lines = _refused(tmp_path, DATABASE_URL=new_postgresql_database(postgresql), SECRET_KEY="")
    assert lines == ["SECRET_KEY: got nothing, want a key of its own when DATABASE_URL is PostgreSQL"]


def test_a_database_address_that_cannot_be_read(tmp_path: Path) -> None:
    [line] = _refused(tmp_path, DATABASE_URL="postgresql://me:hush@db:port/mxm")
    assert line.startswith("DATABASE_URL")
    assert "hush" not in line


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """As another user, for nothing stops root."""
    if shutil.which("setpriv") is None:
        raise AssertionError("util-linux is wanted here")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(0o755)
    env = server_environment(tmp_path, NOWHERE, DATA_DIR_="x") | {"DATA_DIR": str(locked)}
    import sys

    command = ["setpriv", "--reuid=65534", "--clear-groups", sys.executable, "-m", "mxm.entrypoints.cli", "serve"]
    ended = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 2, ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("DATA_DIR")
