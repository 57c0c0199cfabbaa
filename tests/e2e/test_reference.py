"""The way of an administrator through the sign-in and the API reference."""

import json
import urllib.request
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from e2e.app import Demo

SIGN_OUT = """async () => {
  const token = document.cookie.match(/csrf_token=([^;]+)/)[1];
  return (await fetch("/api/auth/logout", {method: "POST", headers: {"X-CSRF-Token": token}})).status;
}"""


def sign_in(page: Page, demo: Demo, path: str = "/api/docs") -> None:
    page.goto(demo.url + path)
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in").click()


def test_the_reference_asks_for_a_sign_in_and_comes_back(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    expect(page).to_have_url(demo.url + "/api/docs")
    expect(page.get_by_text("List mailboxes")).to_be_visible()


def test_a_wrong_password_is_told_and_keeps_the_user_name(page: Page, demo: Demo) -> None:
    page.goto(demo.url + "/login")
    page.get_by_label("Username").fill("somebody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Username or password is wrong.")
    expect(page.get_by_label("Username")).to_have_value("somebody")


def test_a_token_made_in_the_reference_works(page: Page, demo: Demo) -> None:
    sign_in(page, demo, "/login?next=/api/docs%23/Admin/create_token")
    operation = page.locator("#operations-Admin-create_token")
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .microlight").first
    expect(answer).to_contain_text("mxm_")
    token = json.loads(answer.inner_text())["data"]["token"]
    request = urllib.request.Request(
        demo.url + "/api/domains/example.com/email-accounts", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as found:
        assert json.load(found)["success"] is True


def test_the_search_keeps_what_matches(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    page.get_by_label("Search").fill("catch-all")
    expect(page.get_by_text("Read the catch-all")).to_be_visible()
    expect(page.get_by_text("List mailboxes")).to_be_hidden()


def test_the_pages_are_quiet_and_ask_no_other_host(page: Page, demo: Demo) -> None:
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    sign_in(page, demo)
    expect(page.get_by_text("List mailboxes")).to_be_visible()
    assert errors == []
    assert hosts <= {urlsplit(demo.url).netloc, ""}


def test_signing_out_ends_the_session(page: Page, demo: Demo) -> None:
    sign_in(page, demo)
    expect(page).to_have_url(demo.url + "/api/docs")
    assert page.evaluate(SIGN_OUT) == 200
    page.goto(demo.url + "/api/docs")
    expect(page).to_have_url(demo.url + "/login?next=/api/docs")


def test_the_sign_in_fits_a_phone(page: Page, demo: Demo) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(demo.url + "/login")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
