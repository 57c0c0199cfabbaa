"""How MXroute wraps its answers."""

import json
from typing import Any

from mxm_sandbox.answers import Answer
from mxm_sandbox.faults import Fault
from mxm_sandbox.mxroute.call import Reply
from mxm_sandbox.mxroute.errors import ApiError


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def success(reply: Reply) -> Answer:
    """A success; 204 has no body, and two routes may come without an envelope."""
    if reply.status == 204:
        return Answer(204)
    return Answer(reply.status, _encode(reply.data if reply.bare else {"success": True, "data": reply.data}))


def failure(error: ApiError) -> Answer:
    """An error with code, message and, for validation errors, the field."""
    body = {"code": error.code, "message": error.message}
    if error.field is not None:
        body["field"] = error.field
    return Answer(error.status, _encode({"success": False, "error": body}), headers=error.headers)


def injected(fault: Fault) -> Answer:
    """The answer of a `status` fault: an error by default, an empty success for a 2xx."""
    status = fault.status_code or 500
    retry = () if fault.retry_after_seconds is None else (("Retry-After", str(fault.retry_after_seconds)),)
    if status < 400:
        return Answer(status, _encode({"success": True, "data": None}), headers=retry)
    message = fault.message or "Injected by the sandbox"
    return failure(ApiError(status, message, code=fault.code, headers=retry))
