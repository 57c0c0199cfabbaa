"""Walks the upstream's description operation by operation: every success, every documented error."""

from typing import Any

import httpx2
import jsonschema
import pytest

from mxm_sandbox import Sandbox
from mxm_sandbox.mxroute.operations import OPERATIONS
from sandbox.helpers import GOOD_LOGIN, opened, refusal
from sandbox.openapi import DESCRIPTION, Documented, error_schema, operations, schema_of

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"no upstream description at {DESCRIPTION.name}")

DOCUMENTED = operations()
PARAMS = {
    "domain": "example.com",
    "pointer": "bread.example",
    "user": "info",
    "alias": "hello",
    "entry": "*@spam.test",
    "username": "florist",
    "name": "spare",
}
BODIES: dict[str, dict[str, Any]] = {
    "POST /domains": {"domain": "ready-to-add.example"},
    "PATCH /domains/{domain}/mail-status": {"enabled": False},
    "POST /domains/{domain}/pointers": {"pointer": "alias.example"},
    "POST /domains/{domain}/email-accounts": {"username": "alex", "password": GOOD_LOGIN},
    "PATCH /domains/{domain}/email-accounts/{user}": {"quota": 2048},
    "POST /domains/{domain}/forwarders": {"alias": "news", "destinations": ["info@example.org"]},
    "PATCH /domains/{domain}/spam/settings": {"high_score": 7},
    "POST /domains/{domain}/spam/whitelist": {"entry": "*@trusted.test"},
    "POST /domains/{domain}/spam/blacklist": {"entry": "karen@hr.example.com"},
    "PATCH /domains/{domain}/catch-all": {"type": "blackhole"},
    "POST /reseller/users": {
        "username": "fresh",
        "email": "fresh@example.org",
        "password": GOOD_LOGIN,
        "package": "basic",
    },
    "PATCH /reseller/users/{username}": {"quota": "2048"},
    "PATCH /reseller/users/{username}/package": {"package": "premium"},
    "POST /reseller/packages": {"name": "tiny"},
    "PATCH /reseller/packages/{name}": {"quota": "unlimited"},
}
PARAMS_OF: dict[str, dict[str, str]] = {
    "DELETE /domains/{domain}/pointers/{pointer}": {"domain": "bakery.example"},
    "DELETE /domains/{domain}/spam/whitelist/{entry}": {"entry": "*@healthy.example"},
}
CODES = {
    400: {"VALIDATION_ERROR"},
    401: {"UNAUTHORIZED"},
    403: {"FORBIDDEN"},
    404: {"NOT_FOUND"},
    409: {"CONFLICT"},
    422: {"BUSINESS_ERROR"},
    500: {"SERVER_ERROR", "VERIFICATION_KEY_NOT_FOUND"},
    503: {"SERVER_ERROR"},
}
CONFLICTS = {
    "POST /domains": {"domain": "example.com"},
    "POST /domains/{domain}/spam/whitelist": {"entry": "*@HEALTHY.example"},
    "POST /domains/{domain}/spam/blacklist": {"entry": "prizes@lottery.test"},
}

SPAM_TROUBLE: dict[int, dict[str, Any]] = {
    403: {"spam_state": "unverified"},
    500: {"spam_state": "unavailable"},
    503: {"spam_state": "busy"},
}
OTHER_TROUBLE: dict[int, dict[str, Any]] = {403: {"reseller": False}, 500: {"verification_key_available": False}}


def by_name(operation: Documented) -> str:
    return operation.name


async def ask(
    client: httpx2.AsyncClient, operation: Documented, *, body: dict[str, Any] | None = None, **params: str
) -> httpx2.Response:
    """Call an operation with its example, or with what is given instead."""
    path = operation.template.format(**{**PARAMS, **PARAMS_OF.get(operation.name, {}), **params})
    payload = body if body is not None else BODIES.get(operation.name)
    return await client.request(operation.method, path, json=payload)


async def with_spare_package(client: httpx2.AsyncClient, operation: Documented) -> None:
    if "packages/{name}" in operation.template:
        await client.post("/reseller/packages", json={"name": "spare"})


def test_all_43_operations_are_there() -> None:
    assert len(DOCUMENTED) == 43
    assert {operation.name for operation in DOCUMENTED} == {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize("operation", DOCUMENTED, ids=by_name)
async def test_success_is_as_documented(operation: Documented) -> None:
    # The two quota routes are documented without an envelope.
    async with opened(reseller=True, quota_enveloped=False) as (sandbox, client):
        await with_spare_package(client, operation)
        before = sandbox.state
        answer = await ask(client, operation)
        assert answer.status_code == operation.success, answer.text
        schema = schema_of(operation, operation.success)
        if schema is not None:
            jsonschema.validate(answer.json(), schema)
        elif answer.status_code == 204:
            assert answer.content == b""
        else:
            assert set(answer.json()) == {"success", "data"}
            assert answer.json()["success"] is True
        assert answer.headers["x-ratelimit-limit"]
        if operation.method == "GET":
            assert sandbox.state == before


@pytest.mark.parametrize(
    "operation",
    # Unsuspending a user that is not suspended, and so on, changes nothing; these change something.
    [op for op in DOCUMENTED if op.method != "GET" and not op.template.endswith("/unsuspend")],
    ids=by_name,
)
async def test_writes_change_the_state(operation: Documented) -> None:
    async with opened(reseller=True) as (sandbox, client):
        await with_spare_package(client, operation)
        before = sandbox.state
        await ask(client, operation)
        assert sandbox.state != before
        assert sandbox.log[-1].applied is True


@pytest.mark.parametrize("operation", DOCUMENTED, ids=by_name)
async def test_every_operation_wants_credentials(operation: Documented) -> None:
    async with opened(reseller=True) as (sandbox, client):
        before = sandbox.state
        client.headers["X-API-Key"] = "wrong"
        answer = await ask(client, operation)
        assert refusal(answer) == (401, "UNAUTHORIZED", None)
        jsonschema.validate(answer.json(), error_schema())
        assert sandbox.state == before


@pytest.mark.parametrize("operation", [op for op in DOCUMENTED if "{domain}" in op.template], ids=by_name)
async def test_a_domain_that_is_not_ours_is_404(operation: Documented) -> None:
    async with opened() as (_, client):
        assert refusal(await ask(client, operation, domain="stranger.example")) == (404, "NOT_FOUND", None)


@pytest.mark.parametrize("operation", [op for op in DOCUMENTED if "/reseller" in op.template], ids=by_name)
async def test_reseller_operations_need_the_right(operation: Documented) -> None:
    async with opened(reseller=False) as (sandbox, client):
        before = sandbox.state
        assert refusal(await ask(client, operation)) == (403, "FORBIDDEN", None)
        assert sandbox.state == before


@pytest.mark.parametrize(
    ("operation", "status"),
    [(operation, status) for operation in DOCUMENTED for status in operation.errors],
    ids=lambda value: value.name if isinstance(value, Documented) else str(value),
)
async def test_documented_errors_can_be_reached(operation: Documented, status: int) -> None:
    async with opened(reseller=True) as (sandbox, client):
        answer = await provoke(sandbox, client, operation, status)
        assert answer.status_code == status, answer.text
        jsonschema.validate(answer.json(), error_schema())
        assert answer.json()["error"]["code"] in CODES[status]


async def provoke(sandbox: Sandbox, client: httpx2.AsyncClient, operation: Documented, status: int) -> httpx2.Response:
    """Bring about a documented error by the circumstances that lead to it, never by a fault."""
    settings = SPAM_TROUBLE if "/spam/" in operation.template else OTHER_TROUBLE
    sandbox.configure(**settings.get(status, {}))
    match status:
        case 400:
            return await ask(client, operation, domain="no_domain")
        case 401:
            client.headers["X-Username"] = "somebody"
        case 404:
            return await ask(client, operation, domain="stranger.example", username="stranger")
        case 409:
            return await ask(client, operation, body=CONFLICTS[operation.name])
        case 422 if operation.method == "DELETE":
            return await ask(client, operation, name="basic")
        case 422:
            return await ask(client, operation, body={"package": "missing"})
    return await ask(client, operation)
