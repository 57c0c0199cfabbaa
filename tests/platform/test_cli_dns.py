"""`mxm dns …` against a running server: what is shown, what is asked, and what the exit code says."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from support.program import environment, run_mxm
from support.served import Served, served


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as found:
        yield found


async def test_health_says_in_words_and_in_the_exit_code_how_a_domain_stands(world: Served) -> None:
    good = await world.mxm("dns", "health", "healthy.example")
    assert good.returncode == 0, good.stderr
    first, *table = [line.strip() for line in good.stdout.splitlines()]
    assert first == "healthy.example: healthy"
    assert [line.split()[1] for line in table if line.startswith(("MX ", "SPF ", "DKIM ", "DMARC "))] == ["pass"] * 4
    bad = await world.mxm("dns", "health", "missing-spf.example", "--json")
    assert bad.returncode == 1
    found = json.loads(bad.stdout)
    assert (found["domain"], found["checks"]["spf"]["status"]) == ("missing-spf.example", "fail")


async def test_a_plan_is_shown_and_changes_nothing(world: Served) -> None:
    ended = await world.mxm("dns", "plan", "missing-spf.example", "--records", "spf,dkim", "--records", "mx")
    assert ended.returncode == 0, ended.stderr
    assert "create" in ended.stdout
    assert "include:mxroute.com" in ended.stdout
    assert "Left as they are: mx, dkim." in ended.stdout
    assert world.sandbox.counts_of("cloudflare")["writes"] == 0
    wrong = await world.mxm("dns", "plan", "missing-spf.example", "--records", "everything")
    assert wrong.returncode == 2
    [line] = wrong.stderr.splitlines()
    assert "everything" in line


async def test_a_fix_shows_its_plan_and_asks(world: Served) -> None:
    asked = await world.mxm("dns", "fix", "missing-spf.example", given="n\n")
    assert asked.returncode == 1
    assert "include:mxroute.com" in asked.stdout
    assert "Apply these changes?" in asked.stdout
    tried = await world.mxm("dns", "fix", "missing-spf.example", "--dry-run")
    assert tried.returncode == 0
    assert world.sandbox.counts_of("cloudflare")["writes"] == 0
    done = await world.mxm("dns", "fix", "missing-spf.example", given="y\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/revert" in done.stdout
    assert world.sandbox.counts_of("cloudflare")["writes_applied"] > 0
    assert (await world.mxm("dns", "health", "missing-spf.example")).returncode == 0
    again = await world.mxm("dns", "fix", "missing-spf.example", "--yes")
    assert (again.returncode, again.stdout) == (0, "Nothing to change.\n")


async def test_a_conflict_is_told_with_the_way_out(world: Served) -> None:
    ended = await world.mxm("dns", "fix", "other-mx.example", "--records", "mx", "--yes")
    assert ended.returncode == 1
    assert "--replace mx" in ended.stdout
    found = json.loads((await world.mxm("dns", "fix", "other-mx.example", "--records", "mx", "--yes", "--json")).stdout)
    assert found["conflicts"][0]["replace"] == "mx"
    done = await world.mxm("dns", "fix", "other-mx.example", "--records", "mx", "--replace", "mx", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr


async def test_json_asks_nothing(world: Served) -> None:
    ended = await world.mxm("dns", "fix", "missing-spf.example", "--json")
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == ["--json asks nothing: give --yes or --dry-run with it."]


async def test_what_strangers_published_cannot_command_the_terminal(world: Served) -> None:
    world.sandbox.publish("healthy.example", "TXT", ["v=spf1 \x1b[2J\x1b]0;owned\x07 include:mxroute.com -all"])
    ended = await world.mxm("dns", "health", "healthy.example")
    assert "\x1b" not in ended.stdout
    assert "\x07" not in ended.stdout


async def test_what_the_api_refuses_is_said_in_one_line(world: Served) -> None:
    for arguments, env, word in (
        (("dns", "health", "nowhere.test"), {}, "nowhere.test"),
        (("dns", "health", "../.."), {}, "domain"),
        (("dns", "health", "healthy.example"), {"MXM_TOKEN": "mxm_wrong"}, "token"),
    ):
        ended = await world.mxm(*arguments, **env)
        assert (ended.returncode, ended.stdout) == (2, ""), arguments
        [line] = ended.stderr.splitlines()
        assert word in line


def test_without_an_address_or_a_token_it_says_what_to_set(tmp_path: Path) -> None:
    for given, missing in (({}, "MXM_URL and MXM_TOKEN"), ({"MXM_URL": "http://127.0.0.1:9"}, "MXM_TOKEN")):
        ended = run_mxm("dns", "health", "healthy.example", cwd=tmp_path, env=environment(**given))
        assert ended.returncode == 2
        assert ended.stderr.startswith(f"Set {missing}:")


def test_a_manager_that_is_not_there_and_an_address_that_is_none(tmp_path: Path) -> None:
    env = environment(MXM_TOKEN="mxm_something")
    for url, word in (("http://127.0.0.1:9", "cannot be reached"), ("manager", "MXM_URL must look like")):
        ended = run_mxm("dns", "health", "healthy.example", "--url", url, cwd=tmp_path, env=env)
        assert ended.returncode == 2
        [line] = ended.stderr.splitlines()
        assert word in line


async def test_a_token_in_the_clear_is_warned_of(tmp_path: Path) -> None:
    from mxm.upstreams.manager_api import ManagerApi

    for url, exposed in (
        ("http://manager.example.com", True),
        ("http://192.0.2.1:5000/", True),
        ("https://manager.example.com/mail", False),
        ("http://localhost:5000", False),
        ("http://[::1]:5000", False),
    ):
        with ManagerApi(url, "mxm_token") as api:
            assert api.is_exposed is exposed, url


async def test_the_sandbox_is_told_apart_from_a_manager(tmp_path: Path) -> None:
    async with Sandbox(SandboxConfig()).serve() as other:
        import asyncio

        env = environment(MXM_TOKEN="mxm_something", MXM_URL=other.mxroute_url)
        ended = await asyncio.to_thread(run_mxm, "dns", "health", "healthy.example", cwd=tmp_path, env=env)
        assert ended.returncode == 2
        assert len(ended.stderr.splitlines()) == 1


def test_help_is_quick_and_loads_no_server(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, mxm.entrypoints.cli; print(sorted({'fastapi', 'sqlalchemy', 'httpx2', 'rich'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
