"""TXT content as Cloudflare writes it (quoted, split at 255 bytes, RFC 1035, 5.1) and as it is meant (one text).

A text is UTF-8. Bytes that are none become U+FFFD: lone surrogates would keep them, and break every JSON document and
database row that they reach. Who compares such records takes what Cloudflare sent (`Record.raw`).
"""

import re

_QUOTED = re.compile(r'\s*"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*\s*', re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9]{3}|.)", re.DOTALL)
LONGEST = 255
"""Bytes of one character-string (RFC 1035, 3.3)."""


def decode(content: str) -> str:
    """The joined, unquoted text. Content that is not wholly made of quoted strings is taken as it is: older records
    came without quotes, and half of a broken one would be worse than all of it."""
    if not _QUOTED.fullmatch(content):
        return content
    return b"".join(_plain(string) for string in _STRING.findall(content)).decode("utf-8", "replace")


def encode(text: str) -> str:
    """Quoted strings of at most 255 bytes each, all that is not printable ASCII as `\\DDD`.

    Raises `ValueError` for a lone surrogate, which has no bytes.
    """
    data = text.encode("utf-8")
    strings = [data[start : start + LONGEST] for start in range(0, len(data), LONGEST)] or [b""]
    return " ".join('"' + "".join(map(_written, string)) + '"' for string in strings)


def _plain(string: str) -> bytes:
    """The bytes of one string. `\\DDD` is a byte, not a character: `\\195\\169` is one é."""
    parts: list[bytes] = []
    end = 0
    for escape in _ESCAPE.finditer(string):
        found = escape[1]
        is_byte = len(found) == 3 and int(found) < 256
        parts += [_bytes(string[end : escape.start()]), bytes([int(found)]) if is_byte else _bytes(found)]
        end = escape.end()
    return b"".join([*parts, _bytes(string[end:])])


def _bytes(text: str) -> bytes:
    # JSON can carry lone surrogates, and nothing that upstream sends may break the reading of a whole zone.
    return text.encode("utf-8", "surrogatepass")


def _written(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03}"
