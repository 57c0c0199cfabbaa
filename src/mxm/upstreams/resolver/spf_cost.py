"""What evaluating an SPF record costs: look-ups and void look-ups, counted through includes (RFC 7208, 4.6.4).

Own code rather than checkdmarc's: that looks up by itself, synchronously, and turns every failure into "not found".
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mxm.upstreams.resolver.client import Lookup, Outcome, RecordType

Ask = Callable[[str, RecordType], Awaitable[Lookup]]

_TERM = re.compile(
    r"^[+\-~?]?(?P<name>include|a|mx|ptr|exists|redirect)(?:[:=](?P<target>[^/]+))?(?:/.*)?$", re.IGNORECASE
)
_DEEPEST = 12
"""Deeper than any record within the limit of ten can go."""
_MOST_COUNTED = 60
"""Counting on tells nobody more than "far too many"."""


@dataclass(slots=True)
class SpfCost:
    """Counts; `unknown` says that something could not be looked up, so that the true count may be higher. `broken` says
    why receivers give up whatever the counts are (permerror), for people."""

    lookups: int = 0
    void: int = 0
    unknown: bool = False
    broken: str | None = None


async def spf_cost(ask: Ask, domain: str, record: str) -> SpfCost:
    """The cost of evaluating `record` for `domain`, in the worst case: every term is reached."""
    cost = SpfCost()
    await _count(ask, domain, record, cost, frozenset({domain.lower()}), depth=0)
    return cost


async def _count(ask: Ask, domain: str, record: str, cost: SpfCost, seen: frozenset[str], *, depth: int) -> None:
    for name, target in _costly(record):
        if cost.lookups >= _MOST_COUNTED:
            return
        cost.lookups += 1
        host = (target or domain).lower().rstrip(".")
        if "%" in host:
            continue  # a macro: what it asks for depends on the sender
        if name in {"include", "redirect"}:
            await _follow(ask, host, cost, seen, depth=depth)
        else:
            await _probe(ask, name, host, cost)


def _costly(record: str) -> list[tuple[str, str | None]]:
    """Terms that look something up; behind `all` nothing is evaluated, and `redirect` is ignored beside it."""
    found: list[tuple[str, str | None]] = []
    redirects: list[tuple[str, str | None]] = []
    for word in record.split()[1:]:
        if re.match(r"^[+\-~?]?all$", word, re.IGNORECASE):
            return found
        match = _TERM.match(word)
        if match:
            (redirects if match["name"].lower() == "redirect" else found).append(
                (match["name"].lower(), match["target"])
            )
    return found + redirects


async def _follow(ask: Ask, host: str, cost: SpfCost, seen: frozenset[str], *, depth: int) -> None:
    if host in seen:
        cost.broken = cost.broken or f"{host} includes itself"
        return
    answer = await ask(host, "TXT")
    _note(answer, cost)
    records = [text for text in answer.values if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    if len(records) != 1 and not answer.is_unknown:
        what = "several SPF records" if records else "no SPF record"
        cost.broken = cost.broken or f"{host} has {what}"
    elif records and depth < _DEEPEST:
        await _count(ask, host, records[0], cost, seen | {host}, depth=depth + 1)


async def _probe(ask: Ask, name: str, host: str, cost: SpfCost) -> None:
    if name == "mx":
        _note(await ask(host, "MX"), cost)
    elif name in {"a", "exists"}:
        v4, v6 = await asyncio.gather(ask(host, "A"), ask(host, "AAAA"))
        if v4.outcome is not Outcome.FOUND:
            _note(v6 if v6.outcome is Outcome.FOUND or v4.outcome is Outcome.ABSENT else v4, cost)


def _note(answer: Lookup, cost: SpfCost) -> None:
    cost.void += answer.outcome is Outcome.ABSENT
    cost.unknown |= answer.is_unknown
