"""What other features and the entry points may use of forwarding."""

from mxm.features.forwarding.service import Forwarding

__all__ = ["Forwarding"]
