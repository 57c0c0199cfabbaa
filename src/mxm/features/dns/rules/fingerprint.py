"""A short word for what a plan would do, so that no more and nothing else is done than what somebody has read."""

import hashlib
import json
from collections.abc import Iterable

from mxm.features.dns.rules.history import image
from mxm.features.dns.rules.plan import SetChange
from mxm.upstreams.cloudflare import Record, RecordDraft


def fingerprint(zone: str, changes: Iterable[SetChange]) -> str:
    """The same for the same records before and after in the same zone, in whatever order they are listed.

    No secret, and no promise to anyone who makes it up: it only says which plan is meant.
    """
    said = [[each.key, each.type, each.name, _records(each.before), _records(each.after)] for each in changes]
    return hash_of([zone, sorted(said)])


def hash_of(said: object) -> str:
    """The hash of what JSON can say."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _records(records: Iterable[Record | RecordDraft]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in image(records))
