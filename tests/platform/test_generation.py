"""Two processes on one database: what one changes, the other knows within two seconds, or it refuses."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import create_engine, select, text

from mxm.platform.db import Database
from mxm.platform.db.engine import postgresql_url
from mxm.platform.db.generation import EVERYTHING
from mxm.platform.db.work import GenerationRow, record_changes
from mxm_sandbox import Sandbox, SandboxConfig
from support.clock import FakeClock
from support.databases import new_postgresql_database
from support.manager import Manager, running_manager
from support.program import given_settings

D = "example.com"
MAILBOXES = f"/api/domains/{D}/email-accounts"
PERSON = {"email": "pat@example.com", "password": "Person-pass-1"}


@dataclass
class Pair:
    """Two processes: `one` changes, `other` is looked at."""

    one: Manager
    other: Manager


@pytest.fixture
async def pair(tmp_path: Path, database_url: str | None) -> AsyncIterator[Pair]:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with (
        running_manager(tmp_path, database_url=database_url, sandbox=sandbox) as one,
        running_manager(tmp_path, database_url=database_url, sandbox=sandbox) as other,
    ):
        yield Pair(one, other)


def _through(manager: Manager, client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The same credentials at another process."""
    twin = manager.new_client(headers=dict(client.headers))
    twin.cookies = client.cookies
    return twin


async def _within_two_seconds(began: float, looks: dict[str, Callable[[], Awaitable[bool]]]) -> None:
    waiting = dict(looks)
    while waiting:
        waiting = {name: look for name, look in waiting.items() if not await look()}
        assert time.monotonic() - began < 2.0, f"not seen: {sorted(waiting)}"
        await asyncio.sleep(0.05)


async def test_what_one_process_takes_away_is_gone_in_the_other_within_two_seconds(pair: Pair) -> None:
    admin = await pair.one.session()
    await admin.post("/api/admin/delegations", json={**PERSON, "grants": [{"domain": D, "permissions": ["emails"]}]})
    made = await admin.post("/api/admin/api-tokens", json={"label": "x", "is_admin": True})
    token = {"Authorization": f"Bearer {made.json()['data']['token']}"}
    person, ending = await pair.one.session(**_login()), await pair.one.session()
    by_token, by_person, by_ending = (
        pair.other.new_client(headers=token),
        _through(pair.other, person),
        _through(pair.other, ending),
    )

    async def answers(client: httpx2.AsyncClient, path: str, status: int) -> bool:
        return (await client.get(path)).status_code == status

    began = time.monotonic()
    await _within_two_seconds(
        began,
        {
            "token": lambda: answers(by_token, MAILBOXES, 200),
            "grant": lambda: answers(by_person, MAILBOXES, 200),
            "session": lambda: answers(by_ending, "/api/me", 200),
        },
    )
    known = len((await by_token.get(MAILBOXES)).json()["data"])
    new = {"username": "alex", "password": "Abcd1234"}
    assert (await pair.one.new_client(headers=token).post(MAILBOXES, json=new)).status_code == 201
    began = time.monotonic()

    async def sees_the_mailbox() -> bool:
        return len((await by_token.get(MAILBOXES)).json()["data"]) == known + 1

    await _within_two_seconds(began, {"cached reads": sees_the_mailbox})
    again = {"email": PERSON["email"], "grants": [{"domain": D, "permissions": ["spam"]}]}
    await admin.post("/api/admin/delegations", json=again)
    await ending.post("/api/auth/logout")
    assert (await admin.delete(f"/api/admin/api-tokens/{made.json()['data']['id']}")).status_code == 200
    began = time.monotonic()
    await _within_two_seconds(
        began,
        {
            "token revoked": lambda: answers(by_token, MAILBOXES, 401),
            "grant removed": lambda: answers(by_person, MAILBOXES, 403),
            "session ended": lambda: answers(by_ending, "/api/me", 401),
        },
    )


def _login() -> dict[str, str]:
    return {"username": PERSON["email"], "password": PERSON["password"]}


async def test_the_process_that_changes_knows_at_once(either_manager: Manager) -> None:
    admin = await either_manager.session()
    made = (await admin.post("/api/admin/api-tokens", json={"label": "x", "is_admin": True})).json()["data"]
    client = either_manager.new_client(headers={"Authorization": f"Bearer {made['token']}"})
    assert (await client.get("/api/me")).status_code == 200
    await admin.delete(f"/api/admin/api-tokens/{made['id']}")
    assert (await client.get("/api/me")).status_code == 401


async def test_who_cannot_look_for_two_seconds_refuses_and_comes_back(tmp_path: Path) -> None:
    clock = FakeClock()
    async with running_manager(tmp_path, clock=clock) as manager:
        client = await manager.bearer()
        async with AsyncExitStack() as readers:
            for _ in range(4):
                await readers.enter_async_context(manager.services.database.reader.connect())
            clock.jump(1.9)
            assert (await client.get("/api/me")).status_code == 200, "confirmed less than two seconds ago"
            clock.jump(0.2)
            began = time.monotonic()
            refused = await client.get("/api/me")
            assert refused.status_code == 503
            assert refused.json()["error"]["code"] == "unavailable"
            assert int(refused.headers["Retry-After"]) > 0
            assert time.monotonic() - began < 3
            assert (await manager.client.get("/health")).status_code == 200
        assert (await client.get("/api/me")).status_code == 200


async def test_a_postgresql_that_went_away_is_503_and_back_again(tmp_path: Path, postgresql: str) -> None:
    address = new_postgresql_database(postgresql)
    name = address.rpartition("/")[2]
    engine = create_engine(postgresql_url(f"{postgresql}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as outside:
        async with running_manager(tmp_path, database_url=address) as manager:
            client = await manager.bearer()
            outside.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
            outside.execute(ended, {"name": name})
            await asyncio.sleep(2.1)
            refused = await client.get("/api/me")
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
            ready = await manager.client.get("/health/ready")
            assert ready.status_code == 503
            assert [each["field"] for each in ready.json()["error"]["details"]] == ["database"]
            outside.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
            assert (await client.get("/api/me")).status_code == 200
            assert (await manager.client.get("/health/ready")).status_code == 200
    engine.dispose()


async def test_who_cannot_take_in_changes_is_not_ready(tmp_path: Path) -> None:
    clock = FakeClock()
    async with running_manager(tmp_path, clock=clock) as manager:

        async def fail(_tags: frozenset[str]) -> None:
            if broken:
                raise ValueError("a row that cannot be loaded")

        broken = True
        manager.services.generation.subscribe(fail)
        with sqlite3.connect(tmp_path / "mxm.sqlite3") as database:  # as another process does
            database.execute("UPDATE generation SET value = value + 1")
        database.close()
        clock.jump(2.1)
        ready = await manager.client.get("/health/ready")
        assert ready.status_code == 503
        assert [each["field"] for each in ready.json()["error"]["details"]] == ["database"]
        broken = False
        assert (await manager.client.get("/health/ready")).status_code == 200


async def test_missed_changes_drop_everything(either_manager: Manager) -> None:
    heard: list[frozenset[str]] = []

    async def listen(tags: frozenset[str]) -> None:
        heard.append(tags)

    services = either_manager.services
    services.generation.subscribe(listen)
    client = await either_manager.bearer()
    heard.clear()
    await client.get(MAILBOXES)
    async with services.database.write() as tx:
        tx.changed("one", "two")
    assert heard == [frozenset({"one", "two"})]
    async with services.database.write() as tx:
        await tx.session.execute(text("UPDATE generation SET value = value + 3"))
    reads = len(either_manager.sandbox.log)
    await services.generation.catch_up()
    assert heard[1:] == [EVERYTHING]
    await client.get(MAILBOXES)
    assert len(either_manager.sandbox.log) == reads + 1, "the kept list was dropped"


async def test_numbers_appear_in_commit_order(tmp_path: Path, postgresql: str) -> None:
    """Whoever has seen number n has seen every change up to n, however long a transaction takes."""
    address = new_postgresql_database(postgresql)
    databases = [Database(given_settings(tmp_path, database_url=address)) for _ in range(2)]
    reader = databases[0]
    done = False

    async def look() -> int:
        looks = 0
        while not done:
            async with reader.read() as session:
                value = (await session.execute(select(GenerationRow.value))).scalar_one()
                known = text("SELECT count(*) FROM generation_change WHERE value <= :value")
                assert (await session.execute(known, {"value": value})).scalar() == value
            looks += 1
        return looks

    async def change(number: int) -> None:
        async with databases[number % 2].write() as tx:
            await record_changes(tx.session, [f"tag {number}"])
            await asyncio.sleep(0.002 * (number % 3))

    looking = asyncio.ensure_future(look())
    await asyncio.gather(*(change(number) for number in range(60)))
    done = True
    assert await looking > 10
    for database in databases:
        await database.close()
