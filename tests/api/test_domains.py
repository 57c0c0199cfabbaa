"""Domains, pointers, and the account's figures."""

from pathlib import Path

import pytest

from mxm_sandbox import Sandbox, SandboxConfig
from support.api import data_of, error_of, wrong_fields
from support.manager import Manager, running_manager

E = "/api/domains/example.com"


async def test_domains_are_listed_by_name_and_only_those_one_may_see(manager: Manager) -> None:
    admin = await manager.bearer()
    answer = await admin.get("/api/domains")
    names = data_of(answer)
    assert names == sorted(manager.sandbox.state["account"]["domains"])
    assert answer.json()["meta"]["stale"] is False
    assert answer.json()["meta"]["fetched_at"]
    some = await manager.bearer({"quiet.example": ["dns"], "example.com": ["spam"]})
    assert data_of(await some.get("/api/domains")) == ["example.com", "quiet.example"]


async def test_a_domain_is_registered_once(manager: Manager) -> None:
    admin = await manager.bearer()
    made = await admin.post("/api/domains", json={"domain": "Soon.TEST"})
    assert data_of(made, 201) == {"domain": "soon.test", "already_exists": False}
    assert "soon.test" in data_of(await admin.get("/api/domains"))
    again = await admin.post("/api/domains", json={"domain": "soon.test"})
    assert data_of(again, 200) == {"domain": "soon.test", "already_exists": True}


async def test_a_domain_without_its_record_is_refused_with_mxroutes_own_words(manager: Manager) -> None:
    admin = await manager.bearer()
    answer = await admin.post("/api/domains", json={"domain": "unready.test"})
    assert answer.status_code == 400, answer.text
    assert "_da-verify-" in answer.json()["error"]["message"]


async def test_a_domain_tells_its_hosting_and_pointers_as_names(manager: Manager) -> None:
    admin = await manager.bearer()
    assert data_of(await admin.get("/api/domains/bakery.example")) == {
        "domain": "bakery.example",
        "mail_hosting": True,
        "ssl_enabled": True,
        "pointers": ["bread.example", "cakes.example"],
    }
    assert data_of(await admin.get(E))["pointers"] == []
    error_of(await admin.get("/api/domains/nowhere.test"), 404, "not_found")


@pytest.mark.parametrize("query", ["", "?confirm=", "?confirm=other.test", "?confirm=true", "?confirm=empty.example.x"])
async def test_a_domain_is_deleted_only_when_it_is_named_twice(manager: Manager, query: str) -> None:
    admin = await manager.bearer()
    answer = await admin.delete("/api/domains/empty.example" + query)
    error_of(answer, 400, "confirmation_required")
    assert "empty.example" in manager.sandbox.state["account"]["domains"]


async def test_all_that_we_hold_for_a_domain_goes_with_it(either_manager: Manager) -> None:
    admin = await either_manager.bearer()
    recovery = "/api/domains/bakery.example/email-accounts/orders/recovery"
    data_of(await admin.patch(recovery, json={"recovery_email": "me@elsewhere.org"}))
    person = {"email": "kim@a.org", "grants": [{"domain": "bakery.example", "permissions": ["emails"]}]}
    data_of(await admin.post("/api/admin/delegations", json=person), 201)
    assert data_of(await admin.delete("/api/domains/bakery.example?confirm=Bakery.Example")) is None
    assert "bakery.example" not in data_of(await admin.get("/api/domains"))
    listed = data_of(await admin.get("/api/admin/delegations"))
    assert [p["grants"] for p in listed if p["email"] == "kim@a.org"] == [[]]
    error_of(await admin.delete("/api/domains/bakery.example?confirm=bakery.example"), 404, "not_found")
    sandbox = either_manager.sandbox
    record = f"{sandbox.state['account']['verification_key']}.bakery.example"
    sandbox.publish(record, "TXT", ["domain-verified"])
    data_of(await admin.post("/api/domains", json={"domain": "bakery.example"}), 201)
    body = {"username": "orders", "password": "Abcd123!"}
    made = data_of(await admin.post("/api/domains/bakery.example/email-accounts", json=body), 201)
    assert made["has_recovery_email"] is False


async def test_mail_hosting_is_switched(manager: Manager) -> None:
    admin = await manager.bearer()
    for enabled in (False, True):
        shown = data_of(await admin.patch(f"{E}/mail-status", json={"enabled": enabled}))
        assert shown["mail_hosting"] is enabled
        assert data_of(await admin.get(E))["mail_hosting"] is enabled
    error_of(await admin.patch("/api/domains/nowhere.test/mail-status", json={"enabled": True}), 404, "not_found")


async def test_pointers_are_added_listed_and_removed(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    made = data_of(await client.post(f"{E}/pointers", json={"pointer": "Pointed.TEST"}), 201)
    assert made == {"pointer": "pointed.test", "type": "alias", "target": "example.com"}
    other = data_of(await client.post(f"{E}/pointers", json={"pointer": "b.test", "alias": False}), 201)
    assert other["type"] == "redirect"
    assert data_of(await client.get(f"{E}/pointers")) == [other, made]
    error_of(await client.post(f"{E}/pointers", json={"pointer": "pointed.test"}), 409, "conflict")
    assert data_of(await client.delete(f"{E}/pointers/pointed.test")) is None
    error_of(await client.delete(f"{E}/pointers/pointed.test"), 404, "not_found")
    assert data_of(await client.get(f"{E}/pointers")) == [other]


@pytest.mark.parametrize(
    "pointer",
    [
        "example.com",
        "healthy.example",
        "HEALTHY.example",
        "www.healthy.example",
        "a.b.healthy.example",
        "example.org",  # contains mail.example.org
        "example.net",  # contains shop.example.net
        "bücher.example",
        "www.bücher.example",
    ],
)
async def test_a_pointer_takes_no_mail_of_another_domain(manager: Manager, pointer: str) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    answer = await client.post(f"{E}/pointers", json={"pointer": pointer})
    assert wrong_fields(answer) == ["pointer"]
    if pointer.lower() not in {"example.com", "healthy.example"}:
        named = set(manager.sandbox.state["account"]["domains"]) - {"example.com"}
        assert not [name for name in named if name in answer.text], "the refusal names a domain the caller may not know"
    assert manager.sandbox.counts["writes"] == 0


async def test_a_name_under_ones_own_domain_may_point_at_it(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["forwarders"]})
    data_of(await client.post(f"{E}/pointers", json={"pointer": "sub.example.com"}), 201)


async def test_the_accounts_quota_comes_in_mxroutes_fields_enveloped_or_bare(tmp_path: Path) -> None:
    for enveloped in (True, False):
        (tmp_path / str(enveloped)).mkdir()
        sandbox = Sandbox(SandboxConfig(limits_enabled=False, quota_enveloped=enveloped))
        async with running_manager(tmp_path / str(enveloped), sandbox=sandbox) as manager:
            admin = await manager.bearer()
            quota = data_of(await admin.get("/api/quota"))
            assert quota["username"] == "sandbox"
            assert quota["total_limit"] == 102_400 * 1024 * 1024
            assert set(quota["breakdown"]) == {"email", "web", "databases", "backups", "other"}
            boxes = data_of(await admin.get("/api/quota/email"))["accounts"]
            sizes = [box["size_bytes"] for box in boxes]
            assert sizes == sorted(sizes, reverse=True)
            assert "sales@example.com" in {box["email_address"] for box in boxes}


async def test_the_verification_key_is_told_with_its_record(manager: Manager) -> None:
    admin = await manager.bearer()
    found = data_of(await admin.get("/api/verification-key"))
    assert found["key"] == manager.sandbox.state["account"]["verification_key"]
    assert found["record"] == {"type": "TXT", "name": found["key"], "value": "domain-verified"}


async def test_a_missing_verification_key_is_told_as_such(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(verification_key_available=False)
    answer = await admin.get("/api/verification-key")
    assert answer.status_code in {404, 502}, answer.text
    assert len(manager.sandbox.log) <= 3


async def test_a_domains_quota_is_the_sum_of_its_mailboxes(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["dashboard"]})
    quota = data_of(await client.get(f"{E}/quota"))
    assert quota["domain"] == "example.com"
    assert [box["username"] for box in quota["mailboxes"]] == ["info", "sales", "support"]
    assert quota["totals"] == {"mailboxes": 3, "quota": 5120, "unlimited": 0, "usage": 1506.9, "sent": 239}


async def test_mxroutes_failures_are_told_as_such(manager: Manager) -> None:
    admin = await manager.bearer()
    manager.sandbox.configure(faults=[{"kind": "status", "status_code": 500, "match": {"path": "/quota"}}])
    answer = await admin.get("/api/quota")
    error_of(answer, 502, "upstream_error")
    manager.sandbox.configure(faults=[{"kind": "status", "status_code": 401, "match": {"path": "/quota"}}])
    answer = await admin.get("/api/quota")
    assert answer.status_code in {502, 503}, answer.text
