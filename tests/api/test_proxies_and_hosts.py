"""Whose address counts behind proxies, and which host names are served."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from mxm.platform.settings.types import Networks
from support.api import data_of, error_of
from support.manager import ADMIN_PASSWORD, running_manager

PEER = "192.0.2.10"
LOGIN = {"username": "admin", "password": ADMIN_PASSWORD}


@pytest.mark.parametrize(
    ("trusted", "forwarded", "seen"),
    [
        (0, [], PEER),
        (0, ["203.0.113.9"], PEER),
        (0, ["203.0.113.9, 10.0.0.1"], PEER),
        (1, [], PEER),
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (1, ["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (1, ["203.0.113.9:1234"], "203.0.113.9"),
        (1, ["[2001:db8::9]:443"], "2001:db8::9"),
        (1, ["2001:DB8::9"], "2001:db8::9"),
        (1, ["::ffff:203.0.113.9"], "203.0.113.9"),
        (1, ["6.6.6.6, nonsense"], PEER),
        (1, [""], PEER),
        (2, ["6.6.6.6, 203.0.113.9, 10.0.0.1"], "203.0.113.9"),
        (2, ["203.0.113.9, 10.0.0.1"], "203.0.113.9"),
        (2, ["6.6.6.6, 7.7.7.7", "203.0.113.9", "10.0.0.1"], "203.0.113.9"),
        (2, ["10.0.0.1"], "10.0.0.1"),
    ],
)
async def test_only_what_our_own_proxies_wrote_counts(
    tmp_path: Path, trusted: int, forwarded: list[str], seen: str
) -> None:
    async with running_manager(tmp_path, trusted_proxy_count=trusted) as manager:
        headers = [("X-Forwarded-For", value) for value in forwarded]
        client = manager.new_client(address=PEER, headers=headers)
        data_of(await client.post("/api/auth/login", json=LOGIN))
        [session] = data_of(await client.get("/api/admin/sessions"))
        assert session["address"] == seen


async def test_a_forged_header_does_not_open_the_throttle(tmp_path: Path) -> None:
    async with running_manager(tmp_path, trusted_proxy_count=1) as manager:
        wrong = {**LOGIN, "password": "wrong"}
        for number in range(5):
            forged = {"X-Forwarded-For": f"6.6.6.{number}, 203.0.113.9"}
            error_of(await manager.client.post("/api/auth/login", json=wrong, headers=forged), 401, "unauthorized")
        forged = {"X-Forwarded-For": "6.6.6.99, 203.0.113.9"}
        error_of(await manager.client.post("/api/auth/login", json=LOGIN, headers=forged), 429, "rate_limited")


async def test_a_forged_header_opens_no_network(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        token = await manager.token(allowed_networks=["10.0.0.0/8"])
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1"}
        error_of(await manager.client.get("/api/me", headers=headers), 401, "unauthorized")
        inside = manager.new_client(address="10.0.0.1")
        assert (await inside.get("/api/me", headers={"Authorization": f"Bearer {token}"})).status_code == 200


async def test_forwarded_headers_at_zero_are_warned_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running_manager(tmp_path) as manager:
        for _ in range(3):
            await manager.client.get("/health", headers={"X-Forwarded-For": "6.6.6.6"})
    assert len([r for r in caplog.records if "TRUSTED_PROXY_COUNT" in r.getMessage()]) == 1


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("manager.example.com", True),
        ("MANAGER.example.com", True),
        ("manager.example.com:8443", True),
        ("a.example.org", True),
        ("example.org", False),
        ("evil.example", False),
        ("manager.example.com.evil.example", False),
        ("xmanager.example.com", False),
        ("", False),
        ("[::1]:5000", True),
        ("[::2]", False),
    ],
)
async def test_other_hosts_are_misdirected(tmp_path: Path, host: str, served: bool) -> None:
    allowed = ("manager.example.com", "*.example.org", "[::1]")
    async with running_manager(tmp_path, allowed_hosts=allowed) as manager:
        for path in ("/api/me", "/login", "/api/auth/login"):
            answer = await manager.client.get(path, headers={"Host": host})
            if served:
                assert answer.status_code != 421, path
            else:
                error_of(answer, 421, "misdirected_request")
        assert (await manager.client.get("/health", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    ("allow", "address", "headers", "status"),
    [
        ("", PEER, {}, 401),
        ("192.0.2.0/24", PEER, {}, 200),
        ("192.0.2.0/24", "::ffff:192.0.2.10", {}, 200),
        ("192.0.2.0/24", "198.51.100.1", {}, 401),
        ("192.0.2.0/24", "2001:db8::1", {}, 401),
        ("::1,2001:db8::/32", "2001:db8::1", {}, 200),
        ("192.0.2.0/24", PEER, {"X-Forwarded-For": "192.0.2.10"}, 401),
        ("192.0.2.0/24", PEER, {"Forwarded": "for=192.0.2.10"}, 401),
        ("192.0.2.0/24", "198.51.100.1", {"X-Forwarded-For": "192.0.2.10"}, 401),
        ("192.0.2.0/24", "not an address", {}, 401),
    ],
)
async def test_metrics_are_for_their_networks_and_never_for_a_forwarded_request(
    tmp_path: Path, allow: str, address: str, headers: dict[str, str], status: int
) -> None:
    networks = TypeAdapter(Networks).validate_python(allow)
    async with running_manager(tmp_path, metrics_allow=networks, trusted_proxy_count=1) as manager:
        answer = await manager.new_client(address=address).get("/metrics", headers=headers)
        assert answer.status_code == status, answer.text
        if status == 200:
            assert "mxm_http_request_seconds" in answer.text


async def test_metrics_name_routes_never_paths(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        client = await manager.bearer()
        await client.get("/api/domains/example.com/email-accounts/info")
        await client.request("BREW", "/coffee-pot")
        text = (await client.get("/metrics")).text
        assert 'route="/api/domains/{domain}/email-accounts/{user}"' in text
        assert "example.com" not in text
        assert "coffee" not in text
        assert "BREW" not in text
        browser = await manager.session()
        assert (await browser.get("/metrics")).status_code == 200
