"""The documentation is complete: what the code has, the documents name, and nothing besides."""

import json
import re
from pathlib import Path

from pydantic import SecretStr
from typer.main import get_command

from mxm.entrypoints.cli import app as cli
from mxm.entrypoints.running import openapi_document
from mxm.entrypoints.services import build_services
from mxm.entrypoints.web import build_app
from mxm.features.audit.api import Action
from mxm.platform.access import Permission
from mxm.platform.settings import GivenSettings, Settings
from support.api import all_routes

ROOT = Path(__file__).parents[2]
UNDOCUMENTED = {"GET /api/docs/{asset}", "GET /static/pages.css", "GET /favicon.svg"}
"""The pages' own files. Beside them HEAD, which goes with GET."""


def read(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text()


def first_cells(text: str) -> set[str]:
    """The code at the beginning of each table row."""
    return set(re.findall(r"^\| `([^`]+)`", text, re.MULTILINE))


def test_every_setting_is_in_the_configuration_and_in_the_example() -> None:
    names = {name.upper() for name in Settings.model_fields}
    documented = first_cells(read("docs/configuration.md"))
    assert names - documented == set()
    assert documented - names - {"APPRISE_CRED_*"} == set()
    example = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", read(".env.example"), re.MULTILINE))
    assert names - example == set()
    assert example - names - {"APPRISE_CRED_EXAMPLE"} == set()


def test_the_example_shows_the_true_defaults() -> None:
    shown = dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(.+)$", read(".env.example"), re.MULTILINE))
    assert len(shown) > 10
    for name, value in shown.items():
        if name == "APPRISE_CRED_EXAMPLE":
            continue
        default = Settings.model_fields[name.lower()].default
        assert value == (str(default).lower() if isinstance(default, bool) else str(default)), name


def test_every_audit_action_is_documented() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", read("docs/audit-log.md"), re.MULTILINE))
    assert documented == {action.value for action in Action}


def test_every_permission_is_documented() -> None:
    text = read("docs/access-control.md")
    assert {p.value for p in Permission} <= first_cells(text)
    matrix = next(line for line in text.splitlines() if line.startswith("| routes |"))
    assert re.findall(r"`([a-z]+)`", matrix) == [p.value for p in Permission]


def commands(command: object, prefix: str) -> set[str]:
    """All commands below one, with their full names."""
    below = getattr(command, "commands", None)
    if not below:
        return {prefix}
    return {name for word, inner in below.items() for name in commands(inner, f"{prefix} {word}")}


def test_every_command_is_documented() -> None:
    found = commands(get_command(cli), "mxm")
    assert "mxm serve" in found
    assert first_cells(read("docs/cli.md")) == found | {"mxm --version"}


def test_every_route_is_documented() -> None:
    services = build_services(GivenSettings(secret_key=SecretStr("only to look at the routes")))
    routes = {str(route) for route in all_routes(build_app(services))} - UNDOCUMENTED
    routes = {route for route in routes if not route.startswith("HEAD ")}
    documented = {cell for cell in first_cells(read("docs/api.md")) if re.match(r"[A-Z]+ /", cell)}
    assert documented == routes


def test_the_openapi_document_in_the_repository_is_current() -> None:
    assert json.loads(read("docs/openapi.json")) == openapi_document()
