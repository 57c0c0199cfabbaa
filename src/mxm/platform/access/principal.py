"""Who calls: the principal that credentials stand for, and the caller it becomes within one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Permission(StrEnum):
    """What may be granted on a domain. Administrators need none."""

    DASHBOARD = "dashboard"
    EMAILS = "emails"
    FORWARDERS = "forwarders"
    SPAM = "spam"
    DNS = "dns"


Grants = Mapping[str, frozenset[Permission]]


@dataclass(frozen=True, slots=True)
class Principal:
    """A user or a token with its rights. Built once when rights change, shared by all its requests."""

    key: str
    """Stable and unique: `user:…` or `token:…`; never shown."""
    name: str
    """As the audit log shows it: the login, or `token:<label>`."""
    kind: Literal["session", "api_token", "system"]
    is_admin: bool = False
    grants: Grants = field(default_factory=dict)
    user_id: str | None = None

    def may(self, domain: str, *permissions: Permission) -> bool:
        """Whether any of `permissions` is granted on `domain` (none named: any permission at all)."""
        if self.is_admin:
            return True
        held = self.grants.get(domain)
        return held is not None and bool(held) and (not permissions or not held.isdisjoint(permissions))


SYSTEM = Principal(key="system", name="system", kind="system", is_admin=True)
PUBLIC = Principal(key="public", name="public", kind="system")


@dataclass(slots=True)
class Caller:
    """A principal within one request: what the journal and the audit log note besides the name."""

    principal: Principal
    request_id: str
    address: str | None = None
    session_id: str | None = None
    """Only for sessions: the stored hash of the session's id."""
    idempotency_id: str | None = None

    @property
    def name(self) -> str:
        """The actor of the audit log."""
        return self.principal.name
