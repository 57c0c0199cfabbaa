"""The vocabulary of the seed: domains and mailboxes written down as data, and how they become state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mxm_sandbox.mxroute.forwarders import goes_to_strict_provider
from mxm_sandbox.mxroute.state import (
    DEFAULT_HIGH_SCORE,
    CatchAll,
    CatchAllType,
    HostedDomain,
    Mailbox,
    PointerType,
    Secret,
)

# Every mailbox of the seed has it, so that a demo can log in; it protects nothing.
SEED_LOGIN = "Sandbox-Login-1"


@dataclass(frozen=True, slots=True)
class SeedMailbox:
    """A mailbox of the seed; sizes in MB, `sent` in messages today."""

    username: str
    usage_mb: float = 0.0
    quota_mb: int = 1024
    sent: int = 0
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class SeedDomain:
    """A domain of the seed. `dns_scenario` says what public DNS shows for it."""

    name: str
    dns_scenario: str = "healthy"
    mailboxes: tuple[SeedMailbox, ...] = ()
    forwarders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pointers: Mapping[str, PointerType] = field(default_factory=dict)
    catch_all: CatchAllType = "fail"
    catch_all_address: str | None = None
    mail_hosting: bool = True
    ssl_enabled: bool = True
    has_dkim: bool = True
    high_score: int = DEFAULT_HIGH_SCORE


def mailbox_from(part: SeedMailbox, domain: str) -> Mailbox:
    """The mailbox as state."""
    return Mailbox(
        username=part.username,
        secret=Secret.of(f"{part.username}@{domain}", SEED_LOGIN),
        quota_mb=part.quota_mb,
        usage_mb=part.usage_mb,
        sent=part.sent,
        suspended=part.suspended,
    )


def domain_from(part: SeedDomain) -> HostedDomain:
    """The domain as state, with the filter that its forwarders would have switched on."""
    return HostedDomain(
        name=part.name,
        mail_hosting=part.mail_hosting,
        ssl_enabled=part.ssl_enabled,
        has_dkim=part.has_dkim,
        expert_spam=any(goes_to_strict_provider(item) for items in part.forwarders.values() for item in items),
        high_score=part.high_score,
        dns_scenario=part.dns_scenario,
        catch_all=CatchAll(part.catch_all, part.catch_all_address),
        mailboxes={item.username: mailbox_from(item, part.name) for item in part.mailboxes},
        forwarders={alias: sorted(items) for alias, items in part.forwarders.items()},
        pointers=dict(part.pointers),
    )
