"""Starts many servers quickly: a parent that has imported the program forks one `mxm serve` after the other.

Each server is a process of its own that runs the command from its beginning (settings, schema, socket, everything);
only the second that imports take is spent once. SIGKILL to one is a power cut to it and nothing to the parent.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from support.program import environment, healthy, listening_on, until

_PARENT = """
import json, os, signal, sys
import mxm.entrypoints.cli as cli, mxm.entrypoints.web, alembic, argon2, psycopg, uvloop
for line in sys.stdin:
    wanted = json.loads(line)
    if (pid := os.fork()) == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(wanted["env"])
        os.chdir(wanted["cwd"])
        err = os.open(wanted["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(err, 2); os.dup2(err, 1); os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ["mxm", "serve"]
        try:
            cli.main()
        finally:
            os._exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried at once
    print(pid, flush=True)
"""


class Forked:
    """One server."""

    def __init__(self, pid: int, err: Path) -> None:
        self.pid, self._err = pid, err

    @property
    def err(self) -> str:
        return self._err.read_text() if self._err.exists() else ""

    def alive(self) -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    async def url(self) -> str:
        """The address it listens on, once it answers."""
        found = str(await until(lambda: listening_on(self.err), alive=self.alive, told=lambda: self.err))
        await healthy(found)
        return found

    async def kill(self) -> None:
        """`kill -9`."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await until(lambda: not self.alive())


class Starter:
    """`with Starter(folder) as starter`: then `starter.serve(env)` as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._forked: list[Forked] = []

    def __enter__(self) -> Self:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", _PARENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._forked:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        self._parent.communicate()

    async def serve(self, env: Mapping[str, str]) -> Forked:
        """Start one; `await .url()` waits for it."""
        self._count += 1
        err = self._folder / f"server-{self._count}.err"
        wanted = {"env": dict(env), "cwd": str(self._folder), "err": str(err)}
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(wanted) + "\n")
        self._parent.stdin.flush()
        pid = int(await asyncio.to_thread(self._parent.stdout.readline))
        self._forked.append(Forked(pid, err))
        return self._forked[-1]
