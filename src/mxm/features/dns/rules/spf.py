"""SPF by meaning (RFC 7208): whether MXroute may send, and how to let it send without shutting anybody out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

MOST_LOOKUPS = 10
MOST_VOID_LOOKUPS = 2
_LOOKUP_NAMES = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_TERM = re.compile(r"^(?P<qualifier>[+\-~?]?)(?P<name>[A-Za-z][A-Za-z0-9._-]*)(?P<rest>([:=/].*)?)$", re.DOTALL)
_SOFTEST_FIRST = "+?~-"
_ONCE = frozenset({"redirect", "exp"})
_VERSIONS = {"ip4": 4, "ip6": 6}
_HOST = re.compile(r"(:[^/\s]+)?(/(3[0-2]|[12]?\d))?(//(12[0-8]|1[01]\d|[1-9]?\d))?")
_GRAMMAR = {
    "all": re.compile(""),
    "include": re.compile(r":[^/\s]+"),
    "exists": re.compile(r":[^/\s]+"),
    "a": _HOST,
    "mx": _HOST,
    "ptr": re.compile(r"(:[^/\s]+)?"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One mechanism or modifier, as it was written."""

    text: str
    qualifier: str
    name: str
    rest: str

    @property
    def key(self) -> str:
        """Equal for terms that mean the same: mechanism names and domains know no case, `+` is the default."""
        return f"{self.qualifier or '+'}{self.name}{self.rest}".lower().rstrip(".")

    @property
    def is_all(self) -> bool:
        """Whether it is the `all` mechanism, behind which nothing counts."""
        return self.name == "all" and not self.rest

    @property
    def looks_up(self) -> bool:
        """Whether it counts against the limit of ten look-ups (RFC 7208, 4.6.4)."""
        return self.name in _LOOKUP_NAMES


@dataclass(frozen=True, slots=True)
class Merged:
    """The one record that keeps every sender, or the reason why it cannot be made."""

    record: str | None
    conflict: str | None = None


def is_spf(text: str) -> bool:
    """Whether a TXT value is an SPF record at all (RFC 7208, 4.5)."""
    lower = text.lower()
    return lower == "v=spf1" or lower.startswith("v=spf1 ")


def terms(record: str) -> list[Term] | None:
    """The terms behind `v=spf1`; None when one of them is malformed: receivers honour none of the record then."""
    found: list[Term] = []
    for word in record.split()[1:]:
        match = _TERM.match(word)
        term = Term(word, match["qualifier"], match["name"].lower(), match["rest"]) if match else None
        if term is None or not _is_sound(term):
            return None
        found.append(term)
    once = [term.name for term in found if term.rest.startswith("=") and term.name in _ONCE]
    return None if len(set(once)) < len(once) else found


def _is_sound(term: Term) -> bool:
    """Whether a term is one of the grammar (RFC 7208, 12). Unknown modifiers are ignored, mechanisms are not."""
    if term.rest.startswith("="):
        return not term.qualifier and (term.name not in _ONCE or len(term.rest) > 1)
    if term.name in _VERSIONS:
        return _is_network(term.rest, _VERSIONS[term.name])
    return term.name in _GRAMMAR and ("%" in term.rest or _GRAMMAR[term.name].fullmatch(term.rest) is not None)


def _is_network(rest: str, version: int) -> bool:
    try:
        return ip_network(rest.removeprefix(":"), strict=False).version == version and rest.startswith(":")
    except ValueError:
        return False


def senders(record: str) -> list[Term]:
    """The mechanisms that let somebody send: all terms but `all` and modifiers."""
    return [term for term in terms(record) or [] if not term.is_all and not term.rest.startswith("=")]


def allows(record: str, wanted: str) -> bool:
    """Whether every mechanism of `wanted` (MXroute's own record) lets mail pass in `record`."""
    held: set[str] = set()
    for term in terms(record) or []:
        if term.is_all:
            break  # what stands behind `all` is never reached
        held.add(term.key)
    return all(term.key in held for term in senders(wanted))


def merge(records: Sequence[str], wanted: str) -> Merged:
    """One record that lets everyone send who may now, and MXroute besides.

    Nothing is taken away: other terms keep their order and spelling, a single record keeps the qualifier of its
    `all`; of several the softest one holds, because a stricter one would shut out senders.
    """
    if not records:
        return Merged(wanted)
    if len(records) == 1 and allows(records[0], wanted):
        return Merged(records[0])
    parsed = [terms(record) for record in records]
    trouble = _trouble(parsed, {term.name + term.rest.lower() for term in senders(wanted)})
    if trouble is not None:
        return Merged(None, trouble)
    readable = [found for found in parsed if found is not None]
    if len(readable) > 1 and any(t.qualifier in set("-~?") and not t.is_all for found in readable for t in found):
        return Merged(None, "one of several SPF records refuses single senders; which of them shall count is not known")
    if len(readable) == 1:
        return Merged(_inserted(readable[0], wanted))
    kept, ending, behind = _folded(readable)
    missing = [term for term in senders(wanted) if term.key not in {k.key for k in kept}]
    return Merged(" ".join(["v=spf1", *_texts([*kept, *missing]), *ending, *_texts(behind)]))


def _inserted(found: list[Term], wanted: str) -> str:
    """The record with what is missing put before its `all`, and everything else where it was."""
    end = next((place for place, term in enumerate(found) if term.is_all), len(found))
    held = {term.key for term in found[:end]}
    missing = [term for term in senders(wanted) if term.key not in held]
    return " ".join(["v=spf1", *_texts([*found[:end], *missing, *found[end:]])])


def _trouble(parsed: Iterable[list[Term] | None], ours: set[str]) -> str | None:
    for found in parsed:
        if found is None:
            return "the SPF record has a term that cannot be read; repair it by hand"
        if any(term.name == "redirect" and term.rest.startswith("=") for term in found):
            return "the SPF record uses redirect=; include MXroute in the record that it points to"
        if any("%" in term.rest for term in found):
            return "the SPF record uses macros; add MXroute's include by hand"
        if any(term.qualifier in set("-~?") and term.name + term.rest.lower() in ours for term in found):
            return "the SPF record names MXroute, but not as allowed to send; repair it by hand"
    return None


def _folded(records: Sequence[list[Term]]) -> tuple[list[Term], list[str], list[Term]]:
    """Terms before `all` without repetition, the `all` that holds, and modifiers that stood behind it."""
    kept: dict[str, Term] = {}
    behind: dict[str, Term] = {}
    endings: list[Term] = []
    for found in records:
        target = kept
        for term in found:
            if term.is_all and target is kept:
                endings.append(term)
                target = behind
            elif target is kept or term.rest.startswith("="):
                target.setdefault(_slot(term), term)
    if endings and len(endings) < len(records):
        endings.append(Term("?all", "?", "all", ""))  # a record without `all` is neutral (RFC 7208, 4.7)
    endings.sort(key=lambda term: _SOFTEST_FIRST.index(term.qualifier or "+"))
    return list(kept.values()), _texts(endings[:1]), [term for slot, term in behind.items() if slot not in kept]


def _slot(term: Term) -> str:
    """Modifiers may stand only once (RFC 7208, 6), whatever their value."""
    return f"{term.name}=" if term.rest.startswith("=") else term.key


def _texts(found: Iterable[Term]) -> list[str]:
    return [term.text for term in found]


def redirect_of(record: str) -> str | None:
    """The domain whose record counts instead, where no `all` stands before that (RFC 7208, 6.1)."""
    found = terms(record) or []
    if any(term.is_all for term in found):
        return None
    return next(
        (term.rest[1:].lower().rstrip(".") for term in found if term.name == "redirect" and term.rest[1:]), None
    )


def allows_by_redirect(texts: Iterable[str], wanted: str) -> bool:
    """Whether the one SPF record among the texts of a redirect's target lets MXroute send."""
    records = [text for text in texts if is_spf(text)]
    return len(records) == 1 and allows(records[0], wanted)


def lets_everyone_send(record: str) -> bool:
    """Whether `all` is reached with the qualifier that lets mail pass."""
    return any(term.is_all and term.qualifier in {"", "+"} for term in terms(record) or [])
