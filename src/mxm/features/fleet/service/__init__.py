"""The overview that is held in memory, and the refresh that is a job."""

from mxm.features.fleet.service.overview import TAG, Fleet
from mxm.features.fleet.service.refresh import KIND, FleetRefresh, HealthOf, SeenHealth

__all__ = ["KIND", "TAG", "Fleet", "FleetRefresh", "HealthOf", "SeenHealth"]
