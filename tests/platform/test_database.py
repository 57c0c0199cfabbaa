"""The database: no update is lost, and what cannot be done is said clearly and leaves nothing half done."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from mxm.features.identity.models import TokenRow
from mxm.platform.db import Database
from mxm.platform.db.engine import postgresql_url
from mxm.platform.db.work import GenerationRow
from mxm.platform.errors import Unavailable
from mxm.platform.keycheck import MetaRow
from mxm_sandbox import Sandbox, SandboxConfig
from support.databases import migrated_sqlite, new_postgresql_database
from support.journal_truth import Books, writes
from support.locks import full_disk, locked_sqlite
from support.manager import Manager, running_manager
from support.program import admin_token, given_settings, program, server_environment

MAILBOXES = "/api/domains/example.com/email-accounts"


@pytest.fixture
async def database(tmp_path: Path, database_url: str | None) -> AsyncIterator[Database]:
    (tmp_path / "mxm.sqlite3").write_bytes(migrated_sqlite())
    found = Database(given_settings(tmp_path, database_url=database_url))
    yield found
    await found.close()


async def _value(database: Database, name: str = "counter") -> str | None:
    async with database.read() as session:
        return (await session.execute(select(MetaRow.value).where(MetaRow.name == name))).scalar()


async def test_fifty_changes_at_once_that_read_before_they_write_end_at_fifty(
    database: Database, tmp_path: Path, database_url: str | None
) -> None:
    """From two processes, so that no pool of one process puts them in order."""
    other = Database(given_settings(tmp_path, database_url=database_url))
    async with database.write() as tx:
        tx.session.add(MetaRow(name="counter", value="0"))

    async def increment(process: Database) -> None:
        async with process.write() as tx:
            row = (await tx.session.execute(select(MetaRow).filter_by(name="counter").with_for_update())).scalar_one()
            await asyncio.sleep(0)
            row.value = str(int(row.value) + 1)

    await asyncio.gather(*(increment(process) for process in [database, other] * 25))
    assert await _value(database) == "50"
    await other.close()


async def test_fifty_tagged_changes_get_fifty_numbers_without_gaps(database: Database) -> None:
    async def change(number: int) -> None:
        async with database.write() as tx:
            tx.changed(f"tag {number}")

    await asyncio.gather(*(change(number) for number in range(50)))
    async with database.read() as session:
        value = (await session.execute(select(GenerationRow.value))).scalar_one()
        rows = (await session.execute(text("SELECT value, tag FROM generation_change ORDER BY value"))).all()
    assert [row[0] for row in rows] == list(range(value - 49, value + 1))
    assert {row[1] for row in rows} == {f"tag {number}" for number in range(50)}


async def test_what_fails_half_way_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            tx.session.add(MetaRow(name="kept?", value="no"))
            tx.changed("tag")
            await tx.session.flush()
            tx.session.add(MetaRow(name="kept?", value="twice"))

    with pytest.raises(IntegrityError):
        await fail()
    assert await _value(database, "kept?") is None


async def test_readers_read_while_a_writer_writes(database: Database) -> None:
    async with database.write() as tx:
        tx.session.add(MetaRow(name="counter", value="not yet"))
        await tx.session.flush()
        assert await asyncio.wait_for(_value(database), 2) is None
    assert await _value(database) == "not yet"


async def test_one_reading_sees_one_moment(database: Database) -> None:
    """Rights are read table by table; a change in between must not be seen by half."""
    async with database.read() as session:
        before = (await session.execute(select(GenerationRow.value))).scalar_one()
        async with database.write() as tx:
            tx.changed("in between")
        assert (await session.execute(select(GenerationRow.value))).scalar_one() == before


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises((Unavailable, DBAPIError)):
        async with database.read() as session:
            await session.execute(text("UPDATE generation SET value = value + 1"))


async def test_a_locked_database_is_503_and_nothing_is_sent(manager: Manager) -> None:
    client = await manager.bearer()
    async with locked_sqlite(manager.services.settings.sqlite_file):
        answer = await client.post(MAILBOXES, json={"username": "alex", "password": "Abcd1234"})
        read = await client.get(MAILBOXES)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert "cannot be used" in answer.json()["error"]["message"]
    assert int(answer.headers["Retry-After"]) > 0
    assert read.status_code == 200, "reading goes on"
    assert writes(manager.sandbox) == []
    again = await client.post(MAILBOXES, json={"username": "alex", "password": "Abcd1234"})
    assert again.status_code == 201


async def test_a_full_disk_is_503_nothing_is_sent_and_it_passes(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    headers = {"Authorization": f"Bearer {await admin_token(tmp_path)}"}
    new = {"username": "alex", "password": "Abcd1234"}
    async with sandbox.serve() as world:
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        async with (
            program(tmp_path, "serve", env=env) as server,
            httpx2.AsyncClient(base_url=await server.url(), headers=headers, trust_env=False, timeout=30) as client,
        ):
            with full_disk(server.process.pid):
                answer = await client.post(MAILBOXES, json=new)
                sign_in = await client.post("/api/auth/login", json={"username": "admin", "password": "Admin-pass-1"})
                assert (await client.get(MAILBOXES)).status_code == 200
            assert answer.status_code == 503, answer.text
            assert answer.json()["error"]["code"] == "unavailable"
            assert sign_in.status_code == 503
            assert writes(sandbox) == []
            assert Books(tmp_path / "data" / "mxm.sqlite3").intents() == []
            assert (await client.post(MAILBOXES, json=new)).status_code == 201


def test_what_was_committed_is_on_the_disk_in_wal_mode(tmp_path: Path) -> None:
    """`synchronous = FULL`: a power cut after the answer loses nothing."""

    async def pragmas() -> list[object]:
        (tmp_path / "mxm.sqlite3").write_bytes(migrated_sqlite())
        database = Database(given_settings(tmp_path))
        async with database.write() as tx:
            names = ("journal_mode", "synchronous", "foreign_keys")
            found = [(await tx.session.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
        await database.close()
        return found

    assert asyncio.run(pragmas()) == ["wal", 2, 1]
    assert sqlite3.connect(":memory:").execute("PRAGMA foreign_keys").fetchone() == (0,), "it is no default"


async def test_times_far_away_are_read_whatever_the_zone_of_the_database(
    tmp_path: Path, database_url: str | None
) -> None:
    if database_url is not None:
        _set_timezone(database_url, "Pacific/Kiritimati")
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    async with running_manager(tmp_path, database_url=database_url) as manager:
        token = await manager.token(label="for ever")
        async with manager.services.database.write() as tx:
            row = (await tx.session.execute(select(TokenRow))).scalar_one()
            row.expires_at = end
            tx.changed("identity")
        client = manager.new_client(headers={"Authorization": f"Bearer {token}"})
        assert (await client.get("/api/me")).status_code == 200
        [shown] = await manager.services.identity.tokens.listed()
        assert shown.expires_at == end
    async with running_manager(tmp_path, database_url=database_url) as again:
        assert (await again.new_client(headers=client.headers).get("/api/me")).status_code == 200


async def test_every_connection_is_in_utc_and_keeps_the_options_of_its_address(tmp_path: Path, postgresql: str) -> None:
    database_url = new_postgresql_database(postgresql)
    _set_timezone(database_url, "Asia/Tokyo")
    address = f"{database_url}?options=-c%20timezone%3DAsia/Tokyo%20-c%20lock_timeout%3D7s&application_name=mine"
    for plain in (database_url, address.replace("postgresql://", "postgres://")):
        engine = create_engine(postgresql_url(plain))
        with engine.connect() as connection:
            assert connection.execute(text("SHOW timezone")).scalar() == "UTC"
        engine.dispose()
    found = Database(given_settings(tmp_path, database_url=address))
    async with found.read() as session, found.write() as tx:
        for each in (session, tx.session):
            shown = [
                (await each.execute(text(f"SHOW {name}"))).scalar()
                for name in ("timezone", "lock_timeout", "application_name")
            ]
            assert shown == ["UTC", "7s", "mine"]
    await found.close()


def _set_timezone(address: str, zone: str) -> None:
    server, _, name = address.rpartition("/")
    engine = create_engine(postgresql_url(f"{server}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET timezone = '{zone}'"))
    engine.dispose()
