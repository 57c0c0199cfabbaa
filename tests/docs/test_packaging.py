"""What the files around the program say of it: image, Compose, systemd, `.env.example`, locks, Makefile."""

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mxm.platform.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETTINGS = {name.upper() for name in Settings.model_fields}
OF_PYTHON = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def default(name: str) -> Any:
    return Settings.model_fields[name.lower()].default


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    joined = re.sub(r"\s*\\\n\s*", " ", text("Dockerfile"))
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def image_environment() -> dict[str, str]:
    """What the last stage sets."""
    stage = instructions()
    last = max(i for i, (word, _) in enumerate(stage) if word == "FROM")
    pairs = [pair for word, rest in stage[last:] if word == "ENV" for pair in rest.split()]
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_image_is_built_from_files_that_exist_and_reach_the_builder() -> None:
    let_in = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copies = [rest.split() for word, rest in instructions() if word == "COPY"]
    sources = {source for words in copies if not words[0].startswith("--") for source in words[:-1]}
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.removeprefix("./") in let_in, source


def test_the_image_sets_what_the_program_knows() -> None:
    environment = image_environment()
    assert set(environment) <= SETTINGS | OF_PYTHON
    assert environment["HOST"] == "0.0.0.0"
    assert environment["PORT"] == str(default("PORT"))
    said = dict(instructions())
    assert said["EXPOSE"] == environment["PORT"]
    assert json.loads(said["VOLUME"]) == [environment["DATA_DIR"]]


def test_the_image_runs_our_command_as_nobody_special() -> None:
    said = dict(instructions())
    assert json.loads(said["CMD"])[0] in PROJECT["project"]["scripts"]
    assert said["USER"] not in {"", "root", "0"}


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_of_the_image_tells_good_from_bad(status: int, healthy: bool) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: Any) -> None:  # silence
            pass

    command = json.loads(dict(instructions())["HEALTHCHECK"].partition("CMD ")[2])
    assert command[0] == "python"
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        environment = {**os.environ, "PORT": str(server.server_port), "no_proxy": "127.0.0.1"}
        done = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=False)
        thread.join()
    assert asked == ["/health"]
    assert (done.returncode == 0) is healthy


def test_compose_is_consistent() -> None:
    compose = yaml.safe_load(text("compose.yaml"))
    app, postgres = compose["services"]["app"], compose["services"]["postgres"]
    assert set(app["environment"]) <= SETTINGS
    assert app["environment"]["PORT"] == str(default("PORT"))
    assert app["ports"][0].endswith(f":{default('PORT')}")
    assert app["volumes"] == [f"data:{image_environment()['DATA_DIR']}"]
    assert postgres["profiles"] == ["postgres"]
    for service in (app, postgres):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        for name in service["environment"]:
            assert "KEY" not in name
            assert "PASSWORD" not in name or name.endswith("_FILE")


def test_the_unit_runs_our_command_on_its_own_state() -> None:
    lines = [line.split("=", 1) for line in text("deploy/mxroute-manager.service").splitlines() if "=" in line]
    said = {name: value for name, value in lines if name != "Environment"}
    environment = dict(value.split("=", 1) for name, value in lines if name == "Environment")
    assert Path(said["ExecStart"].split()[0]).name in PROJECT["project"]["scripts"]
    assert set(environment) <= SETTINGS | OF_PYTHON
    assert environment["DATA_DIR"] == f"/var/lib/{said['StateDirectory']}"
    assert said["DynamicUser"] == "yes"


def test_the_example_environment_holds_every_setting_with_its_default() -> None:
    found = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    prefixed = {name for name in found if name.startswith("APPRISE_CRED_")}
    assert set(found) - prefixed == SETTINGS
    for name in set(found) - prefixed:
        value = default(name)
        shown = "" if value is None or value == () else str(value)
        assert found[name] == (shown.lower() if isinstance(value, bool) else shown), name


def test_the_example_environment_can_be_loaded_with_every_line_active(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in list(os.environ):
        if name.upper() in SETTINGS:
            monkeypatch.delenv(name)
    active = tmp_path / ".env"
    active.write_text(re.sub(r"^#(?=[A-Z][A-Z_]+=)", "", text(".env.example"), flags=re.MULTILINE))
    assert load_settings(active).model_dump() == load_settings(None).model_dump()
    assert caplog.records == []


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text(lock), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock: str) -> None:
    content = text(lock)
    assert "://" not in content
    for line in content.splitlines():
        assert re.match(r"^([a-z0-9-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$", line), line
    assert content.count("--hash=") >= len(pins(lock)) > 0


def test_the_locks_agree_with_each_other_and_hold_what_is_asked_for() -> None:
    runtime, dev, build = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= dev.items()
    assert build.items() <= dev.items()
    asked = {
        "requirements.lock": PROJECT["project"]["dependencies"],
        "requirements-dev.lock": PROJECT["dependency-groups"]["dev"],
    }
    asked["requirements-build.lock"] = PROJECT["build-system"]["requires"]
    for lock, wanted in asked.items():
        found = pins(lock)
        for requirement in map(Requirement, wanted):
            assert requirement.specifier.contains(found[canonicalize_name(requirement.name)]), requirement


def test_what_builds_the_wheel_is_locked_and_can_be_had_by_developers() -> None:
    built_with = {Requirement(wanted).name for wanted in PROJECT["build-system"]["requires"]}
    developers = {Requirement(wanted).name for wanted in PROJECT["dependency-groups"]["dev"]}
    assert built_with <= set(pins("requirements-build.lock"))
    assert built_with <= developers, "installs without build isolation need them"


def test_what_is_built_stays_out_of_git_and_out_of_the_image() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["artifacts"] == ["src/mxm/entrypoints/web_dist"]
    assert {"web/node_modules/", "src/mxm/entrypoints/web_dist/"} <= set(text(".gitignore").splitlines())
    assert {"**/node_modules", "src/mxm/entrypoints/web_dist"} <= set(text(".dockerignore").splitlines())
    for built in ("web/node_modules", "src/mxm/entrypoints/web_dist"):
        assert built in text("Makefile").partition("\nclean:")[2], built


def test_make_has_every_target_that_is_told_of() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert {"demo", "test", "check", "bench", "dev", "lock", "docs", "clean"} <= targets
    told = [text("README.md"), text("CONTRIBUTING.md"), *(p.read_text("utf-8") for p in ROOT.glob("docs/**/*.md"))]
    named = {name for page in told for name in re.findall(r"(?:`|^)make ([a-z]+)", page, re.MULTILINE)}
    assert named <= targets


@pytest.mark.parametrize(
    "script", [".ci/run", *(f"scripts/{name}.sh" for name in ("lock", "venv", "find-python", "npm"))]
)
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    shell = text(script).splitlines()[0].split()[-1].rpartition("/")[2]
    assert subprocess.run([shell, "-n", str(ROOT / script)], check=False).returncode == 0
