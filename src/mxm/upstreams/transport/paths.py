"""Request paths from templates: each value is exactly one percent-encoded segment, or nothing is sent.

A known peer filled paths by string formatting, so that a value of `../..` turned "remove this spam entry" into
"delete that domain". httpx2 collapses `.` and `..` segments as well, and leaves existing `%xx` alone: values that
are refused or fully encoded here arrive as they are.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

from mxm.platform.errors import ValidationFailed

LONGEST_SEGMENT = 2000
"""Characters after encoding. The longest legal value, a 254 byte address, needs 762; servers refuse from 4,096 on."""

_PLACE = re.compile(r"\{(\w+)\}")


def fill(template: str, /, **values: str) -> str:
    """The wire path of `template` with every `{name}` replaced by one encoded segment.

    Raises `ValidationFailed` naming the value that cannot be one segment, and `KeyError` for a value that the
    template wants and did not get.
    """
    return _PLACE.sub(lambda match: segment(match[1], values[match[1]]), template)


@lru_cache(maxsize=8192)
def segment(name: str, value: str) -> str:
    """`value` percent-encoded as one path segment; `name` is what the refusal calls it."""
    for form in _decodings(name, value):
        if form in {"", ".", ".."} or _has_forbidden(form):
            raise _refusal(name)
    encoded = quote(value, safe="")
    if len(encoded) > LONGEST_SEGMENT:
        raise _refusal(name, "is too long")
    return encoded


def _decodings(name: str, value: str) -> list[str]:
    """`value` and all that it becomes when a proxy or a router in between decodes it once more than it should."""
    forms = [value]
    while (decoded := unquote(forms[-1])) != forms[-1]:
        forms.append(decoded)
        if len(forms) > 8:
            raise _refusal(name)
    return forms


def _has_forbidden(text: str) -> bool:
    return any(char in "/\\" or unicodedata.category(char) in {"Cc", "Cs"} for char in text)


def _refusal(name: str, why: str = "cannot be part of an address") -> ValidationFailed:
    return ValidationFailed(f"The value of {name} {why}.", field=name)
