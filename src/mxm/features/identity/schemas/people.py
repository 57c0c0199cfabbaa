"""Signing in, oneself, other people."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from mxm.features.identity.schemas.grants import GrantOut, GrantsIn
from mxm.platform.access import Permission
from mxm.platform.envelope import Input, Output, example
from mxm.platform.names import DomainName, EmailAddress

MAX_PASSWORD_BYTES = 1024
MAX_LOGIN = 320


def _fits(password: str) -> str:
    if len(password.encode("utf-8", "surrogatepass")) > MAX_PASSWORD_BYTES:
        raise ValueError(f"must be at most {MAX_PASSWORD_BYTES} bytes")
    return password


Password = Annotated[str, AfterValidator(_fits), Field(examples=["correct horse battery staple"])]
NewPassword = Annotated[Password, Field(min_length=8)]


class LoginIn(Input):
    """Name and password; `code` is for second factors and may be left out."""

    model_config = example({"username": "admin", "password": "correct horse battery staple"})

    username: Annotated[str, Field(min_length=1, max_length=MAX_LOGIN, examples=["admin"])]
    password: Annotated[Password, Field(min_length=1)]
    code: Annotated[str | None, Field(max_length=64)] = None


class Me(Output):
    """The caller, as the server sees them."""

    email: str = Field(description="The login; `token:<label>` for tokens.", examples=["admin"])
    auth_via: Literal["session", "api_token"]
    is_admin: bool
    domain_grants: dict[str, list[Permission]] = Field(examples=[{"example.com": ["emails", "spam"]}])
    delegated_domains: list[str] = Field(examples=[["example.com"]])
    permissions: list[Permission] = Field(description="All permissions that can be granted.")
    oidc_enabled: bool
    contact_email: str | None
    notification_email: str | None
    csrf_token: str | None = Field(description="For a session's writes; none for tokens.")


class ProfileIn(Input):
    """The caller's own settings."""

    contact_email: EmailAddress | None


class PasswordIn(Input):
    """A change of the caller's own password."""

    current_password: Password
    new_password: NewPassword


class DelegationIn(Input):
    """A person and their rights; an existing one is changed to exactly this."""

    model_config = example(
        {
            "email": "alex@example.org",
            "password": "correct horse battery staple",
            "grants": [{"domain": "example.com", "permissions": ["emails"]}],
        }
    )

    email: EmailAddress
    contact_email: EmailAddress | None = None
    password: NewPassword | None = Field(None, description="Left out: an existing password stays.")
    domains: Annotated[list[Literal["*"] | DomainName], Field(max_length=1000)] | None = Field(
        None, description='`["*"]` makes an administrator; names must agree with `grants`.', examples=[None]
    )
    grants: GrantsIn | None = None

    @field_validator("domains")
    @classmethod
    def _star_stands_alone(cls, value: list[str] | None) -> list[str] | None:
        if value and "*" in value and value != ["*"]:
            raise ValueError('"*" must stand alone')
        return value


class Delegation(Output):
    """A person and their rights."""

    email: str = Field(examples=["alex@example.com"])
    contact_email: str | None
    notification_email: str | None
    is_admin: bool
    domains: list[str] = Field(description='`["*"]` for administrators.', examples=[["example.com"]])
    grants: list[GrantOut]


class SessionOut(Output):
    """A browser session."""

    id: str
    user: str
    via: str
    created_at: datetime
    seen_at: datetime
    address: str | None
    user_agent: str | None
    current: bool = Field(description="Whether this request came through it.")
