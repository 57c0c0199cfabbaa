"""What people should know about a forwarder before they rely on it."""

from collections.abc import Iterable

_STRICT = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "aim.com"),
        *("hotmail.com", "outlook.com", "live.com", "msn.com"),
    }
)


def warnings(destinations: Iterable[str]) -> list[str]:
    """MXroute filters the whole domain strictly once it forwards to the large free providers (facts.md)."""
    strict = sorted({d.rpartition("@")[2] for d in destinations} & _STRICT)
    yahoo = {d.rpartition("@")[2] for d in destinations if d.rpartition("@")[2].startswith("yahoo.")}
    named = sorted({*strict, *yahoo})
    if not named:
        return []
    return [f"Forwarding to {', '.join(named)} switches on Expert Spam Filtering for the whole domain."]
