"""The OpenAPI 3.1 document: generated from the models that validate, then made true about errors and security.

FastAPI would announce a 422 that we never send, list security schemes as alternatives where two are due together,
and know nothing of what the layers in front may answer.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from mxm.platform.envelope import Failure
from mxm.platform.web.credentials import is_guarded

TAGS = [
    {"name": "App", "description": "Health, signing in, and who the caller is."},
    {"name": "Domains", "description": "Domains of the account, pointers, account quotas."},
    {"name": "Mail", "description": "Mailboxes, forwarders, catch-all, mail client settings."},
    {"name": "DNS", "description": "Health of a domain's mail DNS, plans, repairs, undo, DMARC policy."},
    {"name": "Cloudflare", "description": "The Cloudflare account, repairs of many domains, onboarding."},
    {"name": "Spam", "description": "Spam settings. Sender lists apply to every domain of the account."},
    {"name": "Jobs", "description": "Durable work: progress, events, cancellation, results."},
    {"name": "Admin", "description": "API tokens, people, sessions, audit log."},
]

_DESCRIPTION = """\
MXroute Manager's API. Send `Authorization: Bearer mxm_…`, or use a browser session; a session's writes need the
`csrf_token` cookie's value in `X-CSRF-Token`.

Every answer is `{"success": true, "data": …}` or `{"success": false, "error": {"code", "message", …}}` and carries
`X-Request-ID`.
"""

_WHEN = {
    "400": ("validation_error", "The input is wrong; `details` names every wrong field. Also `csrf_failed`."),
    "401": ("unauthorized", "No, unknown, expired or revoked credentials."),
    "403": ("forbidden", "Wrong domain or permission, whether or not the domain exists."),
    "404": ("not_found", "It is not there."),
    "409": ("conflict", "It exists already, or the Idempotency-Key is in use."),
    "413": ("too_large", "The body is over 1 MiB."),
    "415": ("unsupported_media_type", "The body is not JSON."),
    "429": ("rate_limited", "Our limit, or no upstream budget within 65 s. `Retry-After` is in seconds."),
    "500": ("internal_error", "Something went wrong on our side."),
    "502": ("upstream_error", "MXroute or Cloudflare refused or broke; the message says what is known of the effect."),
    "503": ("unavailable", "Database busy, shutting down, or not configured. `Retry-After` is in seconds."),
    "504": ("upstream_timeout", "MXroute or Cloudflare kept silent; the message says what is known of the effect."),
}
_UPSTREAM_TAGS = {"Domains", "Mail", "Spam", "DNS", "Cloudflare"}
_ASKS_UPSTREAM = {"create_token", "put_delegation"}
_SESSION_ONLY = ("/api/admin/api-tokens", "/api/auth/logout", "/api/me/", "/api/docs", "/api/openapi.json")
_LIMITED = {"change_password", "follow_job"}
_WITHOUT_KEY = {"fetch_passwords"}
"""What is shown once would not be given again."""
_METHODS = ("get", "post", "put", "patch", "delete")
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 255, "pattern": "^[\\x21-\\x7e]{1,255}$"},
    "description": "The first answer to this key is given again for 24 h, without secrets; nothing is done twice.",
}
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token, `mxm_…`."},
    "session": {"type": "apiKey", "in": "cookie", "name": "mxm_session", "description": "A browser session."},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token", "description": "Due for a session's writes."},
}


def install_openapi(app: FastAPI) -> None:
    """Make `app.openapi()` return the true document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, tags=TAGS, routes=app.routes)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    failure = Failure.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(failure.pop("$defs", {}))
    schemas["Failure"] = failure
    components["securitySchemes"] = _SCHEMES
    components["responses"] = {f"Error{status}": _error(status) for status in _WHEN}
    for path, methods in found["paths"].items():
        for method in _METHODS:
            if method in methods:
                _make_true(path, method, methods[method])
    return found


def _make_true(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    guarded = is_guarded(path)
    statuses = _statuses(path, method, operation, guarded=guarded)
    for status in statuses:
        responses.setdefault(status, {"$ref": f"#/components/responses/Error{status}"})
    if guarded:
        operation["security"] = _security(path, method)
        if method == "post" and operation.get("operationId") not in _WITHOUT_KEY:
            operation.setdefault("parameters", []).append(_KEY)


def _statuses(path: str, method: str, operation: dict[str, Any], *, guarded: bool) -> list[str]:
    statuses = {"500"}
    if path.startswith("/health"):
        return sorted(statuses | ({"503"} if path.endswith("ready") else set()))
    statuses |= {"400", "503"}
    statuses |= {"401", "403"} if guarded else {"401", "403", "429"}
    if "{" in path or _UPSTREAM_TAGS & set(operation.get("tags", [])):
        statuses.add("404")
    if _UPSTREAM_TAGS & set(operation.get("tags", [])) or operation.get("operationId") in _ASKS_UPSTREAM:
        statuses |= {"429", "502", "504"}
    if operation.get("operationId") in _LIMITED:
        statuses |= {"429"}
    if method != "get":
        statuses |= {"413", "415"}
    if method == "post" or (method != "get" and "{" in path):
        statuses.add("409")
    return sorted(statuses)


def _security(path: str, method: str) -> list[dict[str, list[str]]]:
    session: dict[str, list[str]] = {"session": []} if method == "get" else {"session": [], "csrf": []}
    return [session] if path.startswith(_SESSION_ONLY) else [{"token": []}, session]


def _error(status: str) -> dict[str, Any]:
    code, when = _WHEN[status]
    example: dict[str, Any] = {
        "code": code,
        "message": when.partition(";")[0].rstrip("."),
        "request_id": "3f2c9a7e51b04c55",
    }
    answer: dict[str, Any] = {
        "description": when,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Failure"},
                "example": {"success": False, "error": example},
            }
        },
    }
    if status in {"429", "503"}:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    if status == "401":
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "`Bearer`."}}
    return answer
