"""The refusals of MXroute's API: one exception, and a short constructor per documented code."""

CODE_OF_STATUS = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    422: "BUSINESS_ERROR",
    429: "RATE_LIMITED",
}
_SERVER_ERROR = "SERVER_ERROR"


def code_of(status: int) -> str:
    """The documented error code of a status; everything else is a server error."""
    return CODE_OF_STATUS.get(status, _SERVER_ERROR)


class ApiError(Exception):
    """An error answer: HTTP status, code and message, and the field at fault if there is one."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field
        self.code = code or code_of(status)
        self.headers = headers


def invalid(message: str, field: str | None = None) -> ApiError:
    """400: the input is wrong."""
    return ApiError(400, message, field=field)


def forbidden(message: str) -> ApiError:
    """403: the account may not do this."""
    return ApiError(403, message)


def not_found(what: str) -> ApiError:
    """404: there is no such thing on this account."""
    return ApiError(404, f"{what} not found")


def conflict(message: str, field: str | None = None) -> ApiError:
    """409: it is there already."""
    return ApiError(409, message, field=field)


def business(message: str) -> ApiError:
    """422: understood, but a rule of the business stands against it."""
    return ApiError(422, message)
