"""Several replicas on one PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from mxm.platform.access import SYSTEM, Caller
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import ACCOUNTS, data_of
from support.databases import new_postgresql_database
from support.manager import Manager, running_manager

PEOPLE = "/api/admin/delegations"
ADMINS = ("ann@example.com", "bob@example.com")


@pytest.fixture
async def replicas(tmp_path: Path, postgresql: str) -> AsyncIterator[tuple[Manager, Manager]]:
    url, sandbox = new_postgresql_database(postgresql), Sandbox(SandboxConfig(limits_enabled=False))
    async with (
        running_manager(tmp_path / "one", database_url=url, sandbox=sandbox) as one,
        running_manager(tmp_path / "two", database_url=url, sandbox=sandbox) as two,
    ):
        yield one, two


async def _clients(replicas: tuple[Manager, Manager]) -> list[httpx2.AsyncClient]:
    """An administrator's client of each replica."""
    clients = [await manager.bearer() for manager in replicas]
    for manager in replicas:
        await manager.services.generation.catch_up()
    return clients


async def test_replicas_may_start_at_the_same_moment_on_an_empty_database(tmp_path: Path, postgresql: str) -> None:
    url = new_postgresql_database(postgresql)
    ready = asyncio.Barrier(3)

    async def replica(number: int) -> int:
        async with running_manager(tmp_path / str(number), database_url=url) as manager:
            await ready.wait()
            answer = await manager.client.get("/health/ready")
            return answer.status_code

    assert await asyncio.gather(*map(replica, range(3))) == [200, 200, 200]


async def test_two_replicas_cannot_remove_the_last_two_administrators_together(
    replicas: tuple[Manager, Manager],
) -> None:
    one, two = await _clients(replicas)
    body = {"password": "a good password", "domains": ["*"]}
    for email in ADMINS:
        data_of(await one.post(PEOPLE, json={**body, "email": email}), 201)
    data_of(await one.delete(f"{PEOPLE}/admin"))
    for number in range(8):
        if number % 2:
            ends = [client.delete(f"{PEOPLE}/{email}") for client, email in zip((one, two), ADMINS, strict=True)]
        else:
            grants = [{"domain": "example.com", "permissions": ["emails"]}]
            ends = [
                client.post(PEOPLE, json={"email": email, "grants": grants})
                for client, email in zip((one, two), ADMINS, strict=True)
            ]
        answers = await asyncio.gather(*ends)
        assert sorted(answer.status_code for answer in answers) == [200, 409], f"round {number}"
        for email in ADMINS:
            assert (await one.post(PEOPLE, json={**body, "email": email})).is_success


async def test_a_new_person_may_be_made_by_many_at_once(replicas: tuple[Manager, Manager]) -> None:
    clients = await _clients(replicas)
    grants = [{"domain": "example.com", "permissions": ["emails", "spam"]}]
    for email in ("kim@example.com", "lee@example.com"):
        body = {"email": email, "grants": grants}
        answers = await asyncio.gather(*(client.post(PEOPLE, json=body) for client in clients for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
        [found] = [person for person in data_of(await clients[0].get(PEOPLE)) if person["email"] == email]
        assert found["grants"] == grants


async def test_a_recovery_address_may_be_set_by_many_at_once(replicas: tuple[Manager, Manager]) -> None:
    clients = await _clients(replicas)
    bodies = [{"recovery_email": f"r{number}@b.org"} for number in range(16)]
    for _ in range(3):
        answers = await asyncio.gather(
            *(clients[n % 2].patch(f"{ACCOUNTS}/info/recovery", json=body) for n, body in enumerate(bodies))
        )
        assert {answer.status_code for answer in answers} == {200}
    wanted = {body["recovery_email"] for body in bodies}
    assert data_of(await clients[0].get(f"{ACCOUNTS}/info"))["recovery_email"] in wanted


async def test_a_mailboxs_creation_may_meet_a_change_of_its_recovery_address(
    replicas: tuple[Manager, Manager],
) -> None:
    async def follow_up(manager: Manager, number: int) -> None:
        payload = {"domain": "example.com", "username": "info", "email": f"f{number}@b.org"}
        async with manager.services.database.write() as tx:
            tx.changed(*await manager.services.mailboxes.recovery.follow_up(tx.session, payload))

    async def change(manager: Manager, number: int) -> None:
        recovery = manager.services.mailboxes.recovery
        await recovery.change(Caller(SYSTEM, "-"), "example.com", "info", f"c{number}@b.org")

    for _ in range(3):
        both = [run(manager, n) for n in range(4) for manager in replicas for run in (follow_up, change)]
        await asyncio.gather(*both)
    assert len(await replicas[0].services.mailboxes.recovery.of("example.com")) == 1
