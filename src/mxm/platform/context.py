"""What surrounds a piece of work without being its input: the request id for the log, and who pays upstream.

Everything that decides a result is passed explicitly; these two only label and queue.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BudgetWait:
    """A request waits because what an upstream takes is used up: `limit` requests of a `kind` in `seconds`."""

    upstream: str
    kind: str
    """`read`, `write`, or `request` where both are counted together."""
    limit: int
    seconds: float
    until: datetime
    """When there are more of them."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who spends the upstream budget: `key` shares it fairly between callers, `background` yields to people."""

    key: str = "system"
    background: bool = False
    on_wait: Callable[[BudgetWait], None] | None = None
    """Told whenever a request of theirs has to wait for budget."""


request_id: ContextVar[str] = ContextVar("request_id", default="-")
requester: ContextVar[Requester] = ContextVar("requester", default=Requester())  # noqa: B039 - it is frozen


@contextmanager
def spending_as(
    key: str, *, background: bool = False, on_wait: Callable[[BudgetWait], None] | None = None
) -> Iterator[None]:
    """Upstream calls made inside are counted as `key`'s; `background` ones wait behind people's."""
    token = requester.set(Requester(key, background, on_wait))
    try:
        yield
    finally:
        requester.reset(token)
