"""What other features and the entry points may use of mailboxes."""

from mxm.features.mailboxes.service import PUT, Imports, Mailboxes, Recovery
from mxm.features.mailboxes.service.imports import IMPORT, IMPORT_ROW, IMPORT_VIEW

__all__ = ["IMPORT", "IMPORT_ROW", "IMPORT_VIEW", "PUT", "Imports", "Mailboxes", "Recovery"]
