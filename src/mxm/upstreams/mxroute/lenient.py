"""Field types for a PHP backend: numbers and flags as strings, empty things in the wrong shape, absent fields.

What cannot be understood becomes None ("unknown") and never a default: a wrong quota shown is worse than none.
"""

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_TRUE = frozenset({"1", "true", "yes", "on", "y"})
_FALSE = frozenset({"0", "false", "no", "off", "n"})


class Lenient(BaseModel):
    """An answer of MXroute. Unknown fields are ignored: the API grows."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _amount(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _count(raw: Any) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    number = _amount(raw)
    return int(number) if number is not None and number.is_integer() else None


def _limit(raw: Any) -> int | None:
    return 0 if isinstance(raw, str) and raw.strip().lower() == "unlimited" else _count(raw)


def _flag(raw: Any) -> bool | None:
    text = str(raw).strip().lower() if isinstance(raw, str | int | float) else ""
    return True if text in _TRUE else False if text in _FALSE else None


def _text(raw: Any) -> str | None:
    if isinstance(raw, str):
        return raw
    return str(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else None


def _name(raw: Any) -> Any:
    """PHP turns the text `123` into a number as soon as it is the key of an array. A flag is still no name."""
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _object(raw: Any) -> Any:
    """PHP encodes an empty object as `[]`."""
    return raw if isinstance(raw, dict | BaseModel) and raw else None


Amount = Annotated[float | None, BeforeValidator(_amount)]
Count = Annotated[int | None, BeforeValidator(_count)]
Limit = Annotated[int | None, BeforeValidator(_limit)]
"""A count where 0 stands for unlimited."""
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Text = Annotated[str | None, BeforeValidator(_text)]
NameText = Annotated[str, BeforeValidator(_name)]
"""The name of a thing in a list of names."""
Name = Annotated[str, Field(min_length=1), BeforeValidator(_name)]
"""The name of a thing, without which its answer means nothing."""
OrNone = BeforeValidator(_object)
