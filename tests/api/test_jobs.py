"""Jobs as their creators and administrators see them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from mxm.features.jobs.rules import cursor_of, place_of
from mxm.platform.access import Caller, Principal
from mxm.platform.errors import Unavailable, UpstreamError
from mxm.platform.jobs import JobContext, JobState, NewItem, Suspended
from support.api import data_of, error_of, wrong_fields
from support.jobs import finished
from support.manager import Manager
from support.program import until

UNKNOWN = "0" * 32


async def principal_of(manager: Manager, client: httpx2.AsyncClient) -> Principal:
    """Who a client is."""
    token = client.headers["authorization"].removeprefix("Bearer ")
    from mxm.platform.access import Credentials

    found = await manager.services.identity.directory.authenticate(Credentials(token, None, "192.0.2.10"))
    assert found is not None
    return found.principal


async def new_job(
    manager: Manager, client: httpx2.AsyncClient, *items: NewItem, kind: str = "test", params: Any = None
) -> str:
    """A job of the client's."""
    caller = Caller(await principal_of(manager, client), "request-1")
    async with manager.services.database.write() as tx:
        return (await manager.services.durable.store.create(tx, caller, kind, params or {}, items)).id


def handles(manager: Manager, handler: Any, kind: str = "test") -> None:
    manager.services.durable.runner.register(kind, handler)


async def test_creators_see_their_own_and_administrators_all(either_manager: Manager) -> None:
    manager = either_manager
    ann, bob = [await manager.bearer({"example.com": ["emails"]}, label=name) for name in ("ann", "bob")]
    admin = await manager.bearer(label="admin")
    hers, his = await new_job(manager, ann), await new_job(manager, bob)
    assert [job["id"] for job in data_of(await ann.get("/api/jobs"))] == [hers]
    assert [job["id"] for job in data_of(await admin.get("/api/jobs"))] == [his, hers]
    assert data_of(await ann.get(f"/api/jobs/{hers}"))["created_by"] == "token:ann"
    assert data_of(await admin.get(f"/api/jobs/{hers}"))["id"] == hers
    unknown = error_of(await ann.get(f"/api/jobs/{UNKNOWN}"), 404, "not_found")
    for path in ("", "/events", "/results.csv"):
        answer = error_of(await ann.get(f"/api/jobs/{his}{path}"), 404, "not_found")
        assert answer["message"] == unknown["message"]
    for path in ("cancel", "passwords"):
        error_of(await ann.post(f"/api/jobs/{his}/{path}"), 404, "not_found")


async def test_a_job_tells_all_of_itself(manager: Manager) -> None:
    client = await manager.bearer()

    async def handler(ctx: JobContext) -> JobState:
        await ctx.step("look", "done", "Seen.")
        await ctx.finish(0, "made")
        async with ctx.tx() as tx:
            await ctx.changed(tx, results={"made": 1})
        raise Suspended(3600)

    handles(manager, handler)
    job_id = await new_job(manager, client, NewItem("a"), NewItem("b"))
    job = await put_off(client, job_id)
    assert set(job) == {
        "id",
        "kind",
        "state",
        "progress",
        "steps",
        "results",
        "error",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
        "waiting_for",
        "waiting_until",
        "waiting_budget",
    }
    assert (job["state"], job["results"], job["error"]) == ("queued", {"made": 1}, None)
    assert job["progress"]["done"] == 1
    [step] = job["steps"]
    assert (step["name"], step["state"], step["message"]) == ("look", "done", "Seen.")
    assert job["waiting_until"] > job["started_at"] >= job["created_at"]
    assert job["waiting_budget"] is None


async def test_a_job_that_is_put_off_says_by_what_and_until_when(either_manager: Manager) -> None:
    manager, client, held = either_manager, await either_manager.bearer(), list[bool]([True])

    async def handler(ctx: JobContext) -> JobState:
        if held:
            raise Unavailable("The database is busy.", retry_after=60)
        return JobState.SUCCEEDED

    handles(manager, handler)
    job_id = await new_job(manager, client)
    assert data_of(await client.get(f"/api/jobs/{job_id}"))["waiting_for"] is None, "nothing has gone wrong yet"
    job = await put_off(client, job_id)
    assert (job["state"], job["waiting_for"], job["error"]) == ("queued", "The database is busy.", None)
    pause = datetime.fromisoformat(job["waiting_until"]) - datetime.fromisoformat(job["started_at"])
    assert timedelta(seconds=1) < pause < timedelta(seconds=20)
    held.clear()
    ended = await finished(client, job)
    assert (ended["state"], ended["waiting_for"], ended["waiting_until"]) == ("succeeded", None, None)


async def put_off(client: httpx2.AsyncClient, job_id: str) -> dict[str, Any]:
    """The job once it waits on purpose."""
    for _ in range(500):
        job: dict[str, Any] = data_of(await client.get(f"/api/jobs/{job_id}"))
        if job["waiting_until"]:
            return job
        await asyncio.sleep(0.01)
    raise AssertionError(job)


async def test_a_failed_job_says_why_without_a_body(manager: Manager) -> None:
    client = await manager.bearer()

    async def handler(ctx: JobContext) -> JobState:
        raise UpstreamError("MXroute refused.") if ctx.params else ValueError("a secret")

    handles(manager, handler)
    told = await finished(client, {"id": await new_job(manager, client, params={"n": 1})})
    assert told["error"] == {"code": "upstream_error", "message": "MXroute refused."}
    ours = await finished(client, {"id": await new_job(manager, client)})
    assert ours["error"]["code"] == "internal_error"
    assert "secret" not in ours["error"]["message"]


async def test_pages_and_filters(either_manager: Manager) -> None:
    manager, client = either_manager, await either_manager.bearer()
    made = [await new_job(manager, client, kind="even" if n % 2 == 0 else "odd") for n in range(7)]
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        answer = await client.get(f"/api/jobs?limit=3{cursor}")
        seen += [job["id"] for job in data_of(answer)]
        following = answer.json().get("meta", {}).get("next_cursor")
        if not following:
            break
        cursor = f"&cursor={following}"
    assert seen == made[::-1]
    assert [job["id"] for job in data_of(await client.get("/api/jobs?kind=odd"))] == made[5::-2]
    data_of(await client.post(f"/api/jobs/{made[0]}/cancel"))
    assert [job["id"] for job in data_of(await client.get("/api/jobs?state=cancelled"))] == [made[0]]
    assert wrong_fields(await client.get("/api/jobs?state=over")) == ["state"]
    assert wrong_fields(await client.get("/api/jobs?limit=0")) == ["limit"]
    assert wrong_fields(await client.get("/api/jobs?kind=%00")) == ["kind"]
    for cursor in ("x", "1.", "-1.a", "9" * 40, "999999999999999999.a", "1.%00", "1.%F0%9F%98%80"):
        assert wrong_fields(await client.get(f"/api/jobs?cursor={cursor}"))[0] == "cursor", cursor


async def test_cancelling_is_audited_once_and_a_job_that_is_over_is_a_conflict(either_manager: Manager) -> None:
    manager, client = either_manager, await either_manager.bearer()
    job_id = await new_job(manager, client, NewItem("a", secret={"password": "x"}))
    key = {"Idempotency-Key": "cancel-1"}
    first = await client.post(f"/api/jobs/{job_id}/cancel", headers=key)
    assert data_of(first)["state"] == "cancelled"
    again = await client.post(f"/api/jobs/{job_id}/cancel", headers=key)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    error_of(await client.post(f"/api/jobs/{job_id}/cancel", json={}), 409, "conflict")
    assert wrong_fields(await client.post(f"/api/jobs/{job_id}/cancel", json={"surplus": 1})) == ["surplus"]
    entries = data_of(await client.get("/api/admin/logs?action=job."))["entries"]
    found = [(entry["action"], entry["target"], entry["details"], entry["user"]) for entry in entries]
    assert found == [("job.cancel", job_id, {"kind": "test"}, "token:test")]


async def test_an_administrator_may_cancel_for_others(manager: Manager) -> None:
    creator, admin = await manager.bearer({"example.com": ["emails"]}), await manager.bearer()
    job_id = await new_job(manager, creator)
    data_of(await admin.post(f"/api/jobs/{job_id}/cancel"))


async def test_a_revoked_creators_jobs_stay_visible_to_administrators(manager: Manager) -> None:
    browser, admin = await manager.session(), await manager.bearer(label="admin")
    made = data_of(await browser.post("/api/admin/api-tokens", json={"label": "gone", "is_admin": True}), 201)
    client = manager.new_client(headers={"Authorization": f"Bearer {made['token']}"})
    job_id = await new_job(manager, client)
    data_of(await browser.delete(f"/api/admin/api-tokens/{made['id']}"))
    error_of(await client.get(f"/api/jobs/{job_id}"), 401, "unauthorized")
    assert data_of(await admin.get(f"/api/jobs/{job_id}"))["created_by"] == "token:gone"


async def test_a_rotated_token_keeps_its_jobs(manager: Manager) -> None:
    browser = await manager.session()
    made = data_of(await browser.post("/api/admin/api-tokens", json={"label": "ci", "is_admin": True}), 201)
    client = manager.new_client(headers={"Authorization": f"Bearer {made['token']}"})
    job_id = await new_job(manager, client)
    fresh = data_of(await browser.post(f"/api/admin/api-tokens/{made['id']}/rotate"))
    client.headers["Authorization"] = f"Bearer {fresh['token']}"
    assert data_of(await client.get(f"/api/jobs/{job_id}"))["id"] == job_id


async def test_waiting_for_a_job_ends_with_it_or_with_patience(either_manager: Manager) -> None:
    manager, client, go_on = either_manager, await either_manager.bearer(), asyncio.Event()

    async def handler(ctx: JobContext) -> JobState:
        await go_on.wait()
        return JobState.SUCCEEDED

    handles(manager, handler)
    jobs = manager.services.durable.jobs
    job_id = await new_job(manager, client)
    early = await jobs.wait(job_id, 0.2)
    assert early.state in {"queued", "running"}
    asyncio.get_running_loop().call_later(0.1, go_on.set)
    began = asyncio.get_running_loop().time()
    assert (await jobs.wait(job_id, 10)).state == "succeeded"
    assert asyncio.get_running_loop().time() - began < 3


async def test_a_new_job_is_begun_at_once(either_manager: Manager) -> None:
    """Not only with the next look, a second later."""
    manager, client, begun = either_manager, await either_manager.bearer(), list[float]()

    async def handler(ctx: JobContext) -> JobState:
        begun.append(asyncio.get_running_loop().time())
        return JobState.SUCCEEDED

    handles(manager, handler)
    await asyncio.sleep(0.2)
    waits = list[float]()
    for n in range(5):
        asked = asyncio.get_running_loop().time()
        await new_job(manager, client)
        await until(lambda n=n: len(begun) == n + 1)
        waits.append(begun[-1] - asked)
    assert sum(waits) / len(waits) < 0.3


def test_a_cursor_says_where_a_page_ended() -> None:
    now = datetime(2026, 1, 1, 0, 0, 20, 7, tzinfo=UTC)
    assert place_of(cursor_of(now, "sched:a:1")) == (now, "sched:a:1")
