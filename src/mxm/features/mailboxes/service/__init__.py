"""What can be done with mailboxes; each module one task."""

from mxm.features.mailboxes.service.export import export_csv
from mxm.features.mailboxes.service.imports import Imports
from mxm.features.mailboxes.service.mailboxes import Creation, Mailboxes
from mxm.features.mailboxes.service.preview import preview
from mxm.features.mailboxes.service.recovery import PUT, Recovery

__all__ = ["PUT", "Creation", "Imports", "Mailboxes", "Recovery", "export_csv", "preview"]
