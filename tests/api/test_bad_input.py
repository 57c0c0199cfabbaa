"""Every route with a body or a query: each kind of wrong input is refused by name, and nothing is written upstream."""

from dataclasses import dataclass, field

import pytest

from mxm.entrypoints.web import build_app
from support.api import JSON, WRITES, all_routes, data_of, error_of, filled, wrong_fields
from support.manager import Manager

E = "/api/domains/example.com"


@dataclass(frozen=True)
class Body:
    """A route's body: one that is right, and for each field values that are wrong."""

    method: str
    path: str
    good: dict[str, object]
    wrong: dict[str, list[object]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    optional: bool = False
    """The whole body may be left out."""


NAMES: list[object] = [None, 5, "", "no dot", "a..b", "-a.com", "x" * 64 + ".com", "a.com\n", "a.com/b", "1.2.3.4", "*"]
ADDRESSES: list[object] = [5, "", "x", "@a.com", "a@", "a@b", "a b@c.com", "a\n@c.com", "x" * 65 + "@c.com", []]
USERS: list[object] = [
    None,
    5,
    "",
    "a b",
    "a@b",
    ".a",
    "a..b",
    "a.",
    "a/b",
    "ü",
    "x" * 65,
    "alex\n",
    "alex\x00",
    "-a",
    "*",
]
MAIL_PASSWORDS: list[object] = [
    5,
    "",
    "short1A",
    "alllower1",
    "ALLUPPER1",
    "NoDigits",
    "Abcd123!\n",
    "Ab1" + "x" * 254,
    [],
]
QUOTAS: list[object] = [-1, 1.5, "1024", True, 100_000_001, [], {}]
LIMITS: list[object] = [0, -1, 9601, 1.5, "9600", True]
FLAGS: list[object] = [1, 0, "true", "yes", []]

BODIES = [
    Body("POST", "/api/domains", {"domain": "a.test"}, {"domain": NAMES}, ("domain",)),
    Body("PATCH", f"{E}/mail-status", {"enabled": True}, {"enabled": [None, *FLAGS]}, ("enabled",)),
    Body(
        "POST",
        f"{E}/pointers",
        {"pointer": "a.test"},
        {"pointer": [*NAMES, "example.com"], "alias": [None, *FLAGS]},
        ("pointer",),
    ),
    Body(
        "POST",
        f"{E}/email-accounts",
        {"username": "alex", "password": "Abcd123!"},
        {
            "username": USERS,
            "password": [None, *MAIL_PASSWORDS],
            "quota": [None, *QUOTAS],
            "limit": [None, *LIMITS],
            "recovery_email": [*ADDRESSES, "alex@example.com", "ALEX@Example.com"],
        },
        ("username", "password"),
    ),
    Body(
        "PATCH",
        f"{E}/email-accounts/info",
        {"quota": 5},
        {"password": MAIL_PASSWORDS, "quota": QUOTAS, "limit": LIMITS},
    ),
    Body(
        "PATCH",
        f"{E}/email-accounts/info/recovery",
        {"recovery_email": "a@b.org"},
        {"recovery_email": [*ADDRESSES, "info@example.com"]},
        ("recovery_email",),
    ),
    Body(
        "POST",
        f"{E}/forwarders",
        {"alias": "team", "destinations": ["a@b.org"]},
        {
            "alias": [None, 5, "", ".a", "a b", "a@b.org", "ü", "x" * 65, "team\n", "a/b"],
            "destinations": [None, "a@b.org", [], [5], {}],
        },
        ("alias", "destinations"),
    ),
    Body(
        "PATCH", f"{E}/spam/settings", {"high_score": 9}, {"high_score": [None, 0, 51, 1.5, "9", True]}, ("high_score",)
    ),
    *(
        Body(
            "POST",
            f"{E}/spam/{which}",
            {"entry": "a@b.org"},
            {
                "entry": [
                    None,
                    5,
                    "",
                    ".",
                    "..",
                    "a b",
                    "a/b",
                    "a%b",
                    "a+b",
                    "ü",
                    "x" * 255,
                    "a@b.org\n",
                    "a\x00",
                    "<a>",
                ]
            },
            ("entry",),
        )
        for which in ("whitelist", "blacklist")
    ),
    Body(
        "POST",
        "/api/admin/delegations",
        {"email": "kim@example.com", "domains": ["*"]},
        {
            "email": [None, *ADDRESSES],
            "contact_email": ADDRESSES,
            "password": ["short", 5, "x" * 1025],
            "domains": ["*", [], ["a.test"], 5],
        },
        ("email",),
    ),
    Body(
        "POST",
        "/api/email-accounts/import/preview",
        {"rows": []},
        {
            "rows": [None, {}, "a", 5],
            "default_domain": [5, "", "no dot"],
            "existing_by_domain": [5, [], "a", {"example.com": "alex"}, {"example.com": [5]}],
        },
        ("rows",),
    ),
    Body(
        "POST",
        "/api/email-accounts/import",
        {"rows": [{"username": "alex"}]},
        {
            "rows": [None, {}, "a", 5, []],
            "default_domain": [5, "", "no dot"],
            "existing_by_domain": [5, [], "a", {"example.com": [5]}],
            "generate_passwords": [None, *FLAGS],
        },
        ("rows",),
    ),
    Body("POST", "/api/fleet/refresh", {}, optional=True),
    Body("POST", f"/api/jobs/{'0' * 32}/cancel", {}, optional=True),
    Body("POST", f"/api/jobs/{'0' * 32}/passwords", {}, {"acknowledge": [None, *FLAGS]}, optional=True),
    Body(
        "POST",
        f"{E}/dns/fix",
        {"dry_run": True},
        {
            "records": [5, "mx", ["mx", "nonsense"], [None], {}, ["mx"] * 21],
            "replace": [5, "mx", ["spf"], [""], {}],
            "dry_run": [None, *FLAGS],
        },
        optional=True,
    ),
    Body("POST", f"{E}/dns/changes/1/revert", {}, optional=True),
    Body(
        "PATCH",
        f"{E}/dmarc-policy",
        {"dmarc_record": None},
        {"dmarc_record": [5, [], "p=none", "v=DMARC1", "v=DMARC1; p=none\n", "v=DMARC1; p=x" + "x" * 2000]},
        ("dmarc_record",),
    ),
    Body(
        "POST",
        "/api/cloudflare/dns/fix-bulk",
        {"domains": []},
        {
            "domains": [5, "example.com", [5], [""], ["x" * 254], {}],
            "records": [5, "mx", ["nonsense"]],
            "only_unhealthy": [None, *FLAGS],
            "wait": [None, *FLAGS],
        },
    ),
    Body(
        "POST",
        "/api/cloudflare/setup",
        {"domain": "a.test"},
        {
            "domain": NAMES,
            "webmail": [None, *FLAGS],
            "dmarc_record": [5, [], "p=none", "v=DMARC1"],
            "dns": ["", "route53", 5],
        },
        ("domain",),
    ),
]
CASES = [
    pytest.param(body, name, value, id=f"{body.method} {body.path} {name}={str(value)[:20]!r}")
    for body in BODIES
    for name, values in body.wrong.items()
    for value in values
]


async def test_every_kind_of_bad_input_is_refused_by_name(manager: Manager) -> None:
    client = await manager.bearer()
    for case in CASES:
        body, name, value = case.values
        assert isinstance(body, Body)
        seen = len(manager.sandbox.log)
        answer = await client.request(body.method, body.path, json={**body.good, str(name): value})
        assert answer.status_code == 400, f"{case.id}: {answer.status_code} {answer.text}"
        found = {place.partition(".")[0] for place in wrong_fields(answer)}
        expected = {"grants"} if name == "domains" and value in ([], ["a.test"]) else {name}
        assert found == expected, f"{case.id}: {answer.text}"
        writes = [entry for entry in manager.sandbox.log[seen:] if entry.method != "GET" or entry.odd_path]
        assert writes == [], f"{case.id} reached MXroute"


@pytest.mark.parametrize("body", BODIES, ids=lambda body: f"{body.method} {body.path}")
async def test_missing_unknown_and_several_wrong_fields_are_all_named(manager: Manager, body: Body) -> None:
    client = await manager.bearer()
    if body.required:
        answer = await client.request(body.method, body.path, json={})
        assert wrong_fields(answer) == sorted(body.required)
    answer = await client.request(body.method, body.path, json={**body.good, "surplus": 1, "more": None})
    assert wrong_fields(answer) == ["more", "surplus"]
    if not body.wrong:
        return
    every = {name: [[]] if name in {"rows", "existing_by_domain"} else {"wrong": []} for name in body.wrong}
    answer = await client.request(body.method, body.path, json={**every, "surplus": 1})
    assert {place.partition(".")[0] for place in wrong_fields(answer)} == {*body.wrong, "surplus"}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: f"{body.method} {body.path}")
async def test_a_body_that_is_broken_empty_or_no_object_is_refused(manager: Manager, body: Body) -> None:
    client = await manager.bearer()
    nothing = [] if body.optional else [b"", b"null"]
    for content in (*nothing, b"{", b"[]", b'"x"', b"[" * 5000):
        answer = await client.request(body.method, body.path, content=content, headers=JSON)
        assert wrong_fields(answer) == ["body"], content[:10]
    answer = await client.request(body.method, body.path, content=b"a=b", headers={"Content-Type": "text/plain"})
    error_of(answer, 415, "unsupported_media_type")
    answer = await client.request(body.method, body.path, content=b" " * (1024 * 1024 + 1), headers=JSON)
    error_of(answer, 413, "too_large")


async def test_the_table_above_knows_every_route_with_a_body(manager: Manager) -> None:
    here = {(body.method, body.path) for body in BODIES}
    elsewhere = {
        "POST /api/auth/login": "test_sign_in",
        "POST /login": "test_sign_in",
        "POST /logout": "test_sign_in",
        "PATCH /api/me/profile": "test_me",
        "POST /api/me/password": "test_sessions",
        "POST /api/admin/api-tokens": "test_api_tokens",
        "PATCH /api/domains/{domain}/catch-all": "test_forwarding",
    }
    for route in all_routes(build_app(manager.services)):
        if route.method in WRITES and route.route.body_field is not None:
            path = filled(route.path, user="info")
            assert (route.method, path) in here or str(route) in elsewhere, f"{route} has no bad input here"


async def test_routes_without_a_body_take_none_or_an_empty_object(manager: Manager) -> None:
    data_of(await (await manager.session()).post("/api/auth/logout"))
    data_of(await (await manager.session()).post("/api/auth/logout", json={}))
    browser = await manager.session()
    made = await browser.post("/api/admin/api-tokens", json={"label": "x", "is_admin": True})
    path = f"/api/admin/api-tokens/{data_of(made, 201)['id']}/rotate"
    data_of(await browser.post(path))
    data_of(await browser.post(path, json={}))


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/admin/logs?limit=0", "limit"),
        ("/api/admin/logs?limit=501", "limit"),
        ("/api/admin/logs?limit=ten", "limit"),
        ("/api/admin/logs?date=yesterday", "date"),
        ("/api/admin/logs?date=2026-02-30", "date"),
        ("/api/admin/logs?cursor=0", "cursor"),
        ("/api/admin/logs?cursor=x", "cursor"),
        ("/api/admin/logs?cursor=99999999999999999999", "cursor"),
        ("/api/admin/logs?actor=" + "x" * 321, "actor"),
        ("/api/admin/logs?q=a%00b", "q"),
        ("/api/admin/logs/download?format=xlsx", "format"),
        ("/api/admin/logs/0", "id"),
        ("/api/admin/logs/one", "id"),
        (f"{E}/mail-client-settings?username=a%20b", "username"),
        (f"{E}/mail-client-settings?username=a@other.org", "username"),
        (f"{E}/mail-client-settings?username=" + "x" * 321, "username"),
        (f"{E}/mail-client-settings/apple.mobileconfig", "username"),
        (f"{E}/dns/plan?records=mx,nonsense", "records"),
        (f"{E}/dns/plan?replace=spf", "replace"),
        (f"{E}/dns/changes?limit=0", "limit"),
        (f"{E}/dns/changes?cursor=x", "cursor"),
        ("/api/cloudflare/status?check=perhaps", "check"),
        ("/api/domains/nodot", "domain"),
        ("/api/domains/a b.com", "domain"),
        (f"{E}/email-accounts/a@b", "user"),
        (f"{E}/email-accounts/a%20b", "user"),
    ],
)
async def test_wrong_queries_and_paths_are_named(manager: Manager, path: str, field: str) -> None:
    client = await manager.bearer()
    assert wrong_fields(await client.get(path)) == [field]
    assert manager.sandbox.log == []
