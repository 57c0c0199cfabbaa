"""`mxm check`: one line for each thing, the truth about it, and nothing changed."""

import asyncio
import hashlib
import json
import sqlite3
import subprocess
from pathlib import Path

from mxm.platform.db import migrations
from mxm_sandbox import Sandbox, SandboxConfig
from support.program import admin_token, environment, run_mxm, server_environment
from support.served import served, world_environment

SECRETS = ("sandbox-key", "sandbox-cloudflare-token", "a key for tests only")


def database_only(folder: Path, url: str | None = None) -> dict[str, str]:
    """An environment for looks at the database: no account, and no resolver that could be asked."""
    env = server_environment(folder, "http://127.0.0.1:9", DNS_RESOLVERS="255.255.255.255")
    kept = {name: value for name, value in env.items() if not name.startswith("MX_")}
    return {**kept, "DATABASE_URL": url} if url else kept


async def checked(
    folder: Path, env: dict[str, str], *arguments: str
) -> "tuple[subprocess.CompletedProcess[str], dict[str, tuple[str, str]]]":
    """The command's end, and state and message of each item."""
    ended = await asyncio.to_thread(run_mxm, "check", "--json", *arguments, cwd=folder, env=env, timeout=60)
    assert not [secret for secret in SECRETS if secret in ended.stdout + ended.stderr]
    found = json.loads(ended.stdout)
    assert found["ok"] is (ended.returncode == 0)
    return ended, {item["name"]: (item["state"], item["message"]) for item in found["items"]}


def files(folder: Path) -> dict[str, str]:
    """Every file below with what it holds."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in found}


async def test_all_is_well_beside_a_running_server(tmp_path: Path) -> None:
    async with served(tmp_path) as world:
        before = world.sandbox.counts_of("mxroute")["reads"]
        ended, items = await checked(tmp_path, world.server_env)
        assert ended.returncode == 0, ended.stdout
        assert {state for state, _ in items.values()} == {"ok"}
        assert "24 domains" in items["MXroute"][1]
        assert "reads left" in items["MXroute"][1]
        assert "active" in items["Cloudflare"][1]
        assert items[f"DNS {world.world.dns_address}"][1].startswith("answers in")
        assert items["database"][1].endswith(f"schema {migrations.HEAD}")
        assert items["key"][1].startswith("SECRET_KEY is the one")
        assert world.sandbox.counts_of("mxroute")["reads"] - before == 1
        assert world.sandbox.counts_of("mxroute")["writes"] == 0
        assert world.sandbox.counts_of("cloudflare")["writes"] == 0
        lines = (await asyncio.to_thread(run_mxm, "check", cwd=tmp_path, env=world.server_env)).stdout.splitlines()
        assert [line.split()[0] for line in lines] == ["ok"] * 5


async def test_nothing_is_made_or_changed_and_no_lock_is_waited_for(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False))
    async with sandbox.serve() as world:
        env = world_environment(tmp_path, world, sandbox)
        await admin_token(tmp_path)
        before = files(tmp_path)
        assert (await checked(tmp_path, env))[0].returncode == 0
        assert files(tmp_path) == before
        holder = sqlite3.connect(tmp_path / "data" / "mxm.sqlite3", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            assert (await checked(tmp_path, env))[0].returncode == 0
        finally:
            holder.close()


async def test_a_machine_without_settings_has_nothing_to_complain_of(tmp_path: Path) -> None:
    sandbox = Sandbox()
    async with sandbox.serve() as world:
        env = environment(DNS_RESOLVERS=world.dns_address, DATA_DIR=str(tmp_path / "data"))
        ended, items = await checked(tmp_path, env)
    assert ended.returncode == 0
    assert {name: state for name, (state, _) in items.items() if not name.startswith("DNS")} == {
        "MXroute": "not configured",
        "Cloudflare": "not configured",
        "database": "not configured",
        "key": "not configured",
    }
    assert "MX_SERVER, MX_USER, MX_API_KEY" in items["MXroute"][1]
    assert list(tmp_path.iterdir()) == [], "no folder, no key and no database were made"


async def test_what_fails_is_named_and_told_by_the_exit_code(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, cloudflare_token_state="expired"))
    sandbox.configure(dns_faults=[{"kind": "servfail"}])
    async with served(tmp_path):
        pass  # it notes its key
    async with sandbox.serve() as world:
        wrong = {"MX_API_KEY": "not-the-key", "SECRET_KEY": "another key than the first one"}
        env = {**world_environment(tmp_path, world, sandbox), **wrong}
        ended, items = await checked(tmp_path, env)
    assert ended.returncode == 1
    assert "not-the-key" not in ended.stdout
    problems = {name.partition(" ")[0] for name, (state, _) in items.items() if state == "problem"}
    assert problems == {"MXroute", "Cloudflare", "DNS", "key"}
    assert items["key"][1] == "SECRET_KEY is not the one this database was written with"


async def test_half_an_account_is_a_problem(tmp_path: Path) -> None:
    env = server_environment(tmp_path, "http://127.0.0.1:9", DNS_RESOLVERS="255.255.255.255")
    del env["MX_USER"]
    _, items = await checked(tmp_path, env)
    assert items["MXroute"] == ("problem", "MXroute is not configured: set MX_USER.")


async def test_a_wrong_setting_is_told_in_a_line(tmp_path: Path) -> None:
    ended, items = await checked(tmp_path, environment(PORT="many"))
    assert ended.returncode == 1
    assert list(items) == ["settings"]
    assert items["settings"][1].startswith("PORT: got 'many'")


async def test_a_database_of_a_newer_version_is_a_problem(tmp_path: Path) -> None:
    await admin_token(tmp_path)
    with sqlite3.connect(tmp_path / "data" / "mxm.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    env = database_only(tmp_path)
    _, items = await checked(tmp_path, env)
    assert items["database"][0] == "problem"
    assert "9999" in items["database"][1]


async def test_a_missing_key_file_is_a_problem_once_something_was_written_with_it(tmp_path: Path) -> None:
    async with served(tmp_path):
        pass
    env = database_only(tmp_path)
    del env["SECRET_KEY"]
    _, items = await checked(tmp_path, env)
    assert items["key"][0] == "problem"
    assert "secret.key is missing" in items["key"][1]


async def test_postgresql_is_looked_at_too(tmp_path: Path, postgresql: str) -> None:
    from support.databases import new_postgresql_database

    url = new_postgresql_database(postgresql)
    env = database_only(tmp_path, url)
    _, items = await checked(tmp_path, env)
    assert items["database"] == ("ok", f"PostgreSQL: schema {migrations.HEAD}")
    assert items["key"][0] == "ok"
    gone = {**env, "DATABASE_URL": "postgresql://mxm:hidden-password@127.0.0.1:9/none"}
    ended, items = await checked(tmp_path, gone)
    assert items["database"][0] == "problem"
    assert "hidden-password" not in ended.stdout
