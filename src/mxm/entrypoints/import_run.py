"""The talk with the API behind `mxm import`: check, begin once, follow through troubles, fetch what was made."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mxm.entrypoints.mailbox_csv import Row, portions
from mxm.upstreams.manager_api import ApiAnswer, ApiError, ManagerApi
from mxm.upstreams.transport.paths import fill

_PREVIEW, _IMPORT = "/api/email-accounts/import/preview", "/api/email-accounts/import"
_LOOK_SECONDS = 1.0
_PATIENCE_SECONDS = 300.0
"""How long the manager may be away before following it is given up; the job goes on meanwhile."""
_FINAL = frozenset({"succeeded", "partly_failed", "failed", "cancelled"})


@dataclass(slots=True)
class Checked:
    """The rows after the check."""

    fit: list[Row] = field(default_factory=list)
    """Nothing is wrong with these. Those that exist are among them: what is sent must not change while a job creates
    one after the other, or the same command would not find that job again."""
    ready: int = 0
    """So many of them could be created."""
    existing: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, address as far as it is known, and why not."""


@dataclass(slots=True)
class Ended:
    """What became of the rows that were sent."""

    created: int = 0
    existing: int = 0
    not_created: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, address, and what the job says of it."""
    problems: list[str] = field(default_factory=list)
    """Why a job as a whole went wrong."""


def check(api: ManagerApi, rows: Sequence[Row], default_domain: str | None, *, generate: bool) -> Checked:
    """Ask the API of every row whether it could be created. Raises `ApiError`."""
    checked, seen = Checked(), set[str]()
    for part in portions(rows):
        body = {"rows": part, **({"default_domain": default_domain} if default_domain else {})}
        for row, found in zip(part, api.post(_PREVIEW, body).data["rows"], strict=True):
            email = found["email"]
            twice = found["duplicate_in_csv"] or email in seen
            reasons = list(found["errors"])
            if twice:
                reasons.append("an earlier row has the same address")
            if found["needs_password"] and not generate:
                reasons.append("password: is missing (see --generate-passwords)")
            if email:
                seen.add(email)
            if reasons:
                checked.wrong.append((found["line"], email or "", "; ".join(reasons)))
                continue
            checked.fit.append(row)
            checked.existing += found["already_exists"]
            checked.ready += not found["already_exists"]
    return checked


def begin(
    api: ManagerApi,
    rows: Sequence[Row],
    default_domain: str | None,
    *,
    generate: bool,
    ended: Callable[[str], None] = lambda _job: None,
) -> Iterator[str]:
    """Make the jobs; their ids, each as soon as it is known. The same rows never make two that run. Raises `ApiError`.

    `ended` is told of those that an earlier run made and that are over: their passwords may still wait to be fetched.

    The key comes from the content: after a broken connection the same command finds the job that it made. One that is
    over is an earlier run: what it left out may be tried anew, under a key that follows from that job.
    """
    for part in portions(rows):
        body = {"rows": part, "generate_passwords": generate}
        if default_domain:
            body["default_domain"] = default_domain
        key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        answer = _sent(api, body, key)
        while answer.replayed and _job(api, answer.data["id"])["state"] in _FINAL:
            ended(answer.data["id"])
            key = hashlib.sha256(f"{key} {answer.data['id']}".encode()).hexdigest()
            answer = _sent(api, body, key)
        yield answer.data["id"]


def follow(api: ManagerApi, jobs: Sequence[str], shown: Callable[[int, str], None]) -> None:
    """Wait until all jobs are over; `shown` gets how many rows are done, and a word about troubles.

    Raises `ApiError` when the manager cannot be asked for 5 minutes, or refuses.
    """
    left, done = set(jobs), dict.fromkeys(jobs, 0)
    heard = time.monotonic()
    while left:
        try:
            for job_id in sorted(left):
                job = _job(api, job_id)
                done[job_id] = job["progress"]["done"]
                if job["state"] in _FINAL:
                    left.discard(job_id)
        except ApiError as trouble:
            if not trouble.is_passing or time.monotonic() - heard > _PATIENCE_SECONDS:
                raise
            shown(sum(done.values()), "waiting for the manager")
            time.sleep(min(trouble.retry_after or _LOOK_SECONDS, 30.0))
            continue
        heard = time.monotonic()
        shown(sum(done.values()), "")
        if left:
            time.sleep(_LOOK_SECONDS)


def outcome(api: ManagerApi, jobs: Sequence[str]) -> Ended:
    """What became of every row. Raises `ApiError`."""
    ended = Ended()
    for job_id in jobs:
        job = _patiently(lambda job_id=job_id: _job(api, job_id))  # type: ignore[misc]
        if job["error"]:
            ended.problems.append(f"job {job_id}: {job['error']['message']}")
        elif job["state"] == "cancelled":
            ended.problems.append(f"job {job_id} was cancelled")
        for row in (job["results"] or {}).get("rows", []):
            if row["state"] == "created":
                ended.created += 1
            elif row["state"] == "already_exists":
                ended.existing += 1
            else:
                why = row.get("message") or row["state"].replace("_", " ")
                ended.not_created.append((row["line"], row["email"] or "", why))
    return ended


def passwords(api: ManagerApi, jobs: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Address and password of each mailbox that got a generated one, by job. Raises `ApiError`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for job_id in jobs:
        try:
            data = _patiently(lambda job_id=job_id: api.post(_of(job_id, "/passwords")).data)  # type: ignore[misc]
        except ApiError as none:
            if none.status != 404:
                raise
            continue
        found[job_id] = [(each["email"], each["password"]) for each in data["passwords"]]
    return found


def acknowledge(api: ManagerApi, job_id: str) -> None:
    """The passwords are kept elsewhere now: the manager may forget them. Raises `ApiError`."""
    _patiently(lambda: api.post(_of(job_id, "/passwords"), {"acknowledge": True}))


def _sent(api: ManagerApi, body: Row, key: str) -> ApiAnswer:
    """Sent again while it is not answered: the key makes one job of it however often."""
    answer: ApiAnswer = _patiently(lambda: api.post(_IMPORT, body, idempotency_key=key), tries=5)
    return answer


def _patiently(ask: Callable[[], Any], *, tries: int = 3) -> Any:
    for left in range(tries - 1, -1, -1):
        try:
            return ask()
        except ApiError as trouble:
            in_progress = trouble.status == 409 and trouble.retry_after is not None
            if not left or not (trouble.is_passing or in_progress):
                raise
            time.sleep(min(trouble.retry_after or 2.0, 65.0))
    raise AssertionError("unreachable")


def _job(api: ManagerApi, job_id: str) -> Any:
    return api.get(_of(job_id)).data


def _of(job_id: str, rest: str = "") -> str:
    return fill("/api/jobs/{id}", id=job_id) + rest
