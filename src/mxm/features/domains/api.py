"""What other features and the entry points may use of domains."""

from mxm.features.domains.service import GONE, Domains

__all__ = ["GONE", "Domains"]
