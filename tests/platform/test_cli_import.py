"""`mxm import` against a running server: files as people have them, jobs that are begun once, passwords kept safe."""

import asyncio
import csv
import json
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mxm.entrypoints import import_run
from mxm.entrypoints.mailbox_csv import MOST_ROWS, portions, read_rows
from mxm.entrypoints.refusal import CannotStart
from mxm.upstreams.manager_api import ApiError, ManagerApi
from mxm_sandbox import Sandbox, SandboxConfig
from support.program import Program, until
from support.served import Served, served

GOOD = "username,password,quota\nalex,Abcd123!,2048\nalice,Abcd123!,\n"
MIXED = (
    "E-Mail;email;password\n"  # an unknown column is left out
    "x;alex@example.com;Abcd123!\n"
    "x;info@example.com;Abcd123!\n"
    "x;weak@example.com;short\n"
    ";;\n"
    'x;"kim@nowhere.test";Abcd123!\n'
    "x;alex@example.com;Abcd123!\n"
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as found:
        yield found


def file(folder: Path, text: str | bytes, name: str = "people.csv") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


async def jobs(world: Served) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {world.env['MXM_TOKEN']}"}
    async with httpx2.AsyncClient(base_url=world.env["MXM_URL"], headers=headers, trust_env=False) as client:
        found: list[dict[str, Any]] = (await client.get("/api/jobs")).json()["data"]
        return found


# Files


@pytest.mark.parametrize(
    "text",
    [
        "username,password\nalex,p\n",
        "\ufeffusername;password\r\nalex;p\r\n",
        'Username\tPassword\n"alex"\tp',
        " USERNAME , password \n\n,\nalex,p\n",
        "username,password,color\nalex,p,red,\n",
    ],
)
def test_files_as_spreadsheets_write_them(tmp_path: Path, text: str) -> None:
    [row] = read_rows(Path(file(tmp_path, text)))
    assert {name: value for name, value in row.items() if name != "line"} == {"username": "alex", "password": "p"}


def test_rows_carry_the_line_on_which_they_begin(tmp_path: Path) -> None:
    text = 'user,color,pass\n\na,red,p\nb,"of\nthree\nlines",p\nc,,p\n'
    assert [(row["user"], row["line"]) for row in read_rows(Path(file(tmp_path, text)))] == [
        ("a", 3),
        ("b", 4),
        ("c", 7),
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "first line must name"),
        ("name,password\nalex,p\n", "first line must name"),
        ("user,pass,pass\na,b,c\n", "pass twice"),
        ("user,pass\na,b,c\n", "line 2: has more cells"),
        ('user,pass\na,"b\n', "unexpected end of data"),
        (b"user,pass\n\xe4,b\n", "line 2: is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, text: str | bytes, word: str) -> None:
    with pytest.raises(CannotStart, match=word) as refused:
        read_rows(Path(file(tmp_path, text)))
    assert "\n" not in str(refused.value)


def test_long_files_are_sent_in_parts() -> None:
    rows = [{"username": f"user{n}", "line": n} for n in range(2500)]
    parts = list(portions(rows))
    assert [len(part) for part in parts] == [MOST_ROWS, MOST_ROWS, 500]
    assert [row for part in parts for row in part] == rows
    wide = [{"username": "x" * 300_000, "line": n} for n in range(5)]
    assert [len(part) for part in portions(wide)] == [2, 2, 1]


# The command


async def test_a_dry_run_checks_and_creates_nothing(world: Served) -> None:
    good = await world.mxm("import", file(world.folder, GOOD), "--default-domain", "example.com", "--dry-run")
    assert (good.returncode, good.stdout) == (0, "2 rows: 2 can be created.\n"), good.stderr
    bad = await world.mxm("import", file(world.folder, MIXED), "--dry-run")
    assert bad.returncode == 1
    first, *lines = bad.stdout.splitlines()
    assert first == "5 rows: 1 can be created, 1 exist already, 3 cannot be created."
    assert [line.partition(":")[0].strip() for line in lines] == [
        "line 4 weak@example.com",
        "line 6 kim@nowhere.test",
        "line 7 alex@example.com",
    ]
    assert await jobs(world) == []
    assert world.sandbox.counts_of("mxroute")["writes"] == 0


async def test_a_file_becomes_mailboxes(world: Served) -> None:
    path = file(world.folder, GOOD)
    asked = await world.mxm("import", path, "--default-domain", "example.com", given="n\n")
    assert asked.returncode == 1
    assert world.sandbox.counts_of("mxroute")["writes"] == 0
    done = await world.mxm("import", path, "--default-domain", "example.com", "--yes")
    assert (done.returncode, done.stdout.splitlines()) == (0, ["2 rows: 2 can be created.", "2 created."]), done.stderr
    assert world.sandbox.check_password("alex@example.com", "Abcd123!")
    again = await world.mxm("import", path, "--default-domain", "example.com", "--yes")
    assert (again.returncode, again.stdout) == (0, "2 rows: 0 can be created, 2 exist already.\n")
    assert len(await jobs(world)) == 1


async def test_partial_failure_is_said_clearly(world: Served) -> None:
    refused = {"kind": "status", "status_code": 400, "message": "MXroute does not like alice", "times": 1}
    world.sandbox.configure(faults=[{**refused, "match": {"method": "POST", "path": "email-accounts"}, "after": 1}])
    text = "email,password\nalex@example.com,Abcd123!\nalice@example.com,Abcd123!\nweak@example.com,short\n"
    ended = await world.mxm("import", file(world.folder, text), "--yes")
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert "1 created, 2 not created." in lines
    assert any("MXroute does not like alice" in line for line in lines[lines.index("1 created, 2 not created.") :])
    assert any(line.startswith("  line 4 weak@example.com: password") for line in lines)


async def test_what_failed_is_tried_anew_by_the_same_command(world: Served) -> None:
    path, faults = file(world.folder, GOOD), {"method": "POST", "path": "email-accounts"}
    world.sandbox.configure(faults=[{"kind": "status", "status_code": 400, "match": faults}])
    first = await world.mxm("import", path, "--default-domain", "example.com", "--yes")
    assert first.returncode == 1
    world.sandbox.configure(faults=[])
    second = await world.mxm("import", path, "--default-domain", "example.com", "--yes")
    assert (second.returncode, second.stdout.splitlines()[-1]) == (0, "2 created.")
    assert len(await jobs(world)) == 2


async def test_generated_passwords_go_to_a_file_of_their_own(world: Served) -> None:
    text = "user\n" + "".join(f"user{n}\n" for n in range(5)) + "info\n"
    options = ("--default-domain", "example.com", "--generate-passwords", "--yes")
    ended = await world.mxm("import", file(world.folder, text), *options, "--passwords", "new.csv")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    kept = world.folder / "new.csv"
    assert kept.stat().st_mode & 0o777 == 0o600
    with kept.open(newline="") as source:
        made = {row["email"]: row["password"] for row in csv.DictReader(source)}
    assert sorted(made) == [f"user{n}@example.com" for n in range(5)]
    for email, password in made.items():
        assert world.sandbox.check_password(email, password)
        assert password not in ended.stdout + ended.stderr + world.server.err
    with ManagerApi(world.env["MXM_URL"], world.env["MXM_TOKEN"]) as api:
        job_id = (await jobs(world))[0]["id"]
        assert await asyncio.to_thread(import_run.passwords, api, [job_id]) == {}, "they were acknowledged"
    refused = await world.mxm("import", file(world.folder, "user\nother\n"), *options, "--passwords", "new.csv")
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == ["--passwords new.csv: File exists"]
    assert not any(job["id"] != job_id for job in await jobs(world))


async def test_without_a_file_they_are_printed_once(world: Served) -> None:
    path = file(world.folder, "email\nalex@example.com\n")
    bare = await world.mxm("import", path, "--yes")
    assert bare.returncode == 1
    assert "--generate-passwords" in bare.stdout
    ended = await world.mxm("import", path, "--generate-passwords", "--yes")
    assert ended.returncode == 0
    email, password = ended.stdout.splitlines()[-1].split()
    assert email == "alex@example.com"
    assert world.sandbox.check_password(email, password)
    wrong = await world.mxm("import", path, "--passwords", "x.csv")
    assert (wrong.returncode, wrong.stderr) == (2, "--passwords is for --generate-passwords.\n")
    assert not (world.folder / "x.csv").exists()


async def test_ctrl_c_leaves_the_job_running_and_the_same_command_follows_it(tmp_path: Path) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=80, latency_ms_max=100))
    async with served(tmp_path, sandbox) as world:
        text = "email,password\n" + "".join(f"user{n}@example.com,Abcd123!\n" for n in range(40))
        arguments = ("import", file(tmp_path, text), "--yes")
        first = Program(tmp_path, *arguments, env=world.env, name="import").start()
        await until(lambda: sandbox.counts_of("mxroute")["writes"] >= 2, alive=first.alive, told=lambda: first.err)
        first.signal(signal.SIGINT)
        assert await first.ended() == 130
        [job] = await jobs(world)
        assert job["state"] == "running"
        assert f"GET /api/jobs/{job['id']}" in first.err
        second = await world.mxm(*arguments)
        assert (second.returncode, second.stdout.splitlines()[-1]) == (0, "40 created."), second.stdout + second.stderr
        assert [each["id"] for each in await jobs(world)] == [job["id"]], "it was not begun twice"


async def test_rows_that_are_wrong_are_left_out_and_the_others_made(world: Served) -> None:
    text = "email,password\nalex@example.com,Abcd123!\nkim@../x,Abcd123!\n"
    ended = await world.mxm("import", file(world.folder, text), "--yes")
    assert ended.returncode == 1
    assert "1 created, 1 not created." in ended.stdout


async def test_a_thousand_rows_and_more_are_checked_in_parts(world: Served) -> None:
    text = "email,password\n" + "".join(f"user{n % 1150}@example.com,Abcd123!\n" for n in range(1200))
    ended = await world.mxm("import", file(world.folder, text), "--dry-run")
    assert ended.returncode == 1
    first, *lines = ended.stdout.splitlines()
    assert first == "1200 rows: 1150 can be created, 50 cannot be created."
    assert lines[0] == "  line 1152 user0@example.com: an earlier row has the same address"


# Troubles on the way


def api_of(answers: Callable[[httpx2.Request], httpx2.Response]) -> ManagerApi:
    return ManagerApi("https://manager.test", "mxm_token", http=httpx2.MockTransport(answers))


def ok(data: Any, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={"success": True, "data": data}, headers=headers)


def failed(status: int, code: str, **headers: str) -> httpx2.Response:
    error = {"code": code, "message": f"It is {code}.", "request_id": "r"}
    return httpx2.Response(status, json={"success": False, "error": error}, headers=headers)


def test_a_lost_answer_is_asked_for_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            raise httpx2.ReadError("broken")
        if len(keys) == 2:
            return failed(409, "conflict", **{"retry-after": "0"})
        return ok({"id": "j1", "state": "queued"}, 202)

    with api_of(answers) as api:
        assert list(import_run.begin(api, [{"user": "a", "line": 2}], None, generate=False)) == ["j1"]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_the_key_follows_from_the_content_and_nothing_else() -> None:
    keys: dict[str, str] = {}

    def answers(request: httpx2.Request) -> httpx2.Response:
        keys[json.dumps(json.loads(request.content), sort_keys=True)] = request.headers["idempotency-key"]
        return ok({"id": "j1", "state": "queued"}, 202)

    with api_of(answers) as api:
        for rows, domain, generate in (
            ([{"user": "a", "line": 2}], None, False),
            ([{"line": 2, "user": "a"}], None, False),
            ([{"user": "a", "line": 2}], "example.com", False),
            ([{"user": "a", "line": 2}], None, True),
        ):
            list(import_run.begin(api, rows, domain, generate=generate))
    assert len(keys) == len(set(keys.values())) == 3


def test_following_outlives_a_manager_that_restarts() -> None:
    asked: list[int] = []
    words: list[str] = []

    def answers(_request: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        if len(asked) == 1:
            raise httpx2.ConnectError("refused")
        if len(asked) == 2:
            return failed(503, "unavailable", **{"retry-after": "0"})
        return ok({"id": "j1", "state": "succeeded", "progress": {"done": 3}})

    with api_of(answers) as api:
        import_run.follow(api, ["j1"], lambda done, word: words.append(f"{done} {word}"))
    assert words == ["0 waiting for the manager"] * 2 + ["3 "]


def test_a_token_that_is_revoked_ends_the_following_at_once() -> None:
    with api_of(lambda _request: failed(401, "unauthorized")) as api, pytest.raises(ApiError, match="unauthorized"):
        import_run.follow(api, ["j1"], lambda _done, _word: None)
