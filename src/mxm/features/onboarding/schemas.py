"""What goes in."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mxm.platform.envelope import Input, example
from mxm.platform.names import DomainName


class Step(StrEnum):
    """The steps of the job; their names never change."""

    ZONE = "zone"
    VERIFICATION = "verification"
    PUBLIC_DNS = "public_dns"
    REGISTER = "register"
    MAIL_DNS = "mail_dns"
    WEBMAIL = "webmail"
    VERIFY = "verify"


class SetupIn(Input):
    """A domain to be set up."""

    model_config = example({"domain": "example.com", "webmail": False})

    domain: DomainName
    webmail: bool = Field(False, description="Also publish `webmail.`.")
    dmarc_record: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="A DMARC policy for this domain; null or blank: the default."
    )
    dns: Literal["cloudflare", "manual"] | None = Field(
        None,
        description="Who publishes: we at Cloudflare, or you where the DNS is. Default: Cloudflare when configured.",
    )
