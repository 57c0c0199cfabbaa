"""What two looks at upstream say about a write whose answer was lost. Pure thought: no reading in here."""

from collections.abc import Mapping
from typing import Any

from mxm.platform.journal.write import Effect, Finding

State = Mapping[str, Any]
"""What a look saw, by name; None = MXroute did not say. `present` is whether the thing exists."""

_LABELS = {
    "mail_hosting": "mail hosting",
    "quota": "quota",
    "limit": "daily limit",
    "destinations": "destinations",
    "high_score": "high score",
    "type": "type",
    "address": "address",
    "suspended": "suspended",
    "package": "package",
}


def judge(subject: str, before: State | None, wanted: State, now: State, unreadable: str | None = None) -> Finding:
    """Whether a write that wanted `wanted` took effect.

    Applied only when the state before was known to differ and the wanted state holds now; not applied when what
    differed is as it was; unknown otherwise. `unreadable` names a part of the write that cannot be read at all.
    """
    holds = describe(subject, wanted, now)
    if unreadable:
        return Finding(Effect.UNKNOWN, f"{holds}; {unreadable} cannot be read back, so the effect is not known.")
    if before is None:
        return Finding(Effect.UNKNOWN, f"{holds}; whether this request made it so is not known.")
    differed = [key for key in wanted if before.get(key) is not None and before[key] != wanted[key]]
    if any(now.get(key) is None for key in differed):
        return Finding(Effect.UNKNOWN, f"{holds}; what the request wanted to change cannot be read.")
    if differed and all(now.get(key) == wanted[key] for key in _judged(wanted, differed)):
        return Finding(Effect.APPLIED, f"{holds}: the request took effect.")
    if differed and all(now[key] == before[key] for key in differed):
        return Finding(Effect.NOT_APPLIED, f"{holds}, as before: the request took no effect.")
    return Finding(Effect.UNKNOWN, f"{holds}; whether this request made it so is not known.")


def describe(subject: str, wanted: State, now: State) -> str:
    """A clause that says what holds now, of the things that the write was about."""
    if now.get("present") is False:
        return f"{subject} does not exist now"
    values = [f"{_LABELS.get(key, key)} {_shown(now.get(key))}" for key in wanted if key != "present"]
    if values and wanted.get("present") is not False:
        return f"{subject} has {', '.join(values)} now"
    return f"{subject} exists now"


def _judged(wanted: State, differed: list[str]) -> list[str]:
    """MXroute applies a mailbox's daily limit only now and then (facts.md): beside another change it proves nothing."""
    return [key for key in wanted if key != "limit" or differed == ["limit"]]


def _shown(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
