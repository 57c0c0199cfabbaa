"""Who may use which route: the contract's table, asked of the running application for every kind of caller."""

from dataclasses import dataclass

import httpx2
import pytest

from mxm.entrypoints.web import build_app
from mxm.platform.access import Permission
from support.api import all_routes, filled
from support.manager import Manager

PUBLIC, ANY, ADMIN, SESSION, ADMIN_SESSION = "public", "any", "admin", "session", "admin session"
ALL = "dashboard|emails|forwarders|spam|dns"

CONTRACT = """
GET /health                                              public
HEAD /health                                             public
GET /health/ready                                        public
GET /metrics                                             admin
POST /api/auth/login                                     public
POST /api/auth/logout                                    session
GET /login                                               public
POST /login                                              public
POST /logout                                             public
GET /static/pages.css                                    public
GET /{page:path}                                         public
HEAD /{page:path}                                        public
GET /assets/{path:path}                                  public
HEAD /assets/{path:path}                                 public
GET /favicon.svg                                         public
HEAD /favicon.svg                                        public
GET /api/me                                              any
PATCH /api/me/profile                                    session
POST /api/me/password                                    session
GET /api/me/sessions                                     session
DELETE /api/me/sessions                                  session
DELETE /api/me/sessions/{id}                             session
GET /api/docs                                            admin session
GET /api/docs/{asset}                                    admin session
GET /api/openapi.json                                    admin session
GET /api/domains                                         any
POST /api/domains                                        admin
GET /api/domains/{domain}                                dashboard|emails|forwarders|spam|dns
DELETE /api/domains/{domain}                             admin
PATCH /api/domains/{domain}/mail-status                  admin
GET /api/domains/{domain}/pointers                       forwarders|dashboard
POST /api/domains/{domain}/pointers                      forwarders
DELETE /api/domains/{domain}/pointers/{pointer}          forwarders
GET /api/quota                                           admin
GET /api/fleet/overview                                  any
POST /api/fleet/refresh                                  any
GET /api/quota/email                                     admin
GET /api/verification-key                                admin
GET /api/domains/{domain}/quota                          dashboard
GET /api/domains/{domain}/email-accounts                 dashboard|emails
POST /api/domains/{domain}/email-accounts                emails
GET /api/domains/{domain}/email-accounts/{user}          emails
PATCH /api/domains/{domain}/email-accounts/{user}        emails
DELETE /api/domains/{domain}/email-accounts/{user}       emails
PATCH /api/domains/{domain}/email-accounts/{user}/recovery emails
GET /api/domains/{domain}/email-accounts.csv             emails
POST /api/email-accounts/import/preview                  any
POST /api/email-accounts/import                          any
GET /api/jobs                                            any
GET /api/jobs/{id}                                       any
GET /api/jobs/{id}/events                                any
GET /api/jobs/{id}/results.csv                           any
POST /api/jobs/{id}/cancel                               any
POST /api/jobs/{id}/passwords                            any
GET /api/domains/{domain}/mail-client-settings           dashboard|emails
GET /api/domains/{domain}/mail-client-settings/apple.mobileconfig dashboard|emails
GET /api/domains/{domain}/mail-client-settings/autoconfig.xml dashboard|emails
GET /api/domains/{domain}/forwarders                     forwarders
POST /api/domains/{domain}/forwarders                    forwarders
DELETE /api/domains/{domain}/forwarders/{alias}          forwarders
GET /api/domains/{domain}/catch-all                      forwarders
PATCH /api/domains/{domain}/catch-all                    forwarders
GET /api/domains/{domain}/spam/settings                  spam
PATCH /api/domains/{domain}/spam/settings                spam
GET /api/domains/{domain}/spam/whitelist                 spam
POST /api/domains/{domain}/spam/whitelist                spam
DELETE /api/domains/{domain}/spam/whitelist/{entry}      spam
GET /api/domains/{domain}/spam/blacklist                 spam
POST /api/domains/{domain}/spam/blacklist                spam
DELETE /api/domains/{domain}/spam/blacklist/{entry}      spam
GET /api/domains/{domain}/dns                            dashboard|dns
GET /api/domains/{domain}/dns/health                     dashboard|dns
GET /api/domains/{domain}/dns/setup-health               dns
GET /api/domains/{domain}/dns/plan                       dns
POST /api/domains/{domain}/dns/fix                       dns
GET /api/domains/{domain}/dns/changes                    dns
GET /api/domains/{domain}/dns/changes/{change}/plan      dns
POST /api/domains/{domain}/dns/changes/{change}/revert   dns
GET /api/domains/{domain}/dmarc-policy                   dns
PATCH /api/domains/{domain}/dmarc-policy                 dns
GET /api/cloudflare/status                               admin
POST /api/cloudflare/setup                               admin
POST /api/cloudflare/dns/fix-bulk                        admin
GET /api/admin/api-tokens                                admin session
POST /api/admin/api-tokens                               admin session
DELETE /api/admin/api-tokens/{id}                        admin session
POST /api/admin/api-tokens/{id}/rotate                   admin session
GET /api/admin/delegations                               admin
POST /api/admin/delegations                              admin
DELETE /api/admin/delegations/{email}                    admin
GET /api/admin/logs                                      admin
GET /api/admin/logs/download                             admin
GET /api/admin/logs/{id}                                 admin
GET /api/admin/sessions                                  admin
DELETE /api/admin/sessions                               admin
DELETE /api/admin/sessions/{id}                          admin
"""


@dataclass(frozen=True)
class Rule:
    """One line of the contract."""

    method: str
    path: str
    needs: str

    def lets(self, *, admin: bool, session: bool, held: frozenset[str]) -> bool:
        """Whether such a caller gets past the guard."""
        if self.needs in {PUBLIC, ANY}:
            return True
        if self.needs == SESSION:
            return session
        if self.needs == ADMIN:
            return admin
        if self.needs == ADMIN_SESSION:
            return admin and session
        return admin or bool(held & set(self.needs.split("|")))


def rules() -> list[Rule]:
    """The table above."""
    return [Rule(*line.split(None, 2)) for line in CONTRACT.strip().splitlines()]


async def asked(client: httpx2.AsyncClient, rule: Rule, domain: str = "example.com") -> int:
    """The status for this caller. Writes are sent with a body that no route takes, so that nothing changes."""
    body = None if rule.method in {"GET", "HEAD", "DELETE"} else {"surplus": 1}
    path = filled(rule.path, domain=domain, user="nobody", alias="nothing", pointer="none.test", entry="none@x.test")
    return (await client.request(rule.method, path, json=body)).status_code


def test_the_table_and_the_application_know_the_same_routes(manager: Manager) -> None:
    here = {(rule.method, rule.path) for rule in rules()}
    there = {(route.method, route.path) for route in all_routes(build_app(manager.services))}
    assert here == there


@pytest.mark.parametrize("permission", list(Permission))
async def test_a_token_with_one_permission_opens_its_routes_and_no_other(
    manager: Manager, permission: Permission
) -> None:
    client = await manager.bearer({"example.com": [permission]})
    for rule in rules():
        may = rule.lets(admin=False, session=False, held=frozenset({permission.value}))
        status = await asked(client, rule)
        assert (status != 403) is may, f"{permission} {rule}: {status}"
        assert status != 401, rule


@pytest.mark.parametrize("permission", list(Permission))
async def test_a_person_with_one_permission_opens_its_routes_and_no_other(
    manager: Manager, permission: Permission
) -> None:
    admin = await manager.bearer()
    kim = {"email": "kim@example.com", "password": "a good password"}
    grants = [{"domain": "example.com", "permissions": [permission]}]
    await admin.post("/api/admin/delegations", json={**kim, "grants": grants})
    browser = await manager.session(kim["email"], kim["password"])
    for rule in rules():
        may = rule.lets(admin=False, session=True, held=frozenset({permission.value}))
        if str(rule.path) in {"/api/auth/logout", "/logout"}:
            continue  # they end the session that the others need
        status = await asked(browser, rule)
        assert (status != 403) is may, f"{permission} {rule}: {status}"


async def test_all_permissions_on_another_domain_open_nothing_here(manager: Manager) -> None:
    client = await manager.bearer({"healthy.example": list(Permission)})
    seen = len(manager.sandbox.log)
    for rule in rules():
        if "{domain}" in rule.path:
            assert await asked(client, rule) == 403, rule
            assert await asked(client, rule, domain="nowhere.test") == 403, rule
    assert len(manager.sandbox.log) == seen


async def test_an_admin_token_opens_all_but_what_needs_a_session(manager: Manager) -> None:
    client = await manager.bearer()
    for rule in rules():
        status = await asked(client, rule)
        assert (status != 403) is rule.lets(admin=True, session=False, held=frozenset()), f"{rule}: {status}"


async def test_an_admin_session_opens_everything(manager: Manager) -> None:
    browser = await manager.session()
    for rule in rules():
        if rule.path in {"/api/auth/logout", "/logout", "/login"}:
            continue
        status = await asked(browser, rule)
        assert status not in {401, 403}, f"{rule}: {status}"


async def test_without_credentials_only_public_routes_answer(manager: Manager) -> None:
    for rule in rules():
        status = await asked(manager.new_client(), rule)
        if rule.path not in {"/api/auth/login", "/login", "/logout"}:
            assert (status != 401) is (rule.needs == PUBLIC), f"{rule}: {status}"


async def test_a_grant_on_a_domain_says_nothing_about_those_below_it(manager: Manager) -> None:
    client = await manager.bearer({"example.com": list(Permission)})
    for domain in ("sub.example.com", "com", "xexample.com", "example.com.evil.test", "example.co"):
        answer = await client.get(f"/api/domains/{domain}")
        assert answer.status_code == 403, domain


async def test_a_domain_is_the_same_in_any_spelling(manager: Manager) -> None:
    client = await manager.bearer({"xn--bcher-kva.example": ["emails"]})
    for spelling in ("xn--bcher-kva.example", "XN--BCHER-KVA.Example", "b%C3%BCcher.example", "B%C3%9CCHER.example"):
        assert (await client.get(f"/api/domains/{spelling}/email-accounts")).status_code == 200, spelling
