"""The refresh: what it costs, what it keeps when it cannot read, and that a restart goes on where it stopped."""

import asyncio
from pathlib import Path

import pytest

from mxm.features.dns.schemas import Status
from mxm.platform.access import Caller, Principal
from mxm.platform.errors import UpstreamTimeout
from mxm.platform.jobs import JobState
from mxm_sandbox import Sandbox, SandboxConfig
from support.fleet import ADMIN, FleetWorld, fleet_world, person
from support.manager import Manager, running_manager

DOMAINS = 24
"""Of the demo account."""


@pytest.fixture
def world(manager: Manager) -> FleetWorld:
    return fleet_world(manager)


@pytest.fixture
def either_world(either_manager: Manager) -> FleetWorld:
    return fleet_world(either_manager)


def reads(world: FleetWorld) -> int:
    return int(world.manager.sandbox.counts_of("mxroute")["reads"])


async def rows(world: FleetWorld, principal: Principal = ADMIN.principal) -> dict[str, dict[str, object]]:
    overview = await world.fleet.overview(principal)
    return {row.domain: {**row.model_dump(), "error": row.error} for row in overview.domains}


async def test_all_domains_are_read_within_two_reads_each_and_three(either_world: FleetWorld) -> None:
    world = either_world
    job = await world.refreshed()
    assert (job.state, job.total, job.done) == (JobState.SUCCEEDED, DOMAINS, DOMAINS)
    assert job.results == {"domains": DOMAINS, "unread": 0}
    assert reads(world) <= 2 * DOMAINS + 3
    before = reads(world)
    overview = await world.fleet.overview(ADMIN.principal)
    assert [row.domain for row in overview.domains] == sorted(world.manager.sandbox.state["account"]["domains"])
    assert overview.last_run_at is not None
    found = {row.domain: row for row in overview.domains}
    assert found["example.com"].dns is not None
    assert found["example.com"].dns.model_dump() == {
        "overall": "healthy",
        "checks": {"mx": {"status": "pass"}, "spf": {"status": "pass"}},
    }
    assert (found["example.com"].mailbox_count, found["forty.example"].mailbox_count) == (3, 40)
    assert found["empty.example"].mailbox_count == 0
    assert found["parked.example"].mail_hosting is False
    assert all(row.checked_at is not None and row.error is None for row in overview.domains)
    assert reads(world) == before, "the overview asks MXroute for nothing"


async def test_what_could_not_be_looked_up_is_shown_as_unknown_and_counts_as_read(world: FleetWorld) -> None:
    world.health.spf = Status.UNKNOWN
    await world.refreshed()
    row = (await rows(world))["example.com"]
    assert row["dns"] == {"overall": "degraded", "checks": {"mx": {"status": "pass"}, "spf": {"status": "unknown"}}}
    assert row["error"] is None


async def test_a_row_that_cannot_be_read_keeps_its_values_and_their_time(either_world: FleetWorld) -> None:
    world = either_world
    await world.refreshed()
    first = await rows(world)
    world.health.broken = {
        "example.com": UpstreamTimeout("MXroute did not answer in time."),
        "healthy.example": ZeroDivisionError("a secret of ours"),
    }
    world.health.unreachable = {"quiet.example"}
    world.health.spf = Status.WARN
    job = await world.refreshed()
    assert (job.state, job.results) == (JobState.PARTLY_FAILED, {"domains": DOMAINS, "unread": 3})
    second = await rows(world)
    told = {name: row["error"] for name, row in second.items() if row["error"]}
    assert told == {
        "example.com": "MXroute did not answer in time.",
        "healthy.example": "Something went wrong on our side (ZeroDivisionError).",
        "quiet.example": "MXroute could not be read.",
    }
    for name in told:
        assert {**second[name], "error": None} == first[name], "the values are those from before"
    assert second["bakery.example"]["checked_at"] != first["bakery.example"]["checked_at"]
    world.health.broken, world.health.unreachable = {}, set()
    assert (await world.refreshed()).state == JobState.SUCCEEDED
    assert [row["error"] for row in (await rows(world)).values() if row["error"]] == []


async def test_when_mxroute_is_silent_altogether_every_row_keeps_its_values(world: FleetWorld) -> None:
    await world.refreshed()
    first, last_run = await rows(world), (await world.fleet.overview(ADMIN.principal)).last_run_at
    world.manager.services.mxroute.cache.drop_all()
    world.manager.sandbox.configure(faults=[{"kind": "status", "status_code": 500}])
    job = await world.refreshed()
    assert (job.state, job.error_code) == (JobState.FAILED, "upstream_error")
    second = await rows(world)
    assert {name: {**row, "error": None} for name, row in second.items()} == first
    assert all(row["error"] for row in second.values())
    assert (await world.fleet.overview(ADMIN.principal)).last_run_at == last_run
    world.manager.sandbox.configure(faults=[])
    assert (await world.refreshed()).state == JobState.SUCCEEDED
    assert not any(row["error"] for row in (await rows(world)).values())


async def test_a_domain_that_left_the_account_vanishes_and_a_new_one_appears(world: FleetWorld) -> None:
    await world.refreshed()
    admin = await world.manager.bearer()
    assert (await admin.post("/api/domains", json={"domain": "soon.test"})).status_code == 201
    server = world.manager.sandbox.state["account"]["domains"]
    assert "quiet.example" in server
    services = world.manager.services
    await services.mxroute.domains.names().cached()
    found = await rows(world)
    assert found["soon.test"] == {
        "domain": "soon.test",
        "mail_hosting": None,
        "dns": None,
        "mailbox_count": None,
        "checked_at": None,
        "error": None,
    }
    write = services.mxroute.domains.delete("quiet.example")  # in MXroute's own panel: we hear nothing of it
    await write.observe()
    await write.reserve()
    await write.send()
    services.mxroute.cache.drop_all()
    assert "quiet.example" in await rows(world)
    await world.refreshed()
    services.mxroute.cache.drop_all()
    found = await rows(world)
    assert "quiet.example" not in found
    assert found["soon.test"]["mail_hosting"] is True


async def test_a_domain_that_leaves_in_the_middle_is_not_brought_back(world: FleetWorld) -> None:
    await world.refreshed()

    async def leave(domain: str) -> None:
        if domain == "quiet.example":
            from mxm.features.fleet.api import forget_domain

            async with world.manager.services.database.write() as tx:
                tx.changed(*await forget_domain(tx.session, domain))

    world.health.before = leave
    await world.refreshed()
    world.manager.services.mxroute.cache.drop_all()
    assert "quiet.example" not in await rows(world)


# Mailboxes


async def test_the_count_knows_what_we_did_before_mxroute_does(either_world: FleetWorld) -> None:
    world, path = either_world, "/api/domains/example.com/email-accounts"
    world.manager.sandbox.refresh_quota()
    admin = await world.manager.bearer()
    for user in ("new1", "new2"):
        assert (await admin.post(path, json={"username": user, "password": "Abcd123!"})).status_code == 201
    assert (await admin.delete(f"{path}/info")).status_code == 200
    await world.refreshed()
    world.manager.services.mxroute.cache.drop_all()
    assert (await rows(world))["example.com"]["mailbox_count"] == 4, "3 + 2 - 1, of which MXroute's list knows nothing"
    assert (await admin.post(path, json={"username": "new3", "password": "Abcd123!"})).status_code == 201
    assert (await admin.delete(f"{path}/new1")).status_code == 200
    assert (await admin.delete(f"{path}/new2")).status_code == 200
    world.manager.services.mxroute.cache.drop_all()
    assert (await rows(world))["example.com"]["mailbox_count"] == 3, "between refreshes it moves on"
    world.manager.sandbox.refresh_quota()
    world.manager.services.mxroute.cache.drop_all()
    await world.refreshed()
    assert (await rows(world))["example.com"]["mailbox_count"] == 3, "what the list knows now is not counted twice"


async def test_a_list_that_was_just_read_is_truer_than_any_count(world: FleetWorld) -> None:
    await world.refreshed()
    services = world.manager.services
    write = services.mxroute.mailboxes.create("example.com", "panel", "Abcd123!")  # behind our back
    await write.observe()
    await write.reserve()
    await write.send()
    assert (await rows(world))["example.com"]["mailbox_count"] == 3
    await services.mxroute.mailboxes.all("example.com").cached()
    assert (await rows(world))["example.com"]["mailbox_count"] == 4


async def test_without_the_list_of_mailboxes_the_old_counts_stay(world: FleetWorld) -> None:
    await world.refreshed()
    world.manager.services.mxroute.cache.drop_all()
    world.manager.sandbox.configure(faults=[{"kind": "status", "status_code": 500, "match": {"path": "/quota/email"}}])
    job = await world.refreshed()
    assert job.state == JobState.SUCCEEDED
    assert {step["name"]: step["state"] for step in job.steps} == {"names": "done", "counts": "skipped"}
    assert (await rows(world))["example.com"]["mailbox_count"] == 3


# Who shares what, and restarts


async def test_who_asks_for_the_same_or_less_shares_the_job(either_world: FleetWorld) -> None:
    world = either_world
    kim = Caller(person({"example.com": ["dns"], "quiet.example": ["emails"]}), "r1")
    lee = Caller(person({"example.com": ["dns"]}), "r2")
    mine = await world.begin(kim)
    assert await world.begin(lee) == mine
    full = await world.begin(ADMIN)
    assert full != mine
    assert await world.begin(Caller(person({"forty.example": ["spam"]}), "r3")) == full
    both = await asyncio.gather(*(world.begin(ADMIN) for _ in range(5)))
    assert set(both) == {full}
    assert await world.refresh.begin(Caller(person({}), "r4")) is None
    async with world.running():
        await world.ended(full)
        await world.ended(mine)
    assert await world.begin(ADMIN) != full


async def test_a_delegate_refreshes_their_domains_and_no_others(world: FleetWorld) -> None:
    kim = Caller(person({"example.com": ["dns"], "quiet.example": ["emails"], "nowhere.test": ["dns"]}), "r1")
    job = await world.refreshed(kim)
    assert (job.state, job.total) == (JobState.SUCCEEDED, 2)
    assert sorted(world.health.asked) == ["example.com", "quiet.example"]
    assert (await world.fleet.overview(ADMIN.principal)).last_run_at is None
    assert set(await rows(world, kim.principal)) == {"example.com", "quiet.example"}


async def test_of_two_full_refreshes_the_later_one_leaves_the_work_to_the_first(world: FleetWorld) -> None:
    """A scheduled one is made without asking what runs."""
    async with world.manager.services.database.write() as tx:
        first = (await world.store.create(tx, ADMIN, "fleet.refresh", {})).id
        second = (await world.store.create(tx, ADMIN, "fleet.refresh", {})).id
    async with world.running():
        assert (await world.ended(second)).state == JobState.SUCCEEDED
        assert (await world.ended(first)).state == JobState.SUCCEEDED
    assert len(world.health.asked) == DOMAINS


async def test_a_restart_in_the_middle_goes_on_where_it_was_cut_short(either_world: FleetWorld) -> None:
    world, stuck = either_world, asyncio.Event()

    async def hang(domain: str) -> None:
        if len(world.health.asked) > 10:
            stuck.set()
            await asyncio.Event().wait()

    world.health.before = hang
    job_id = await world.begin()
    async with world.running() as runner:
        await asyncio.wait_for(stuck.wait(), 20)
        await asyncio.sleep(0.1)
        runner._tokens.clear()  # the power goes: nothing is given back
    done = (await world.job(job_id)).done
    assert 7 <= done <= 10
    await world.give_lease_up(job_id)
    asked = len(world.health.asked)
    world.health.before = None
    async with world.running():
        job = await world.ended(job_id)
    assert (job.state, job.total, job.done, job.claims) == (JobState.SUCCEEDED, DOMAINS, DOMAINS, 2)
    assert len(world.health.asked) - asked == DOMAINS - done, "what was done is not done again"
    assert reads(world) <= 2 * DOMAINS + 3


async def test_a_cancelled_refresh_ends_while_it_waits(world: FleetWorld) -> None:
    waiting = asyncio.Event()

    async def hang(domain: str) -> None:
        waiting.set()
        await asyncio.Event().wait()

    world.health.before = hang
    job_id = await world.begin()
    async with world.running():
        await asyncio.wait_for(waiting.wait(), 20)
        async with world.manager.services.database.write() as tx:
            await world.store.cancel(tx, job_id)
        assert (await world.ended(job_id)).state == JobState.CANCELLED
    assert await world.begin() != job_id


async def test_within_the_read_limit_nothing_is_refused_and_people_go_first(tmp_path: Path) -> None:
    limits = SandboxConfig(read_limit=30, limit_window_seconds=1.0)
    async with running_manager(tmp_path, sandbox=Sandbox(limits)) as manager:
        world = fleet_world(manager)
        job_id = await world.begin()
        async with world.running():
            admin = await manager.bearer()
            slowest = 0.0
            while (await world.job(job_id)).state != JobState.SUCCEEDED:
                began = asyncio.get_running_loop().time()
                path = f"/api/domains/{'forty' if slowest else 'quiet'}.example/forwarders"
                assert (await admin.get(path)).status_code in {200, 404}
                slowest = max(slowest, asyncio.get_running_loop().time() - began)
                await asyncio.sleep(0.3)
        counts = manager.sandbox.counts_of("mxroute")
        assert counts["refused_429"] == 0
        assert slowest < 3, "a person waits for the next window at most"
