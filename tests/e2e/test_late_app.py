"""Answers that come late, or never while offline: nothing is done that was called off, and nobody is led away."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from e2e.app import App


@pytest.fixture
def slow(app: App) -> Iterator[App]:
    """The app before an MXroute that takes two seconds."""
    yield app
    app.sandbox("POST", "/config", {"latency_ms_min": 0, "latency_ms_max": 0})


def take_time(app: App) -> None:
    app.sandbox("POST", "/config", {"latency_ms_min": 1500, "latency_ms_max": 1500})


def fill(app: App, alias: str) -> Locator:
    app.page.get_by_role("button", name="Create a forwarder").first.click()
    form = app.page.get_by_role("dialog", name="Create a forwarder")
    form.get_by_label("Alias").fill(alias)
    form.get_by_label("Destinations").fill("info@healthy.example,")
    return form


def test_an_answer_that_comes_late_leads_nobody_away(slow: App) -> None:
    page = slow.page
    slow.open("/forwarders/healthy.example")
    form = fill(slow, "late")
    take_time(slow)
    form.get_by_role("button", name="Create a forwarder").click()
    page.keyboard.press("Escape")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    page.get_by_label("Contact address").fill("typed@people.example")
    expect(page.get_by_text("late@healthy.example is forwarded.")).to_be_visible(timeout=15_000)
    expect(page).to_have_url(re.compile("/settings"))
    expect(page.get_by_label("Contact address")).to_have_value("typed@people.example")


def test_a_late_answer_closes_no_other_panel(slow: App) -> None:
    page = slow.page
    slow.open("/forwarders/healthy.example")
    fill(slow, "first").get_by_role("button", name="Create a forwarder").click()
    page.get_by_role("button", name="Delete first@healthy.example").click()
    dialog = page.get_by_role("dialog", name="Delete a forwarder")
    dialog.get_by_label("Type first to confirm").fill("first")
    take_time(slow)
    dialog.get_by_role("button", name="Delete the forwarder").click()
    page.keyboard.press("Escape")
    form = fill(slow, "second")
    expect(page.get_by_text("first@healthy.example is no longer forwarded.")).to_be_visible(timeout=15_000)
    expect(form.get_by_label("Alias")).to_have_value("second")


def test_what_was_called_off_while_offline_is_not_done_later(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/forwarders/healthy.example")
    page.get_by_role("button", name="Delete contact@healthy.example").click()
    dialog = page.get_by_role("dialog", name="Delete a forwarder")
    dialog.get_by_label("Type contact to confirm").fill("contact")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Delete the forwarder").click()
    expect(dialog.get_by_text("The manager does not answer")).to_be_visible()
    dialog.get_by_role("button", name="Go back").click()
    page.context.set_offline(False)
    expect(page.get_by_text("This browser is offline.")).to_have_count(0)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("row", name="contact@healthy.example")).to_be_visible()
    aliases = [each["alias"] for each in app.api("GET", "/api/domains/healthy.example/forwarders")]
    assert "contact" in aliases


def test_a_view_that_cannot_be_loaded_while_offline_is_no_end_of_the_app(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/settings")
    page.context.set_offline(True)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs").click()
    expect(page.get_by_text("The manager does not answer")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()


def test_the_focus_comes_back_where_it_was(app: App) -> None:
    page = app.page
    app.open("/forwarders/healthy.example")
    for name in ("Create a forwarder", "Delete contact@healthy.example", "Jump to"):
        button = page.get_by_role("button", name=name).first
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button).to_be_focused()


def test_the_focus_comes_back_from_a_panel_that_slides_and_was_the_first(app: App) -> None:
    page = app.page
    page.emulate_media(reduced_motion="no-preference")
    app.open("/forwarders/healthy.example")
    button = page.get_by_role("button", name="Create a forwarder").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Alias")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_what_was_typed_is_not_thrown_away_without_a_question(app: App) -> None:
    page = app.page
    app.open("/forwarders/healthy.example")
    form = fill(app, "kept")
    form.get_by_label("Alias").focus()
    page.keyboard.press("Escape")
    expect(form.get_by_text("Discard what you entered?")).to_be_visible()
    app.look("panel-discard")
    form.get_by_role("button", name="Keep editing").click()
    page.mouse.click(50, 700)
    expect(form.get_by_text("Discard what you entered?")).to_be_visible()
    expect(form.get_by_label("Alias")).to_have_value("kept")
    form.get_by_role("button", name="Discard").click()
    expect(form).to_have_count(0)
    page.get_by_role("button", name="Create a forwarder").first.click()
    expect(form.get_by_label("Alias")).to_have_value("")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_what_was_refused_is_asked_about_as_well_and_brought_into_view(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    page.set_viewport_size({"width": 1280, "height": 420})
    app.open("/email-accounts/healthy.example?panel=create")
    form = page.get_by_role("dialog", name="Create a mailbox")
    form.get_by_label("Username").fill("no such name")
    form.get_by_role("button", name="Generate").click()
    form.get_by_role("button", name="Create a mailbox").click()
    expect(form.get_by_label("Username")).to_be_focused()
    expect(form.get_by_label("Username")).to_be_in_viewport()
    expect(form.get_by_label("Username")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(form.get_by_text("Discard what you entered?")).to_be_visible()


@pytest.mark.parametrize("search", ["entry=abc", "date=nonsense", "date=2020-13-45", "page=9999&sort=x", "entry=[1]"])
def test_an_odd_address_breaks_nothing(app: App, search: str) -> None:
    app.open(f"/audit-log?{search}")
    expect(app.page.get_by_role("heading", name="Audit log")).to_be_visible()


def test_an_opened_choice_has_nothing_that_keeps_people_out(app: App) -> None:
    app.open("/settings")
    app.page.get_by_role("combobox", name="Domain").click()
    expect(app.page.get_by_role("option", name="healthy.example")).to_be_visible()
    app.look("domain-switcher")
