"""The command `mxm`: its answers, its one-line refusals, and what it does to a server that runs beside it."""

import asyncio
import json
import time
from pathlib import Path

import httpx2

import mxm
from mxm_sandbox import Sandbox, SandboxConfig
from support.program import SRC, environment, program, run_mxm, server_environment, until

ROOT = SRC.parent
NEW_PASSWORD = "Quite-another-1"


def test_it_tells_its_version(tmp_path: Path) -> None:
    ended = run_mxm("--version", cwd=tmp_path, env=environment())
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{mxm.__version__}\n", "")


def test_without_a_command_it_helps(tmp_path: Path) -> None:
    ended = run_mxm(cwd=tmp_path, env=environment())
    for command in ("serve", "demo", "sandbox", "openapi", "admin"):
        assert command in ended.stdout + ended.stderr


def test_the_document_needs_no_settings_and_is_the_one_in_the_docs(tmp_path: Path) -> None:
    ended = run_mxm("openapi", cwd=tmp_path, env=environment())
    assert (ended.returncode, ended.stderr) == (0, "")
    document = json.loads(ended.stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/domains" in document["paths"]
    assert list(tmp_path.iterdir()) == [], "nothing was made"
    for committed in ROOT.glob("docs/openapi.json"):
        assert json.loads(committed.read_text()) == document


async def test_a_new_password_ends_the_sessions_of_a_running_server_within_two_seconds(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as world:
        env = server_environment(tmp_path, world.mxroute_url, sandbox)
        async with (
            program(tmp_path, "serve", env=env) as server,
            httpx2.AsyncClient(base_url=await server.url(), trust_env=False) as browser,
        ):
            login = {"username": "admin", "password": "Admin-pass-1"}
            assert (await browser.post("/api/auth/login", json=login)).status_code == 200
            arguments = ("admin", "reset-password", "--password-stdin")
            ended = await asyncio.to_thread(run_mxm, *arguments, cwd=tmp_path, env=env, given=f"{NEW_PASSWORD}\n")
            assert (ended.returncode, ended.stdout) == (0, "The password of admin is set.\n"), ended.stderr
            assert NEW_PASSWORD not in ended.stderr
            began = time.monotonic()
            while (await browser.get("/api/me")).status_code != 401:
                assert time.monotonic() - began < 2
                await asyncio.sleep(0.05)
            assert (await browser.post("/api/auth/login", json=login)).status_code == 401
            login["password"] = NEW_PASSWORD
            assert (await browser.post("/api/auth/login", json=login)).status_code == 200


def test_a_password_too_short_is_refused_in_one_line(tmp_path: Path) -> None:
    env = server_environment(tmp_path, "http://127.0.0.1:9")
    ended = run_mxm("admin", "reset-password", "--password-stdin", cwd=tmp_path, env=env, given="short\n")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == ["The password must have at least 8 characters and at most 1024 bytes."]


def test_a_wrong_key_is_refused_in_one_line_by_every_command_that_needs_it(tmp_path: Path) -> None:
    env = server_environment(tmp_path, "http://127.0.0.1:9")
    arguments = ("admin", "reset-password", "--password-stdin")
    assert run_mxm(*arguments, cwd=tmp_path, env=env, given=NEW_PASSWORD).returncode == 0
    wrong = {**env, "SECRET_KEY": "another key than the first one"}
    ended = run_mxm(*arguments, cwd=tmp_path, env=wrong, given=NEW_PASSWORD)
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith("SECRET_KEY is not the one")
    ended = run_mxm("serve", cwd=tmp_path, env=wrong)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [line]


async def test_the_sandbox_takes_its_settings_as_options(tmp_path: Path) -> None:
    async with program(tmp_path, "sandbox", "--read-limit", "5", env=environment()) as world:
        await until(lambda: "Ctrl-C" in world.out, alive=world.alive, told=lambda: world.err)
        said = dict(line.split(maxsplit=1) for line in world.out.splitlines() if line.startswith("X-"))
        url = next(line for line in world.out.splitlines() if line.startswith("MXroute")).split()[-1]
        async with httpx2.AsyncClient(headers=said, trust_env=False) as client:
            statuses = [(await client.get(f"{url}/domains")).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]


def test_an_unknown_setting_of_the_sandbox_is_refused_in_one_line(tmp_path: Path) -> None:
    for arguments in (["--raed-limit", "5"], ["--read-limit", "many"], ["--read-limit"], ["5"]):
        ended = run_mxm("sandbox", *arguments, cwd=tmp_path, env=environment())
        assert ended.returncode == 2, arguments
        assert len(ended.stderr.splitlines()) == 1
        assert "sandbox: " in ended.stderr
