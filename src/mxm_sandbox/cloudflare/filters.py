"""Filters and order of the list of records."""

from collections.abc import Callable
from typing import Any

from mxm_sandbox.cloudflare.errors import bad
from mxm_sandbox.cloudflare.record import Record

_Test = Callable[[Record], bool]
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "exact": str.__eq__,
    "contains": lambda value, part: part in value,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_ORDERS: dict[str, Callable[[Record], Any]] = {
    "type": lambda record: record.type,
    "name": lambda record: record.name,
    "content": lambda record: record.content,
    "ttl": lambda record: record.ttl,
    "proxied": lambda record: record.proxied,
}


def _field(record: Record, name: str) -> str:
    """A text field for comparison: capitals do not count."""
    value = getattr(record, name)
    return "" if value is None else str(value).lower()


def _text_test(name: str, operator: str, wanted: str) -> _Test:
    compare = _OPERATORS[operator]
    value = wanted.removesuffix(".") if name == "name" else wanted
    return lambda record: compare(_field(record, name), value)


def _comment_test(*, present: bool) -> _Test:
    return lambda record: (record.comment is not None) is present


def _tests(query: dict[str, str]) -> list[_Test]:
    tests: list[_Test] = []
    for key, wanted in query.items():
        name, _, operator = key.partition(".")
        low = wanted.lower()
        if name in {"name", "content", "comment"} and operator in _OPERATORS:
            tests.append(_text_test(name, operator, low))
        elif key in {"comment.present", "comment.absent"}:
            tests.append(_comment_test(present=operator == "present"))
        elif key in {"type", "proxied"}:
            tests.append(_text_test(key, "exact", low))
    return tests


def _found(record: Record, search: str) -> bool:
    return any(search.lower() in _field(record, name) for name in ("name", "content", "comment"))


def select(records: list[Record], query: dict[str, str]) -> list[Record]:
    """The records that fit, in order. `match=any` wants one of the filters to fit, `search` always has to."""
    tests = _tests(query)
    how = query.get("match", "all")
    order, direction = query.get("order"), query.get("direction", "asc")
    if how not in {"all", "any"} or direction not in {"asc", "desc"} or (order and order not in _ORDERS):
        raise bad(1007, "Invalid match, order or direction.")
    combine = all if how == "all" or not tests else any
    chosen = [record for record in records if combine(test(record) for test in tests)]
    if query.get("search"):
        chosen = [record for record in chosen if _found(record, query["search"])]
    if order:
        chosen.sort(key=_ORDERS[order], reverse=direction == "desc")
    return chosen
