"""What the journal asks of a write before it lets it out of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Effect(StrEnum):
    """What became of a write."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What reading upstream says about an earlier write; `sentence` is told to people."""

    effect: Effect
    sentence: str


class PreparedWrite(Protocol[T_co]):
    """One upstream write, ready to go and not yet sent. An instance is used once.

    Order of calls: `observe`, `reserve`, then either `send` or `release`.
    """

    @property
    def upstream(self) -> str:
        """`mxroute` or `cloudflare`."""
        ...

    @property
    def operation(self) -> str:
        """Upstream's own name for the call."""
        ...

    @property
    def fingerprint(self) -> bytes:
        """Method, path and canonical body; the journal keeps only a keyed hash of it."""
        ...

    @property
    def check(self) -> Mapping[str, Any]:
        """JSON that tells the upstream's `examine` how to see later whether this write took effect.

        Holds no secret. Complete only after `observe`.
        """
        ...

    @property
    def drops(self) -> frozenset[str]:
        """Tags of the cached reads that this write makes untrue."""
        ...

    async def observe(self) -> None:
        """Note the state before, so that a lost answer can be told apart later.

        Raises `Conflict` or `NotFound` when the write is pointless as things stand.
        """
        ...

    async def reserve(self) -> None:
        """Wait for budget; raises `RateLimited` when there is none in time."""
        ...

    def release(self) -> None:
        """Give unused budget back."""
        ...

    async def send(self) -> T_co:
        """Send it, once in effect: only an answer that rules an effect out is followed by another try.

        Raises an `UpstreamFailure` whose `doubt` says what stays open, or a 4xx error: no effect.
        """
        ...


class Examiner(Protocol):
    """Reads upstream to see what became of a write; one for each upstream."""

    async def examine(self, check: Mapping[str, Any]) -> Finding:
        """Live, never from a cache. Raises an `AppError` when upstream cannot be read."""
        ...
