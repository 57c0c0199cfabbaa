"""Which compressed form of a file a client wants (RFC 9110, 12.5.3)."""

import re
from collections.abc import Collection

_BEST_FIRST = ("br", "gzip", "identity")
_LAST_RESORT = 0.0005
"""The weight of sending a file as it is, where the client does not give one: less than any that it can give."""
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose(accepted: str, offered: Collection[str]) -> str:
    """The best of the `offered` codings under an Accept-Encoding header; "identity" when none other is wanted."""
    weights = _weights(accepted)
    weights.setdefault("identity", _LAST_RESORT)
    anything = weights.get("*", 0.0)
    wanted = [coding for coding in _BEST_FIRST if coding in offered and weights.get(coding, anything) > 0]
    return max(wanted, key=lambda coding: weights.get(coding, anything), default="identity")


def _weights(accepted: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accepted.split(","):
        coding, _, parameter = part.partition(";")
        name = coding.strip().lower().removeprefix("x-")
        if name:
            found[name] = _weight(parameter.strip())
    return found


def _weight(parameter: str) -> float:
    """A weight that cannot be read counts as a no: the plain file suits everybody."""
    if not parameter:
        return 1.0
    match = _WEIGHT.fullmatch(parameter)
    return float(match[1]) if match else 0.0
