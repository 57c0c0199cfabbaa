"""The app while MXroute fails, is slow, or refuses: what people read then, and what they do not lose."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e.app import App


@pytest.fixture
def trouble(app: App) -> Iterator[App]:
    """The app with a sandbox that is well again afterwards."""
    app.expect_console_errors()
    yield app
    app.sandbox("POST", "/config", {"faults": [], "latency_ms_min": 0, "latency_ms_max": 0, "read_limit": 100})


def fail(app: App, method: str, path: str, **fault: object) -> None:
    rule = {"kind": "status", **fault, "match": {"method": method, "path": path}}
    app.sandbox("POST", "/config", {"faults": [rule]})


def test_a_list_that_cannot_be_read_says_so_and_comes_back(trouble: App) -> None:
    app = trouble
    fail(app, "GET", "/forwarders$", status_code=500)
    app.open("/forwarders/quiet.example")
    notice = app.page.get_by_role("alert").filter(has_text="MXroute or Cloudflare did not confirm it")
    expect(notice).to_be_visible(timeout=20_000)
    expect(notice.get_by_text("Request id")).to_be_visible()
    app.look("trouble-list")
    app.sandbox("POST", "/config", {"faults": []})
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_have_count(0)
    expect(app.page.get_by_text("No forwarders yet")).to_be_visible()


def test_a_mailbox_behind_a_list_that_cannot_be_read_is_not_called_gone(trouble: App) -> None:
    app = trouble
    error = {"code": "upstream_error", "message": "MXroute is out.", "request_id": "r"}
    answer = {"success": False, "error": error}
    app.page.route("**/bakery.example/email-accounts", lambda route: route.fulfill(status=502, json=answer))
    app.open("/email-accounts/bakery.example?panel=edit&item=orders")
    panel = app.page.get_by_role("dialog", name="orders@bakery.example")
    notice = panel.get_by_role("alert").filter(has_text="MXroute or Cloudflare did not confirm it")
    expect(notice).to_be_visible(timeout=20_000)
    app.look("trouble-mailbox")
    app.page.unroute("**/bakery.example/email-accounts")
    notice.get_by_role("button", name="Try again").click()
    expect(panel.get_by_role("textbox", name="Storage")).to_be_visible()


def test_what_was_known_is_shown_with_its_age(trouble: App) -> None:
    app = trouble
    app.open("/forwarders/forwards-only.example")
    rows = app.page.get_by_role("row").count()
    fail(app, "GET", "/forwarders$", status_code=503)
    banner = app.page.get_by_text("MXroute does not answer. What you see is from")
    while not banner.is_visible():  # what was read counts as fresh for 15 seconds
        app.page.wait_for_timeout(1000)
        app.page.get_by_role("button", name="Refresh").first.click()
        app.settle()
    expect(app.page.get_by_role("row")).to_have_count(rows)
    app.look("trouble-stale")


def test_a_refused_write_keeps_what_was_typed(trouble: App) -> None:
    app = trouble
    app.open("/forwarders/healthy.example?panel=create")
    form = app.page.get_by_role("dialog")
    form.get_by_label("Alias").fill("kept")
    form.get_by_label("Destinations").fill("info@healthy.example,")
    fail(app, "POST", "/forwarders$", status_code=500)
    form.get_by_role("button", name="Create a forwarder").click()
    expect(form.get_by_text("What you entered is kept.")).to_be_visible(timeout=20_000)
    expect(form.get_by_label("Alias")).to_have_value("kept")
    app.look("trouble-write")
    app.sandbox("POST", "/config", {"faults": []})
    form.get_by_role("button", name="Create a forwarder").click()
    expect(app.page.get_by_role("row", name="kept@healthy.example")).to_be_visible()


def test_a_lost_answer_makes_one_forwarder(trouble: App) -> None:
    app = trouble
    app.open("/forwarders/healthy.example?panel=create")
    form = app.page.get_by_role("dialog")
    form.get_by_label("Alias").fill("once")
    form.get_by_label("Destinations").fill("info@healthy.example,")
    fail(app, "POST", "/forwarders$", kind="lose_answer", times=1)
    form.get_by_role("button", name="Create a forwarder").click()
    expect(app.page.get_by_role("row", name="once@healthy.example")).to_be_visible(timeout=20_000)


def test_a_slow_answer_shows_the_shape_of_what_comes(trouble: App) -> None:
    app = trouble
    app.sandbox("POST", "/config", {"latency_ms_min": 1500, "latency_ms_max": 1500})
    app.page.goto(app.demo.url + "/forwarders/no-dkim.example")
    expect(app.page.get_by_role("heading", level=1)).to_be_visible()
    expect(app.page.locator("[aria-busy=true]").first).to_be_visible()
    app.settle()
    app.look("trouble-slow")


def test_the_manager_is_gone(trouble: App) -> None:
    app = trouble
    app.open("/forwarders/healthy.example")
    app.page.context.set_offline(True)
    expect(app.page.get_by_text("This browser is offline.")).to_be_visible()
    app.page.get_by_role("button", name="Refresh").click()
    expect(app.page.get_by_text(re.compile("The manager does not answer|offline")).first).to_be_visible()
    expect(app.page.get_by_role("row", name="contact@healthy.example")).to_be_visible()
    app.page.context.set_offline(False)
    app.page.get_by_role("button", name="Refresh").click()
    expect(app.page.get_by_text("The manager does not answer")).to_have_count(0)
