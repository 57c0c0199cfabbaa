"""`/api/cloudflare/setup`."""

from fastapi import Response

from mxm.features.jobs.api import JobOut, Jobs, accepted
from mxm.features.onboarding.schemas import SetupIn
from mxm.features.onboarding.service import Onboarding
from mxm.platform.access.dependencies import AdminCaller
from mxm.platform.envelope import Ok
from mxm.platform.web.routing import APIRouter, router


def routes(onboarding: Onboarding, jobs: Jobs) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Cloudflare"], prefix="/api/cloudflare")

    @api.post("/setup", summary="Set a domain up", status_code=202)
    async def set_up_domain(caller: AdminCaller, body: SetupIn, response: Response) -> Ok[JobOut]:
        """Zone, verification record, registration, mail records, health: as a job whose `steps` tell what it waits for.

        With `dns: manual` nothing is written: `results.publish` lists what to publish, and the job watches for it.
        """
        job_id = await onboarding.start(caller, body)
        return accepted(response, await jobs.one(caller, job_id))

    return api
