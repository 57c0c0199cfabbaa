"""DKIM by key (RFC 6376, 3.6.1): two records are the same when they publish the same public key."""

import re

_BLANKS = re.compile(r"\s+")


def key_of(text: str) -> str | None:
    """The public key in base64 without blanks; "" for a revoked key, None when the text is no DKIM record."""
    tags: dict[str, str] = {}
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value)
    if "p" not in tags or tags.get("v", "DKIM1").strip() != "DKIM1":
        return None
    return _BLANKS.sub("", tags["p"])


def same_key(one: str, other: str) -> bool:
    """Whether both publish the same key, whatever their other tags and blanks."""
    key = key_of(one)
    return bool(key) and key == key_of(other)
