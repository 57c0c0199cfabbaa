"""The writes that the fault tests send, and how the sandbox shows whether each took effect."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mxm_sandbox import Sandbox

D = "example.com"
PASSWORD = "Abcd1234"
Account = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """One write: what is asked of us, what we ask of MXroute, and how its effect shows."""

    name: str
    method: str
    path: str
    body: dict[str, Any] | None
    upstream: str
    """A regular expression for the path at MXroute."""
    action: str
    holds: Callable[[Account], bool]
    success: int = 200

    def effect(self, sandbox: Sandbox) -> bool:
        """Whether it took effect."""
        return self.holds(sandbox.state["account"])


def _domain(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = account["domains"][D]
    return found


_API = f"/api/domains/{D}"

SUBJECTS = [
    Subject(
        "create mailbox",
        "POST",
        f"{_API}/email-accounts",
        {"username": "alex", "password": PASSWORD, "recovery_email": "alex@example.org"},
        r"/email-accounts$",
        "mailbox.create",
        lambda account: "alex" in _domain(account)["mailboxes"],
        201,
    ),
    Subject(
        "delete mailbox",
        "DELETE",
        f"{_API}/email-accounts/info",
        None,
        r"/email-accounts/info$",
        "mailbox.delete",
        lambda account: "info" not in _domain(account)["mailboxes"],
    ),
    Subject(
        "change quota",
        "PATCH",
        f"{_API}/email-accounts/sales",
        {"quota": 4096},
        r"/email-accounts/sales$",
        "mailbox.quota_update",
        lambda account: _domain(account)["mailboxes"]["sales"]["quota_mb"] == 4096,
    ),
    Subject(
        "create forwarder",
        "POST",
        f"{_API}/forwarders",
        {"alias": "news", "destinations": ["support@example.com"]},
        r"/forwarders$",
        "forwarder.create",
        lambda account: "news" in _domain(account)["forwarders"],
        201,
    ),
    Subject(
        "delete forwarder",
        "DELETE",
        f"{_API}/forwarders/hello",
        None,
        r"/forwarders/hello$",
        "forwarder.delete",
        lambda account: "hello" not in _domain(account)["forwarders"],
    ),
    Subject(
        "add spam entry",
        "POST",
        f"{_API}/spam/blacklist",
        {"entry": "karen@hr.example.com"},
        r"/spam/blacklist$",
        "spam.blacklist_add",
        lambda account: "karen@hr.example.com" in account["spam_lists"]["blacklist"],
        201,
    ),
    Subject(
        "remove spam entry",
        "DELETE",
        f"{_API}/spam/blacklist/*@spam.test",
        None,
        r"/spam/blacklist/\*@spam.test$",
        "spam.blacklist_remove",
        lambda account: "*@spam.test" not in account["spam_lists"]["blacklist"],
    ),
    Subject(
        "delete domain",
        "DELETE",
        "/api/domains/bakery.example?confirm=bakery.example",
        None,
        r"^/domains/bakery.example$",
        "domain.delete",
        lambda account: "bakery.example" not in account["domains"],
    ),
]
