"""The CSV of a domain's mailboxes, with the columns that the import reads."""

from collections.abc import Iterable, Sequence

from mxm.features.mailboxes.schemas import MailboxOut
from mxm.platform.cells import csv_lines

COLUMNS = ("username", "password", "quota", "limit", "recovery_email", "domain")


def export_csv(domain: str, mailboxes: Iterable[MailboxOut]) -> str:
    """Passwords are blank: nobody can read them."""
    return "".join(csv_lines(COLUMNS, (_row(domain, mailbox) for mailbox in mailboxes)))


def _row(domain: str, mailbox: MailboxOut) -> Sequence[str]:
    numbers = ["" if number is None else str(number) for number in (mailbox.quota, mailbox.limit)]
    return [mailbox.username, "", *numbers, mailbox.recovery_email or "", domain]
