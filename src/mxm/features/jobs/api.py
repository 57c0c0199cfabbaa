"""What other features and the entry points may use of jobs.

A kind is registered with `JobRunner.register`; how it shows its results with `Jobs.show`; `Jobs.wait` waits for one.
"""

from typing import Any

from fastapi import Response

from mxm.features.jobs.rules import Allowance
from mxm.features.jobs.schemas import JobOut
from mxm.features.jobs.service import Followers, Jobs, View
from mxm.platform.envelope import Ok

ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"model": Ok[JobOut], "description": "It goes on as a job: see `GET /api/jobs/{id}`."}
}
"""For the `responses` of a route that answers 200 when the job was quick enough."""


def accepted(response: Response, job: JobOut) -> Ok[JobOut]:
    """The answer 202 with the job, and where to look for it."""
    response.status_code = 202
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return Ok(data=job)


__all__ = ["ACCEPTED", "Allowance", "Followers", "JobOut", "Jobs", "View", "accepted"]
