"""What an API token is: its form, how it is kept, who makes it, when it ends."""

import re
import sqlite3
import zlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from support.api import ACCOUNTS, data_of, error_of, wrong_fields
from support.clock import FakeClock
from support.manager import Manager, running_manager

TOKENS = "/api/admin/api-tokens"
SCOPED = {"label": "ci", "grants": [{"domain": "example.com", "permissions": ["emails"]}]}


async def works(manager: Manager, token: str, **more: str) -> bool:
    """Whether the token opens anything at all."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = await manager.new_client(**more).get("/api/me", headers=headers)
    if answer.status_code == 200:
        return True
    error_of(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    return False


def mistyped(token: str) -> list[str]:
    """The token with each kind of slip that people make."""
    other = "A" if token[20] != "A" else "B"
    swapped = next(i for i in range(4, 40) if token[i] != token[i + 1])
    return [
        token[:20] + other + token[21:],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:swapped] + token[swapped + 1] + token[swapped] + token[swapped + 2 :],
        token[:-1],
        token + "A",
        token.upper(),
        token.removeprefix("mxm_"),
    ]


async def test_a_token_is_a_prefix_256_random_bits_and_a_checksum(manager: Manager) -> None:
    browser = await manager.session()
    made = data_of(await browser.post(TOKENS, json=SCOPED), 201)
    token = made["token"]
    assert re.fullmatch(r"mxm_[A-Za-z0-9_-]{49}", token)
    body, checksum = token[:-6], token[-6:]
    expected = urlsafe_b64encode(zlib.crc32(body.encode()).to_bytes(4, "big")).decode().rstrip("=")
    assert checksum == expected
    assert token.startswith(made["token_prefix"])
    assert len(made["token_prefix"]) <= 12
    assert made["label"] == "ci"
    assert made["is_admin"] is False
    assert made["grants"] == [{"domain": "example.com", "permissions": ["emails"]}]
    assert made["expires_at"] is None
    assert made["allowed_networks"] == []


async def test_two_tokens_have_nothing_in_common(manager: Manager) -> None:
    first, second = await manager.token(), await manager.token()
    assert first[4:20] != second[4:20]


async def test_a_mistyped_token_is_refused(manager: Manager) -> None:
    token = await manager.token()
    assert await works(manager, token)
    for wrong in mistyped(token):
        assert not await works(manager, wrong), wrong


async def test_a_mistyped_token_is_refused_even_when_the_database_is_gone(manager: Manager) -> None:
    """The checksum decides before any look-up: a well-formed but unknown one is 401 as well."""
    body = "mxm_" + "A" * 43
    checksum = urlsafe_b64encode(zlib.crc32(body.encode()).to_bytes(4, "big")).decode().rstrip("=")
    assert not await works(manager, body + checksum)
    assert not await works(manager, body + "AAAAAA")


async def test_only_a_hash_of_the_token_is_in_the_database(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        browser = await manager.session()
        token = data_of(await browser.post(TOKENS, json=SCOPED), 201)["token"]
        with sqlite3.connect(tmp_path / "mxm.sqlite3") as database:
            [[digest, prefix]] = database.execute("SELECT digest, prefix FROM api_token").fetchall()
        database.close()
    assert len(digest) == 32
    assert token.startswith(prefix)
    everything = b"".join(file.read_bytes() for file in tmp_path.glob("mxm.sqlite3*"))
    assert token.encode() not in everything
    assert token[len(prefix) : -6].encode() not in everything


async def test_a_token_is_shown_once(manager: Manager) -> None:
    browser = await manager.session()
    made = data_of(await browser.post(TOKENS, json=SCOPED), 201)
    listed = await browser.get(TOKENS)
    [shown] = data_of(listed)
    assert made["token"] not in listed.text
    assert "token" not in shown
    assert {k: v for k, v in made.items() if k != "token"} == {
        k: v for k, v in shown.items() if k not in {"last_used_at", "last_used_ip"}
    }
    assert shown["last_used_at"] is None
    assert shown["last_used_ip"] is None


async def test_tokens_are_listed_newest_first(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        for label in ("one", "two", "three"):
            await manager.token(label=label)
            clock.jump(1)
        browser = await manager.session()
        assert [token["label"] for token in data_of(await browser.get(TOKENS))] == ["three", "two", "one"]


async def test_a_token_does_not_die_with_its_maker(manager: Manager) -> None:
    browser = await manager.session()
    boss = {"email": "boss@example.com", "password": "a good password", "domains": ["*"]}
    data_of(await browser.post("/api/admin/delegations", json=boss), 201)
    other = await manager.session("boss@example.com", "a good password")
    token = data_of(await other.post(TOKENS, json=SCOPED), 201)["token"]
    data_of(await browser.delete("/api/admin/delegations/boss@example.com"))
    assert await works(manager, token)


async def test_a_rotated_token_has_a_new_secret_and_everything_else_as_before(either_manager: Manager) -> None:
    browser = await either_manager.session()
    ends = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    wanted = {**SCOPED, "expires_at": ends, "allowed_networks": ["192.0.2.0/24"]}
    made = data_of(await browser.post(TOKENS, json=wanted), 201)
    rotated = data_of(await browser.post(f"{TOKENS}/{made['id']}/rotate"))
    assert rotated["token"] != made["token"]
    kept = ("id", "label", "is_admin", "grants", "created_at", "expires_at", "allowed_networks")
    assert {k: rotated[k] for k in kept} == {k: made[k] for k in kept}
    assert not await works(either_manager, made["token"])
    assert await works(either_manager, rotated["token"])


async def test_a_revoked_token_fails_at_the_next_request(either_manager: Manager) -> None:
    browser = await either_manager.session()
    made = data_of(await browser.post(TOKENS, json=SCOPED), 201)
    assert await works(either_manager, made["token"])
    assert data_of(await browser.delete(f"{TOKENS}/{made['id']}")) is None
    assert not await works(either_manager, made["token"])
    error_of(await browser.delete(f"{TOKENS}/{made['id']}"), 404, "not_found")
    error_of(await browser.post(f"{TOKENS}/{made['id']}/rotate"), 404, "not_found")


async def test_an_expired_token_fails_from_that_moment_on(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        token = await manager.token(expires_at=clock.now() + timedelta(seconds=60))
        clock.jump(59)
        await clock.advance(0)
        assert await works(manager, token)
        clock.jump(1)
        assert not await works(manager, token)


@pytest.mark.parametrize(
    ("networks", "inside", "outside"),
    [
        (["192.0.2.0/24"], ["192.0.2.1", "192.0.2.255", "::ffff:192.0.2.7"], ["192.0.3.1", "2001:db8::1"]),
        (["192.0.2.7"], ["192.0.2.7", "::ffff:c000:207"], ["192.0.2.8", "::ffff:192.0.2.8"]),
        (["192.0.2.9/24"], ["192.0.2.1"], ["198.51.100.1"]),
        (["2001:db8::/64"], ["2001:db8::1", "2001:DB8:0:0:ffff::"], ["2001:db8:0:1::1", "192.0.2.1"]),
        (["::ffff:192.0.2.0/120"], ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.3.7"]),
        (["198.51.100.0/24", "2001:db8::1"], ["198.51.100.9", "2001:db8::1"], ["2001:db8::2", "198.51.101.1"]),
    ],
)
async def test_a_token_works_from_its_networks_only(
    manager: Manager, networks: list[str], inside: list[str], outside: list[str]
) -> None:
    browser = await manager.session()
    made = data_of(await browser.post(TOKENS, json={**SCOPED, "allowed_networks": networks}), 201)
    for address in inside:
        assert await works(manager, made["token"], address=address), address
    for address in outside:
        assert not await works(manager, made["token"], address=address), address


async def test_last_use_is_seen_at_once_but_not_written_with_every_request(tmp_path: Path) -> None:
    def stored() -> tuple[str | None, str | None]:
        database = sqlite3.connect(tmp_path / "mxm.sqlite3")
        [row] = database.execute("SELECT last_used_at, last_used_ip FROM api_token").fetchall()
        database.close()
        return (row[0], row[1])

    clock = FakeClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    async with running_manager(tmp_path, clock=clock) as manager:
        token = await manager.token()
        browser = await manager.session()
        for _ in range(3):
            assert await works(manager, token, address="198.51.100.4")
        [shown] = data_of(await browser.get(TOKENS))
        assert shown["last_used_ip"] == "198.51.100.4"
        assert datetime.fromisoformat(shown["last_used_at"]) == clock.now()
        assert stored() == (None, None)
        await manager.services.identity.activity.flush()
        assert stored()[1] == "198.51.100.4"
        first = stored()[0]
        clock.jump(5)
        await clock.advance(0)
        assert await works(manager, token, address="198.51.100.5")
        assert stored()[0] == first
    assert stored()[1] == "198.51.100.5", "the last use is written when the process ends"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"label": ""}, ["label"]),
        ({"label": "   "}, ["label"]),
        ({"label": "x" * 81}, ["label"]),
        ({"label": "two\nlines"}, ["label"]),
        ({"label": "in\u200bvisible"}, ["label"]),
        ({"label": 5}, ["label"]),
        ({"label": None}, ["label"]),
        ({"is_admin": "yes"}, ["is_admin"]),
        ({"is_admin": 1}, ["is_admin"]),
        ({"is_admin": True}, ["grants"]),
        ({"grants": []}, ["grants"]),
        ({"grants": None}, ["grants"]),
        ({"grants": {}}, ["grants"]),
        ({"grants": ["example.com"]}, ["grants.0"]),
        ({"grants": [{"domain": "example.com"}]}, ["grants.0.permissions"]),
        ({"grants": [{"domain": "example.com", "permissions": []}]}, ["grants.0.permissions"]),
        ({"grants": [{"domain": "example.com", "permissions": ["root"]}]}, ["grants.0.permissions.0"]),
        ({"grants": [{"domain": "*", "permissions": ["emails"]}]}, ["grants.0.domain"]),
        ({"grants": [{"domain": "nowhere.test", "permissions": ["emails"]}]}, ["grants.0.domain"]),
        ({"grants": [{"domain": "example.com", "permissions": ["emails"], "x": 1}]}, ["grants.0.x"]),
        ({"expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({"expires_at": "2099-01-01T00:00:00"}, ["expires_at"]),
        ({"expires_at": "tomorrow"}, ["expires_at"]),
        ({"expires_at": 4_070_908_800}, ["expires_at"]),
        ({"expires_at": "4070908800"}, ["expires_at"]),
        ({"expires_at": True}, ["expires_at"]),
        ({"allowed_networks": ["192.0.2.0/33"]}, ["allowed_networks.0"]),
        ({"allowed_networks": ["192.0.2.1", "everywhere"]}, ["allowed_networks.1"]),
        ({"allowed_networks": "192.0.2.1"}, ["allowed_networks"]),
        ({"allowed_networks": [3_221_225_985]}, ["allowed_networks.0"]),
        ({"name": "x"}, ["name"]),
        (
            {"label": 1, "is_admin": "no", "expires_at": "x", "color": "red"},
            ["color", "expires_at", "is_admin", "label"],
        ),
        (
            {
                "grants": [
                    {"domain": "nowhere.test", "permissions": ["emails"]},
                    {"domain": "example.com", "permissions": ["emails"]},
                    {"domain": "neither.test", "permissions": ["emails"]},
                ],
                "expires_at": "2020-01-01T00:00:00Z",
            },
            ["expires_at", "grants.0.domain", "grants.2.domain"],
        ),
    ],
)
async def test_a_wrong_wish_makes_no_token_and_every_wrong_field_is_named(
    manager: Manager, change: dict[str, object], fields: list[str]
) -> None:
    browser = await manager.session()
    assert wrong_fields(await browser.post(TOKENS, json={**SCOPED, **change})) == fields
    assert data_of(await browser.get(TOKENS)) == []


async def test_a_label_of_80_characters_is_trimmed_and_taken(manager: Manager) -> None:
    browser = await manager.session()
    made = data_of(await browser.post(TOKENS, json={**SCOPED, "label": " " + "ü" * 78 + " "}), 201)
    assert made["label"] == "ü" * 78
    full = data_of(await browser.post(TOKENS, json={**SCOPED, "label": "ü" * 80}), 201)
    assert full["label"] == "ü" * 80


async def test_repeated_grants_are_joined_and_names_folded(manager: Manager) -> None:
    browser = await manager.session()
    grants = [
        {"domain": "Example.COM", "permissions": ["spam"]},
        {"domain": "bücher.example", "permissions": ["dns"]},
        {"domain": "example.com", "permissions": ["emails", "emails"]},
    ]
    made = data_of(await browser.post(TOKENS, json={"label": "x", "grants": grants}), 201)
    assert made["grants"] == [
        {"domain": "example.com", "permissions": ["emails", "spam"]},
        {"domain": "xn--bcher-kva.example", "permissions": ["dns"]},
    ]


async def test_a_grant_ends_with_its_domain(manager: Manager) -> None:
    token = await manager.bearer({"empty.example": ["emails"], "example.com": ["emails"]})
    admin = await manager.bearer()
    assert data_of(await token.get("/api/domains")) == ["empty.example", "example.com"]
    data_of(await admin.delete("/api/domains/empty.example?confirm=empty.example"))
    assert data_of(await token.get("/api/me"))["delegated_domains"] == ["example.com"]
    error_of(await token.get("/api/domains/empty.example"), 403, "forbidden")


async def test_a_client_sees_its_scopes_and_nothing_else(manager: Manager) -> None:
    client: httpx2.AsyncClient = await manager.bearer({"example.com": ["emails"]}, label="ci")
    me = data_of(await client.get("/api/me"))
    assert me["email"] == "token:ci"
    assert me["domain_grants"] == {"example.com": ["emails"]}
    assert (await client.get(ACCOUNTS)).status_code == 200


@pytest.mark.parametrize(
    "far", ["2201-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-31T00:00:00+14:00"]
)
async def test_an_end_that_is_too_far_away_to_be_told_everywhere_is_refused(either_manager: Manager, far: str) -> None:
    browser = await either_manager.session()
    assert wrong_fields(await browser.post(TOKENS, json={**SCOPED, "expires_at": far})) == ["expires_at"]
    assert data_of(await browser.get(TOKENS)) == []
    last = {**SCOPED, "expires_at": "2200-12-31T23:59:59-14:00"}
    assert await works(either_manager, data_of(await browser.post(TOKENS, json=last), 201)["token"])


async def test_an_end_at_the_beginning_of_time_is_refused(manager: Manager) -> None:
    browser = await manager.session()
    first = {**SCOPED, "expires_at": "0001-01-01T00:00:00+14:00"}
    assert wrong_fields(await browser.post(TOKENS, json=first)) == ["expires_at"]
