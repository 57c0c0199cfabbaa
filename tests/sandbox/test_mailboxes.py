"""Mailboxes: names, passwords, quotas, and the daily send limit that does what it likes."""

from typing import Any

import httpx2
import pytest

from mxm_sandbox import Sandbox
from sandbox.helpers import GOOD_LOGIN, data_of, opened, refusal

BOXES = "/domains/example.com/email-accounts"


async def test_the_examples_of_the_documentation_work(api: httpx2.AsyncClient, world: Sandbox) -> None:
    body = {"username": "alex", "password": "Abcd123!", "quota": 1024, "limit": 9600}
    assert (await api.post(BOXES, json=body)).status_code == 201
    assert data_of(await api.get(f"{BOXES}/alex")) == {
        "username": "alex",
        "email": "alex@example.com",
        "quota": 1024,
        "usage": 0,
        "limit": 9600,
        "sent": 0,
        "suspended": False,
    }
    assert world.check_password("alex@example.com", "Abcd123!")


async def test_names_are_lower_cased_and_unique(api: httpx2.AsyncClient) -> None:
    created = await api.post(BOXES, json={"username": "Alex", "password": GOOD_LOGIN})
    assert data_of(created)["email"] == "alex@example.com"
    again = await api.post(BOXES, json={"username": "aLEX", "password": GOOD_LOGIN})
    assert refusal(again) == (409, "CONFLICT", "username")
    assert data_of(await api.get(f"{BOXES}/ALEX"))["username"] == "alex"


async def test_a_forwarder_keeps_its_name(api: httpx2.AsyncClient) -> None:
    answer = await api.post(BOXES, json={"username": "hello", "password": GOOD_LOGIN})
    assert refusal(answer) == (409, "CONFLICT", "username")


@pytest.mark.parametrize("password", ["Abcd123", "abcd1234", "ABCD1234", "Abcdefgh", "", None, 12345678])
async def test_password_rule(api: httpx2.AsyncClient, password: object) -> None:
    answer = await api.post(BOXES, json={"username": "alex", "password": password})
    assert refusal(answer) == (400, "VALIDATION_ERROR", "password")
    if isinstance(password, str) and password:
        assert "at least 8 characters" in answer.json()["error"]["message"]
    assert (await api.get(f"{BOXES}/alex")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "alex@example.com"}, "username"),
        ({"username": ".."}, "username"),
        ({"username": "x" * 65}, "username"),
        ({"username": 5}, "username"),
        ({"quota": -1}, "quota"),
        ({"quota": "big"}, "quota"),
        ({"quota": True}, "quota"),
        ({"limit": 9601}, "limit"),
    ],
)
async def test_bad_input_names_its_field(api: httpx2.AsyncClient, change: dict[str, Any], field: str) -> None:
    body = {"username": "alex", "password": GOOD_LOGIN, **change}
    assert refusal(await api.post(BOXES, json=body)) == (400, "VALIDATION_ERROR", field)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"[" * 100_000, b"\xff\xfe"])
async def test_what_is_no_json_object_is_refused(api: httpx2.AsyncClient, raw: bytes) -> None:
    answer = await api.post(BOXES, content=raw, headers={"Content-Type": "application/json"})
    assert refusal(answer) == (400, "VALIDATION_ERROR", None)


async def test_lone_surrogates_do_no_harm(api: httpx2.AsyncClient, world: Sandbox) -> None:
    raw = b'{"username": "alex", "password": "Abcd1234\\ud800"}'
    assert (await api.post(BOXES, content=raw)).status_code == 201
    assert world.check_password("alex@example.com", "Abcd1234\ud800")


async def test_limit_is_ignored_at_creation(api: httpx2.AsyncClient) -> None:
    await api.post(BOXES, json={"username": "alex", "password": GOOD_LOGIN, "limit": 50})
    assert data_of(await api.get(f"{BOXES}/alex"))["limit"] == 9600


async def test_limit_without_a_password_is_refused_and_nothing_changes(api: httpx2.AsyncClient) -> None:
    answer = await api.patch(f"{BOXES}/info", json={"limit": 50, "quota": 5})
    assert refusal(answer) == (400, "VALIDATION_ERROR", "limit")
    box = data_of(await api.get(f"{BOXES}/info"))
    assert (box["limit"], box["quota"]) == (9600, 1024)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("never", [9600, 9600, 9600]), ("always", [100, 101, 102]), ("sometimes", [9600, 9600, 102])],
)
async def test_limit_with_a_password(mode: str, expected: list[int]) -> None:
    async with opened(limit_with_password=mode) as (sandbox, api):
        seen = []
        for limit in (100, 101, 102):
            body = {"limit": limit, "password": f"Changed{limit}"}
            answer = await api.patch(f"{BOXES}/info", json=body)
            assert "limit" not in data_of(answer)
            assert sandbox.check_password("info@example.com", f"Changed{limit}")
            seen.append(data_of(await api.get(f"{BOXES}/info"))["limit"])
    assert seen == expected


async def test_quota_changes_alone(api: httpx2.AsyncClient) -> None:
    assert (await api.patch(f"{BOXES}/info", json={"quota": 0})).status_code == 200
    assert data_of(await api.get(f"{BOXES}/info"))["quota"] == 0


async def test_delete(api: httpx2.AsyncClient) -> None:
    assert (await api.delete(f"{BOXES}/info")).status_code == 204
    assert refusal(await api.delete(f"{BOXES}/info")) == (404, "NOT_FOUND", None)


async def test_an_account_can_be_full() -> None:
    async with opened(max_email_accounts=1) as (_, api):
        answer = await api.post(BOXES, json={"username": "alex", "password": GOOD_LOGIN})
        assert refusal(answer) == (422, "BUSINESS_ERROR", None)


async def test_passwords_are_not_kept_in_the_open(api: httpx2.AsyncClient, world: Sandbox) -> None:
    await api.post(BOXES, json={"username": "alex", "password": "Unmistakable77"})
    assert "Unmistakable77" not in repr((world.state, world.log, world.counts))
    assert not world.check_password("alex@example.com", "unmistakable77")
    assert not world.check_password("nobody@example.com", "Unmistakable77")
