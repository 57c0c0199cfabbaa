"""Reads the upstream's OpenAPI 3.0 file and makes strict JSON schemas of it.

The file requires almost nothing of its answers; here every described property has to be there and nothing else may be.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DESCRIPTION = Path(__file__).parents[2].parent / "shared" / "upstream" / "mxroute-openapi.yaml"
METHODS = ("get", "post", "patch", "put", "delete")


class Documented(NamedTuple):
    """One operation of the file."""

    method: str
    template: str
    statuses: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def success(self) -> int:
        (status,) = [status for status in self.statuses if status < 300]
        return status

    @property
    def errors(self) -> tuple[int, ...]:
        return tuple(status for status in self.statuses if status >= 400)


@cache
def description() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DESCRIPTION.read_text("utf-8"))
    return loaded


def operations() -> list[Documented]:
    """All operations; none when the file is not there."""
    if not DESCRIPTION.exists():
        return []
    return [
        Documented(method.upper(), template, tuple(int(status) for status in item[method]["responses"]))
        for template, item in description()["paths"].items()
        for method in METHODS
        if method in item
    ]


def schema_of(operation: Documented, status: int) -> dict[str, Any] | None:
    """The strict schema of one answer, if the file has one."""
    responses = description()["paths"][operation.template][operation.method.lower()]["responses"]
    content = _resolved(responses[str(status)]).get("content")
    return None if content is None else _strict(content["application/json"]["schema"])


def error_schema() -> dict[str, Any]:
    schema = _strict({"$ref": "#/components/schemas/ErrorResponse"})
    schema["properties"]["error"]["required"] = ["code", "message"]
    return schema


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = description()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _strict(node: dict[str, Any]) -> dict[str, Any]:
    schema = {key: value for key, value in _resolved(node).items() if key not in {"example", "nullable"}}
    if "properties" in schema:
        schema["properties"] = {name: _strict(part) for name, part in schema["properties"].items()}
        schema["required"] = sorted(schema["properties"])
        schema["additionalProperties"] = False
    if "items" in schema:
        schema["items"] = _strict(schema["items"])
    if _resolved(node).get("nullable"):
        schema["type"] = [schema["type"], "null"]
    return schema
