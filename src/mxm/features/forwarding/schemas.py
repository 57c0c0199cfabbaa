"""What goes in and out of the forwarding routes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from mxm.platform.envelope import Input, Output, example
from mxm.platform.names import AliasName, EmailAddress, email_address

SPECIAL = (":blackhole:", ":fail:")


def _destination(text: str) -> str:
    return text.strip().lower() if text.strip().lower() in SPECIAL else email_address(text)


def _alone(destinations: list[str]) -> list[str]:
    found = list(dict.fromkeys(destinations))
    if len(found) > 1 and any(destination in SPECIAL for destination in found):
        raise ValueError(":blackhole: and :fail: must stand alone")
    return found


Destination = Annotated[str, AfterValidator(_destination), Field(max_length=320)]
Destinations = Annotated[
    list[Destination],
    Field(min_length=1, max_length=100, examples=[["alex@example.org"]]),
    AfterValidator(_alone),
]


class ForwarderIn(Input):
    """A forwarder to make; destinations are addresses, or `:blackhole:` or `:fail:` alone."""

    alias: AliasName
    destinations: Destinations


class ForwarderOut(Output):
    """A forwarder. Destinations are a set, whatever their order."""

    alias: str = Field(examples=["sales"])
    email: str = Field(examples=["sales@example.com"])
    destinations: list[str] = Field(examples=[["alex@example.org"]])


class CatchAllIn(Input):
    """What shall become of mail to addresses that do not exist."""

    model_config = example({"type": "fail"})

    type: Literal["fail", "blackhole", "address"]
    address: EmailAddress | None = Field(None, description="Due with, and only with, `address`.", validate_default=True)

    @field_validator("address")
    @classmethod
    def _with_its_type(cls, value: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("type")
        if kind is not None and (kind == "address") != (value is not None):
            raise ValueError("is due with type address, and only with it")
        return value


class CatchAllOut(Output):
    """What becomes of mail to addresses that do not exist."""

    type: str = Field(examples=["fail"])
    address: str | None = None
