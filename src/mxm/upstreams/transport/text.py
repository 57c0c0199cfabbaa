"""Foreign text made fit for people and logs."""

import unicodedata
from collections.abc import Iterable

_HIDDEN = "[hidden]"


def clean(text: str, *, limit: int = 300, secrets: Iterable[str] = ()) -> str:
    """`text` on one line, without control, format or surrogate characters and known `secrets`, at most `limit` long.

    Upstream's messages reach browsers, terminals and logs: a line break would forge a log line, a bidirectional
    override a sentence, and an upstream that quotes our request would hand a password to whoever reads the message.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            text = text.replace(secret, _HIDDEN)
    shown = "".join(" " if char.isspace() else char for char in text if char.isspace() or _printable(char))
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _printable(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")


def sentence(text: str) -> str:
    """`text` with a full stop at its end, so that another sentence can follow."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
