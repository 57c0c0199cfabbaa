"""A value whose changes take time to be seen: how DNS behaves for those who look from outside."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Gradual(Generic[T]):
    """What was last set, and what can be seen of it at a moment (Unix seconds)."""

    def __init__(self, value: T) -> None:
        self._visible = value
        self._coming: list[tuple[float, T]] = []

    @property
    def latest(self) -> T:
        """The value that was set last, seen or not."""
        return self._coming[-1][1] if self._coming else self._visible

    def change(self, value: T, visible_at: float) -> None:
        """Set a value that is seen from `visible_at` on; older ones that would come later are never seen."""
        self._coming = [item for item in self._coming if item[0] < visible_at]
        self._coming.append((visible_at, value))

    def seen(self, now: float) -> T:
        """What can be seen at this moment."""
        while self._coming and self._coming[0][0] <= now:
            self._visible = self._coming.pop(0)[1]
        return self._visible
