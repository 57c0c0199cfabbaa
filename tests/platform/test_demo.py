"""`mxm demo`: everything it prints works, word for word, and nothing of it is left behind."""

import json
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from support.program import Program, environment, healthy, program, run_mxm, until

RECIPES = r"""
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains/example.com/email-accounts
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"username":"alex","password":"Abcd123!","quota":1024,"limit":9600}' \
https://manager.example.com/api/domains/example.com/email-accounts
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"default_domain":"example.com","rows":[{"username":"alice","password":"Abcd123!"}]}' \
https://manager.example.com/api/email-accounts/import/preview
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
"https://manager.example.com/api/domains/example.com/mail-client-settings?username=alex"
---
curl -sS -H "Authorization: Bearer $MXM_TOKEN" \
https://manager.example.com/api/domains/example.com/spam/blacklist
---
curl -sS -X POST \
-H "Authorization: Bearer $MXM_TOKEN" \
-H "Content-Type: application/json" \
-d '{"entry":"karen@hr.example.com"}' \
https://manager.example.com/api/domains/example.com/spam/blacklist
---
curl -sS -X DELETE \
-H "Authorization: Bearer $MXM_TOKEN" \
"https://manager.example.com/api/domains/example.com/spam/blacklist/karen%40hr.example.com"
""".strip().split("\n---\n")
"""As the user's own description gives them; only the host is replaced, as it says."""


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
    ran = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, timeout=20, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return json.loads(ran.stdout)


async def test_the_recipes_work_word_for_word_and_nothing_is_left_behind(tmp_path: Path) -> None:
    async with program(tmp_path, "demo", env=_environment(tmp_path, PORT="0")) as demo:
        exports = await _exports(demo)
        env = {**environment(), **exports}
        answers = [_shell(recipe.replace("https://manager.example.com", "$MXM_URL"), env) for recipe in RECIPES]
        assert [answer["success"] for answer in answers] == [True] * len(RECIPES), answers
        domains, mailboxes, made, preview, settings, black, added, removed = (answer["data"] for answer in answers)
        assert domains == ["example.com"]
        assert "alex" not in {mailbox["username"] for mailbox in mailboxes}
        assert (made["username"], made["quota"], made["limit"]) == ("alex", 1024, 9600)
        assert preview["summary"]["valid"] == 1
        assert settings["username"] == "alex@example.com"
        assert "karen@hr.example.com" not in black
        assert "karen@hr.example.com" in added or added == {"entry": "karen@hr.example.com"}
        assert removed is None
        for line in [line.strip() for line in demo.out.splitlines() if line.strip().startswith("curl")][:2]:
            assert _shell(line, env)["success"] is True
        assert any((tmp_path / "temporary").iterdir())
        demo.signal(signal.SIGINT)
        assert await demo.ended() == 0
        assert demo.err == ""
    assert list((tmp_path / "temporary").iterdir()) == []


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
