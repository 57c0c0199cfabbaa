"""How Cloudflare wraps its answers."""

import json
from typing import Any

from mxm_sandbox.answers import Answer
from mxm_sandbox.cloudflare.call import Reply
from mxm_sandbox.cloudflare.errors import ApiError, Problem
from mxm_sandbox.faults import Fault


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def success(reply: Reply) -> Answer:
    """A success is always a 200; `result_info` comes with lists only."""
    body = {"result": reply.result, "success": True, "errors": [], "messages": list(reply.messages)}
    if reply.info is not None:
        body["result_info"] = reply.info
    return Answer(200, _encode(body))


def failure(error: ApiError) -> Answer:
    """An error, with its cause and what part of the request it is about where that is known."""
    body = {"result": None, "success": False, "errors": [error.problem.as_json()], "messages": []}
    return Answer(error.status, _encode(body), headers=error.headers)


def injected(fault: Fault) -> Answer:
    """The answer of a `status` fault: an error by default, an empty success for a 2xx."""
    status = fault.status_code or 500
    retry = () if fault.retry_after_seconds is None else (("retry-after", str(fault.retry_after_seconds)),)
    if status < 400:
        return Answer(status, success(Reply(None)).body, headers=retry)
    code = int(fault.code) if fault.code and fault.code.isdigit() else 10_000 + status
    return failure(ApiError(status, Problem(code, fault.message or "Injected by the sandbox"), retry))
