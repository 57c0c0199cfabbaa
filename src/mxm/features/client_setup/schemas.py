"""Mail client settings."""

from typing import Literal

from pydantic import Field

from mxm.features.dns.api import Status
from mxm.platform.envelope import Output


class ServerSettings(Output):
    """One server."""

    host: str = Field(examples=["eagle.mxlogin.com"])
    port: int = Field(examples=[993])
    encryption: Literal["ssl", "starttls"]


class Webmail(Output):
    """Webmail of the domain's own."""

    url: str | None = Field(
        description="Null unless `webmail.` is known to lead to MXroute.", examples=["https://webmail.example.com"]
    )
    status: Status = Field(description="Of the DNS check: `skipped`: not set up; `unknown`: it could not be looked up.")


class ClientSettings(Output):
    """All that a mail program asks for."""

    domain: str = Field(examples=["example.com"])
    username: str | None = Field(description="The login: the full address.", examples=["alex@example.com"])
    username_note: str
    mail_host: str = Field(
        description="`mail.` of the domain when its certificate covers it, else the account's server.",
        examples=["eagle.mxlogin.com"],
    )
    imap: ServerSettings
    smtp_ssl: ServerSettings
    smtp_starttls: ServerSettings
    webmail: Webmail
