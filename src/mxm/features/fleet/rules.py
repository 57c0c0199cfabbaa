"""Counting mailboxes: figures that are hourly old, put right by what we know to have done ourselves since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Writes that change how many mailboxes there are, by MXroute's own names."""

    CREATED = "createEmailAccount"
    DELETED = "deleteEmailAccount"
    DOMAIN_DELETED = "deleteDomain"


@dataclass(frozen=True, slots=True)
class MailboxWrite:
    """A write that took effect; `user` is empty for a domain's own."""

    at: datetime
    kind: Kind
    domain: str
    user: str = ""


def by_domain(addresses: Iterable[str]) -> dict[str, set[str]]:
    """Usernames by domain."""
    found: dict[str, set[str]] = {}
    for address in addresses:
        user, at, domain = address.strip().lower().rpartition("@")
        if at and user and domain:
            found.setdefault(domain, set()).add(user)
    return found


def corrected(listed: Mapping[str, set[str]], writes: Iterable[MailboxWrite]) -> dict[str, set[str]]:
    """The usernames after `writes`, in their order: what the list knows of already changes nothing a second time."""
    found = {domain: set(users) for domain, users in listed.items()}
    for write in writes:
        users = found.setdefault(write.domain, set())
        if write.kind is Kind.CREATED:
            users.add(write.user)
        elif write.kind is Kind.DELETED:
            users.discard(write.user)
        else:
            users.clear()
    return found


def moved_on(count: int, counted_at: datetime, writes: Iterable[MailboxWrite]) -> int:
    """`count` with the writes to that domain since `counted_at`."""
    for write in writes:
        if write.at > counted_at:
            count = 0 if write.kind is Kind.DOMAIN_DELETED else count + (1 if write.kind is Kind.CREATED else -1)
            count = max(0, count)
    return count
