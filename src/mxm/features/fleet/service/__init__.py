"""The overview that is held in memory, the refresh that is a job, and what single looks add."""

from mxm.features.fleet.service.health import SeenHealth
from mxm.features.fleet.service.overview import TAG, Fleet
from mxm.features.fleet.service.refresh import KIND, FleetRefresh, HealthOf
from mxm.features.fleet.service.sightings import Sightings

__all__ = ["KIND", "TAG", "Fleet", "FleetRefresh", "HealthOf", "SeenHealth", "Sightings"]
