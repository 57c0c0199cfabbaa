"""What goes in and out of the spam routes."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from mxm.platform.envelope import Input, Output

_ENTRY = re.compile(r"[a-zA-Z0-9@.\-_*]+\Z")


def _entry(text: str) -> str:
    """An address or pattern; `.` and `..` would collapse in a path upstream (facts.md)."""
    if not _ENTRY.match(text) or len(text) > 254 or text in {".", ".."}:
        raise ValueError("must be an address or pattern of letters, digits and @ . - _ *, at most 254")
    return text


SpamEntry = Annotated[
    str, AfterValidator(_entry), Field(min_length=1, max_length=254, examples=["karen@hr.example.com"])
]
HighScore = Annotated[int, Field(ge=1, le=50, examples=[10])]


class SpamSettings(Output):
    """The domain's settings."""

    high_score: int | None = Field(description="Mail from this score on is deleted, 1-50.", examples=[10])


class SpamSettingsIn(Input):
    """New settings."""

    high_score: HighScore


class SpamEntryIn(Input):
    """An entry to add: a local part, a full address, or a pattern with `*`."""

    entry: SpamEntry


class SpamEntryOut(Output):
    """An entry that is on the list now."""

    entry: str = Field(examples=["karen@hr.example.com"])
