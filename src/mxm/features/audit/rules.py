"""The vocabulary of the audit log: every action, and the details that may be kept of it.

What is not on the list is refused when it is recorded: no secret can slip in under a new name.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """Everything that is ever recorded; documented in `docs/audit-log.md` (a test compares)."""

    LOGIN = "auth.login"
    LOGIN_FAILED = "auth.login_failed"
    LOGIN_RATE_LIMITED = "auth.login_rate_limited"
    LOGOUT = "auth.logout"
    SESSION_END = "session.end"
    PROFILE_UPDATE = "profile.update"
    PASSWORD_UPDATE = "profile.password_update"  # noqa: S105 - an action's name
    ADMIN_PASSWORD_UPDATE = "settings.admin_password_update"  # noqa: S105 - an action's name
    TOKEN_CREATE = "api_token.create"  # noqa: S105 - an action's name
    TOKEN_REVOKE = "api_token.revoke"  # noqa: S105 - an action's name
    TOKEN_ROTATE = "api_token.rotate"  # noqa: S105 - an action's name
    DELEGATION_UPDATE = "delegation.update"
    DELEGATION_REVOKE = "delegation.revoke"
    DOMAIN_CREATE = "domain.create"
    DOMAIN_DELETE = "domain.delete"
    DOMAIN_MAIL_STATUS = "domain.mail_status"
    POINTER_CREATE = "pointer.create"
    POINTER_DELETE = "pointer.delete"
    MAILBOX_CREATE = "mailbox.create"
    MAILBOX_UPDATE = "mailbox.update"
    MAILBOX_PASSWORD_UPDATE = "mailbox.password_update"  # noqa: S105 - an action's name
    MAILBOX_QUOTA_UPDATE = "mailbox.quota_update"
    MAILBOX_DELETE = "mailbox.delete"
    MAILBOX_RECOVERY_UPDATE = "mailbox.recovery_update"
    MAILBOX_IMPORT = "mailbox.import"
    FORWARDER_CREATE = "forwarder.create"
    FORWARDER_DELETE = "forwarder.delete"
    CATCH_ALL_UPDATE = "catchall.update"
    SPAM_SETTINGS_UPDATE = "spam.settings_update"
    WHITELIST_ADD = "spam.whitelist_add"
    WHITELIST_REMOVE = "spam.whitelist_remove"
    BLACKLIST_ADD = "spam.blacklist_add"
    BLACKLIST_REMOVE = "spam.blacklist_remove"
    JOB_CANCEL = "job.cancel"
    CLOUDFLARE_SETUP = "cloudflare.setup"
    DNS_FIX = "dns.fix"
    DNS_FIX_BULK = "dns.fix_bulk"
    DNS_REVERT = "dns.revert"
    DMARC_POLICY_UPDATE = "dns.dmarc_policy_update"
    DMARC_POLICY_CLEAR = "dns.dmarc_policy_clear"


_RIGHTS = frozenset({"is_admin", "grants", "changed"})
_DNS = frozenset({"zone", "fix_id", "changes"})

DETAILS: Mapping[Action, frozenset[str]] = {
    Action.LOGIN: frozenset({"via"}),
    Action.LOGIN_FAILED: frozenset({"via"}),
    Action.LOGIN_RATE_LIMITED: frozenset({"via"}),
    Action.LOGOUT: frozenset(),
    Action.SESSION_END: frozenset({"reason", "count"}),
    Action.PROFILE_UPDATE: frozenset({"changed"}),
    Action.PASSWORD_UPDATE: frozenset(),
    Action.ADMIN_PASSWORD_UPDATE: frozenset({"via"}),
    Action.TOKEN_CREATE: _RIGHTS | {"token_prefix", "expires_at", "allowed_networks"},
    Action.TOKEN_REVOKE: frozenset({"token_prefix"}),
    Action.TOKEN_ROTATE: frozenset({"token_prefix"}),
    Action.DELEGATION_UPDATE: _RIGHTS,
    Action.DELEGATION_REVOKE: frozenset(),
    Action.DOMAIN_CREATE: frozenset(),
    Action.DOMAIN_DELETE: frozenset(),
    Action.DOMAIN_MAIL_STATUS: frozenset({"enabled"}),
    Action.POINTER_CREATE: frozenset({"pointer", "type"}),
    Action.POINTER_DELETE: frozenset({"pointer"}),
    Action.MAILBOX_CREATE: frozenset({"quota", "limit", "recovery_email_set"}),
    Action.MAILBOX_UPDATE: frozenset({"changed", "quota", "limit"}),
    Action.MAILBOX_PASSWORD_UPDATE: frozenset(),
    Action.MAILBOX_QUOTA_UPDATE: frozenset({"quota"}),
    Action.MAILBOX_DELETE: frozenset(),
    Action.MAILBOX_RECOVERY_UPDATE: frozenset({"recovery_email"}),
    Action.MAILBOX_IMPORT: frozenset(
        {"job", "created", "already_exists", "created_unconfirmed", "failed", "cancelled", "unknown", "total"}
    ),
    Action.FORWARDER_CREATE: frozenset({"destinations"}),
    Action.FORWARDER_DELETE: frozenset(),
    Action.CATCH_ALL_UPDATE: frozenset({"type", "address"}),
    Action.SPAM_SETTINGS_UPDATE: frozenset({"high_score"}),
    Action.WHITELIST_ADD: frozenset({"entry"}),
    Action.WHITELIST_REMOVE: frozenset({"entry"}),
    Action.BLACKLIST_ADD: frozenset({"entry"}),
    Action.BLACKLIST_REMOVE: frozenset({"entry"}),
    Action.JOB_CANCEL: frozenset({"kind"}),
    Action.CLOUDFLARE_SETUP: frozenset({"dns", "webmail", "step", "zone"}),
    Action.DNS_FIX: _DNS,
    Action.DNS_FIX_BULK: frozenset({"domains", "fixed", "failed", "job"}),
    Action.DNS_REVERT: _DNS,
    Action.DMARC_POLICY_UPDATE: frozenset({"record"}),
    Action.DMARC_POLICY_CLEAR: frozenset(),
}


def checked_details(action: Action, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details, when all of them may be kept. Raises `ValueError` otherwise: that is our own mistake."""
    unknown = set(details) - DETAILS[action]
    if unknown:
        raise ValueError(f"{action} may not record {', '.join(sorted(unknown))}")
    return dict(details)
