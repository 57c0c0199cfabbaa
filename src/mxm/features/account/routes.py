"""`/api/quota`, `/api/quota/email`, `/api/verification-key`."""

from mxm.features.account.schemas import EmailQuota, Quota, VerificationKey
from mxm.features.account.service import Account
from mxm.platform.access.dependencies import AdminCaller
from mxm.platform.envelope import Ok
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router


def routes(account: Account) -> APIRouter:
    """The feature's routes."""
    api = router(tags=["Domains"], prefix="/api")

    @api.get("/quota", summary="Account disk usage")
    async def read_quota(caller: AdminCaller) -> Ok[Quota]:
        """Refreshed hourly by MXroute."""
        return from_reading(await account.quota())

    @api.get("/quota/email", summary="Disk usage of every mailbox")
    async def read_email_quota(caller: AdminCaller) -> Ok[EmailQuota]:
        """Largest first. Hourly old: new mailboxes may be missing, deleted ones still there."""
        return from_reading(await account.email_quota())

    @api.get("/verification-key", summary="Key to publish before registering a domain")
    async def read_verification_key(caller: AdminCaller) -> Ok[VerificationKey]:
        """A TXT record `{key}.{domain}` with the value `domain-verified`; public after 5 to 15 minutes."""
        return from_reading(await account.verification_key())

    return api
