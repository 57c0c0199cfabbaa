"""What the fleet routes answer."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from mxm.platform.envelope import Input, Output, optional

CheckStatus = Literal["pass", "warn", "fail", "pending", "skipped", "unknown"]
OverallStatus = Literal["healthy", "degraded", "unhealthy", "pending", "skipped"]


class FleetCheck(Output):
    """How a check stood."""

    status: CheckStatus


class FleetDns(Output):
    """How a domain's mail DNS stood; `GET …/dns/health` tells more, live."""

    overall: OverallStatus
    checks: dict[str, FleetCheck] = Field(
        description="By key: mx, spf, dkim, dmarc, verification, mail, webmail.", examples=[{"mx": {"status": "pass"}}]
    )


class FleetRow(Output):
    """One domain as it was last seen. Null: not read yet, or not for this caller."""

    domain: str = Field(examples=["example.com"])
    mail_hosting: bool | None
    dns: FleetDns | None = Field(description="Null without the permission `dashboard` or `dns`.")
    mailbox_count: int | None = Field(
        description="From figures that MXroute renews hourly, corrected by what was created and deleted here: never a "
        "live count. Null without the permission `dashboard` or `emails`.",
        examples=[3],
    )
    checked_at: datetime | None = Field(description="When hosting and DNS were last read.")
    error: str | None = optional("Why the last try to read it failed; the values are from before.")


class RefreshIn(Input):
    """Nothing is due; the body may be left out."""


class FleetOverview(Output):
    """The domains that the caller may see, by name."""

    last_run_at: datetime | None = Field(description="End of the last refresh of all domains.")
    domains: list[FleetRow]
