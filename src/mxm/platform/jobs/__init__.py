"""Durable work: leased rows in our own database. A kind of job registers its handler at composition."""

from mxm.platform.jobs.context import JobContext, Suspended
from mxm.platform.jobs.models import JobItemRow, JobRow, JobState
from mxm.platform.jobs.runner import JobRunner
from mxm.platform.jobs.store import JobStore, NewItem

__all__ = ["JobContext", "JobItemRow", "JobRow", "JobRunner", "JobState", "JobStore", "NewItem", "Suspended"]
