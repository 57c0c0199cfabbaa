"""What other features and the entry points may use of mailboxes."""

from mxm.features.mailboxes.service import PUT, Mailboxes, Recovery

__all__ = ["PUT", "Mailboxes", "Recovery"]
