"""Operations on spam settings. The score belongs to a domain, the sender lists to the whole account.

This is the strictest part of the API: small bodies, no unknown fields, and answers of its own when the settings cannot
be read safely (500), another update is running (503) or the mail account cannot be verified (403).
"""

import re
from collections.abc import Callable
from typing import Any

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import ApiError, conflict, forbidden, invalid, not_found
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account, HostedDomain, SpamListName
from mxm_sandbox.names import is_domain

_ENTRY = re.compile(r"[a-zA-Z0-9@.\-_*]{1,254}\Z")
_MAX_BODY_BYTES = 2048
Handler = Callable[[Account, Call], Reply]


def _enter(account: Account, call: Call) -> HostedDomain:
    """What every spam operation checks first."""
    if not is_domain(call.params["domain"].lower()):
        raise invalid("Invalid domain format", "domain")
    domain = domain_of(account, call)
    match call.config.spam_state:
        case "unverified":
            raise forbidden("The effective mail account could not be verified")
        case "unavailable":
            raise ApiError(500, "Spam settings could not be safely read or the update could not be confirmed")
        case "busy" if call.method != "GET":
            raise ApiError(503, "Another account update is in progress. Please try again shortly.")
    return domain


def _only_field(call: Call, name: str) -> dict[str, Any]:
    if len(call.wire.raw_body) > _MAX_BODY_BYTES:
        raise invalid(f"Request body must not exceed {_MAX_BODY_BYTES} bytes")
    body = call.body()
    unknown = sorted(body.keys() - {name})
    if unknown:
        raise invalid(f"Unknown field: {unknown[0]}", unknown[0])
    return body


def _checked_entry(entry: object) -> str:
    if not isinstance(entry, str) or not _ENTRY.match(entry):
        raise invalid("Invalid entry format", "entry")
    if entry in {".", ".."}:
        raise invalid("Entry cannot be addressed in a path", "entry")
    return entry


def get_settings(account: Account, call: Call) -> Reply:
    """The score from which mail is deleted."""
    return Reply({"high_score": _enter(account, call).high_score})


def update_settings(account: Account, call: Call) -> Reply:
    """Set the score, 1 to 50."""
    domain = _enter(account, call)
    domain.high_score = fields.integer(_only_field(call, "high_score"), "high_score", low=1, high=50)
    return Reply({"high_score": domain.high_score})


def list_entries(list_name: SpamListName) -> Handler:
    """The handler that shows one list."""

    def handler(account: Account, call: Call) -> Reply:
        _enter(account, call)
        return Reply(list(account.spam_lists[list_name]))

    return handler


def add_entry(list_name: SpamListName) -> Handler:
    """The handler that adds to one list; entries differ only when they differ in more than case."""

    def handler(account: Account, call: Call) -> Reply:
        _enter(account, call)
        entry = _checked_entry(_only_field(call, "entry").get("entry"))
        entries = account.spam_lists[list_name]
        if _position(entries, entry) is not None:
            raise conflict("Entry already exists", "entry")
        entries.append(entry)
        return Reply({"entry": entry}, 201)

    return handler


def remove_entry(list_name: SpamListName) -> Handler:
    """The handler that removes from one list."""

    def handler(account: Account, call: Call) -> Reply:
        _enter(account, call)
        entries = account.spam_lists[list_name]
        position = _position(entries, _checked_entry(call.params["entry"]))
        if position is None:
            raise not_found("Entry")
        del entries[position]
        return NO_CONTENT

    return handler


def _position(entries: list[str], entry: str) -> int | None:
    folded = entry.lower()
    return next((index for index, known in enumerate(entries) if known.lower() == folded), None)
