"""What can be done with jobs; each module one task."""

from mxm.features.jobs.service.following import Followers, Places
from mxm.features.jobs.service.jobs import Jobs
from mxm.features.jobs.service.views import View, Views

__all__ = ["Followers", "Jobs", "Places", "View", "Views"]
