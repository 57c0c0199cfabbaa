"""Whole lists from pages. A list that might be incomplete is an error: plans delete and add by what is not in it.

Cloudflare pages by number, so that a record which goes or comes while we read shifts all that follows, and one may be
missed without a trace. Hence a list of several pages counts only when two readings in a row agree.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from mxm.platform.errors import UpstreamError, ValidationFailed
from mxm.upstreams.cloudflare.envelope import CLOUDFLARE, Said, failure
from mxm.upstreams.cloudflare.link import Link, parsed
from mxm.upstreams.transport import outcome

MOST_PAGES = 200
"""A list longer than this is not one that Cloudflare gives to anybody, but an answer that never ends."""
_READINGS = 3
DEFAULT_PAGE = 100
"""Cloudflare's own page of records (facts.md); what is asked for when larger ones are refused."""


class _Known(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Known)
Parse = Callable[[Any], list[T]]


class _Shifted(Exception):
    """The pages do not make one list; its text completes "Cloudflare …"."""


async def whole(
    link: Link, path: str, parse: Parse[T], *, size: int, query: Mapping[str, str] | None = None
) -> list[T]:
    """Every item of the list at `path`, in pages of `size`, or smaller ones where these are refused. Raises as a read
    does, and `UpstreamError` when the list is not known to be complete."""
    try:
        return await _agreed(link, path, parse, size, query or {})
    except ValidationFailed as refusal:
        if size <= DEFAULT_PAGE:
            raise outcome.malformed(CLOUDFLARE, f"refused to list it: {refusal.message}", write=False) from refusal
    return await whole(link, path, parse, size=DEFAULT_PAGE, query=query)


async def _agreed(link: Link, path: str, parse: Parse[T], size: int, query: Mapping[str, str]) -> list[T]:
    before: list[T] | None = None
    trouble = "answered with a list that changed while it was read"
    shifts = 0
    for _reading in range(_READINGS):
        try:
            items, pages = await _once(link, path, parse, {**query, "per_page": str(size)})
        except _Shifted as shifted:
            before, trouble, shifts = None, str(shifted), shifts + 1
            if shifts > 1:
                break
            continue
        if pages == 1 or (before is not None and _ids(before) == _ids(items)):
            return items
        before = items
    raise _untrue(trouble)


async def _once(link: Link, path: str, parse: Parse[T], query: Mapping[str, str]) -> tuple[list[T], int]:
    """All pages as they come, and how many there were. Raises `_Shifted` when they do not fit together."""
    items: list[T] = []
    total: int | None = None
    for number in range(1, MOST_PAGES + 1):
        found = await link.ask(path, {**query, "page": str(number)})
        page, said = _page(found, parse, number)
        if "total_count" not in said:
            if _ends_untold(items, page, said.get("total_pages"), number):
                return items + [each for each in page if each.id not in _ids(items)], number
            items += page
            continue
        if total is not None and said["total_count"] != total:
            raise _Shifted("answered with a list that changed while it was read")
        total = said["total_count"]
        items += page
        if len(items) >= total or not page:
            _check_end(items, total, number, said.get("total_pages"))
            return items, number
        if -(-total // len(page)) > MOST_PAGES and number == 1:
            break
    raise _untrue(f"answered with a list of more than {MOST_PAGES} pages")


def _ends_untold(items: list[T], page: list[T], pages: int | None, number: int) -> bool:
    """Whether a list that does not say how long it is ends here: with its last page, or where nothing new comes."""
    if pages is not None:
        return number >= pages
    return _ids(page) <= _ids(items)


def _page(found: Said, parse: Parse[T], number: int) -> tuple[list[T], dict[str, int]]:
    if not found.succeeded or found.parsed is None:
        raise failure(found, write=False)
    page = parsed(parse, found.parsed.get("result"), write=False)
    info = found.parsed.get("result_info")
    said = {name: value for name, value in (info.items() if isinstance(info, dict) else ()) if _is_count(value)}
    if isinstance(info, dict) and "total_count" in info and "total_count" not in said:
        raise _untrue("answered with a list without saying how long it is")
    if said.get("page", number) != number or said.get("count", len(page)) != len(page):
        raise _untrue("answered with another page than the one asked for")
    return page, said


def _check_end(items: list[T], total: int, pages: int, said_pages: int | None) -> None:
    if len(items) != total or len(_ids(items)) != total:
        raise _Shifted(f"answered with {len(_ids(items))} things in a list of {total}")
    if said_pages is not None and said_pages > pages:
        raise _Shifted(f"answered with {pages} of {said_pages} pages")


def _ids(items: list[T]) -> frozenset[str]:
    return frozenset(item.id for item in items)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _untrue(what: str) -> UpstreamError:
    return outcome.malformed(CLOUDFLARE, f"{what}, so the list may be incomplete", write=False)
