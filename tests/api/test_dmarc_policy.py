"""The domain's own policy, kept as sent, compared by meaning, published by a repair."""

import pytest

from support.api import data_of, error_of, wrong_fields
from support.dns import E, fix, zone
from support.manager import Manager


@pytest.fixture
def manager(dns_world: Manager) -> Manager:
    return dns_world


@pytest.fixture
def either(either_dns_world: Manager) -> Manager:
    return either_dns_world


async def test_the_recipes_of_the_manual(either: Manager) -> None:
    bot = await either.bearer({"example.com": ["dns"]})
    default = "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;"
    found = data_of(await bot.get(f"{E}/dmarc-policy"))
    assert found == {
        "custom": False,
        "custom_value": None,
        "default": default,
        "effective": default,
        "fingerprint": found["fingerprint"],
    }
    own = "v=DMARC1; p=reject; sp=reject; aspf=r;"
    set_ = data_of(await bot.patch(f"{E}/dmarc-policy", json={"dmarc_record": own}))
    assert (set_["custom"], set_["custom_value"], set_["effective"]) == (True, own, own)
    data_of(await bot.post(f"{E}/dns/fix", json={"records": ["dmarc"]}))
    assert [row[2] for row in zone(either) if row[1] == "_dmarc.example.com"] == [f'"{own}"']
    assert data_of(await bot.get(f"{E}/dns/health"))["checks"]["dmarc"]["status"] == "pass"
    for blank in (None, "", "  "):
        cleared = data_of(await bot.patch(f"{E}/dmarc-policy", json={"dmarc_record": blank}))
        assert (cleared["custom"], cleared["effective"]) == (False, default)
    actions = [
        e["action"] for e in data_of(await (await either.bearer()).get("/api/admin/logs?action=dns.d"))["entries"]
    ]
    assert actions == ["dns.dmarc_policy_clear"] * 3 + ["dns.dmarc_policy_update"]


async def test_a_published_policy_is_replaced_only_by_a_policy_of_its_own(manager: Manager) -> None:
    bot = await manager.bearer()
    base = "/api/domains/busy-sender.example"
    data_of(await bot.patch(f"{base}/dmarc-policy", json={"dmarc_record": "v=DMARC1; p=none"}))
    assert data_of(await bot.get(f"{base}/dns/health"))["checks"]["dmarc"]["status"] == "warn"
    assert "dmarc" in data_of(await bot.post(f"{base}/dns/fix", json={}))["fixed"]
    assert [row[2] for row in zone(manager, "busy-sender.example") if row[1].startswith("_dmarc")] == [
        '"v=DMARC1; p=none"'
    ]


@pytest.mark.parametrize(
    "record",
    [
        "p=reject; v=DMARC1",
        "v=DMARC1",
        "v=DMARC1; p=sometimes",
        "v=DMARC1; p=none; p=reject",
        "v=DMARC2; p=none",
        "v=DMARC1; p=none\nX: y",
        "v=DMARC1; p=none; pct=200",
        "hello",
        "v=DMARC1; p=none; adkim=x",
        "vé=DMARC1",
        "v=DMARC1; p=none; rua=mailto:a@reports.test;b@reports.test",
        "v=DMARC1; p=none; rua=mailto:Kim Lee@reports.test",
    ],
)
async def test_what_is_no_policy_is_refused(manager: Manager, record: str) -> None:
    answer = await (await manager.bearer()).patch(f"{E}/dmarc-policy", json={"dmarc_record": record})
    assert wrong_fields(answer) == ["dmarc_record"]


@pytest.mark.parametrize("body", [{}, {"dmarc_record": 1}, {"dmarc_record": "v=DMARC1; p=none", "x": 1}, []])
async def test_other_bodies(manager: Manager, body: object) -> None:
    error_of(await (await manager.bearer()).patch(f"{E}/dmarc-policy", json=body), 400, "validation_error")


async def test_unknown_tags_warn(manager: Manager) -> None:
    record = "v=DMARC1; p=none; colour=blue"
    answer = await (await manager.bearer()).patch(f"{E}/dmarc-policy", json={"dmarc_record": record})
    assert data_of(answer)["effective"] == record
    assert "colour" in answer.json()["meta"]["warnings"][0]


async def test_a_domain_that_goes_takes_its_policy_along(manager: Manager) -> None:
    admin = await manager.bearer()
    data_of(await admin.patch(f"{E}/dmarc-policy", json={"dmarc_record": "v=DMARC1; p=reject"}))
    await fix(manager)
    data_of(await admin.delete("/api/domains/example.com?confirm=example.com"))
    assert data_of(await admin.get(f"{E}/dmarc-policy"))["custom"] is False
    assert data_of(await admin.get(f"{E}/dns/changes")) == []


async def test_a_policy_that_changed_elsewhere_is_not_overwritten_unseen(either: Manager) -> None:
    admin = await either.bearer()
    path, own, mine = f"{E}/dmarc-policy", "v=DMARC1; p=reject", "v=DMARC1; p=quarantine"
    read = data_of(await admin.get(path))["fingerprint"]
    newer = data_of(await admin.patch(path, json={"dmarc_record": own}))
    for record in (mine, None):
        refused = error_of(await admin.patch(path, json={"dmarc_record": record, "fingerprint": read}), 409, "conflict")
        assert refused["field"] == "fingerprint"
        assert own in refused["message"]
    assert data_of(await admin.get(path)) == newer
    assert (
        data_of(await admin.patch(path, json={"dmarc_record": mine, "fingerprint": newer["fingerprint"]}))["effective"]
        == mine
    )
