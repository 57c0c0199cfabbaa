"""The envelope of every answer, as models: what validates is what the OpenAPI document states."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class Input(BaseModel):
    """Parent of request bodies: strict types, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True, str_max_length=65_536)


def example(values: Mapping[str, Any]) -> ConfigDict:
    """A model's configuration that shows one sensible example in the API reference, ready to try."""
    return ConfigDict(json_schema_extra={"examples": [dict(values)]})


class Output(BaseModel):
    """Parent of answers."""

    model_config = ConfigDict(frozen=True)


def optional(description: str, **more: Any) -> Any:
    """A field that is left out of the answer when there is nothing to say."""
    return Field(None, description=description, exclude_if=_is_none, **more)


def _is_none(value: object) -> bool:
    return value is None


class Meta(Output):
    """What stands beside the data where it is useful."""

    fetched_at: datetime | None = optional("When the data was read from upstream.")
    stale: bool | None = optional("True when upstream could not be read and older data is given.")
    total: int | None = optional("How many there are in all.")
    next_cursor: str | None = optional("Hand it back as `cursor` for the next page.")
    shared_by_account: bool | None = optional("True: the list applies to every domain of the account.")
    read_only: bool | None = optional("True: the caller may look at it but not change it.")
    warnings: list[str] | None = optional("What the caller should know although it worked.")


class Ok(Output, Generic[T]):
    """A successful answer."""

    success: Literal[True] = True
    data: T
    meta: Meta | None = optional("What is known about the data.")


class ErrorDetail(BaseModel):
    """One wrong field."""

    field: str = Field(examples=["quota"])
    message: str = Field(examples=["must be 0 or more"])


class ErrorBody(BaseModel):
    """What went wrong, for programs (`code`) and people (`message`)."""

    code: str = Field(examples=["validation_error"])
    message: str = Field(examples=["quota: must be 0 or more"])
    field: str | None = Field(None, examples=["quota"])
    details: list[ErrorDetail] | None = None
    request_id: str = Field(examples=["3f2c9a7e51b04c55"])


class Failure(BaseModel):
    """A failed answer."""

    success: Literal[False] = False
    error: ErrorBody


def failure_content(
    code: str, message: str, request_id: str, *, field: str | None = None, details: list[dict[str, str]] | None = None
) -> Mapping[str, Any]:
    """The JSON of a failed answer."""
    error: dict[str, Any] = {"code": code, "message": message}
    if field:
        error["field"] = field
    if details:
        error["details"] = details
    error["request_id"] = request_id
    return {"success": False, "error": error}
