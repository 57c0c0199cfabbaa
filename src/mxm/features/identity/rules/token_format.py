"""The format of API tokens: `mxm_`, 256 random bits, a checksum. All URL-safe.

The checksum (CRC-32) keeps nothing secret: it lets a mistyped or cut token be refused without a look-up, and lets
secret scanners know one when they see it.
"""

import base64
import re
import zlib

PREFIX = "mxm_"
SHOWN = 12
"""How many characters of a token are kept to recognise it by."""

_FORM = re.compile(r"^mxm_[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{6}$")


def format_token(secret: bytes) -> str:
    """The token for 32 random bytes."""
    body = PREFIX + base64.urlsafe_b64encode(secret).decode().rstrip("=")
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Whether the checksum fits."""
    return bool(_FORM.match(token)) and _checksum(token[:-6]) == token[-6:]


def _checksum(body: str) -> str:
    return base64.urlsafe_b64encode(zlib.crc32(body.encode()).to_bytes(4, "big")).decode().rstrip("=")
