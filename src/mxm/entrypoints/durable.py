"""Durable work put together: where jobs are kept, who runs them, how they are shown."""

from dataclasses import dataclass

from mxm.features.audit.api import AuditLog
from mxm.features.jobs.api import Followers, Jobs
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.db.generation import Generation
from mxm.platform.jobs import JobRunner, JobStore, Schedules
from mxm.platform.jobs.leading import lead_of
from mxm.platform.keys import KeyRing
from mxm.platform.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Durable:
    """All that a kind of job needs: it registers with `runner`, is made with `store`, shown and awaited by `jobs`."""

    store: JobStore
    runner: JobRunner
    schedules: Schedules
    followers: Followers
    jobs: Jobs


def build_durable(
    database: Database, generation: Generation, clock: Clock, chance: Chance, keys: KeyRing, audit: AuditLog
) -> Durable:
    """Without any kind yet."""
    sealer = Sealer(keys, chance)
    store = JobStore(database, clock, chance, sealer)
    schedules = Schedules(store, database, clock)
    followers = Followers(generation, clock)
    runner = JobRunner(store, database, clock, lead=lead_of(database, store, clock, chance), schedules=schedules)
    generation.subscribe(runner.on_change)
    return Durable(store, runner, schedules, followers, Jobs(database, store, sealer, followers, clock, audit))
