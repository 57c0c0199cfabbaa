"""Operations on forwarders. There is no update; destinations are a set, shown in no promised order.

As in DirectAdmin a forwarder may share its name with a mailbox that exists (mail goes to both).
"""

import re

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import conflict, invalid, not_found
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account, HostedDomain
from mxm_sandbox.names import is_address

_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_SPECIAL = frozenset({":blackhole:", ":fail:"})
# Providers that punish forwarded spam: a destination there switches on expert spam filtering.
_STRICT_PROVIDER = re.compile(
    r"(?:gmail|googlemail|aol|aim|ymail|rocketmail|yahoo|hotmail|outlook|live|msn|icloud)\.[a-z]{2,3}(?:\.[a-z]{2})?\Z"
)


def _shown(domain: HostedDomain, alias: str) -> dict[str, object]:
    return {"alias": alias, "email": f"{alias}@{domain.name}", "destinations": list(domain.forwarders[alias])}


def list_forwarders(account: Account, call: Call) -> Reply:
    """All forwarders of a domain."""
    domain = domain_of(account, call)
    return Reply([_shown(domain, alias) for alias in sorted(domain.forwarders)])


def create_forwarder(account: Account, call: Call) -> Reply:
    """Add a forwarder."""
    domain = domain_of(account, call)
    body = call.body()
    alias = fields.text(body, "alias").lower()
    if not _ALIAS.match(alias) or len(alias) > 64:
        raise invalid("Invalid alias format", "alias")
    destinations = _destinations(body)
    if alias in domain.forwarders:
        raise conflict("Forwarder already exists", "alias")
    domain.forwarders[alias] = destinations
    domain.expert_spam = domain.expert_spam or any(map(goes_to_strict_provider, destinations))
    return Reply(_shown(domain, alias), 201)


def _destinations(body: fields.Body) -> list[str]:
    given = body.get("destinations")
    if not isinstance(given, list) or not given or not all(isinstance(item, str) for item in given):
        raise invalid("destinations must be a list of email addresses", "destinations")
    unique = sorted({item.strip().lower() for item in given})
    special = _SPECIAL.intersection(unique)
    if special and len(unique) > 1:
        raise invalid(f"{min(special)} cannot be combined with other destinations", "destinations")
    wrong = [item for item in unique if item not in _SPECIAL and not is_address(item)]
    if wrong:
        raise invalid(f"Invalid destination: {wrong[0]}", "destinations")
    return unique


def goes_to_strict_provider(destination: str) -> bool:
    """Whether a destination switches on expert spam filtering for its domain."""
    return _STRICT_PROVIDER.match(destination.rpartition("@")[2].lower()) is not None


def delete_forwarder(account: Account, call: Call) -> Reply:
    """Remove a forwarder; the expert filter stays on."""
    domain = domain_of(account, call)
    if domain.forwarders.pop(call.params["alias"].lower(), None) is None:
        raise not_found("Forwarder")
    return NO_CONTENT
