"""What an MXroute account holds. Plain data: the rules live in the rooms of the operations."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Literal

MEGABYTE = 1_048_576
MAX_SEND_LIMIT = 9600
DEFAULT_HIGH_SCORE = 15

PointerType = Literal["alias", "redirect"]
CatchAllType = Literal["fail", "blackhole", "address"]
SpamListName = Literal["whitelist", "blacklist"]


def _digest(salt: str, password: str) -> str:
    # surrogatepass: JSON may carry lone surrogates, and a sandbox must not fall over them
    return hashlib.sha256(f"{salt}:{password}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Secret:
    """A password that can be compared but not read."""

    salt: str
    sha256: str

    @classmethod
    def of(cls, owner: str, password: str) -> "Secret":
        """The salt is the owner's name: enough against a look at two equal digests, and repeatable."""
        return cls(owner, _digest(owner, password))

    def matches(self, password: str) -> bool:
        """Whether `password` is the one that was set last."""
        return hmac.compare_digest(self.sha256, _digest(self.salt, password))


@dataclass(slots=True)
class Mailbox:
    """A mailbox; sizes in MB, limits and counts in messages per day."""

    username: str
    secret: Secret
    quota_mb: int = 1024
    usage_mb: float = 0.0
    send_limit: int = MAX_SEND_LIMIT
    sent: int = 0
    suspended: bool = False


@dataclass(slots=True)
class CatchAll:
    """Where mail for unknown names goes."""

    type: CatchAllType = "fail"
    address: str | None = None


@dataclass(slots=True)
class HostedDomain:
    """A domain of the account with all that belongs to it; `dns_scenario` is what its public DNS looks like."""

    name: str
    mail_hosting: bool = True
    ssl_enabled: bool = True
    has_dkim: bool = True
    expert_spam: bool = False
    high_score: int = DEFAULT_HIGH_SCORE
    dns_scenario: str = "bare"
    catch_all: CatchAll = field(default_factory=CatchAll)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    forwarders: dict[str, list[str]] = field(default_factory=dict)
    pointers: dict[str, PointerType] = field(default_factory=dict)


@dataclass(slots=True)
class Package:
    """A reseller's package; none means unlimited. Storage in GB."""

    name: str
    quota_gb: int | None = 1
    domains: int | None = 1
    email_accounts: int | None = 100
    email_forwarders: int | None = 100
    domain_pointers: int | None = 10


@dataclass(slots=True)
class ResellerUser:
    """A user under a reseller; storage in MB, none means unlimited."""

    username: str
    email: str
    package: str
    secret: Secret
    domain: str = ""
    suspended: bool = False
    quota_mb: int | None = 1024
    used_mb: float = 0.0


@dataclass(slots=True)
class UsageSnapshot:
    """Sizes as they were when the figures were last renewed; time in Unix seconds, sizes in bytes."""

    taken_at: float = 0.0
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """One MXroute account. Spam lists belong to it, not to a domain."""

    verification_key: str
    domains: dict[str, HostedDomain] = field(default_factory=dict)
    spam_lists: dict[SpamListName, list[str]] = field(default_factory=lambda: {"whitelist": [], "blacklist": []})
    users: dict[str, ResellerUser] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)
    usage: UsageSnapshot = field(default_factory=UsageSnapshot)
    limit_changes_with_password: int = 0

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox of an address, if there is one."""
        username, _, domain = address.lower().rpartition("@")
        hosted = self.domains.get(domain)
        return hosted.mailboxes.get(username) if hosted else None

    def mailbox_count(self) -> int:
        """Mailboxes of all domains."""
        return sum(len(domain.mailboxes) for domain in self.domains.values())

    def renew_usage(self, now: float) -> None:
        """Take the hourly figures now."""
        self.usage = UsageSnapshot(
            now,
            {
                f"{mailbox.username}@{domain.name}": int(mailbox.usage_mb * MEGABYTE)
                for domain in self.domains.values()
                for mailbox in domain.mailboxes.values()
            },
        )
