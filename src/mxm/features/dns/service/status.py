"""Whether Cloudflare can be used."""

from mxm.features.dns.schemas import CloudflareStatus, ZoneOut
from mxm.platform.errors import AppError
from mxm.upstreams.cloudflare import Cloudflare


class CloudflareLook:
    """One for each process."""

    def __init__(self, cloudflare: Cloudflare) -> None:
        self._cloudflare = cloudflare

    async def status(self, *, check: bool) -> CloudflareStatus:
        """Configured or not; with `check` what Cloudflare says of the token, and its zones. What fails is told."""
        if not self._cloudflare.configured:
            return CloudflareStatus(configured=False, message=self._cloudflare.problem)
        if not check:
            return CloudflareStatus(configured=True)
        try:
            state = await self._cloudflare.token().live()
            zones = await self._cloudflare.zones().live() if state.active else []
        except AppError as error:
            return CloudflareStatus(configured=True, token_valid=False, message=error.message, zones=[])
        message = None if state.active else f"The token is {state.status}."
        shown = [ZoneOut.of(zone) for zone in sorted(zones, key=lambda zone: zone.name)]
        return CloudflareStatus(configured=True, token_valid=state.active, message=message, zones=shown)
