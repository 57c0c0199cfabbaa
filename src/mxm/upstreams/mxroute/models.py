"""What MXroute answers, field by field as in its OpenAPI document. None always means "MXroute did not say"."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from mxm.upstreams.mxroute.lenient import Amount, Count, Flag, Lenient, Limit, Name, NameText, OrNone, Text

Given = Annotated[str, Field(min_length=1)]
"""A text without which its answer means nothing, and that is no name: a number in its place is an error."""


def pointer_items(raw: Any) -> Any:
    """Pointers as a list of objects, from an array or from an object keyed by name (facts.md: `GET /domains/{d}`)."""
    if isinstance(raw, dict):
        return [{"pointer": name, **(_kind(value))} for name, value in raw.items()]
    if isinstance(raw, list):
        return [{"pointer": item} if _is_name(item) else item for item in raw]
    return raw


def _is_name(item: Any) -> bool:
    return isinstance(item, str | int) and not isinstance(item, bool)


def _kind(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {"type": value} if isinstance(value, str) else {}


def _pointer_names(raw: Any) -> Any:
    items = pointer_items(raw)
    if not isinstance(items, list):
        return items
    return [item.get("pointer") if isinstance(item, dict) else item for item in items]


def _destinations(raw: Any) -> Any:
    if isinstance(raw, str):
        return [part.strip() for part in raw.split(",") if part.strip()]
    return raw


def _local_part(data: Any, field: str) -> Any:
    """`data` with its `field` taken from the full address where MXroute sent only that."""
    if isinstance(data, dict) and not data.get(field) and isinstance(email := data.get("email"), str) and "@" in email:
        return {**data, field: email.rpartition("@")[0]}
    return data


class Domain(Lenient):
    """`GET /domains/{domain}`."""

    domain: Name
    mail_hosting: Flag = None
    ssl_enabled: Flag = None
    pointers: Annotated[list[NameText] | None, BeforeValidator(_pointer_names)] = None


class DomainCreated(Lenient):
    """`POST /domains`."""

    domain: Text = None
    ssl_enabled: Flag = None


class DomainPointer(Lenient):
    """One of `GET /domains/{domain}/pointers`; `type` is `alias` or `redirect`."""

    pointer: Name
    type: Text = None
    target: Text = None


class EmailAccount(Lenient):
    """A mailbox. `quota` and `usage` in MB, quota 0 = unlimited; `limit` and `sent` are messages a day.

    `limit` is what holds, whatever was asked for: MXroute ignores it at creation, refuses it without a password, and
    applies it only now and then with one (facts.md). Read it back; never report the number that was sent.
    """

    username: Name
    email: Text = None
    quota: Limit = None
    usage: Amount = None
    limit: Count = None
    sent: Count = None
    suspended: Flag = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        return _local_part(data, "username")


class Forwarder(Lenient):
    """A forwarder; its destinations are a set, whatever their order."""

    alias: Name
    email: Text = None
    destinations: Annotated[list[str] | None, BeforeValidator(_destinations)] = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        return _local_part(data, "alias")


class MxRecord(Lenient):
    """One mail exchanger to publish."""

    priority: Count = None
    hostname: Text = None
    description: Text = None


class DnsRecord(Lenient):
    """One record to publish; `name` is relative to the domain, `@` is the domain itself."""

    type: Text = None
    name: Text = None
    value: Text = None
    description: Text = None


class DnsInfo(Lenient):
    """`GET /domains/{domain}/dns`: what MXroute wants to see in public DNS."""

    mx_records: list[MxRecord] | None = None
    spf: Annotated[DnsRecord | None, OrNone] = None
    dkim: Annotated[DnsRecord | None, OrNone] = None
    verification: Annotated[DnsRecord | None, OrNone] = None


class CatchAll(Lenient):
    """`type` is `fail`, `blackhole` or `address`; only the last has an `address`."""

    type: Given
    address: Text = None
    description: Text = None


class SpamSettings(Lenient):
    """`high_score` is the score from which mail is deleted, 1-50."""

    high_score: Count = None


class QuotaBreakdown(Lenient):
    """Bytes by category."""

    email: Count = None
    web: Count = None
    databases: Count = None
    backups: Count = None
    other: Count = None


class GracePeriod(Lenient):
    """There when the account is over its quota."""

    days_remaining: Count = None
    deadline: Text = None


class Quota(Lenient):
    """`GET /quota`: bytes, limit 0 = unlimited, refreshed hourly upstream."""

    username: Text = None
    total_used: Count = None
    total_limit: Limit = None
    percent_used: Amount = None
    breakdown: Annotated[QuotaBreakdown | None, OrNone] = None
    grace_period: Annotated[GracePeriod | None, OrNone] = None
    updated_at: Text = None


class EmailUsage(Lenient):
    """The size of one mailbox."""

    email_address: Given
    size_bytes: Count = None
    updated_at: Text = None


class EmailQuota(Lenient):
    """`GET /quota/email`: hourly old, new mailboxes may be missing and deleted ones still there (facts.md)."""

    username: Text = None
    accounts: list[EmailUsage]


class VerificationKey(Lenient):
    """`key` is the label `_da-verify-<32 hex>` to publish below a domain before it is registered."""

    key: Given
    record: Annotated[DnsRecord | None, OrNone] = None
    description: Text = None


class UserQuota(Lenient):
    """Megabytes."""

    limit: Count = None
    used: Amount = None
    unlimited: Flag = None


class ResellerUser(Lenient):
    """`GET /reseller/users/{username}`."""

    username: Name
    email: Text = None
    domain: Text = None
    package: Text = None
    suspended: Flag = None
    quota: Annotated[UserQuota | None, OrNone] = None


class PackageSettings(Lenient):
    """What a package allows; quota in GB, None = not said or without limit, see `quota_unlimited`."""

    quota_gb: Amount = None
    quota_unlimited: Flag = None
    domains: Count = None
    email_accounts: Count = None
    email_forwarders: Count = None
    domain_pointers: Count = None


class Package(Lenient):
    """`GET /reseller/packages/{name}`."""

    name: Name
    settings: Annotated[PackageSettings | None, OrNone] = None
