"""One request's claim to its key: taken only after the route has decided that the caller may.

A right that was revoked must not be replayed, and a refusal must not be kept: so the permission comes first, and the
claim is taken by the very dependency that checks it (`platform.access.dependencies`).
"""

from mxm.platform.access.principal import Caller
from mxm.platform.idempotency.store import IdempotencyStore, Replay, Use


class Replayed(Exception):
    """The first answer is to be given again, in place of running the route."""

    def __init__(self, answer: Replay) -> None:
        super().__init__()
        self.answer = answer


class Claim:
    """Waits in the scope of a request that brought a key; `run` is set once it is taken."""

    def __init__(self, store: IdempotencyStore, use: Use) -> None:
        self._store, self._use = store, use
        self.run: str | None = None

    async def take(self, caller: Caller) -> None:
        """Raises `Replayed` when there is an answer already, `Conflict` when the key is in use."""
        if self.run is not None:
            return
        begun = await self._store.begin(self._use)
        if isinstance(begun, Replay):
            raise Replayed(begun)
        self.run = caller.idempotency_id = begun
