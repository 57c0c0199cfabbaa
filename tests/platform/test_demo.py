"""`mxm demo`: everything it prints works, word for word, and nothing of it is left behind."""

import asyncio
import json
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from support import recipes
from support.program import Program, environment, healthy, program, run_mxm, until


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    (folder / "temporary").mkdir(exist_ok=True)
    return environment(TMPDIR=str(folder / "temporary"), **settings)


async def _exports(demo: Program) -> dict[str, str]:
    """What a person would paste; standard output is a file, so that only what was flushed is seen."""
    await until(lambda: "Ctrl-C ends it" in demo.out, alive=demo.alive, told=lambda: demo.err)
    lines = [line.removeprefix("export ") for line in demo.out.splitlines() if line.startswith("export ")]
    found = dict(line.split("=", 1) for line in lines)
    await healthy(found["MXM_URL"])
    return found


def _shell(command: str, env: dict[str, str]) -> Any:
    ran = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return json.loads(ran.stdout)


def _run(recipe: str, env: dict[str, str]) -> Any:
    """The data of a recipe's answer; only the address is replaced."""
    answer = _shell(recipe.replace(recipes.HOST, "$MXM_URL"), env)
    assert answer["success"] is True, answer
    return answer["data"]


def _ask(path: str, env: dict[str, str]) -> Any:
    """The data of a path, for the administrator's token."""
    return _shell(f'curl -sS -H "Authorization: Bearer $MXM_ADMIN_TOKEN" $MXM_URL{path}', env)["data"]


def _zone(demo: Program, name: str) -> list[dict[str, Any]]:
    """The records of a zone as Cloudflare has them, without the times of their changes."""
    url = next(line for line in demo.out.splitlines() if line.startswith("Sandbox controls")).split()[-1]
    records = _shell(f"curl -sS {url}/state", environment())["cloudflare"][name]["records"]
    return [{key: value for key, value in record.items() if not key.endswith("_on")} for record in records]


async def _healthy(domain: str, env: dict[str, str]) -> dict[str, str]:
    """The statuses of all checks, once the domain is well: changes become public within seconds."""
    ends = time.monotonic() + 20
    while (found := _ask(f"/api/domains/{domain}/dns/health", env))["overall"] != "healthy":
        assert time.monotonic() < ends, found
        await asyncio.sleep(0.3)
    return {key: check["status"] for key, check in found["checks"].items()}


async def test_the_recipes_work_word_for_word_and_nothing_is_left_behind(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT="0")) as demo:
        exports = await _exports(demo)
        env = {**environment(), **exports}
        answers = [_run(recipe, env) for recipe in recipes.MAIL]
        domains, mailboxes, made, preview, settings, black, added, removed = answers
        assert domains == ["example.com"]
        assert "alex" not in {mailbox["username"] for mailbox in mailboxes}
        assert (made["username"], made["quota"], made["limit"]) == ("alex", 1024, 9600)
        assert preview["summary"]["valid"] == 1
        assert settings["username"] == "alex@example.com"
        assert "karen@hr.example.com" not in black
        assert "karen@hr.example.com" in added or added == {"entry": "karen@hr.example.com"}
        assert removed is None
        printed = [line.strip() for line in demo.out.splitlines() if line.strip().startswith("curl")]
        assert len(printed) == 7
        for line in printed:
            assert _shell(line, env)["success"] is ("alex" not in line), "alex is there already"
        assert any((tmp_path / "temporary").iterdir())
        demo.signal(signal.SIGINT)
        assert await demo.ended() == 0
        assert demo.err == ""
    assert list((tmp_path / "temporary").iterdir()) == []


async def test_the_recipes_of_dns_work_word_for_word(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT="0")) as demo:
        env = {**environment(), **await _exports(demo)}
        fix, webmail, bulk, policy, own_policy = recipes.DNS
        before = _zone(demo, "example.com")
        found = _run(fix, env)
        assert found["fixed"] == ["mx", "spf", "dkim", "dmarc", "verification", "mail"]
        assert (found["skipped"], found["conflicts"]) == ([], [])
        assert all(record in _zone(demo, "example.com") for record in before)
        assert (await _healthy("example.com", env))["webmail"] == "skipped"
        assert _run(webmail, env)["fixed"] == ["webmail"]
        assert _run(policy, env)["custom"] is False
        assert _run(own_policy, env)["custom_value"] == "v=DMARC1; p=reject; sp=reject; aspf=r;"
        assert _run(fix, env)["fixed"] == ["dmarc"]
        assert (await _healthy("example.com", env))["webmail"] == "pass"
        cleared = _run(recipes.CLEARED_POLICY, env)
        assert (cleared["custom"], cleared["effective"]) == (False, cleared["default"])
        results = _run(bulk, env)["results"]
        assert results["missing-spf.example"]["fixed"] == ["spf"]
        assert results["other-mx.example"]["conflicts"][0]["key"] == "mx"
        assert "DNS is elsewhere" in results["elsewhere.example"]["error"]
        assert not {"example.com", "healthy.example", "parked.example"} & set(results)
        assert (await _healthy("missing-spf.example", env))["spf"] == "pass"
        assert _run(bulk, env)["results"].get("missing-spf.example") is None
        demo.signal(signal.SIGINT)
        assert (await demo.ended(), demo.err) == (0, "")


async def test_a_zone_with_much_that_is_not_ours_keeps_it_through_every_fix(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT="0")) as demo:
        env = {**environment(), **await _exports(demo)}
        before = _zone(demo, "busy-sender.example")
        assert _run(recipes.DNS[2], env)["results"]["busy-sender.example"]["fixed"] == ["spf"]
        every = '{"records":["mx","spf","dkim","dmarc","verification","mail","webmail"]}'
        named = recipes.DNS[1].replace("_TOKEN", "_ADMIN_TOKEN").replace('{"records":["webmail"]}', every)
        assert _run(named.replace("example.com/dns", "busy-sender.example/dns"), env)["changes"] == []
        assert (await _healthy("busy-sender.example", env))["spf"] == "pass"
        after = _zone(demo, "busy-sender.example")
        (gone,) = [record for record in before if record not in after]
        (new,) = [record for record in after if record not in before]
        assert gone["content"].strip('"') == "v=spf1 ip4:203.0.113.7 include:_spf.google.com include:sendgrid.net ~all"
        assert new["content"] == gone["content"].replace(" ~all", " include:mxroute.com ~all")
        assert new["id"] == gone["id"]


async def test_the_administrator_signs_in_with_the_printed_password(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT="0")) as demo:
        exports = await _exports(demo)
        password = next(line for line in demo.out.splitlines() if line.startswith("Sign in")).split()[-1]
        body = json.dumps({"username": "admin", "password": password})
        json_type = "-H 'Content-Type: application/json'"
        command = f"curl -sS -X POST {json_type} -d '{body}' $MXM_URL/api/auth/login"
        assert _shell(command, {**environment(), **exports})["data"]["is_admin"] is True
        all_domains = 'curl -sS -H "Authorization: Bearer $MXM_ADMIN_TOKEN" $MXM_URL/api/domains'
        assert len(_shell(all_domains, {**environment(), **exports})["data"]) > 20
        demo.signal(signal.SIGTERM)
        assert await demo.ended() == 0
    assert list((tmp_path / "temporary").iterdir()) == []


async def test_the_port_is_honoured(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT=str(port))) as demo:
        assert (await _exports(demo))["MXM_URL"] == f"http://127.0.0.1:{port}"


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run_mxm("demo", cwd=tmp_path, env=_environment(tmp_path, PORT=str(port)))
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [f"PORT: 127.0.0.1:{port} is already in use"]
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"HOST": "0.0.0.0"}, "HOST: got '0.0.0.0', want a loopback address"),
        ({"HOST": "192.0.2.1"}, "HOST: got '192.0.2.1', want a loopback address"),
        ({"PORT": "many"}, "PORT: got 'many', want a number"),
        ({"PORT": "70000"}, "PORT: got '70000', want a number"),
        ({"PORT": "\u00b2"}, "PORT: got '\u00b2', want a number"),
    ],
)
def test_the_demo_is_not_opened_to_others_and_wants_a_port(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    ended = run_mxm("demo", cwd=tmp_path, env=_environment(tmp_path, **settings))
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith(told)
    assert list((tmp_path / "temporary").iterdir()) == []
