"""API tokens."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from mxm.features.identity.schemas.grants import GrantOut, GrantsIn
from mxm.platform.envelope import Input, Output, example
from mxm.platform.names import NetworkText, PlainText

_LAST_YEAR = 2200


def _written_out(value: object) -> object:
    """Seconds since 1970, as a number or as digits, are no date that people write."""
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("must be a date and time such as 2027-01-01T00:00:00Z")
    return value


def _storable(value: datetime | None) -> datetime | None:
    """Near the year 9999 a time cannot be told in every zone; looked at as written, before any conversion."""
    if value is not None and value.year > _LAST_YEAR:
        raise ValueError(f"must not be later than the year {_LAST_YEAR}")
    return value


class TokenIn(Input):
    """A token to make. Without `is_admin` it needs `grants`."""

    model_config = example({"label": "ci", "grants": [{"domain": "example.com", "permissions": ["emails", "spam"]}]})

    label: Annotated[PlainText, Field(min_length=1, max_length=80, examples=["ci"])]
    is_admin: bool = False
    grants: GrantsIn | None = Field(None, examples=[[{"domain": "example.com", "permissions": ["emails", "spam"]}]])
    expires_at: Annotated[
        AwareDatetime | None, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_storable)
    ] = Field(None, description="In the future, with a time zone.", examples=["2027-01-01T00:00:00Z"])
    allowed_networks: Annotated[list[NetworkText], Field(max_length=50)] | None = Field(
        None, description="Addresses or networks that may use it; none = all.", examples=[["203.0.113.0/24"]]
    )


class TokenOut(Output):
    """A token, without its secret."""

    id: str
    label: str
    token_prefix: str = Field(examples=["mxm_Ab12Cd34"])
    is_admin: bool
    grants: list[GrantOut]
    created_at: datetime
    expires_at: datetime | None
    allowed_networks: list[str]


class TokenListed(TokenOut):
    """A token in the list."""

    last_used_at: datetime | None = Field(description="At most a minute old.")
    last_used_ip: str | None


class TokenMade(TokenOut):
    """A new token, with its secret: shown this once."""

    token: str | None = Field(None, description="Shown once; absent when an idempotent answer is repeated.")
