"""Durable work: leased rows in our own database. A kind of job registers its handler at composition."""

from mxm.platform.jobs.context import JobCancelled, JobContext, LeaseLost, Suspended
from mxm.platform.jobs.items import JobItem, NewItem
from mxm.platform.jobs.models import ItemState, JobItemRow, JobRow, JobState
from mxm.platform.jobs.runner import JobRunner
from mxm.platform.jobs.schedule import Schedules
from mxm.platform.jobs.store import JobStore

__all__ = [
    "ItemState",
    "JobCancelled",
    "JobContext",
    "JobItem",
    "JobItemRow",
    "JobRow",
    "JobRunner",
    "JobState",
    "JobStore",
    "LeaseLost",
    "NewItem",
    "Schedules",
    "Suspended",
]
