"""Every write of a session proves that our own page sent it; tokens and public routes need no proof."""

from mxm.entrypoints.web import build_app
from support.api import WRITES, all_routes, error_of, filled
from support.manager import Manager

PUBLIC = {"POST /api/auth/login", "POST /login", "POST /logout"}


async def test_no_write_of_a_session_goes_without_its_csrf_token(manager: Manager) -> None:
    browser = await manager.session()
    proof = browser.headers.pop("x-csrf-token")
    seen = len(manager.sandbox.log)
    writes = [r for r in all_routes(build_app(manager.services)) if r.method in WRITES and str(r) not in PUBLIC]
    assert len(writes) > 20
    for route in writes:
        for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": proof[:-1]}, {"X-CSRF-Token": proof + "A"}):
            answer = await browser.request(route.method, filled(route.path), headers=headers, json={})
            error_of(answer, 400, "csrf_failed")
    assert len(manager.sandbox.log) == seen
    assert (await browser.get("/api/me")).status_code == 200


async def test_with_the_token_the_same_writes_are_heard(manager: Manager) -> None:
    for route in all_routes(build_app(manager.services)):
        if route.method in WRITES and str(route) not in PUBLIC:
            browser = await manager.session()
            answer = await browser.request(route.method, filled(route.path), json={})
            assert answer.status_code not in {401, 403}, f"{route}: {answer.text}"
            assert '"csrf_failed"' not in answer.text, str(route)


async def test_reads_need_no_proof(manager: Manager) -> None:
    browser = await manager.session()
    del browser.headers["x-csrf-token"]
    for path in ("/api/me", "/api/domains", "/api/admin/logs"):
        assert (await browser.get(path)).status_code == 200


async def test_the_token_in_a_query_or_body_is_no_proof(manager: Manager) -> None:
    browser = await manager.session()
    proof = browser.headers.pop("x-csrf-token")
    answer = await browser.patch(f"/api/me/profile?csrf_token={proof}", json={"contact_email": None})
    error_of(answer, 400, "csrf_failed")
