"""Pages of lists: which part is given, and what is said about the whole."""

from collections.abc import Sequence
from typing import TypeVar

from mxm_sandbox.cloudflare.errors import bad

T = TypeVar("T")


def page_of(
    items: Sequence[T], query: dict[str, str], *, default: int, most: int, least: int = 1
) -> tuple[Sequence[T], dict[str, int]]:
    """One page and its `result_info`. A size out of bounds is brought within them. Raises a 400 for no number."""
    page = max(1, _number(query, "page", 1))
    size = min(most, max(least, _number(query, "per_page", default)))
    part = items[(page - 1) * size : page * size]
    info = {
        "page": page,
        "per_page": size,
        "count": len(part),
        "total_count": len(items),
        "total_pages": -(-len(items) // size),
    }
    return part, info


def _number(query: dict[str, str], name: str, default: int) -> int:
    written = query.get(name, "")
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) <= 9):
        raise bad(1006, f"Invalid {name}: must be a number.")
    return int(written)
