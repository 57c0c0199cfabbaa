"""The web app as it is served: who gets the page, under which policy, and how its files travel."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from mxm.entrypoints.web_app.coding import choose
from mxm.entrypoints.web_app.routes import SECTIONS
from support.api import JSON, error_of, raw_request
from support.manager import Manager, running_manager

PAGE = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/index-a1.js" nonce="__CSP_NONCE__">'
SCRIPT = b"console.log('the app');" * 20
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ADDRESSES = ["/", *(f"/{section}" for section in SECTIONS), "/domains/example.com/dns", "/jobs/", "/settings/about"]
ELSEWHERE = ["/nowhere", "/domain", "/domainsx", "/Domains", "/index.html", "/manifest.json", "//domains", "/x/domains"]
ELSEWHERE += ["//api/domains", "/%2fdomains", "/%20domains"]
SPLIT = "/jobs/%0d%0aSet-Cookie:x=1"


def put_app(folder: Path) -> Path:
    """A built app as `npm run build` leaves one."""
    files = {
        "index.html": PAGE.encode(),
        "favicon.svg": b"<svg/>",
        "favicon.svg.gz": gzip.compress(b"<svg/>"),
        "manifest.json": b"{}",
        ".source-sha256": b"x",
        "assets/index-a1.js": SCRIPT,
        "assets/index-a1.js.br": b"as brotli",
        "assets/index-a1.js.gz": gzip.compress(SCRIPT),
        "assets/style-b2.css": b"body{}",
        "assets/font-c3.woff2": b"wOF2",
        "assets/odd.bin": b"?",
    }
    for name, content in files.items():
        path = folder / "web_dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Manager]:
    """A manager with a web app."""
    (tmp_path / "secret.txt").write_text("not for the public")
    async with running_manager(put_app(tmp_path)) as found:
        yield found


@pytest.mark.parametrize("path", ADDRESSES)
async def test_every_view_has_the_page_for_those_who_are_signed_in(app: Manager, path: str) -> None:
    browser = await app.session()
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = await browser.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == answer.headers["content-length"]


async def test_styles_need_a_nonce_that_is_new_each_time_and_scripts_stay_strict(app: Manager) -> None:
    browser = await app.session()
    seen = set()
    for _ in range(3):
        answer = await browser.get("/")
        policy = answer.headers["content-security-policy"]
        nonce = re.fullmatch(
            r"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-([A-Za-z0-9+/=]{24})'; "
            r"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
            r"base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            policy,
        )
        assert nonce, policy
        assert answer.text == PAGE.replace("__CSP_NONCE__", nonce[1])
        seen.add(nonce[1])
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("sent", "next_page"),
    [
        ("/", "/"),
        ("/domains/example.com", "/domains/example.com"),
        ("/domains?q=a&sort=-name", "/domains?q=a&sort=-name"),
        ("/domains/b%C3%BCcher.example?q=%26%23", "/domains/b%C3%BCcher.example?q=%26%23"),
        ("/audit-log?q=a+b%20c", "/audit-log?q=a+b%20c"),
        ("/jobs/%0dSet-Cookie:x=1", "/jobs/%0dSet-Cookie:x=1"),
        ("/domains//evil.example", "/domains//evil.example"),
    ],
)
async def test_the_sign_in_leads_back_to_where_one_wanted(app: Manager, sent: str, next_page: str) -> None:
    for method in ("GET", "HEAD"):
        answer = await raw_request(app.asgi, method, sent.encode())
        assert answer.status == 303
        location = httpx2.URL("http://manager.test" + (answer.header("location") or ""))
        assert location.path == "/login"
        assert dict(location.params) == {"next": next_page}
    signed_in = await (await app.session()).get(str(location))
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, next_page)


async def test_a_path_without_its_raw_form_leads_back_as_well(app: Manager) -> None:
    answer = await raw_request(app.asgi, "GET", b"", path="/domains/bücher.example")
    assert answer.header("location") == "/login?next=/domains/b%25C3%25BCcher.example"


async def test_a_session_that_ended_and_a_token_open_no_page(app: Manager) -> None:
    browser = await app.session()
    old = {"Cookie": f"mxm_session={browser.cookies['mxm_session']}"}
    await browser.post("/api/auth/logout")
    for client in (app.new_client(headers=old), await app.bearer()):
        assert (await client.get("/domains")).status_code == 303


@pytest.mark.parametrize("path", ELSEWHERE)
async def test_every_other_address_is_a_404_as_a_page_only_for_people(app: Manager, path: str) -> None:
    cookie = {"Cookie": _cookie(await app.session())}
    for method, headers in (("GET", {}), ("GET", {"Accept": "*/*"}), ("POST", BROWSER)):
        answer = await raw_request(app.asgi, method, path.encode(), headers={**cookie, **headers})
        assert answer.status == 404, path
        assert answer.json()["error"]["code"] == "not_found"
    for headers in (BROWSER, {**cookie, **BROWSER}):
        answer = await raw_request(app.asgi, "GET", path.encode(), headers=headers)
        assert answer.status == 404, path
        assert answer.header("content-type") == "text/html; charset=utf-8"
        assert b"There is nothing at this address" in answer.body


async def test_an_address_with_a_line_break_sets_nothing(app: Manager) -> None:
    answer = await raw_request(app.asgi, "GET", SPLIT.encode(), headers=BROWSER)
    assert answer.status == 404
    assert answer.header("set-cookie") is None


async def test_what_is_there_for_another_method_stays_a_405_for_people_too(app: Manager) -> None:
    error_of(await app.client.get("/logout", headers=BROWSER), 405, "method_not_allowed")
    error_of(await app.client.get("/api/auth/login", headers=BROWSER), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nowhere", "/api/domains/example.com/nowhere", "/api/index.html"]
)
async def test_the_api_never_answers_with_a_page(app: Manager, path: str) -> None:
    error_of(await app.client.get(path, headers=BROWSER), 401, "unauthorized")
    error_of(await app.client.get("/api/public/nowhere", headers=BROWSER), 404, "not_found")
    for client in (await app.session(), await app.bearer()):
        for method in ("GET", "HEAD", "POST", "DELETE"):
            answer = await client.request(method, path, headers=BROWSER)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


async def test_a_page_takes_no_writes(app: Manager) -> None:
    answer = await (await app.session()).post("/domains")
    error_of(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("/assets/index-a1.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/style-b2.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/font-c3.woff2", "font/woff2", "public, max-age=31536000, immutable"),
        ("/assets/odd.bin", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("/favicon.svg", "image/svg+xml", "public, max-age=3600"),
    ],
)
async def test_files_are_public_and_say_what_they_are(app: Manager, path: str, kind: str, caching: str) -> None:
    answer = await app.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["cache-control"] == caching
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in answer.headers
    head = await app.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "x-request-id": ""} == {**answer.headers, "x-request-id": ""}


async def test_the_compressed_form_is_sent_to_those_who_take_it(app: Manager) -> None:
    path, tags = b"/assets/index-a1.js", set()
    for accepted, coding, body in (
        ("gzip, deflate, br, zstd", "br", b"as brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT)),
        ("br;q=0, gzip", "gzip", None),
        ("identity", None, SCRIPT),
        (None, None, SCRIPT),
    ):
        headers = {"Accept-Encoding": accepted} if accepted else {}
        answer = await raw_request(app.asgi, "GET", path, headers=headers)
        assert answer.header("content-encoding") == coding, accepted
        assert answer.header("content-length") == str(len(answer.body))
        if body and coding != "gzip":
            assert answer.body == body
        if coding == "gzip":
            assert gzip.decompress(answer.body) == SCRIPT
        tags.add(answer.header("etag"))
    assert len(tags) == 3, "one for each form"


async def test_what_is_known_is_not_sent_again(app: Manager) -> None:
    tag = (await app.client.get("/favicon.svg")).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        for method in ("GET", "HEAD"):
            answer = await app.client.request(method, "/favicon.svg", headers={"If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
            assert answer.headers["cache-control"] == "public, max-age=3600"
            assert answer.headers["vary"] == "Accept-Encoding"
    assert (await app.client.get("/favicon.svg", headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        "/assets/",
        "/assets",
        "/assets/nothing-d4.js",
        "/assets/index-a1.js.br",
        "/assets/index-a1.js.gz",
        "/assets/index-a1.js/",
        "/assets//index-a1.js",
        "/assets/../index.html",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets/index-a1.js%00",
        "/assets/%2fetc%2fpasswd",
        "/assets/.source-sha256",
        "/.source-sha256",
        "/favicon.svg.gz",
        "/assets%2findex-a1.js/x",
        "/" + "assets/" * 500,
    ],
)
async def test_an_unknown_file_is_a_404_and_no_path_leads_out(app: Manager, raw: str) -> None:
    person, program = [await raw_request(app.asgi, "GET", raw.encode(), headers=each) for each in (BROWSER, JSON)]
    assert (person.status, program.status) == (404, 404), raw
    assert program.json()["error"]["code"] == "not_found"
    assert b"There is nothing at this address" in person.body
    if raw.startswith("/assets/"):
        assert person.json()["error"]["code"] == "not_found"
        assert person.header("cache-control") == "no-store"


async def test_an_app_that_was_not_built_says_how_to_build_it(manager: Manager) -> None:
    assert (await manager.client.get("/domains")).status_code == 303
    browser = await manager.session()
    answer = await browser.get("/domains")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "make demo" in answer.text
    assert "npm run build" in answer.text
    assert (await browser.get("/api/me")).status_code == 200
    for path in ("/assets/index-a1.js", "/favicon.svg"):
        error_of(await manager.client.get(path), 404, "not_found")


async def test_an_app_that_is_built_later_is_found(tmp_path: Path) -> None:
    async with running_manager(tmp_path) as manager:
        browser = await manager.session()
        assert (await browser.get("/")).status_code == 503
        put_app(tmp_path)
        assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("br", "br"),
        ("BR", "br"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.2,br;q=0.9", "br"),
        ("br;q=0", "identity"),
        ("br;q=0.000, gzip;q=0.001", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("identity;q=1, br;q=0.5", "identity"),
        ("identity;q=0, gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate, zstd", "identity"),
        ("br;q=high, gzip;q=2", "identity"),
        ("br ; q=0.4 , gzip ;q=0.5", "gzip"),
        (",,;q=1", "identity"),
    ],
)
def test_the_choice_of_a_coding(accepted: str, coding: str) -> None:
    assert choose(accepted, ["identity", "br", "gzip"]) == coding


def test_only_what_there_is_can_be_chosen() -> None:
    assert choose("br, gzip", ["identity", "gzip"]) == "gzip"
    assert choose("br, *", ["identity"]) == "identity"


def _cookie(browser: httpx2.AsyncClient) -> str:
    return f"mxm_session={browser.cookies['mxm_session']}"
