"""`mxm` in processes of its own: started, looked at and ended as an operator would, or as a power cut would."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from mxm.entrypoints.services import build_services
from mxm.features.identity.api import TokenIn
from mxm.platform.access import SYSTEM, Caller
from mxm.platform.db.migrate import migrate
from mxm.platform.settings import GivenSettings
from mxm_sandbox import Sandbox
from support.databases import KEY

SRC = Path(__file__).parents[2] / "src"
PATIENCE = 60.0
"""Seconds that anything here may take on a busy machine before a test fails; a start took 20 s at a load of 13."""


def environment(**settings: str) -> dict[str, str]:
    """A clean environment: nothing of the machine's own settings, and those given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(SRC), **settings}


def server_environment(
    folder: Path, mxroute_url: str, sandbox: Sandbox | None = None, **settings: str
) -> dict[str, str]:
    """What a server on a sandbox needs; port 0 takes a free one."""
    server, user, api_key = sandbox.credentials if sandbox else ("eagle.mxlogin.com", "user", "key")
    return environment(
        DATA_DIR=str(folder / "data"),
        PORT="0",
        SECRET_KEY=KEY.get_secret_value(),
        ADMIN_PASSWORD="Admin-pass-1",
        MX_SERVER=server,
        MX_USER=user,
        MX_API_KEY=api_key,
        MXROUTE_API_URL=mxroute_url,
        **{"FLEET_REFRESH_MINUTES": "0", **settings},
    )


def run_mxm(
    *arguments: str, cwd: Path, env: Mapping[str, str], given: str = "", timeout: float = PATIENCE
) -> subprocess.CompletedProcess[str]:
    """Run `mxm` to its end."""
    command = [sys.executable, "-m", "mxm.entrypoints.cli", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=dict(env), input=given, capture_output=True, text=True, timeout=timeout, check=False
    )


class Program:
    """One running process. Its output lies in files, so that no pipe can fill up."""

    def __init__(self, folder: Path, *arguments: str, env: Mapping[str, str], name: str = "mxm") -> None:
        self.folder, self._arguments, self._env = folder, arguments, dict(env)
        self._out, self._err = folder / f"{name}.out", folder / f"{name}.err"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Program":
        """Start it; returns at once."""
        command = [sys.executable, "-m", "mxm.entrypoints.cli", *self._arguments]
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(command, cwd=self.folder, env=self._env, stdout=out, stderr=err)
        return self

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def log(self) -> list[dict[str, Any]]:
        """Its log, each line parsed."""
        return [json.loads(line) for line in self.err.splitlines()]

    async def url(self) -> str:
        """The address it listens on, as its log tells it, once `/health` answers there."""
        found = str(await until(lambda: listening_on(self.err), alive=self.alive, told=lambda: self.err))
        await healthy(found)
        return found

    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def starved(self) -> float:
        """Seconds for which its main thread was ready and other processes had all CPUs; 0 where Linux does not tell."""
        try:
            return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[1]) / 1e9
        except OSError:
            return 0.0

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ended(self, timeout: float = PATIENCE) -> int:
        """Its exit code."""
        return await asyncio.to_thread(self.process.wait, timeout)

    async def stop(self) -> None:
        """Make sure that it is gone."""
        if self.alive():
            self.process.kill()
        await self.ended()


@asynccontextmanager
async def program(folder: Path, *arguments: str, env: Mapping[str, str], name: str = "mxm") -> AsyncIterator[Program]:
    """Start `mxm …`; it is gone on leaving."""
    found = Program(folder, *arguments, env=env, name=name).start()
    try:
        yield found
    finally:
        await found.stop()


def listening_on(log: str) -> str | None:
    """The address in a server's log."""
    for line in log.splitlines():
        if "listening on " in line:
            message: str = json.loads(line)["message"]
            return message.removeprefix("listening on ")
    return None


async def healthy(url: str) -> None:
    """Wait until `/health` says so."""
    async with httpx2.AsyncClient(trust_env=False, verify=False) as client:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            with contextlib.suppress(httpx2.TransportError):
                if (await client.get(f"{url}/health")).json() == {"status": "ok"}:
                    return
            await asyncio.sleep(0.01)
    raise AssertionError(f"{url} is not healthy")


async def until(look: Any, *, alive: Any = lambda: True, told: Any = lambda: "", patience: float = PATIENCE) -> Any:
    """What `look` gives once it is something; fails when the process ends first."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if found := look():
            return found
        assert alive(), f"the process ended:\n{told()}"
        await asyncio.sleep(0.01)
    raise AssertionError(f"not in {patience} s:\n{told()}")


async def admin_token(folder: Path, *, database_url: str | None = None) -> str:
    """An admin token in the database of a server that is not running yet (or of another replica)."""
    settings = GivenSettings(data_dir=folder / "data", database_url=database_url, secret_key=KEY)
    migrate(settings)
    services = build_services(settings)
    wanted = TokenIn(label="test", is_admin=True)
    made = await services.identity.tokens.create(Caller(SYSTEM, "test"), wanted)
    await services.mxroute.aclose()
    await services.database.close()
    assert made.token is not None
    return made.token


def given_settings(folder: Path, **values: Any) -> GivenSettings:
    """Settings in code for tests that build services by themselves."""
    return GivenSettings(**{"data_dir": folder, "secret_key": KEY, "mx_api_key": SecretStr("k"), **values})
