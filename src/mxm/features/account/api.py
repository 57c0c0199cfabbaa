"""What other features and the entry points may use of the account."""

from mxm.features.account.service import Account

__all__ = ["Account"]
