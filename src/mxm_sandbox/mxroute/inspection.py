"""The state of the account as JSON, for tests; passwords appear as salted digests only."""

from dataclasses import asdict
from typing import Any

from mxm_sandbox.mxroute.state import Account, HostedDomain


def account_as_json(account: Account) -> dict[str, Any]:
    """Everything the account holds."""
    return {
        "verification_key": account.verification_key,
        "domains": {name: _domain(account.domains[name]) for name in sorted(account.domains)},
        "spam_lists": {name: list(entries) for name, entries in account.spam_lists.items()},
        "users": {name: asdict(user) for name, user in sorted(account.users.items())},
        "packages": {name: asdict(package) for name, package in sorted(account.packages.items())},
        "usage": {"taken_at": account.usage.taken_at, "sizes_bytes": dict(account.usage.sizes)},
    }


def _domain(domain: HostedDomain) -> dict[str, Any]:
    # By hand: asdict() copies deeply, which is slow for twenty thousand mailboxes.
    return {
        "mail_hosting": domain.mail_hosting,
        "ssl_enabled": domain.ssl_enabled,
        "has_dkim": domain.has_dkim,
        "expert_spam": domain.expert_spam,
        "high_score": domain.high_score,
        "dns_scenario": domain.dns_scenario,
        "catch_all": {"type": domain.catch_all.type, "address": domain.catch_all.address},
        "forwarders": {alias: list(targets) for alias, targets in sorted(domain.forwarders.items())},
        "pointers": dict(sorted(domain.pointers.items())),
        "mailboxes": {
            name: {
                "quota_mb": mailbox.quota_mb,
                "usage_mb": mailbox.usage_mb,
                "send_limit": mailbox.send_limit,
                "sent": mailbox.sent,
                "suspended": mailbox.suspended,
                "password_salt": mailbox.secret.salt,
                "password_sha256": mailbox.secret.sha256,
            }
            for name, mailbox in sorted(domain.mailboxes.items())
        },
    }
