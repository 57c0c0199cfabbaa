"""What other features may use of the audit log."""

from mxm.features.audit.rules import Action
from mxm.features.audit.service import AuditLog

__all__ = ["Action", "AuditLog"]
