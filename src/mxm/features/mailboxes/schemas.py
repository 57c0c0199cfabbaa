"""What goes in and out of the mailbox routes."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from mxm.platform.envelope import Input, Output, example
from mxm.platform.names import DomainName, EmailAddress, LocalPart

DEFAULT_QUOTA = 1024
DEFAULT_LIMIT = 9600
MAX_QUOTA = 100_000_000
"""MB; far above any account, so that a slip of the hand is noticed."""
MAX_PASSWORD = 256


def password_rule(password: str) -> str:
    """MXroute's rule (its API description); other rules of old documents are not live (facts.md)."""
    has = {"upper": False, "lower": False, "digit": False}
    for char in password:
        has["upper"] |= "A" <= char <= "Z"
        has["lower"] |= "a" <= char <= "z"
        has["digit"] |= "0" <= char <= "9"
    if len(password) > MAX_PASSWORD:
        raise ValueError(f"must have at most {MAX_PASSWORD} characters")
    if len(password) < 8 or not all(has.values()):
        raise ValueError("must have at least 8 characters with an upper-case letter, a lower-case letter and a digit")
    if any(ord(char) < 32 or ord(char) == 127 for char in password):
        raise ValueError("must not hold control characters")
    return password


MailboxPassword = Annotated[str, AfterValidator(password_rule), Field(max_length=MAX_PASSWORD, examples=["Abcd123!"])]
QuotaMb = Annotated[int, Field(ge=0, le=MAX_QUOTA, description="MB; 0 = unlimited.", examples=[1024])]
SendLimit = Annotated[int, Field(ge=1, le=9600, description="Messages a day.", examples=[9600])]


class MailboxIn(Input):
    """A mailbox to make."""

    model_config = example({"username": "alex", "password": "Abcd123!", "quota": 1024, "limit": 9600})

    username: LocalPart
    password: MailboxPassword
    quota: QuotaMb = DEFAULT_QUOTA
    limit: SendLimit = DEFAULT_LIMIT
    recovery_email: EmailAddress | None = None


class MailboxChange(Input):
    """What to change; at least one. MXroute refuses a `limit` without a password."""

    model_config = example({"quota": 2048})

    password: MailboxPassword | None = None
    quota: QuotaMb | None = None
    limit: SendLimit | None = None


class RecoveryIn(Input):
    """The recovery address; null removes it. It must differ from the mailbox."""

    model_config = example({"recovery_email": "alex@example.org"})

    recovery_email: EmailAddress | None


class MailboxOut(Output):
    """A mailbox. Null means that MXroute did not say."""

    username: str = Field(examples=["alex"])
    email: str = Field(examples=["alex@example.com"])
    quota: int | None = Field(description="MB; 0 = unlimited.", examples=[1024])
    usage: float | None = Field(description="MB; refreshed hourly.", examples=[256.5])
    limit: int | None = Field(description="Messages a day.", examples=[9600])
    sent: int | None = Field(description="Messages sent today.", examples=[42])
    suspended: bool | None
    recovery_email: str | None = Field(description="Null without the permission `emails`.")
    has_recovery_email: bool


class MailboxUsage(Output):
    """One mailbox's share."""

    username: str
    email: str
    quota: int | None
    usage: float | None
    limit: int | None
    sent: int | None


class UsageTotals(Output):
    """Sums over the mailboxes that MXroute gave figures for."""

    mailboxes: int
    quota: int = Field(description="MB, without unlimited mailboxes.")
    unlimited: int = Field(description="Mailboxes without a quota.")
    usage: float = Field(description="MB.")
    sent: int = Field(description="Messages sent today.")


class DomainQuota(Output):
    """The domain's mailboxes and totals."""

    domain: str
    mailboxes: list[MailboxUsage]
    totals: UsageTotals


class ImportPreviewIn(Input):
    """Rows of a CSV file to check."""

    model_config = example({"default_domain": "example.com", "rows": [{"username": "alice", "password": "Abcd123!"}]})

    default_domain: DomainName | None = Field(None, description="For rows that name none.")
    existing_by_domain: dict[str, Annotated[list[str], Field(max_length=50_000)]] | None = Field(
        None, description="Usernames already known by domain; other domains are looked up."
    )
    rows: Annotated[list[dict[str, Any]], Field(max_length=1000)] = Field(
        description="Columns: `username|user` or `email|mailbox|address`, `password|pass`, `quota`, `limit`, "
        "`recovery_email|recovery`, `domain`, `line|_line`; others are ignored. Numbers may be text, blank = default.",
        examples=[[{"username": "alice", "password": "Abcd123!"}]],
    )


class ImportIn(ImportPreviewIn):
    """Rows of a CSV file to make mailboxes of. `existing_by_domain` is taken and not needed: MXroute is asked."""

    model_config = example(
        {"default_domain": "example.com", "generate_passwords": True, "rows": [{"username": "alice"}]}
    )

    generate_passwords: bool = Field(False, description="Make a password for each row that has none.")


class PreviewRow(Output):
    """A checked row. The password is not repeated."""

    line: int
    domain: str | None
    username: str | None
    email: str | None
    quota: int | None
    limit: int | None
    recovery_email: str | None
    valid: bool = Field(description="Could be created as it is.")
    needs_password: bool
    already_exists: bool
    duplicate_in_csv: bool = Field(description="An earlier row has the same address.")
    errors: list[str]


class PreviewSummary(Output):
    """Counts of rows."""

    total: int
    valid: int
    invalid: int
    needs_password: int
    already_exists: int
    duplicate_in_csv: int


class ImportPreview(Output):
    """The check's result; nothing was created."""

    rows: list[PreviewRow]
    summary: PreviewSummary
