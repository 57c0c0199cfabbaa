"""Starts what is measured: the manager and the sandbox as processes of their own, as a user would run them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "Bench-pass-1"  # noqa: S105 - of a server that lives for minutes
LARGEST = "d00001.example.net"
"""The domain with a thousand mailboxes after `World.scale`."""


@dataclass
class World:
    """A running manager with its sandbox."""

    process: subprocess.Popen[str]
    url: str
    control: str
    admin_token: str
    started_seconds: float
    """From starting the process to `/health` 200."""

    @property
    def bearer(self) -> dict[str, str]:
        """Headers of the admin token."""
        return {"Authorization": f"Bearer {self.admin_token}"}

    def call(self, method: str, path: str, body: Any = None, *, base: str | None = None) -> Any:
        """One JSON request."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.bearer, "Content-Type": "application/json"}
        request = urllib.request.Request((base or self.url) + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def scale(self) -> None:
        """A thousand domains with twenty thousand mailboxes, a thousand of them in one domain; no limits."""
        self.call("POST", "/config", {"limits_enabled": False}, base=self.control)
        account = self.call("GET", "/state", base=self.control)["account"]["domains"]
        mailboxes = sum(len(domain["mailboxes"]) for domain in account.values())
        one = {"domains": len(account) + 1, "mailboxes": mailboxes + 1000}
        self.call("POST", "/scale", one, base=self.control)
        self.call("POST", "/scale", {"domains": 1000, "mailboxes": 20000}, base=self.control)
        time.sleep(16)  # the list of domains is kept for 15 s

    def make_tokens(self, wanted: list[dict[str, Any]]) -> list[str]:
        """API tokens, which no token can make."""
        return _tokens(self.url, PASSWORD, wanted)

    def memory_mib(self) -> float:
        """Resident memory of the manager's process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        return int(found[1]) / 1024 if found else 0.0

    def cpu_seconds(self) -> float:
        """Processor time that the manager's process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(url: str, seconds: float = 20) -> None:
    """Until `url` answers 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(url)


@contextmanager
def _process(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **environment}
    process = subprocess.Popen([sys.executable, "-m", *command], env=env, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextmanager
def baseline() -> Iterator[str]:
    """The bare framework's server."""
    port = free_port()
    with _process("bench.baseline", str(port)):
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield url


@contextmanager
def world(*sandbox_options: str) -> Iterator[World]:
    """The sandbox and `mxm serve` on it, with an admin token."""
    mxroute, cloudflare, dns, control, port = (free_port() for _ in range(5))
    ports = ("--mxroute-port", str(mxroute), "--control-port", str(control))
    ports += ("--cloudflare-port", str(cloudflare), "--dns-port", str(dns))
    cli = "mxm.entrypoints.cli"
    with _process(cli, "sandbox", *ports, *sandbox_options), tempfile.TemporaryDirectory() as folder:
        wait_for(f"http://127.0.0.1:{control}/counts")
        settings = {
            "MX_SERVER": "sandbox.mxrouting.net",
            "MX_USER": "sandbox",
            "MX_API_KEY": "sandbox-key",
            "MXROUTE_API_URL": f"http://127.0.0.1:{mxroute}",
            "CF_API_TOKEN": "sandbox-cloudflare-token",
            "CLOUDFLARE_API_URL": f"http://127.0.0.1:{cloudflare}/client/v4",
            "DNS_RESOLVERS": f"127.0.0.1:{dns}",
            "FLEET_REFRESH_MINUTES": "0",  # what is measured is asked for
            "DATA_DIR": folder,
            "PORT": str(port),
            "ADMIN_PASSWORD": PASSWORD,
            "LOG_LEVEL": "WARNING",
        }
        url = f"http://127.0.0.1:{port}"
        began = time.perf_counter()
        with _process(cli, "serve", **settings) as process:
            wait_for(f"{url}/health")
            started = time.perf_counter() - began
            [token] = _tokens(url, PASSWORD, [{"label": "bench", "is_admin": True}])
            yield World(process, url, f"http://127.0.0.1:{control}", token, started)


def _tokens(url: str, password: str, wanted: list[dict[str, Any]]) -> list[str]:
    def post(path: str, body: Any, headers: dict[str, str]) -> Any:
        all_headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(url + path, json.dumps(body).encode(), all_headers)
        return urllib.request.urlopen(request, timeout=30)

    with post("/api/auth/login", {"username": "admin", "password": password}, {}) as answer:
        cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie"))
        csrf = json.load(answer)["data"]["csrf_token"]
    found = []
    for each in wanted:
        with post("/api/admin/api-tokens", each, {"Cookie": cookies, "X-CSRF-Token": csrf}) as answer:
            found.append(json.load(answer)["data"]["token"])
    return found
