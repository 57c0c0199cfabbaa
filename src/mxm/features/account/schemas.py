"""MXroute's own fields. Null means that MXroute did not say."""

from pydantic import Field

from mxm.platform.envelope import Output


class QuotaBreakdown(Output):
    """Bytes by category."""

    email: int | None
    web: int | None
    databases: int | None
    backups: int | None
    other: int | None


class GracePeriod(Output):
    """There when the account is over its quota."""

    days_remaining: int | None
    deadline: str | None


class Quota(Output):
    """The account's disk usage; refreshed hourly by MXroute."""

    username: str | None
    total_used: int | None = Field(description="Bytes.")
    total_limit: int | None = Field(description="Bytes; 0 = unlimited.")
    percent_used: float | None
    breakdown: QuotaBreakdown | None
    grace_period: GracePeriod | None
    updated_at: str | None


class EmailUsage(Output):
    """One mailbox's size."""

    email_address: str
    size_bytes: int | None
    updated_at: str | None


class EmailQuota(Output):
    """All mailboxes by size; hourly old, so that new ones may be missing and deleted ones still there."""

    username: str | None
    accounts: list[EmailUsage]


class VerificationRecord(Output):
    """The record to publish, relative to the domain."""

    type: str | None = Field(examples=["TXT"])
    name: str | None = Field(examples=["_da-verify-a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4"])
    value: str | None = Field(examples=["domain-verified"])


class VerificationKey(Output):
    """What a domain must publish before it can be registered."""

    key: str = Field(examples=["_da-verify-a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4"])
    record: VerificationRecord | None
    description: str | None
