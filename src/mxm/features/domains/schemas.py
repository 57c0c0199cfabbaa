"""What goes in and out of the domain routes."""

from pydantic import Field

from mxm.platform.envelope import Input, Output
from mxm.platform.names import DomainName


class DomainIn(Input):
    """A domain to register on MXroute."""

    domain: DomainName


class DomainAdded(Output):
    """A domain that is on the account now."""

    domain: str = Field(examples=["example.com"])
    already_exists: bool = Field(description="True when it was there before; nothing was changed then.")


class DomainOut(Output):
    """A domain. Null means that MXroute did not say."""

    domain: str = Field(examples=["example.com"])
    mail_hosting: bool | None
    ssl_enabled: bool | None = Field(description="Certificates are asked for in MXroute's own panel.")
    pointers: list[str] = Field(examples=[["example.net"]])


class MailStatusIn(Input):
    """Mail hosting on or off."""

    enabled: bool


class PointerIn(Input):
    """A name whose mail shall go to the domain."""

    pointer: DomainName = Field(examples=["example.net"])
    alias: bool = Field(True, description="True: an alias; false: a redirect.")


class PointerOut(Output):
    """A pointer."""

    pointer: str = Field(examples=["example.net"])
    type: str | None = Field(description="`alias` or `redirect`, as MXroute says.", examples=["alias"])
    target: str | None = Field(examples=["example.com"])
