"""Following a job: what comes, from where it goes on, and when it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mxm.platform.access import Caller
from mxm.platform.jobs import JobContext, JobState, NewItem
from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of
from support.clock import SwiftClock
from support.manager import Manager, running_manager
from support.program import admin_token, program, server_environment, until
from support.streams import Stream


class Gate:
    """A job whose items are finished one by one, as the test says."""

    def __init__(self) -> None:
        self.steps: asyncio.Queue[str] = asyncio.Queue()

    async def handler(self, ctx: JobContext) -> JobState:
        async for item in ctx.items():
            if await self.steps.get() == "end":
                break
            await ctx.finish(item.position, "made")
        return JobState.SUCCEEDED


@pytest.fixture
def gate() -> Gate:
    return Gate()


async def begun(manager: Manager, client: httpx2.AsyncClient, gate: Gate, kind: str = "test") -> str:
    """A job of five items."""
    from mxm.platform.access import Credentials

    manager.services.durable.runner.register(kind, gate.handler)
    cookie = client.cookies.get("mxm_session")
    bearer = client.headers.get("authorization", "").removeprefix("Bearer ") or None
    found = await manager.services.identity.directory.authenticate(Credentials(bearer, cookie, "192.0.2.10"))
    assert found is not None
    async with manager.services.database.write() as tx:
        caller = Caller(found.principal, "request-1")
        items = [NewItem(f"row {n}", {"line": n}) for n in range(5)]
        return (await manager.services.durable.store.create(tx, caller, kind, {}, items)).id


def headers_of(client: httpx2.AsyncClient) -> dict[str, str]:
    if bearer := client.headers.get("authorization"):
        return {"Authorization": bearer}
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)}


@asynccontextmanager
async def following(
    manager: Manager, client: httpx2.AsyncClient, job_id: str, query: str = "", **more: str
) -> AsyncIterator[Stream]:
    path = f"/api/jobs/{job_id}/events{query}"
    async with Stream(manager.asgi, path, {**headers_of(client), **more}) as stream:
        yield stream


@pytest.mark.parametrize("kind", ["bearer", "session"])
async def test_progress_comes_while_it_happens_and_at_last_the_end(
    either_manager: Manager, gate: Gate, kind: str
) -> None:
    manager = either_manager
    client = await (manager.bearer() if kind == "bearer" else manager.session())
    job_id = await begun(manager, client, gate)
    async with following(manager, client, job_id) as stream:
        await until(lambda: stream.events)
        for n in range(1, 4):
            gate.steps.put_nowait("go on")
            await until(lambda n=n: stream.events[-1].data["progress"]["done"] == n)
        gate.steps.put_nowait("end")
        await stream.until_end()
    assert stream.status == 200
    assert {event.name for event in stream.events[:-1]} == {"progress"}
    last = stream.events[-1]
    assert (last.name, last.data["state"], last.data["id"]) == ("end", "succeeded", job_id)
    ids = [event.id for event in stream.events[:-1]]
    assert ids == sorted(set(ids))


async def test_whoever_comes_back_gets_only_what_is_newer(manager: Manager, gate: Gate) -> None:
    client = await manager.bearer()
    job_id = await begun(manager, client, gate)
    async with following(manager, client, job_id) as stream:
        gate.steps.put_nowait("go on")
        await until(lambda: stream.events and stream.events[-1].data["progress"]["done"] == 1)
        seen = stream.events[-1].id
    for by_header in (True, False):
        more = {"Last-Event-ID": str(seen)} if by_header else {}
        query = "" if by_header else f"?last_event_id={seen}"
        async with following(manager, client, job_id, query, **more) as again:
            await asyncio.sleep(0.3)
            assert (again.status, again.events) == (200, [])
            gate.steps.put_nowait("go on")
            await until(lambda followed=again: followed.events)
            assert again.events[0].id > seen
            seen = again.events[-1].id
    async with following(manager, client, job_id, **{"Last-Event-ID": "of another server"}) as odd:
        await until(lambda: odd.events)
    gate.steps.put_nowait("end")
    await until_over(client, job_id)
    async with following(manager, client, job_id, **{"Last-Event-ID": "100000"}) as late:
        await late.until_end()
    assert [event.name for event in late.events] == ["end"]


async def until_over(client: httpx2.AsyncClient, job_id: str) -> None:
    from support.jobs import finished

    await finished(client, {"id": job_id})


async def test_a_revoked_token_loses_its_stream_within_seconds(manager: Manager, gate: Gate) -> None:
    browser = await manager.session()
    made = data_of(await browser.post("/api/admin/api-tokens", json={"label": "x", "is_admin": True}), 201)
    client = manager.new_client(headers={"Authorization": f"Bearer {made['token']}"})
    job_id = await begun(manager, client, gate)
    async with following(manager, client, job_id) as stream:
        await until(lambda: stream.events)
        data_of(await browser.delete(f"/api/admin/api-tokens/{made['id']}"))
        await stream.until_end(4)
    assert stream.events[-1].name == "progress"
    gate.steps.put_nowait("end")


async def test_who_is_no_administrator_any_more_loses_the_streams_of_others(manager: Manager, gate: Gate) -> None:
    admin, owner = await manager.bearer(), await manager.bearer({"example.com": ["emails"]})
    kim = {"email": "kim@example.com", "password": "a good password"}
    await admin.post("/api/admin/delegations", json={**kim, "domains": ["*"]})
    browser = await manager.session(kim["email"], kim["password"])
    job_id = await begun(manager, owner, gate)
    async with following(manager, browser, job_id) as stream:
        await until(lambda: stream.events)
        grants = [{"domain": "example.com", "permissions": ["emails"]}]
        data_of(await admin.post("/api/admin/delegations", json={"email": kim["email"], "grants": grants}))
        await stream.until_end(4)
    gate.steps.put_nowait("end")


async def test_a_quiet_stream_shows_that_it_lives_and_does_not_keep_a_session_young(tmp_path: Path, gate: Gate) -> None:
    async with running_manager(tmp_path, clock=SwiftClock(20)) as manager:  # a quarter of a minute is quiet
        client = await manager.session()
        job_id = await begun(manager, client, gate)
        async with following(manager, client, job_id) as stream:
            await until(lambda: stream.events)
            [session] = data_of(await (await manager.bearer()).get("/api/admin/sessions"))
            await until(lambda: stream.comments)
            [later] = data_of(await (await manager.bearer()).get("/api/admin/sessions"))
        assert later["seen_at"] == session["seen_at"]
        gate.steps.put_nowait("end")


async def test_no_caller_has_more_than_a_few_streams_and_who_hangs_up_frees_a_place(
    manager: Manager, gate: Gate
) -> None:
    client, other = await manager.bearer(), await manager.bearer(label="other")
    job_id = await begun(manager, client, gate)
    streams = [Stream(manager.asgi, f"/api/jobs/{job_id}/events", headers_of(client)) for _ in range(8)]
    for stream in streams:
        await stream.__aenter__()
    await until(lambda: all(stream.events for stream in streams))
    error_of(await client.get(f"/api/jobs/{job_id}/events"), 429, "rate_limited")
    async with following(manager, other, job_id) as fine:
        await until(lambda: fine.events)
    await streams.pop().__aexit__()
    async with following(manager, client, job_id) as fine:
        await until(lambda: fine.events)
    gate.steps.put_nowait("end")
    for stream in streams:
        await stream.__aexit__()
    assert manager.services.durable.jobs.places._taken.total() == 0


async def test_a_stream_holds_no_connection_to_the_database(either_manager: Manager, gate: Gate) -> None:
    manager = either_manager
    clients = [await manager.bearer(label=f"c{n}") for n in range(3)]
    job_id = await begun(manager, clients[0], gate)
    streams = [Stream(manager.asgi, f"/api/jobs/{job_id}/events", headers_of(c)) for c in clients for _ in range(7)]
    for stream in streams:
        await stream.__aenter__()
    await until(lambda: all(stream.events for stream in streams))
    pool: Any = manager.services.database.reader.pool
    await until(lambda: pool.checkedout() <= 1)  # one may be in use this moment; none is held
    gate.steps.put_nowait("end")
    for stream in streams:
        await stream.until_end()
        await stream.__aexit__()


async def test_a_stream_ends_when_the_server_does(tmp_path: Path) -> None:
    import signal
    import time

    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=1000, latency_ms_max=1000))
    headers = {"Authorization": f"Bearer {await admin_token(tmp_path)}"}
    async with (
        sandbox.serve() as world,
        program(tmp_path, "serve", env=server_environment(tmp_path, world.mxroute_url, sandbox)) as server,
        httpx2.AsyncClient(headers=headers, base_url=await server.url(), trust_env=False, timeout=30) as client,
    ):
        rows = [{"username": f"a{n}", "password": "Abcd1234"} for n in range(50)]
        answer = await client.post("/api/email-accounts/import", json={"default_domain": "example.com", "rows": rows})
        job_id = data_of(answer, 202)["id"]
        async with client.stream("GET", f"/api/jobs/{job_id}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "no-store"
            lines = stream.aiter_lines()
            while not (await anext(lines)).startswith("event: progress"):
                pass
            began = time.monotonic()
            server.signal(signal.SIGTERM)
            async for _ in lines:
                pass
            assert time.monotonic() - began < 2
        assert await server.ended() == 0
        assert "Traceback" not in server.err, server.err
