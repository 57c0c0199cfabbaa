"""Reading back after a write: what holds now, or an honest word that it could not be read."""

from collections.abc import Awaitable
from typing import TypeVar

from mxm.platform.envelope import Meta
from mxm.platform.errors import AppError

T = TypeVar("T")


async def read_back(read: Awaitable[T]) -> tuple[T | None, Meta | None]:
    """The present state; when it cannot be read, None and a warning: the write itself is done and stays done."""
    try:
        return await read, None
    except AppError as error:
        return None, Meta(warnings=[f"The change was made, but its result could not be read back: {error.message}"])
