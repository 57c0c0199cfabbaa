"""Idempotency keys: the first answer again, without secrets, and nothing done twice."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.api import ACCOUNTS, JSON, PASSWORD, data_of, error_of, wrong_fields
from support.clock import FakeClock
from support.manager import Manager, running_manager

KEY = {"Idempotency-Key": "order-4711"}
ALEX = {"username": "alex", "password": PASSWORD}


def writes(manager: Manager) -> int:
    """How many writes MXroute has seen."""
    return sum(entry.method != "GET" for entry in manager.sandbox.log)


async def test_the_first_answer_is_given_again_and_nothing_is_sent_twice(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    first = await client.post(ACCOUNTS, json=ALEX, headers=KEY)
    again = await client.post(ACCOUNTS, json=ALEX, headers=KEY)
    assert data_of(first, 201) == data_of(again, 201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert again.headers["content-type"] == "application/json"
    assert writes(either_manager) == 1


async def test_a_token_is_not_shown_a_second_time(manager: Manager) -> None:
    browser = await manager.session()
    body = {"label": "ci", "is_admin": True}
    first = await browser.post("/api/admin/api-tokens", json=body, headers=KEY)
    again = await browser.post("/api/admin/api-tokens", json=body, headers=KEY)
    secret = data_of(first, 201)["token"]
    assert secret not in again.text
    assert "token" not in data_of(again, 201)
    assert data_of(again, 201)["id"] == data_of(first, 201)["id"]
    assert len(data_of(await browser.get("/api/admin/api-tokens"))) == 1


async def test_the_key_with_another_body_is_a_conflict(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    data_of(await client.post(ACCOUNTS, json=ALEX, headers=KEY), 201)
    error_of(await client.post(ACCOUNTS, json={**ALEX, "username": "kim"}, headers=KEY), 409, "conflict")
    assert writes(manager) == 1


async def test_a_refusal_is_kept(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    body = {"username": "info", "password": PASSWORD}
    error_of(await client.post(ACCOUNTS, json=body, headers=KEY), 409, "conflict")
    data_of(await client.delete(f"{ACCOUNTS}/info"))
    again = await client.post(ACCOUNTS, json=body, headers=KEY)
    assert again.status_code == 409
    assert again.headers["idempotency-replayed"] == "true"


async def test_an_answer_of_5xx_is_not_kept(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    fault = {"kind": "status", "status_code": 500, "match": {"method": "POST"}, "times": 1}
    manager.sandbox.configure(faults=[fault])
    assert (await client.post(ACCOUNTS, json=ALEX, headers=KEY)).status_code == 502
    data_of(await client.post(ACCOUNTS, json=ALEX, headers=KEY), 201)


async def test_an_answer_of_429_is_not_kept(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC), auto=False)
    async with running_manager(tmp_path, clock=clock) as manager:
        browser = await manager.session()
        body = {"current_password": "wrong", "new_password": "a new password"}
        for _ in range(5):
            await browser.post("/api/me/password", json=body)
        error_of(await browser.post("/api/me/password", json=body, headers=KEY), 429, "rate_limited")
        clock.jump(900)
        await clock.advance(0)
        again = await browser.post("/api/me/password", json=body, headers=KEY)
        assert wrong_fields(again) == ["current_password"]


async def test_a_key_belongs_to_its_caller_and_path(manager: Manager) -> None:
    both = {"example.com": ["emails"], "quiet.example": ["emails"]}
    one, two = await manager.bearer(both), await manager.bearer(both)
    data_of(await one.post(ACCOUNTS, json=ALEX, headers=KEY), 201)
    error_of(await two.post(ACCOUNTS, json=ALEX, headers=KEY), 409, "conflict")
    other = await one.post("/api/domains/quiet.example/email-accounts", json=ALEX, headers=KEY)
    data_of(other, 201)
    assert "idempotency-replayed" not in other.headers


async def test_a_key_is_forgotten_after_a_day(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        client = await manager.bearer({"example.com": ["spam"]})
        path = "/api/domains/example.com/spam/blacklist"
        data_of(await client.post(path, json={"entry": "a@b.org"}, headers=KEY), 201)
        clock.jump(86_399)
        await clock.advance(0)
        data_of(await client.post(path, json={"entry": "a@b.org"}, headers=KEY), 201)
        clock.jump(2)
        await clock.advance(0)
        error_of(await client.post(path, json={"entry": "a@b.org"}, headers=KEY), 409, "conflict")


@pytest.mark.parametrize("value", ["", " ", "x" * 256, "a b", "ü"])
async def test_a_bad_key_is_refused(manager: Manager, value: str) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    headers = [(b"Idempotency-Key", value.encode("latin-1")), (b"Content-Type", b"application/json")]
    answer = await client.post(ACCOUNTS, json=ALEX, headers=headers)
    assert wrong_fields(answer) == ["Idempotency-Key"]
    assert writes(manager) == 0


async def test_two_keys_at_once_are_refused(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"]})
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b"), *JSON.items()]
    assert wrong_fields(await client.post(ACCOUNTS, json=ALEX, headers=headers)) == ["Idempotency-Key"]


async def test_of_many_at_once_one_is_done(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    answers = await asyncio.gather(*(client.post(ACCOUNTS, json=ALEX, headers=KEY) for _ in range(5)))
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    for answer in answers:
        if answer.status_code == 409:
            assert int(answer.headers["retry-after"]) > 0
    assert writes(either_manager) == 1


async def test_a_revoked_token_gets_no_kept_answer(manager: Manager) -> None:
    browser = await manager.session()
    client = await manager.bearer({"example.com": ["emails"]})
    data_of(await client.post(ACCOUNTS, json=ALEX, headers=KEY), 201)
    [token] = data_of(await browser.get("/api/admin/api-tokens"))
    data_of(await browser.delete(f"/api/admin/api-tokens/{token['id']}"))
    error_of(await client.post(ACCOUNTS, json=ALEX, headers=KEY), 401, "unauthorized")


async def test_a_right_that_was_taken_away_gets_no_kept_answer(manager: Manager) -> None:
    admin = await manager.bearer()
    person = {"email": "kim@example.org", "password": "kims password"}
    emails = [{"domain": "example.com", "permissions": ["emails"]}]
    spam = [{"domain": "example.com", "permissions": ["spam"]}]
    assert (await admin.post("/api/admin/delegations", json={**person, "grants": emails})).status_code == 201
    browser = await manager.session("kim@example.org", "kims password")
    assert (await browser.post(ACCOUNTS, json=ALEX, headers=KEY)).status_code == 201
    del person["password"]
    assert (await admin.post("/api/admin/delegations", json={**person, "grants": spam})).status_code == 200
    error_of(await browser.post(ACCOUNTS, json=ALEX, headers=KEY), 403, "forbidden")
    assert writes(manager) == 1


async def test_a_refusal_for_want_of_a_right_is_not_kept(manager: Manager) -> None:
    admin = await manager.bearer()
    person = {"email": "kim@example.org", "password": "kims password"}
    spam = [{"domain": "example.com", "permissions": ["spam"]}]
    both = [{"domain": "example.com", "permissions": ["spam", "emails"]}]
    await admin.post("/api/admin/delegations", json={**person, "grants": spam})
    browser = await manager.session("kim@example.org", "kims password")
    error_of(await browser.post(ACCOUNTS, json=ALEX, headers=KEY), 403, "forbidden")
    del person["password"]
    await admin.post("/api/admin/delegations", json={**person, "grants": both})
    assert (await browser.post(ACCOUNTS, json=ALEX, headers=KEY)).status_code == 201
