"""DMARC by meaning (RFC 7489 and its successor): valid or not, and which of two policies is stricter."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

KNOWN_TAGS = frozenset({"v", "p", "sp", "np", "adkim", "aspf", "fo", "rf", "ri", "pct", "rua", "ruf", "psd", "t"})
_POLICIES = ("none", "quarantine", "reject")
_ALIGNMENTS = ("r", "s")
_ADDRESS = re.compile(
    r"^(mailto:[^\s@!]+@[^\s@!]+|(?!mailto:)[a-z][a-z0-9+.-]*:[^\s!]+)(![0-9]+[kmgt]?)?$", re.IGNORECASE
)
"""A URI, and how large a report may be. Commas and semicolons would end it (RFC 7489, 6.2 and 6.4)."""
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed record. `problems` make it invalid, `warnings` do not: unknown tags are to be ignored."""

    tags: Mapping[str, str]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def valid(self) -> bool:
        """Whether receivers will honour it."""
        return not self.problems


def is_dmarc(text: str) -> bool:
    """Whether a TXT value at `_dmarc` claims to be a DMARC record: nothing may stand before that claim."""
    return re.match(r"v\s*=\s*DMARC1\s*(;|$)", text) is not None


def parse(text: str) -> Policy:
    """The tags of a record, and what is wrong with it."""
    tags: dict[str, str] = {}
    problems: list[str] = []
    pieces = [piece.strip() for piece in text.split(";")]
    for piece in pieces:
        if not piece:
            continue
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not equals or not _NAME.match(name):
            problems.append(f"{piece[:60]} is not of the form tag=value")
        elif name.lower() in tags:
            problems.append(f"the tag {name.lower()} stands twice")
        else:
            tags[name.lower()] = value
    problems += _value_problems(tags, first=pieces[0] if pieces else "")
    unknown = tuple(f"the tag {name} is not known" for name in tags if name not in KNOWN_TAGS)
    return Policy(tags, tuple(problems), unknown)


def unsendable(policy: Policy) -> tuple[str, ...]:
    """What is wrong with the addresses of reports. Receivers then send none, but honour the policy all the same."""
    return tuple(
        f"{name}: {address.strip()[:60] or 'an empty address'} is no address of the form mailto:name@example.com"
        for name in ("rua", "ruf")
        for address in (policy.tags[name].split(",") if name in policy.tags else [])
        if not _ADDRESS.match(address.strip())
    )


def for_subdomain(text: str) -> Policy:
    """The policy that a record makes for the names below it: its `sp` takes the place of `p`."""
    policy = parse(text)
    if not policy.valid:
        return policy
    below = _normal("sp", policy)
    return Policy({**policy.tags, "p": below, "sp": below}, (), policy.warnings)


def at_least_as_strict(found: Policy, wanted: Policy) -> bool:
    """Whether `found` protects at least as well as `wanted` in every respect that both can state.

    An invalid record protects from nothing, and so nothing is weaker than it.
    """
    if not wanted.valid or not found.valid:
        return not wanted.valid
    ours, theirs = _strictness(wanted), _strictness(found)
    return all(theirs[name] >= least for name, least in ours.items())


def states(found: Policy, custom: Policy) -> bool:
    """Whether `found` says everything that the custom policy says, by meaning; it may say more."""
    return found.valid and all(_normal(name, found) == _normal(name, custom) for name in custom.tags)


def _value_problems(tags: Mapping[str, str], *, first: str) -> list[str]:
    problems: list[str] = []
    if not is_dmarc(first):
        problems.append("it must begin with v=DMARC1")
    if "p" not in tags:
        problems.append("the tag p is missing")
    choices = {"p": _POLICIES, "sp": _POLICIES, "np": _POLICIES, "adkim": _ALIGNMENTS, "aspf": _ALIGNMENTS}
    problems += [
        f"{name} must be one of {', '.join(allowed)}"
        for name, allowed in choices.items()
        if name in tags and tags[name].lower() not in allowed
    ]
    share = tags.get("pct", "100")
    if not (share.isascii() and share.isdigit() and int(share[:4]) <= 100):
        problems.append("pct must be a number from 0 to 100")
    return problems


def _strictness(policy: Policy) -> dict[str, int]:
    """Numbers that grow with strictness; what is not stated counts as its default."""
    share = int(_normal("pct", policy))
    test_mode = _normal("t", policy) == "y"
    return {
        **{name: _POLICIES.index(_normal(name, policy)) for name in ("p", "sp", "np")},
        **{name: _ALIGNMENTS.index(_normal(name, policy)) for name in ("adkim", "aspf")},
        "pct": 0 if test_mode else share,
    }


def _normal(name: str, policy: Policy) -> str:
    """A tag's value in the form that is compared, with the defaults of the RFC."""
    tags = policy.tags
    defaults = {"sp": tags.get("p", "none"), "adkim": "r", "aspf": "r", "pct": "100", "t": "n", "psd": "u", "fo": "0"}
    defaults["np"] = tags.get("sp", defaults["sp"])
    value = tags.get(name, defaults.get(name, ""))
    if name in {"rua", "ruf"}:
        return ",".join(sorted(part.strip().lower() for part in value.split(",") if part.strip()))
    return str(int(value)) if name == "pct" and value.isdigit() else value.strip().lower()
