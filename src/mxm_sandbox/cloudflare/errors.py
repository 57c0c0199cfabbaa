"""The refusals of Cloudflare's API.

Codes that clients act upon are those seen in life (1061, 9109, 9300, 10000, 81044, 81053 …). Cloudflare publishes no
list; where nobody has reported a code, a neighbour of the family stands in, and no client should depend on it.
"""

from dataclasses import dataclass, replace
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of `errors`; `chain` holds the causes, `pointer` which part of the body is meant."""

    code: int
    message: str
    chain: tuple["Problem", ...] = ()
    pointer: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in an answer."""
        shown: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.chain:
            shown["error_chain"] = [cause.as_json() for cause in self.chain]
        if self.pointer is not None:
            shown["source"] = {"pointer": self.pointer}
        return shown


class ApiError(Exception):
    """An error answer: HTTP status and what is wrong."""

    def __init__(self, status: int, problem: Problem, headers: Headers = ()) -> None:
        super().__init__(problem.message)
        self.status, self.problem, self.headers = status, problem, headers

    def at(self, pointer: str) -> "ApiError":
        """The same error, of one part of a batch."""
        return ApiError(self.status, replace(self.problem, pointer=pointer), self.headers)


def bad(code: int, message: str) -> ApiError:
    """400 with one problem."""
    return ApiError(400, Problem(code, message))


def validation(code: int, message: str) -> ApiError:
    """400: a rule of the plan, which comes as the cause of a "DNS Validation Error"."""
    return ApiError(400, Problem(1004, "DNS Validation Error", (Problem(code, message),)))


def forbidden(code: int, message: str) -> ApiError:
    """403 with one problem."""
    return ApiError(403, Problem(code, message))


def authentication() -> ApiError:
    """What a token without the permission hears."""
    return forbidden(10000, "Authentication error")


def unauthorized() -> ApiError:
    """What a token hears that has no right to the resource."""
    return forbidden(9109, "Unauthorized to access requested resource")


def record_gone() -> ApiError:
    """There is no such record in this zone."""
    return ApiError(404, Problem(81044, "Record does not exist."))
