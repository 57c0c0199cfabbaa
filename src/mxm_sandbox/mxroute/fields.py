"""Reads one field of a request body and refuses it in MXroute's way."""

import re
from typing import Any

from mxm_sandbox.mxroute.errors import invalid

Body = dict[str, Any]
_PASSWORD_RULES = (re.compile(r"[A-Z]"), re.compile(r"[a-z]"), re.compile(r"[0-9]"))
WEAK_LOGIN_MESSAGE = (
    "Password must be at least 8 characters and contain at least one uppercase letter, "
    "one lowercase letter, and one number"
)


def text(body: Body, name: str) -> str:
    """A required, non-empty string."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise invalid(f"{name} is required", name)
    return value


def boolean(body: Body, name: str, *, default: bool | None = None) -> bool:
    """A true boolean; required unless there is a default."""
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise invalid(f"{name} must be true or false", name)
    return value


def integer(body: Body, name: str, *, low: int, high: int, default: int | None = None) -> int:
    """A whole number within bounds; required unless there is a default."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid(f"{name} must be a number between {low} and {high}", name)
    return value


def password(body: Body) -> str:
    """A password under the one rule that is live: 8 characters, upper and lower case, a digit."""
    value = body.get("password")
    if not isinstance(value, str) or not value:
        raise invalid("password is required", "password")
    if len(value) < 8 or not all(rule.search(value) for rule in _PASSWORD_RULES):
        raise invalid(WEAK_LOGIN_MESSAGE, "password")
    return value


def amount(body: Body, name: str, *, default: str) -> int | None:
    """A reseller figure: a number written as text, or "unlimited", which is none."""
    value = body.get(name, default)
    if value == "unlimited":
        return None
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise invalid(f'{name} must be a number or "unlimited"', name)
    return int(written)
