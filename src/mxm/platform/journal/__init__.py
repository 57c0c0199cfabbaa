"""The write journal: no upstream write leaves without an intent on disk, none stays without an outcome."""

from mxm.platform.journal.journal import AppliedHandler, Journal, Opening, Outcome
from mxm.platform.journal.models import IntentRow
from mxm.platform.journal.record import AuditEvent, AuditRecorder, Followup, Recorded
from mxm.platform.journal.settler import Settler
from mxm.platform.journal.write import Effect, Examiner, Finding, PreparedWrite

__all__ = [
    "AppliedHandler",
    "AuditEvent",
    "AuditRecorder",
    "Effect",
    "Examiner",
    "Finding",
    "Followup",
    "IntentRow",
    "Journal",
    "Opening",
    "Outcome",
    "PreparedWrite",
    "Recorded",
    "Settler",
]
