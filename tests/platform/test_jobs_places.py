"""Which jobs run side by side: crowds of one person, or of one kind, leave places to others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from mxm.platform.access import SYSTEM, Caller
from mxm.platform.jobs import JobContext, JobRunner, JobState
from mxm.platform.jobs.runner import AT_ONCE, MOST_AT_ONCE
from support.desk import Desk, working
from support.program import until


def by(name: str) -> Caller:
    """Somebody who asks for jobs."""
    return Caller(replace(SYSTEM, key=name, name=name), "request-1")


class Stage:
    """A runner whose handlers hold on until they are let go; `begun` tells in which order they began."""

    def __init__(self, desk: Desk, *kinds: str) -> None:
        self.desk, self.begun, self.go_on = desk, list[str](), asyncio.Event()
        self.runner = JobRunner(desk.store, desk.database, desk.clock)
        for kind in kinds:
            self.runner.register(kind, self._hold)

    async def _hold(self, ctx: JobContext) -> JobState:
        self.begun.append(ctx.job_id)
        await self.go_on.wait()
        return JobState.SUCCEEDED

    async def queue(self, kind: str, *names: str) -> list[str]:
        """One job of `kind` for each of these people, in this order."""
        return [await self.desk.new(kind=kind, caller=by(name)) for name in names]

    @asynccontextmanager
    async def until_begun(self, last: str) -> AsyncIterator[None]:
        """Jobs are claimed oldest first: what is older than `last` and has not begun by then was passed over."""
        async with working(self.runner):
            await until(lambda: last in self.begun)
            yield
            self.go_on.set()


async def test_one_person_with_many_jobs_leaves_places_to_others(desk: Desk) -> None:
    stage = Stage(desk, "import")
    hers = await stage.queue("import", *["ann"] * (AT_ONCE + 2))
    [his] = await stage.queue("import", "bob")
    async with stage.until_begun(his):
        assert sorted(stage.begun) == sorted([*hers[:AT_ONCE], his])


async def test_many_people_with_one_kind_of_job_leave_the_last_places_to_other_kinds(desk: Desk) -> None:
    stage = Stage(desk, "import", "fleet")
    people = [f"person {n}" for n in range(MOST_AT_ONCE)]
    imports = await stage.queue("import", *people)
    [fleet] = await stage.queue("fleet", "person 0")
    async with stage.until_begun(fleet):
        assert sorted(stage.begun) == sorted([*imports[: MOST_AT_ONCE - AT_ONCE], fleet])


async def test_there_are_so_many_places_and_no_more(desk: Desk) -> None:
    kinds = [f"kind {n}" for n in range(MOST_AT_ONCE + 1)]
    stage = Stage(desk, *kinds)
    listed = [(await stage.queue(kind, "ann"))[0] for kind in kinds]
    async with stage.until_begun(listed[MOST_AT_ONCE - 1]):
        assert sorted(stage.begun) == sorted(listed[:MOST_AT_ONCE])
        stage.go_on.set()
        await until(lambda: listed[-1] in stage.begun)
