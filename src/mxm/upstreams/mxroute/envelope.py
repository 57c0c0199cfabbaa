"""MXroute's envelope: `{"success": true, "data": …}` or `{"success": false, "error": {…}}`, and what is neither."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mxm.upstreams.transport import outcome, rate_headers
from mxm.upstreams.transport.exchange import Answer
from mxm.upstreams.transport.outcome import Problem, Upstream
from mxm.upstreams.transport.text import clean

MXROUTE = Upstream("MXroute", "MXROUTE_API_URL", ("MX_SERVER", "MX_USER", "MX_API_KEY"))

_STATUS_OF_CODE = {
    "VALIDATION_ERROR": 400,
    "BUSINESS_ERROR": 422,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "CONFLICT": 409,
    "RATE_LIMITED": 429,
}


def data_of(
    answer: Answer, now: datetime, *, write: bool, bare: tuple[str, ...] = (), secrets: Iterable[str] = ()
) -> Any:
    """The `data` of a successful answer, None where it has none. Raises the typed error of any other.

    An object with one of the `bare` fields is taken as data without envelope (`/quota` is documented that way).
    """
    if answer.status == 204 and write:
        return None
    parsed = _json(answer.body)
    problem = _problem(parsed, secrets)
    if not 200 <= answer.status < 300:
        retry_after = rate_headers.retry_after(answer.headers, now)
        raise outcome.failure(MXROUTE, answer.status, problem, write=write, retry_after=retry_after)
    if problem is not None:
        # The code of the error counts, not the status of the success it came with.
        raise outcome.failure(MXROUTE, _STATUS_OF_CODE.get(problem.code or "", 500), problem, write=write)
    if not isinstance(parsed, dict):
        raise outcome.malformed(MXROUTE, "answered with something that is not its JSON", write=write)
    if parsed.get("success") is True and (write or "data" in parsed):
        return parsed.get("data")  # a read without data is no empty list: nothing may be invented
    if "success" not in parsed and any(name in parsed for name in bare):
        return parsed
    raise outcome.malformed(MXROUTE, "answered without saying whether it succeeded", write=write)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _problem(parsed: Any, secrets: Iterable[str]) -> Problem | None:
    if not isinstance(parsed, dict) or parsed.get("success") is not False:
        return None
    error = parsed.get("error")
    if isinstance(error, str):
        error = {"message": error}
    if not isinstance(error, dict):
        error = {}
    message, code, field = (error.get(name) for name in ("message", "code", "field"))
    return Problem(
        message=_line(message, secrets) or "MXroute gave no reason.",
        code=_line(code, secrets),
        field=_line(field, secrets, limit=64),
    )


def _line(raw: Any, secrets: Iterable[str], *, limit: int = 300) -> str | None:
    return clean(raw, limit=limit, secrets=secrets) or None if isinstance(raw, str) else None
