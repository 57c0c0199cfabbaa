"""Path templates such as `/domains/{domain}/dns`, and finding the operation that a request asks for."""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Templated(Protocol):
    """A method on a path template."""

    @property
    def method(self) -> str: ...
    @property
    def template(self) -> str: ...


Op = TypeVar("Op", bound=Templated)


class _Path(Generic[Op]):
    """One template with its operations by method."""

    def __init__(self, template: str) -> None:
        self._parts = template.split("/")[1:]
        self.operations: dict[str, Op] = {}

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The values of the parameters, or none when the path is another one."""
        if len(segments) != len(self._parts):
            return None
        pairs = list(zip(self._parts, segments, strict=True))
        if not all(bool(segment) if part.startswith("{") else part == segment for part, segment in pairs):
            return None
        return {part[1:-1]: segment for part, segment in pairs if part.startswith("{")}


class WrongMethod(Exception):
    """The path exists, but not with this method; `allowed` are those it has, sorted."""

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class Table(Generic[Op]):
    """All operations of one upstream."""

    def __init__(self, operations: Iterable[Op]) -> None:
        self._paths: dict[str, _Path[Op]] = {}
        for operation in operations:
            path = self._paths.setdefault(operation.template, _Path(operation.template))
            path.operations[operation.method] = operation

    def find(self, method: str, segments: list[str]) -> tuple[Op, dict[str, str]] | None:
        """The operation with its path parameters; none for an unknown path. Raises WrongMethod."""
        for path in self._paths.values():
            params = path.match(segments)
            if params is None:
                continue
            operation = path.operations.get(method)
            if operation is None:
                raise WrongMethod(sorted(path.operations))
            return operation, params
        return None


def is_unsafe(value: str) -> bool:
    """Whether a segment could stand for something else: `.`, `..`, a slash inside."""
    return value in {".", ".."} or "/" in value or "\\" in value
