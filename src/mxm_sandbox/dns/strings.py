"""TXT data: character strings of at most 255 bytes, and how they are written between quotes (RFC 1035, 5.1)."""

import re

MAX_STRING = 255
_ITEM = re.compile(r'\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9]{3}|.)", re.DOTALL)


def split(value: bytes) -> list[bytes]:
    """Cut a value into strings; an empty one is one empty string."""
    return [value[start : start + MAX_STRING] for start in range(0, len(value), MAX_STRING)] or [b""]


def quoted(strings: list[bytes]) -> str:
    """Strings as they are written, with everything that is not plain ASCII escaped."""
    return " ".join('"' + "".join(_written(byte) for byte in item) + '"' for item in strings)


def _written(byte: int) -> str:
    if byte in b'"\\':
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03}"


def parse(text: str) -> list[bytes] | None:
    """The strings of a text that is nothing but quoted strings; none when it is something else."""
    strings: list[bytes] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        item = _ITEM.match(stripped, position)
        if item is None:
            return None
        plain = _plain(item[1])
        if plain is None:
            return None
        strings.append(plain)
        position = item.end()
    return strings or None


def _plain(inside: str) -> bytes | None:
    """The bytes of one string without its escapes; none when an escape is no byte."""
    parts: list[bytes] = []
    position = 0
    for escape in _ESCAPE.finditer(inside):
        parts.append(inside[position : escape.start()].encode("utf-8", "surrogatepass"))
        code = escape[1]
        if len(code) == 3 and int(code) > 255:
            return None
        parts.append(bytes([int(code)]) if len(code) == 3 else code.encode("utf-8", "surrogatepass"))
        position = escape.end()
    return b"".join([*parts, inside[position:].encode("utf-8", "surrogatepass")])


def strings_of(text: str) -> list[bytes] | None:
    """The strings of a value however it is written: quoted, or plain and cut where it has to be. Strings that are too
    long are cut as well. None for a text that begins with a quote and does not go on like that."""
    if not text.lstrip().startswith('"'):
        return split(text.encode("utf-8", "surrogatepass"))
    strings = parse(text)
    return None if strings is None else [piece for item in strings for piece in split(item)]
