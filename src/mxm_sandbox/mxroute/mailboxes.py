"""Operations on mailboxes, with the odd ways of the daily send limit.

The limit is ignored at creation, refused when it is changed without a password, and applied only now and then with one.
Answers to writes therefore never state it: a client has to read it back.
"""

import re

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import business, conflict, invalid, not_found
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import MAX_SEND_LIMIT, Account, HostedDomain, Mailbox, Secret

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?\Z")
_MAX_QUOTA_MB = 10_000_000
_HOLDS_EVERY = 3


def _shown(domain: HostedDomain, mailbox: Mailbox) -> dict[str, object]:
    return {
        "username": mailbox.username,
        "email": f"{mailbox.username}@{domain.name}",
        "quota": mailbox.quota_mb,
        "usage": round(mailbox.usage_mb, 2),
        "limit": mailbox.send_limit,
        "sent": mailbox.sent,
        "suspended": mailbox.suspended,
    }


def _found(account: Account, call: Call) -> tuple[HostedDomain, Mailbox]:
    domain = domain_of(account, call)
    mailbox = domain.mailboxes.get(call.params["user"].lower())
    if mailbox is None:
        raise not_found("Email account")
    return domain, mailbox


def list_mailboxes(account: Account, call: Call) -> Reply:
    """All mailboxes of a domain."""
    domain = domain_of(account, call)
    return Reply([_shown(domain, domain.mailboxes[name]) for name in sorted(domain.mailboxes)])


def get_mailbox(account: Account, call: Call) -> Reply:
    """One mailbox."""
    return Reply(_shown(*_found(account, call)))


def create_mailbox(account: Account, call: Call) -> Reply:
    """Add a mailbox. A name that is taken, by a mailbox or a forwarder, is a conflict."""
    domain = domain_of(account, call)
    body = call.body()
    username = fields.text(body, "username").lower()
    if not _USERNAME.match(username) or ".." in username:
        raise invalid("Invalid username format", "username")
    password = fields.password(body)
    quota_mb = fields.integer(body, "quota", low=0, high=_MAX_QUOTA_MB, default=1024)
    fields.integer(body, "limit", low=0, high=MAX_SEND_LIMIT, default=MAX_SEND_LIMIT)
    _refuse_taken(account, call, domain, username)
    email = f"{username}@{domain.name}"
    domain.mailboxes[username] = Mailbox(username, Secret.of(email, password), quota_mb=quota_mb)
    return Reply({"username": username, "email": email}, 201)


def _refuse_taken(account: Account, call: Call, domain: HostedDomain, username: str) -> None:
    if username in domain.mailboxes:
        raise conflict("Email account already exists", "username")
    if username in domain.forwarders:
        raise conflict("A forwarder with this name already exists", "username")
    allowed = call.config.max_email_accounts
    if allowed is not None and account.mailbox_count() >= allowed:
        raise business("Email account limit reached")


def update_mailbox(account: Account, call: Call) -> Reply:
    """Change password, quota or limit: everything is checked before anything is changed."""
    domain, mailbox = _found(account, call)
    body = call.body()
    password = fields.password(body) if "password" in body else None
    quota_mb = fields.integer(body, "quota", low=0, high=_MAX_QUOTA_MB, default=mailbox.quota_mb)
    send_limit = fields.integer(body, "limit", low=0, high=MAX_SEND_LIMIT, default=mailbox.send_limit)
    if "limit" in body and password is None:
        raise invalid("The send limit can only be changed together with the password", "limit")
    email = f"{mailbox.username}@{domain.name}"
    mailbox.quota_mb = quota_mb
    if password is not None:
        mailbox.secret = Secret.of(email, password)
    if "limit" in body and _limit_holds(account, call):
        mailbox.send_limit = send_limit
    return Reply({"username": mailbox.username, "email": email})


def _limit_holds(account: Account, call: Call) -> bool:
    account.limit_changes_with_password += 1
    match call.config.limit_with_password:
        case "always":
            return True
        case "never":
            return False
        case "sometimes":
            return account.limit_changes_with_password % _HOLDS_EVERY == 0


def delete_mailbox(account: Account, call: Call) -> Reply:
    """Remove a mailbox."""
    domain, mailbox = _found(account, call)
    del domain.mailboxes[mailbox.username]
    return NO_CONTENT
