"""What other features and the entry points may use of domains."""

from mxm.features.domains.service import ADDED, GONE, HOSTING, Domains

__all__ = ["ADDED", "GONE", "HOSTING", "Domains"]
