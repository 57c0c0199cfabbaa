"""Keys: one for each purpose, a file for their root, and a way to change it without locking anybody out."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select

from mxm.features.identity.models import SessionRow, TokenRow
from mxm.platform.clock import SystemChance
from mxm.platform.db import Database
from mxm.platform.keycheck import WrongKey, check_key
from mxm.platform.keys import KeyRing, secret_from_file
from support.databases import KEY
from support.manager import Manager, running_manager
from support.program import environment, given_settings

NEXT = SecretStr("another key, after the rotation of it")
_MAKE = """
import sys
from pathlib import Path
from mxm.platform.clock import SystemChance
from mxm.platform.keys import secret_from_file
sys.stdin.readline()
print(secret_from_file(Path(sys.argv[1]), SystemChance()))
"""


@given(st.text(min_size=1), st.text(min_size=1), st.binary())
def test_different_purposes_and_secrets_make_different_hashes(one: str, two: str, value: bytes) -> None:
    ring = KeyRing("secret")
    assert (ring.digest(one, value) == ring.digest(two, value)) is (one == two)
    assert (KeyRing(one).digest("x", value) == KeyRing(two).digest("x", value)) is (one == two)


def test_the_current_key_comes_first_then_the_previous_one() -> None:
    old, new = KeyRing("old"), KeyRing("new", "old")
    assert new.digests("p", b"v") == [KeyRing("new").digest("p", b"v"), old.digest("p", b"v")]
    assert new.digest("p", b"v") == new.digests("p", b"v")[0]


def test_the_secret_file_is_its_owners_only_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    before = os.umask(0)
    try:
        secret = secret_from_file(file, SystemChance())
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(secret) == 64
    assert secret_from_file(file, SystemChance()) == secret
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", ["", "short", "\n\n"])
def test_an_incomplete_secret_file_is_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secret.key"
    file.write_text(content)
    with pytest.raises(ValueError, match="does not hold a complete key"):
        secret_from_file(file, SystemChance())
    assert file.read_text() == content


def test_makers_that_race_end_with_one_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    command = [sys.executable, "-c", _MAKE, str(file)]
    makers = [
        subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    made = {maker.communicate()[0].strip() for maker in makers}
    assert made == {file.read_text().strip()}
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


async def test_another_secret_is_refused_and_rotation_is_taken_note_of(manager: Manager) -> None:
    database = manager.services.database
    await check_key(database, KeyRing(KEY.get_secret_value()))
    with pytest.raises(WrongKey, match="SECRET_KEY_PREVIOUS"):
        await check_key(database, KeyRing(NEXT.get_secret_value()))
    await check_key(database, KeyRing(NEXT.get_secret_value(), KEY.get_secret_value()))
    await check_key(database, KeyRing(NEXT.get_secret_value()))
    with pytest.raises(WrongKey):
        await check_key(database, KeyRing(KEY.get_secret_value()))


async def _digests(database: Database) -> set[bytes]:
    async with database.read() as session:
        tokens = set((await session.execute(select(TokenRow.digest))).scalars())
        return tokens | set((await session.execute(select(SessionRow.digest))).scalars())


async def test_rotation_keeps_tokens_and_sessions_and_rekeys_them(tmp_path: Path, database_url: str | None) -> None:
    async with running_manager(tmp_path, database_url=database_url) as before:
        token, browser = await before.bearer(), await before.session()
        old = await _digests(before.services.database)
    async with running_manager(tmp_path, database_url=database_url, secret_key=NEXT, secret_key_previous=KEY) as during:
        session = during.new_client()
        session.cookies = browser.cookies
        bearer = during.new_client(headers=dict(token.headers))
        for _ in range(2):
            assert (await bearer.get("/api/me")).status_code == 200
            me = await session.get("/api/me")
            assert me.status_code == 200
        csrf = {"X-CSRF-Token": me.json()["data"]["csrf_token"]}
        changed = await session.patch("/api/me/profile", json={"contact_email": "a@example.org"}, headers=csrf)
        assert changed.status_code == 200, changed.text
        assert await _digests(during.services.database) & old == set()
    async with running_manager(tmp_path, database_url=database_url, secret_key=NEXT) as after:
        bearer = after.new_client(headers=dict(token.headers))
        session = after.new_client()
        session.cookies = browser.cookies
        assert (await bearer.get("/api/me")).status_code == 200
        assert (await session.get("/api/me")).status_code == 200


async def test_a_session_can_still_write_while_keys_are_rotated(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as before:
        browser = await before.session()
        cookies, csrf = dict(browser.cookies), browser.headers["X-CSRF-Token"]
    async with running_manager(tmp_path, secret_key=NEXT, secret_key_previous=KEY) as after:
        same = after.new_client(cookies=cookies, headers={"X-CSRF-Token": csrf})
        for _ in range(2):  # the first use gives the session its new hash
            answer = await same.patch("/api/me/profile", json={"contact_email": None})
            assert answer.status_code == 200, answer.text


async def test_what_was_not_used_during_the_rotation_ends_with_it(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as before:
        token = await before.bearer()
    async with running_manager(tmp_path, secret_key=NEXT, secret_key_previous=KEY):
        pass
    async with running_manager(tmp_path, secret_key=NEXT) as after:
        assert (await after.new_client(headers=dict(token.headers)).get("/api/me")).status_code == 401


async def test_many_first_uses_at_once_rekey_without_a_fault(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as before:
        token = await before.bearer()
    async with running_manager(tmp_path, secret_key=NEXT, secret_key_previous=KEY) as during:
        client = during.new_client(headers=dict(token.headers))
        answers = await asyncio.gather(*(client.get("/api/me") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


def test_settings_without_a_key_make_one_in_the_data_folder(tmp_path: Path) -> None:
    from mxm.entrypoints.services import build_services

    one = build_services(given_settings(tmp_path, secret_key=None))
    two = build_services(given_settings(tmp_path, secret_key=None))
    assert one.keys.digest("p", b"v") == two.keys.digest("p", b"v")
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
