"""TXT content as Cloudflare writes it (quoted, split at 255 bytes) and as it is meant (one text)."""

import re

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.DOTALL)
_LONGEST = 255
"""Bytes of one character-string (RFC 1035, 3.3)."""


def decode(content: str) -> str:
    """The joined, unquoted text; content without quotes is taken as it is."""
    text = content.strip()
    if not text.startswith('"'):
        return text
    return "".join(_ESCAPE.sub(_unescaped, part) for part in _STRING.findall(text))


def encode(text: str) -> str:
    """Quoted strings of at most 255 bytes each."""
    parts = [part.replace("\\", "\\\\").replace('"', '\\"') for part in _split(text)]
    return " ".join(f'"{part}"' for part in parts)


def _unescaped(match: re.Match[str]) -> str:
    found = match[1]
    return chr(int(found)) if len(found) == 3 and int(found) < 256 else found


def _split(text: str) -> list[str]:
    """Cut between characters, never inside one that takes several bytes."""
    parts, size = [""], 0
    for char in text:
        length = len(char.encode("utf-8", "surrogatepass"))
        if size + length > _LONGEST:
            parts.append("")
            size = 0
        parts[-1] += char
        size += length
    return parts
