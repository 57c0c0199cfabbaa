"""The build of the web app, by a real npm without any package: when it runs, what it says, what a wheel carries."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.program import program, server_environment

ROOT = Path(__file__).parents[2]
DIST = Path("src/mxm/entrypoints/web_dist")
BUILD = """
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const dist = "../src/mxm/entrypoints/web_dist";
mkdirSync(`${dist}/assets`, { recursive: true });
writeFileSync(`${dist}/index.html`, readFileSync("index.html"));
writeFileSync(`${dist}/assets/index-a1.js`, "");
appendFileSync("../builds", process.version + "\\n");
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of our layout whose web app is one page."""
    for name in ("hatch_build.py", "pyproject.toml", ".gitignore", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for package in ("mxm", "mxm_sandbox"):
        (tmp_path / "src" / package).mkdir(parents=True)
        (tmp_path / "src" / package / "__init__.py").write_text('__version__ = "0.0.1"\n')
    (tmp_path / "web/src").mkdir(parents=True)
    (tmp_path / "web/index.html").write_text("<p>one</p>")
    (tmp_path / "web/build.mjs").write_text(BUILD)
    package_json(tmp_path, build="npm run inner", inner="node build.mjs")
    return tmp_path


def package_json(project: Path, **scripts: str) -> None:
    """The package and its lock."""
    package = {"name": "tiny", "version": "1.0.0"}
    lock = {**package, "lockfileVersion": 3, "requires": True, "packages": {"": package}}
    (project / "web/package.json").write_text(json.dumps({**package, "private": True, "scripts": scripts}))
    (project / "web/package-lock.json").write_text(json.dumps(lock))


def run(project: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A Python command in the project, with nothing of Node on the path."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(project), **environment}
    return subprocess.run([sys.executable, *command], cwd=project, env=env, capture_output=True, text=True, check=False)


def build(project: Path, **environment: str) -> str:
    """What a build that succeeds says."""
    done = run(project, "hatch_build.py", **environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def builds(project: Path) -> list[str]:
    """The version of Node at each build so far."""
    return (project / "builds").read_text().split()


def test_it_builds_once_and_again_only_after_a_change(project: Path) -> None:
    assert build(project) == "Building the web app …\n"
    assert (project / DIST / "index.html").read_text() == "<p>one</p>"
    assert builds(project)[0].startswith("v24."), "not the package's own Node"
    (project / "web/node_modules/something").mkdir()
    assert build(project) == ""
    (project / "web/index.html").write_text("<p>two</p>")
    assert build(project) == "Building the web app …\n"
    assert (project / DIST / "index.html").read_text() == "<p>two</p>"
    (project / "web/index.html").rename(project / "web/other.html")
    assert "index.html" in run(project, "hatch_build.py").stderr
    (project / "web/other.html").rename(project / "web/index.html")
    assert build(project) == "", "it is what the last whole build was made from"
    (project / DIST / "index.html").unlink()
    assert build(project) == "Building the web app …\n"
    assert len(builds(project)) == 3


def test_two_at_once_build_it_once(project: Path) -> None:
    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(lambda _: build(project), range(2)))
    assert said == ["", "Building the web app …\n"]
    assert len(builds(project)) == 1


def test_packages_are_installed_anew_only_when_the_lock_changes(project: Path) -> None:
    build(project, NODE_ENV="production")
    mark = project / "web/node_modules/mark"
    mark.mkdir()
    (project / "web/index.html").write_text("<p>two</p>")
    build(project)
    assert mark.exists()
    lock = project / "web/package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    build(project)
    assert not mark.exists()
    assert len(builds(project)) == 3


def test_what_only_the_build_needs_is_installed_whatever_the_environment_says(project: Path) -> None:
    (project / "web/tool").mkdir()
    (project / "web/tool/package.json").write_text('{"name": "tool", "version": "1.0.0", "bin": "tool.mjs"}')
    (project / "web/tool/tool.mjs").write_text("#!/usr/bin/env node\nimport '../build.mjs';\n")
    package = json.loads((project / "web/package.json").read_text())
    package |= {"scripts": {"build": "tool"}, "devDependencies": {"tool": "file:tool"}}
    (project / "web/package.json").write_text(json.dumps(package))
    locked = run(project, "hatch_build.py", "npm", "install", "--package-lock-only", "--offline")
    assert locked.returncode == 0, locked.stderr
    build(project, NODE_ENV="production", npm_config_omit="dev")
    assert len(builds(project)) == 1


def test_a_failure_shows_what_npm_printed_and_leaves_no_stamp(project: Path) -> None:
    package_json(project, build="printf '\\033[31msomething\\033[0m about line 7' && exit 3")
    for _ in range(2):
        done = run(project, "hatch_build.py")
        assert done.returncode == 1
        assert "something about line 7" in done.stderr
        assert f"`npm run build` in {project / 'web'} failed" in done.stderr
        assert "Traceback" not in done.stderr
    package_json(project, build="node build.mjs")
    (project / "web/package-lock.json").write_text("{")
    done = run(project, "hatch_build.py")
    assert done.returncode == 1
    assert "`npm ci " in done.stderr
    (project / "web/package-lock.json").unlink()
    assert "package-lock.json: No such file" in run(project, "hatch_build.py").stderr
    package_json(project, build="true")
    assert "made no" in run(project, "hatch_build.py").stderr


def test_without_its_source_the_app_is_taken_as_it_was_built(project: Path) -> None:
    build(project)
    shutil.rmtree(project / "web")
    assert "as it was built" in build(project)
    shutil.rmtree(project / DIST)
    done = run(project, "hatch_build.py")
    assert (done.returncode, "neither" in done.stderr) == (1, True)


def test_npm_runs_in_web_with_its_own_exit_code(project: Path) -> None:
    package_json(project, say='echo "$(basename $PWD) says $0"', fail="exit 7")
    done = run(project, "hatch_build.py", "npm", "run", "--silent", "say")
    assert (done.returncode, done.stdout) == (0, "web says sh\n")
    assert run(project, "hatch_build.py", "npm", "run", "--silent", "fail").returncode == 7


def test_a_wheel_and_an_editable_one_are_built_with_the_app(project: Path) -> None:
    (project / "web/node_modules/junk").mkdir(parents=True)
    for version in ("standard", "editable"):
        hatched = run(project, "-m", "hatchling", "build", "-t", f"wheel:{version}", "-d", version)
        assert hatched.returncode == 0, hatched.stderr
        assert "Building the web app" in hatched.stdout + hatched.stderr or version == "editable"
    with zipfile.ZipFile(next((project / "standard").glob("*.whl"))) as wheel:
        assert {"mxm/entrypoints/web_dist/index.html", "mxm/entrypoints/web_dist/assets/index-a1.js"} <= set(
            wheel.namelist()
        )
    assert len(builds(project)) == 1


def test_the_source_distribution_holds_what_the_app_is_built_from(project: Path) -> None:
    build(project)
    (project / "web/node_modules/junk.js").write_text("")
    assert run(project, "-m", "hatchling", "build", "-t", "sdist", "-d", "made").returncode == 0
    with tarfile.open(next((project / "made").glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"hatch_build.py", "web/package.json", "web/package-lock.json", "web/index.html"} <= names
    assert not [name for name in names if "node_modules" in name or "web_dist" in name]


def test_a_wheel_without_the_app_is_no_wheel(project: Path) -> None:
    package_json(project, build="echo something about line 7 && exit 3")
    done = run(project, "-m", "hatchling", "build", "-t", "wheel", "-d", "made")
    assert done.returncode != 0
    assert "something about line 7" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not list((project / "made").glob("*.whl"))


@pytest.mark.parametrize("built", [False, True])
async def test_a_server_without_the_app_warns_once_and_serves(tmp_path: Path, built: bool) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("web_dist", "__pycache__"))
    if built:
        (tmp_path / DIST).mkdir()
        (tmp_path / DIST / "index.html").write_text("<p>one</p>")
    env = server_environment(tmp_path, "http://127.0.0.1:9", PYTHONPATH=str(tmp_path / "src"))
    async with program(tmp_path, "serve", env=env) as server:
        await server.url()
        warned = [entry["message"] for entry in server.log if "web app" in entry["message"]]
    wanted = "the web app is not built: run `npm run build` in web/; the API works without it"
    assert warned == ([] if built else [wanted])
