"""Idempotency keys: the first answer to a write is given again, and what took effect is never done twice."""

from mxm.platform.idempotency.claim import Claim, Replayed
from mxm.platform.idempotency.layer import IdempotencyLayer
from mxm.platform.idempotency.models import IdempotencyRow, mark_effect
from mxm.platform.idempotency.store import IdempotencyStore

__all__ = ["Claim", "IdempotencyLayer", "IdempotencyRow", "IdempotencyStore", "Replayed", "mark_effect"]
