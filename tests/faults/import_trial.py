"""An import of mailboxes that is to survive, and how its truth is checked when it is over."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import httpx2

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.requestlog import LogEntry
from support.api import data_of
from support.journal_truth import Books, audit_gaps, writes

D = "example.com"
KILLS = 20
SETTLED_WITHIN = 90.0
FAULTS = [
    {"match": {"method": "POST"}, "kind": kind, "probability": chance, **more}
    for kind, chance, more in (
        ("stall", 0.1, {"delay_seconds": 1.0}),
        ("stall_after_effect", 0.1, {"delay_seconds": 0.6}),
        ("lose_answer", 0.1, {}),
        ("drop", 0.05, {}),
        ("html_after_effect", 0.05, {"status_code": 500}),
        ("status", 0.03, {"status_code": 500}),
    )
]


class Trial(Protocol):
    """A kind of job that is to survive."""

    async def begin(self, client: httpx2.AsyncClient, url: str) -> dict[str, Any]:
        """Make the job; gives it as answered."""
        ...

    async def check(self, client: httpx2.AsyncClient, url: str, job: Mapping[str, Any]) -> None:
        """Compare what it claims at its end with what is."""
        ...


class ImportTrial:
    """Sixty mailboxes; every second one gets a generated password, every third a recovery address."""

    def __init__(self, sandbox: Sandbox, books: Books, rows: int = 60) -> None:
        self._sandbox, self._books, self._count = sandbox, books, rows

    async def begin(self, client: httpx2.AsyncClient, url: str) -> dict[str, Any]:
        rows: list[dict[str, str]] = [
            {
                "username": f"new{number}",
                "password": "" if number % 2 else f"Given{number}pass",
                "recovery": f"r{number}@example.org" if number % 3 == 0 else "",
            }
            for number in range(self._count)
        ]
        rows[5]["password"] = "weak"
        rows[6]["username"] = "info"  # it exists
        body = {"default_domain": D, "generate_passwords": True, "rows": rows}
        answer = await client.post(f"{url}/api/email-accounts/import", json=body)
        found: dict[str, Any] = data_of(answer, 202)
        return found

    async def check(self, client: httpx2.AsyncClient, url: str, job: Mapping[str, Any]) -> None:
        rows = job["results"]["rows"]
        assert [row["line"] for row in rows] == list(range(1, self._count + 1)), "no row was lost"
        words = {row["email"]: row["state"] for row in rows}
        assert set(words.values()) <= {"created", "already_exists", "failed"}, Counter(words.values())
        assert words["new5@example.com"] == "failed"
        assert words["info@example.com"] == "already_exists"
        boxes = self._sandbox.state["account"]["domains"][D]["mailboxes"]
        there = {f"{user}@{D}" for user in boxes if user.startswith("new")}
        assert there == {email for email, word in words.items() if word == "created"}
        _nothing_twice(writes(self._sandbox))
        self._check_books(words)
        await self._check_passwords(client, url, job, words)

    def _check_books(self, words: Mapping[str, str]) -> None:
        intents, audit = self._books.intents(), self._books.audit()
        assert audit_gaps(intents, audit) == []
        applied = Counter(
            entry.target for entry in audit if (entry.action, entry.outcome) == ("mailbox.create", "applied")
        )
        assert applied == Counter(email for email, word in words.items() if word == "created")
        assert [entry.outcome for entry in audit if entry.action == "mailbox.import"] == ["applied"]
        recovery = {f"{row[0]}@{D}" for row in self._books.rows("SELECT username FROM recovery_address")}
        wanted = {f"new{n}@{D}" for n in range(0, self._count, 3)}
        assert recovery == {email for email in wanted if words.get(email) == "created"}
        sealed = self._books.rows("SELECT count(*) FROM job_item WHERE sealed IS NOT NULL")
        assert sealed[0][0] == 0, "no secret stays behind"

    async def _check_passwords(
        self, client: httpx2.AsyncClient, url: str, job: Mapping[str, Any], words: Mapping[str, str]
    ) -> None:
        """Each made password is handed over, and each mailbox has the one that we claim."""
        answer = await client.post(f"{url}/api/jobs/{job['id']}/passwords")
        made = {each["email"]: each["password"] for each in data_of(answer)["passwords"]}
        odd = {f"new{n}@{D}" for n in range(1, self._count, 2)}
        assert set(made) == {email for email in odd if words.get(email) == "created"}
        assert all(self._sandbox.check_password(email, password) for email, password in made.items())


def _nothing_twice(sent: Sequence[LogEntry]) -> None:
    """After a write took effect it was not even sent again."""
    done: set[tuple[str, str, str | None]] = set()
    for entry in sent:
        write = (entry.method, entry.path, entry.body_sha256)
        assert write not in done, f"sent again after its effect: {entry.path}"
        if entry.applied:
            done.add(write)


def client_of(token: str) -> httpx2.AsyncClient:
    """Who started the job."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False, verify=False)


def slow_sandbox() -> Sandbox:
    """Slow enough that a job of sixty rows is in the middle of some at any moment."""
    return Sandbox(SandboxConfig(limits_enabled=False, latency_ms_min=50, latency_ms_max=250))
