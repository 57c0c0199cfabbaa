"""The OpenAPI document is valid, complete, and true about errors and security."""

from typing import Any

import jsonschema
import pytest
from pydantic import SecretStr

from mxm.entrypoints.services import build_services
from mxm.entrypoints.web import build_app
from mxm.platform.access import Permission
from mxm.platform.settings import GivenSettings
from support.api import all_routes, data_of
from support.manager import Manager

METHODS = {"get", "post", "put", "patch", "delete", "head"}
NOT_LISTED = {
    *("GET /metrics", "GET /login", "POST /login", "POST /logout", "GET /static/pages.css"),
    *("GET /api/docs/{asset}", "HEAD /health", "GET /favicon.svg", "HEAD /favicon.svg"),
    *("GET /{page:path}", "HEAD /{page:path}", "GET /assets/{path:path}", "HEAD /assets/{path:path}"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document of the program as it is."""
    return build_app(build_services(GivenSettings(secret_key=SecretStr("only to draw the document")))).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything in the document."""
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    while "$ref" in value:
        found: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def test_it_is_a_valid_openapi_3_1_document(document: dict[str, Any]) -> None:
    from schemathesis.specs.openapi import definitions

    assert document["openapi"].startswith("3.1.")
    definitions.OPENAPI_31_VALIDATOR.validate(document)
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                resolved(document, value)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_route_is_in_it(document: dict[str, Any]) -> None:
    app = build_app(build_services(GivenSettings(secret_key=SecretStr("only to draw the document"))))
    listed = {f"{method.upper()} {path}" for method, path, _ in operations(document)}
    assert {str(route) for route in all_routes(app)} - listed == NOT_LISTED
    assert listed <= {str(route) for route in all_routes(app)}


def test_every_operation_has_summary_description_and_a_known_tag(document: dict[str, Any]) -> None:
    known = {tag["name"] for tag in document["tags"]}
    for method, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert len(operation["tags"]) == 1, path
        assert set(operation["tags"]) <= known, f"{method} {path}"


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if "requestBody" not in operation:
            continue
        content = operation["requestBody"]["content"]
        assert set(content) == {"application/json"}, path
        schema = content["application/json"]["schema"]
        if "anyOf" in schema:  # a body that may be left out
            assert [each for each in schema["anyOf"] if each == {"type": "null"}], path
            schema = schema["anyOf"][0]
        schema = resolved(document, schema)
        assert schema.get("additionalProperties") is False, f"{method} {path} takes unknown fields"
        for name in schema.get("required", []):
            field = schema["properties"][name]
            told = "examples" in resolved(document, field) or "examples" in field or field.get("type") == "boolean"
            assert told or "enum" in field or "anyOf" in field or "items" in field, f"{method} {path}: {name}"


def test_every_path_parameter_is_described(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert declared == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_errors_are_documented_in_the_envelope(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        responses = operation["responses"]
        assert "422" not in responses, path
        assert "default" not in responses, path
        if path.startswith("/health"):
            continue
        wanted = {"400", "401", "403", "500", "503"} | ({"413", "415"} if method != "get" else set())
        assert wanted <= set(responses), f"{method} {path}: {wanted - set(responses)}"
        if operation["tags"][0] in {"Domains", "Mail", "Spam", "DNS", "Cloudflare"}:
            assert {"404", "429", "502", "504"} <= set(responses), path
        for status, response in responses.items():
            if int(status) >= 400:
                content = resolved(document, response)["content"]["application/json"]
                assert content["schema"]["$ref"].endswith("/Failure"), f"{path} {status}"


def test_success_is_documented_with_a_schema(document: dict[str, Any]) -> None:
    files = {"/api/domains/{domain}/email-accounts.csv", "/api/admin/logs/download", "/api/docs", "/api/openapi.json"}
    files |= {"/api/jobs/{id}/events", "/api/jobs/{id}/results.csv"}
    settings = "/api/domains/{domain}/mail-client-settings"
    files |= {f"{settings}/apple.mobileconfig", f"{settings}/autoconfig.xml"}
    for method, path, operation in operations(document):
        good = [status for status in operation["responses"] if int(status) < 400]
        assert good, path
        if path in files or path == "/health":
            continue
        for status in good:
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            shape = resolved(document, schema)
            assert {"success", "data"} <= set(shape["properties"]), f"{method} {path} {status}"
        assert _expected(method, path) <= set(good), f"{method} {path}: {good}"


STATUSES = {
    "login logout password preview rotate fix revert cancel passwords": {"200"},
    "setup import": {"202"},
    "fix-bulk refresh": {"200", "202"},
}
"""What a POST answers, by the end of its path; all others create something."""


def _expected(method: str, path: str) -> set[str]:
    last = path.rsplit("/", 1)[-1]
    found = next((statuses for names, statuses in STATUSES.items() if last in names.split()), {"201"})
    return found if method == "post" else {"200"}


def test_security_says_who_may_come_with_what(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert schemes["token"]["scheme"] == "bearer"
    assert schemes["csrf"] == {**schemes["csrf"], "in": "header", "name": "X-CSRF-Token"}
    session_only = ("/api/admin/api-tokens", "/api/auth/logout", "/api/me/", "/api/docs", "/api/openapi.json")
    for method, path, operation in operations(document):
        if path in {"/health", "/health/ready", "/api/auth/login"}:
            assert not operation.get("security"), path
            continue
        session = {"session"} if method == "get" else {"session", "csrf"}
        found = [set(choice) for choice in operation["security"]]
        expected = [session] if path.startswith(session_only) else [{"token"}, session]
        assert found == expected, f"{method} {path}"


def test_it_knows_all_permissions(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"]["Permission"]["enum"] == [p.value for p in Permission]


async def test_it_is_served_to_an_administrators_session(manager: Manager, document: dict[str, Any]) -> None:
    browser = await manager.session()
    answer = await browser.get("/api/openapi.json")
    assert answer.json() == document
    page = await browser.get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "https://" not in page.text, "the reference needs another host"
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "reference.js"):
        assert (await browser.get(f"/api/docs/{asset}")).status_code == 200
    assert (await browser.get("/api/docs/../../secret.key")).status_code in {400, 404}
    assert data_of(await browser.get("/api/me"))["is_admin"] is True
