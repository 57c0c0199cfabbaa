"""The fleet put together: what is shown, what refreshes it, and how often."""

from dataclasses import dataclass

from mxm.entrypoints.durable import Durable
from mxm.features.fleet.api import KIND, Fleet, FleetRefresh, HealthOf
from mxm.platform.clock import Clock
from mxm.platform.db import Database
from mxm.platform.db.generation import Generation
from mxm.platform.settings import Settings
from mxm.upstreams.mxroute.client import MXroute


@dataclass(frozen=True, slots=True)
class FleetParts:
    """The overview and its refresh."""

    fleet: Fleet
    refresh: FleetRefresh


def build_fleet(
    settings: Settings,
    database: Database,
    generation: Generation,
    clock: Clock,
    mxroute: MXroute,
    durable: Durable,
    health_of: HealthOf,
) -> FleetParts:
    """Registers the kind of job and its schedule; none without an MXroute account."""
    refresh = FleetRefresh(mxroute, database, clock, durable.store, health_of)
    durable.runner.register(KIND, refresh.run)
    minutes = 0 if settings.missing_mxroute else settings.fleet_refresh_minutes
    durable.schedules.register("fleet", minutes * 60.0, KIND)
    return FleetParts(Fleet(mxroute, database, generation), refresh)
