"""What other features and the entry points may use of spam control."""

from mxm.features.spam.service import Spam

__all__ = ["Spam"]
