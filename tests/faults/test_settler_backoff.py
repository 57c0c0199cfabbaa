"""How often the settler asks while MXroute cannot be read: an outage of hours costs few reads, its end is seen soon."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from mxm.platform.journal import IntentRow
from mxm.platform.journal.settler import GIVE_UP, LONGEST_PAUSE, ROUND_SECONDS
from mxm_sandbox import Sandbox, SandboxConfig
from support.clock import FakeClock
from support.manager import Manager, running_manager

D = "example.com"
MAILBOXES = f"/api/domains/{D}/email-accounts"
NO_ANSWER = {"match": {"method": "POST"}, "kind": "status", "status_code": 504}
"""Not applied, which only time will tell."""
UNREADABLE = {"match": {"method": "GET"}, "kind": "status", "status_code": 500}
"""The client does not repeat a read after a 500: one look is one read."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def manager(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Manager]:
    """Its own settler stands still with the clock: the tests do the rounds."""
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with running_manager(tmp_path, sandbox=sandbox, clock=clock) as found:
        yield found


async def _leave_open(manager: Manager, *users: str) -> None:
    """Writes without an answer, after which MXroute cannot be read."""
    client = await manager.bearer()
    manager.sandbox.configure(faults=[NO_ANSWER])
    for user in users:
        answer = await client.post(MAILBOXES, json={"username": user, "password": "Secret-Abcd1234"})
        assert answer.status_code == 504
    manager.sandbox.configure(faults=[UNREADABLE])


async def _rounds(manager: Manager, clock: FakeClock, seconds: float) -> list[float]:
    """Rounds for so long, the first at once; at which seconds each read came."""
    looks: list[float] = []
    for number in range(int(seconds / ROUND_SECONDS)):
        before = len(manager.sandbox.log)
        await manager.services.settler.round()
        looks += [number * ROUND_SECONDS] * (len(manager.sandbox.log) - before)
        clock.jump(ROUND_SECONDS)
    return looks


async def _states(manager: Manager) -> set[str]:
    async with manager.services.database.read() as session:
        return {intent.state for intent in (await session.execute(select(IntentRow))).scalars()}


async def test_each_look_that_fails_doubles_the_pause(manager: Manager, clock: FakeClock) -> None:
    await _leave_open(manager, "alex")
    looks = await _rounds(manager, clock, 1200)
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE, LONGEST_PAUSE]
    manager.sandbox.configure(faults=[])
    await _rounds(manager, clock, LONGEST_PAUSE)
    assert await _states(manager) == {"not_applied"}


async def test_each_intent_has_its_own_pause(manager: Manager, clock: FakeClock) -> None:
    await _leave_open(manager, "alex", "bea")
    assert await _rounds(manager, clock, 60) == [at for at in (0, 2, 6, 14, 30) for _ in range(2)]
    await _leave_open(manager, "carl")
    assert await _rounds(manager, clock, 10) == [0, 2, 2, 2, 6], "62 s after the first two began"


async def test_what_is_only_too_early_to_say_is_looked_at_in_each_round(manager: Manager, clock: FakeClock) -> None:
    await _leave_open(manager, "alex")
    assert await _rounds(manager, clock, 4) == [0, 2]
    clock.jump(2)
    manager.sandbox.configure(faults=[])
    assert await _rounds(manager, clock, 6) == [0, 2, 4]
    manager.sandbox.configure(faults=[UNREADABLE])
    assert await _rounds(manager, clock, 8) == [0, 2, 6], "the pauses begin anew"
    assert await _states(manager) == {"open"}


@pytest.mark.parametrize("by_another", [True, False])
async def test_what_is_settled_is_forgotten(manager: Manager, clock: FakeClock, *, by_another: bool) -> None:
    settler = manager.services.settler
    await _leave_open(manager, "alex", "bea")
    await _rounds(manager, clock, 30)
    assert len(settler._patience) == 2
    manager.sandbox.configure(faults=[])
    if by_another:
        async with manager.services.database.write() as tx:
            for intent in (await tx.session.execute(select(IntentRow))).scalars():
                intent.state = "not_applied"
        await settler.round()
    else:
        await _rounds(manager, clock, 40)
    assert await _states(manager) == {"not_applied"}
    assert len(settler._patience) == 0


async def test_giving_up_is_not_put_off(manager: Manager, clock: FakeClock) -> None:
    await _leave_open(manager, "alex")
    await _rounds(manager, clock, 60)
    clock.jump((GIVE_UP + timedelta(minutes=1)).total_seconds())
    await manager.services.settler.round()
    assert await _states(manager) == {"unknown"}
    await manager.services.settler.round()
    assert len(manager.services.settler._patience) == 0
