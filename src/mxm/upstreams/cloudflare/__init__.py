"""The client of Cloudflare's API v4: zones, their DNS records, one transaction of changes, the token.

Reads live or cached, writes prepared and sent once, as with MXroute. `examine.CloudflareExaminer` is what the journal
asks after a lost answer.
"""

from mxm.upstreams.cloudflare.client import Cloudflare
from mxm.upstreams.cloudflare.models import COMMENT, Batch, Patch, Record, RecordDraft, TokenState, Zone

__all__ = ["COMMENT", "Batch", "Cloudflare", "Patch", "Record", "RecordDraft", "TokenState", "Zone"]
