"""Rows of a CSV file, and passwords for those that have none: pure thought, no look-ups."""

from mxm.features.mailboxes.rules.passwords import generated_password
from mxm.features.mailboxes.rules.rows import Draft, understand

__all__ = ["Draft", "generated_password", "understand"]
