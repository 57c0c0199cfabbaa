"""Names of records: accepted as people write them, kept as absolute ones."""

import re

from mxm_sandbox.cloudflare.errors import bad
from mxm_sandbox.names import fold

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}\Z")


def is_host(name: str) -> bool:
    """Whether `name` (already folded) can stand in DNS, underscores and a leading asterisk included."""
    return len(name) <= 253 and _NAME.match(name) is not None


def ascii_name(text: str) -> str:
    """A name folded and, where it is international, as `xn--`; unchanged when there is no such form."""
    folded = fold(text)
    try:
        return folded if folded.isascii() else folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


def absolute(given: object, zone: str) -> str:
    """The absolute name; `@` is the zone itself and what does not end with the zone lies in it. Raises a 400."""
    if not isinstance(given, str) or not given.strip():
        raise bad(9000, "DNS name is invalid.")
    name = ascii_name(given)
    if name == "@":
        return zone
    if name != zone and not name.endswith(f".{zone}"):
        name = f"{name}.{zone}"
    if not is_host(name):
        raise bad(9000, "DNS name is invalid.")
    return name
