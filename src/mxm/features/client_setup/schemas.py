"""Mail client settings."""

from typing import Literal

from pydantic import Field

from mxm.platform.envelope import Output


class ServerSettings(Output):
    """One server."""

    host: str = Field(examples=["eagle.mxlogin.com"])
    port: int = Field(examples=[993])
    encryption: Literal["ssl", "starttls"]


class Webmail(Output):
    """Webmail of the domain's own."""

    url: str | None
    status: str = Field(description="`skipped`: not looked up.", examples=["skipped"])


class ClientSettings(Output):
    """All that a mail program asks for."""

    domain: str = Field(examples=["example.com"])
    username: str | None = Field(description="The login: the full address.", examples=["alex@example.com"])
    username_note: str
    mail_host: str = Field(examples=["eagle.mxlogin.com"])
    imap: ServerSettings
    smtp_ssl: ServerSettings
    smtp_starttls: ServerSettings
    webmail: Webmail
