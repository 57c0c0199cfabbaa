"""The one place where errors become answers."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from mxm.platform.errors import AppError, FieldError, MethodNotAllowed, NotFound, Unavailable, ValidationFailed
from mxm.platform.idempotency.claim import Replayed
from mxm.platform.web.asgi import failure_body, failure_headers
from mxm.platform.web.routing import BROKEN_JSON

log = logging.getLogger("mxm.web")


def install_error_handlers(app: FastAPI) -> None:
    """Render every error of ours and of the framework in the envelope."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(IntegrityError, _two_changes)
    app.add_exception_handler(Replayed, _replayed)
    app.add_exception_handler(Exception, _unexpected)


def render(request: Request, error: AppError) -> JSONResponse:
    """The answer for one error."""
    body = failure_body(error, request.state.request_id)
    return JSONResponse(body, status_code=error.status, headers=failure_headers(error))


async def _app_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)  # noqa: S101 - registered for it
    return render(request, error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    return render(request, validation_failed(error.errors()))


async def _two_changes(request: Request, error: Exception) -> JSONResponse:
    """Each was right by itself; only the class is logged, for the text repeats what was written."""
    assert isinstance(error, IntegrityError)  # noqa: S101 - registered for it
    log.warning("two changes met: %s", type(error.orig).__name__)
    return render(request, Unavailable("Two changes met; try again.", retry_after=1))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.status_code == 404:
        return render(request, NotFound("There is nothing at this address."))
    if error.status_code == 405:
        refused = MethodNotAllowed("This address does not take that method.", headers=dict(error.headers or {}))
        return render(request, refused)
    return render(request, ValidationFailed(str(error.detail)))


async def _replayed(_request: Request, replayed: Exception) -> Response:
    assert isinstance(replayed, Replayed)  # noqa: S101 - registered for it
    answer = replayed.answer
    headers = {"Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers, media_type="application/json")


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    """The framework raises it again afterwards, so that the outermost layer logs it once."""
    return render(request, AppError("Something went wrong on our side."))


_MOST_DETAILS = 100
"""Nobody reads more; a body of a hundred thousand wrong fields shall not make an answer five times its size."""


def validation_failed(errors: Sequence[Any]) -> ValidationFailed:
    """Our error for the framework's list of what is wrong; inputs are never repeated, they may be secrets."""
    if any(error.get("input") is BROKEN_JSON for error in errors):
        return ValidationFailed.of(FieldError("body", "is not valid JSON"))
    return ValidationFailed.of(*(FieldError(_field(e["loc"]), _message(e)) for e in errors[:_MOST_DETAILS]))


def _field(loc: Sequence[str | int]) -> str:
    parts = [str(part) for part in loc]
    inner = parts[1:] if len(parts) > 1 else parts
    return ".".join(inner)[:200].encode("utf-8", "replace").decode()


def _message(error: dict[str, Any]) -> str:
    kind = error["type"]
    plain = {
        "missing": "is missing",
        "extra_forbidden": "is not a known field",
        "model_attributes_type": "must be a JSON object",
        "model_type": "must be a JSON object",
    }.get(kind)
    if plain:
        return plain
    message = str(error["msg"]).removeprefix("Value error, ")
    return message.replace("Input should be", "must be").replace("String should", "must")
