"""`/api/fleet`."""

from fastapi import Request, Response

from mxm.features.fleet.schemas import FleetOverview, RefreshIn
from mxm.features.fleet.service import Fleet, FleetRefresh
from mxm.features.jobs.api import ACCEPTED, JobOut, Jobs, accepted
from mxm.platform.access.dependencies import AnyCaller, honour_key
from mxm.platform.envelope import Ok
from mxm.platform.web.routing import APIRouter, router

WAIT_SECONDS = 25.0
"""How long a request waits for its refresh: proxies give up after 30 or 60 s."""


def routes(fleet: Fleet, refresh: FleetRefresh, jobs: Jobs) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Domains"], prefix="/api/fleet")

    @api.get("/overview", summary="All domains at a glance")
    async def read_fleet(caller: AnyCaller) -> Ok[FleetOverview]:
        """The last known state of each domain that the caller may see; asks neither MXroute nor DNS."""
        return Ok(data=await fleet.overview(caller.principal))

    @api.post(
        "/refresh",
        summary="Read all domains anew",
        response_model=None,
        responses={200: {"model": Ok[FleetOverview], "description": "The overview, anew."}, **ACCEPTED},
    )
    async def refresh_fleet(
        request: Request, caller: AnyCaller, response: Response, body: RefreshIn | None = None
    ) -> Ok[FleetOverview] | Ok[JobOut]:
        """The overview when it was done within 25 seconds, else 202 with the job that goes on.

        One under way that covers the caller's domains is shared. Who did not start it sees no more of it than how far
        their own domains are, and follows it by their `checked_at`.
        """
        await honour_key(request, caller)
        job_id = await refresh.begin(caller)
        if job_id is not None:
            job = await jobs.wait(job_id, WAIT_SECONDS)
            if job.state in {"queued", "running"}:
                return accepted(response, await fleet.job_for(caller, job))
        return Ok(data=await fleet.overview(caller.principal))

    return api
