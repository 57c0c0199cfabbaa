"""The frame of the app: navigation, jumping, the domain in the address, appearance, being lost or signed out."""

import re

import pytest
from playwright.sync_api import expect

from e2e.app import App, Delegate

SECTIONS = (
    "Dashboard",
    "Domains",
    "Email accounts",
    "Forwarders",
    "Spam controls",
    "Access control",
    "Audit log",
    "Jobs",
    "Settings",
)


def test_the_navigation_leads_everywhere(app: App) -> None:
    app.open("/")
    navigation = app.page.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link")).to_have_text(list(SECTIONS))
    for name in SECTIONS:
        navigation.get_by_role("link", name=name, exact=True).click()
        app.settle()
        expect(navigation.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")


def test_a_section_keeps_the_domain_and_the_switcher_changes_it(app: App) -> None:
    page = app.page
    app.open("/forwarders/healthy.example")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Spam controls").click()
    expect(page).to_have_url(re.compile(r"/spam-controls/healthy\.example"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Spam controls of healthy.example")
    app.settle()
    switcher = page.get_by_role("combobox", name="Domain")
    switcher.fill("bakery")
    page.get_by_role("option", name="bakery.example").click()
    expect(page).to_have_url(re.compile(r"/spam-controls/bakery\.example"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Spam controls of bakery.example")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/spam-controls/healthy\.example"))


def test_ctrl_k_jumps_to_a_domain(app: App) -> None:
    page = app.page
    app.open("/settings")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Page, domain or action").fill("forty")
    expect(page.get_by_role("button", name="Email accounts of forty.example")).to_be_visible()
    app.look("jump")
    page.get_by_role("button", name="Email accounts of forty.example").click()
    expect(page).to_have_url(re.compile(r"/email-accounts/forty\.example$"))


def test_the_keyboard_skips_to_the_content(app: App) -> None:
    app.open("/jobs")
    app.page.keyboard.press("Tab")
    expect(app.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    app.page.keyboard.press("Enter")
    assert app.page.evaluate("document.activeElement.id") == "content"


def test_an_address_that_leads_nowhere_says_so(app: App) -> None:
    app.open("/domains/example.com/nonsense")
    expect(app.page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    app.look("not-found")


def test_appearance_is_kept(app: App) -> None:
    page = app.page
    app.open("/settings")
    app.look("settings")
    page.get_by_text("Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    app.look("settings-dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_settings_lead_to_the_api(app: App) -> None:
    app.open("/settings")
    page = app.page
    expect(page.get_by_role("link", name="API reference")).to_have_attribute("href", "/api/docs")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download OpenAPI JSON").click()
    assert download.value.suggested_filename == "mxroute-manager-openapi.json"
    expect(page.get_by_text("MIT", exact=True)).to_be_visible()


def test_a_session_that_ended_keeps_what_was_typed(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/forwarders/healthy.example?panel=create")
    form = page.get_by_role("dialog", name="Create a forwarder")
    form.get_by_label("Alias").fill("after-the-session")
    form.get_by_label("Destinations").fill("info@healthy.example,")
    page.context.clear_cookies()
    form.get_by_role("button", name="Create a forwarder").click()
    again = page.get_by_role("dialog", name="Your session has ended")
    expect(again.get_by_text("Sign in as admin to go on")).to_be_visible()
    app.look("session-ended")
    again.get_by_label("Password").fill("wrong")
    again.get_by_role("button", name="Sign in and go on").click()
    expect(again.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(again.get_by_text("Username or password is wrong.")).to_be_visible()
    expect(again.get_by_role("alert")).to_have_count(0)
    app.look("session-ended-refused")
    page.keyboard.press("Escape")
    again.get_by_label("Password").fill(app.demo.password)
    page.keyboard.press("Enter")
    expect(page.get_by_text("after-the-session@healthy.example is forwarded.")).to_be_visible()
    expect(again).to_have_count(0)
    expect(page.get_by_role("row", name="after-the-session@healthy.example")).to_be_visible()


def test_a_session_begun_in_another_tab_is_enough(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/jobs?state=failed")
    page.context.clear_cookies()
    page.get_by_role("button", name="Refresh").click()
    again = page.get_by_role("dialog", name="Your session has ended")
    expect(again).to_be_visible()
    login = {"username": "admin", "password": app.demo.password}
    assert page.context.request.post(f"{app.demo.url}/api/auth/login", data=login).ok
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(again).to_have_count(0)
    expect(page).to_have_url(app.demo.url + "/jobs?state=failed")


def test_what_waits_to_be_sent_is_never_sent_for_somebody_else(app: App) -> None:
    """Whichever way the page learns of it: by looking when it gets the focus, or by asking who is signed in."""
    app.expect_console_errors()
    page = app.page
    grants = [{"domain": "healthy.example", "permissions": ["forwarders"]}]
    other = {"email": "other@people.example", "password": "Delegate-1234"}
    app.api("POST", "/api/admin/delegations", {**other, "grants": grants})
    app.open("/forwarders/healthy.example?panel=create")
    form = page.get_by_role("dialog", name="Create a forwarder")
    form.get_by_label("Alias").fill("not-mine")
    form.get_by_label("Destinations").fill("info@healthy.example,")
    page.context.clear_cookies()
    form.get_by_role("button", name="Create a forwarder").click()
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_visible()
    login = {"username": other["email"], "password": other["password"]}
    assert page.context.request.post(f"{app.demo.url}/api/auth/login", data=login).ok
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("button", name="Account of other@people.example")).to_be_visible()
    aliases = [each["alias"] for each in app.api("GET", "/api/domains/healthy.example/forwarders")]
    assert "not-mine" not in aliases


def test_a_page_begins_anew_when_it_learns_that_it_is_somebody_elses(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/settings")
    somebody = {**page.evaluate("fetch('/api/me').then((answer) => answer.json())"), "success": True}
    somebody["data"]["email"] = "somebody@people.example"
    page.route("**/api/me", lambda route: route.fulfill(json=somebody), times=1)
    page.route("**/api/me/profile", lambda route: route.abort())  # after which all is asked for again
    with page.expect_event("load"):
        page.get_by_label("Contact address").fill("me@people.example")
        page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("button", name="Account of admin")).to_be_visible()


def test_a_view_opened_without_a_session_leads_to_the_sign_in_and_back(app: App) -> None:
    app.page.context.clear_cookies()
    app.page.goto(app.demo.url + "/jobs?state=failed")
    expect(app.page).to_have_url(re.compile(r"/login\?next="))
    app.page.get_by_label("Username").fill("admin")
    app.page.get_by_label("Password").fill(app.demo.password)
    app.page.get_by_role("button", name="Sign in").click()
    expect(app.page).to_have_url(app.demo.url + "/jobs?state=failed")


@pytest.mark.parametrize("name", ["Healthy.Example", "HEALTHY.EXAMPLE."])
def test_a_domain_in_the_address_may_be_written_in_any_way(app: App, name: str) -> None:
    app.open(f"/domains/{name}")
    expect(app.page.get_by_role("heading", name="healthy.example", level=1)).to_be_visible()
    app.open(f"/forwarders/{name}")
    expect(app.page.get_by_role("row", name="contact@healthy.example")).to_be_visible()


def test_a_table_of_cards_is_sorted_by_a_box(app: App) -> None:
    page = app.page
    page.set_viewport_size({"width": 360, "height": 740})
    app.open("/domains")
    table = page.get_by_role("table")
    expect(page.get_by_role("columnheader")).to_have_count(0)
    page.get_by_role("combobox", name="Sort by").select_option("Domain, descending")
    expect(page).to_have_url(re.compile("sort=-domain"))
    names = table.get_by_role("link", name=re.compile(r"\.example$|\.com$")).all_inner_texts()
    assert names == sorted(names, reverse=True)
    app.look("cards-sorted")


def test_signing_out(delegate: Delegate) -> None:
    app = delegate({"example.com": ["emails"]})
    app.page.get_by_role("button", name="Account of").click()
    app.look("account-menu")
    app.page.get_by_role("button", name="Sign out", exact=True).click()
    expect(app.page).to_have_url(app.demo.url + "/login")
    app.page.goto(app.demo.url + "/jobs")
    expect(app.page).to_have_url(re.compile("/login"))


def test_profile_and_password(delegate: Delegate) -> None:
    app = delegate({"example.com": ["emails"]})
    page = app.page
    app.open("/settings")
    expect(page.get_by_text("example.com: Email accounts")).to_be_visible()
    expect(page.get_by_role("link", name="API reference")).to_have_count(0)
    page.get_by_label("Contact address").fill("me@people.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your contact address is saved.")).to_be_visible()
    app.expect_console_errors()
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password").fill("Another-1234")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_label("Present password")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Present password").fill("Delegate-1234")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.get_by_label("Contact address").fill("other@people.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (2560, "light")])
def test_the_frame_fits_every_screen(app: App, width: int, scheme: str) -> None:
    app.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    app.page.set_viewport_size({"width": width, "height": 800})
    app.open("/settings")
    if width < 768:
        app.page.get_by_role("button", name="Open the navigation").click()
        expect(app.page.get_by_role("link", name="Audit log")).to_be_visible()
    app.look(f"frame-{width}-{scheme}")


@pytest.mark.parametrize("path", ["/", "/domains", "/jobs", "/audit-log"])
def test_lists_in_the_dark(app: App, path: str) -> None:
    app.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    app.open(path)
    app.look(f"dark{path.replace('/', '-')}")
