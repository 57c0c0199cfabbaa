"""Domains in the browser: the list, adding one, pointers, hosting, deleting."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from e2e.app import App, Delegate


def test_a_domain_is_added_and_the_page_may_be_left(app: App) -> None:
    """onboard.example has a zone at Cloudflare, and its verification record is not there yet."""
    page = app.page
    app.open("/domains")
    page.get_by_role("link", name="Add a domain").click()
    app.look("add-domain")
    _domain(page).fill("https://www.onboard.example/path")
    expect(page.get_by_text("under webmail.onboard.example")).to_be_visible()
    _domain(page).blur()
    expect(_domain(page)).to_have_value("onboard.example")
    _domain(page).fill("Onboard.example ")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Set up onboard.example")).to_be_visible()
    expect(_step(page, "Verification record")).to_contain_text("Done")
    app.look("add-domain-running")

    app.open("/domains/new")
    page.get_by_role("link", name="Go on with onboard.example").click()
    expect(page.get_by_text("The domain is set up", exact=True)).to_be_visible(timeout=60_000)
    expect(_step(page, "Registration at MXroute")).to_contain_text("Done")
    app.look("add-domain-done")
    page.get_by_role("link", name="DNS health").click()
    expect(page.get_by_text(re.compile("^Everything .*is as it should be"))).to_be_visible()


def test_by_hand_the_records_are_listed_and_watched_for(app: App) -> None:
    page = app.page
    app.open("/domains/new?domain=moving.example")
    page.get_by_label("I do, where the DNS is").check()
    page.get_by_label("Set up webmail, too").uncheck()
    page.get_by_role("button", name="Set it up").click()
    records = page.get_by_role("list", name="Publish these records where the DNS of the domain is")
    expect(records.get_by_text("domain-verified")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("It gives up at")).to_be_visible()
    app.look("add-domain-by-hand")

    name = records.get_by_text(re.compile(r"^_da-verify-\w+\.moving\.example$")).inner_text()
    app.sandbox("POST", "/dns", {"name": name, "type": "TXT", "values": ["domain-verified"]})
    expect(records.get_by_text("MX", exact=True).first).to_be_visible(timeout=40_000)
    expect(records.get_by_text("_dmarc.moving.example")).to_be_visible()
    app.look("add-domain-by-hand-records")

    page.get_by_role("button", name="Cancel the set-up").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
    expect(page.get_by_text("The set-up was cancelled")).to_be_visible()


def test_a_wrong_name_is_told_at_the_input(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/domains/new")
    _domain(page).fill("no domain")
    page.get_by_role("button", name="Set it up").click()
    expect(_domain(page)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("must be a domain name")).to_be_visible()
    expect(_domain(page)).to_have_value("no domain")
    app.look("add-domain-wrong")


def test_without_cloudflare_one_publishes_oneself(app: App) -> None:
    app.page.route("**/api/cloudflare/status", lambda route: route.fulfill(json=_answer({"configured": False})))
    app.open("/domains/new")
    expect(app.page.get_by_label("The manager, at Cloudflare")).to_be_disabled()
    expect(app.page.get_by_label("I do, where the DNS is")).to_be_checked()
    app.look("add-domain-no-cloudflare")


def test_all_unhealthy_domains_are_repaired_as_a_job(app: App) -> None:
    page = app.page
    app.open("/domains?state=unhealthy")
    page.get_by_role("button", name="Repair all unhealthy").click()
    expect(page.get_by_role("dialog")).to_contain_text("every other sender in them stays")
    app.look("domains-repair")
    page.get_by_role("button", name="Start the repair").click()
    followed = page.get_by_role("region", name="Repair of all domains")
    expect(followed.get_by_role("link", name="Open the job")).to_be_visible()
    expect(page).to_have_url(re.compile(r"job=\w+"))
    expect(followed.get_by_text("Partly failed")).to_be_visible(timeout=60_000)
    app.look("domains-repaired")
    assert _changed(app, "missing-spf.example") == ["spf"]
    assert _changed(app, "many-lookups.example") == []  # a conflict, left alone


def test_the_overview_tells_the_next_step(app: App) -> None:
    page = app.page
    app.open("/domains/empty.example")
    expect(page.get_by_text("There is no mailbox yet.")).to_be_visible()
    expect(page.get_by_role("link", name="Open the forwarders")).to_be_visible()
    app.look("domain-overview")
    page.get_by_role("link", name="Create a mailbox").click()
    expect(page).to_have_url(re.compile(r"/email-accounts/empty\.example\?panel=create"))


def test_a_pointer_is_added_and_deleted(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/domains/quiet.example/pointers")
    expect(page.get_by_text("No pointers yet")).to_be_visible()
    app.look("pointers-empty")
    page.get_by_role("button", name="Add a pointer").click()
    form = page.get_by_role("dialog", name="Add a pointer")
    form.get_by_label("Domain name").fill("mail.example.com")
    app.look("pointers-add")
    form.get_by_role("button", name="Add a pointer").click()
    expect(form.get_by_text("equals, contains or lies under")).to_be_visible()
    form.get_by_label("Domain name").fill("silent.example")
    form.get_by_role("button", name="Add a pointer").click()
    expect(page.get_by_role("row", name=re.compile("silent.example"))).to_contain_text("Alias")

    page.get_by_role("button", name="Delete the pointer silent.example").click()
    dialog = page.get_by_role("dialog", name="Delete a pointer")
    dialog.get_by_label("Type silent.example to confirm").fill("silent.example")
    dialog.get_by_role("button", name="Delete the pointer").click()
    expect(page.get_by_text("No pointers yet")).to_be_visible()


def test_hosting_is_switched_off_by_name_and_on_again(app: App) -> None:
    page = app.page
    app.open("/domains/shop.example.net/hosting")
    app.look("hosting")
    page.get_by_role("button", name="Switch off").click()
    dialog = page.get_by_role("dialog", name="Switch mail hosting off")
    dialog.get_by_role("button", name="Switch mail hosting off").click()
    expect(dialog.get_by_text("Type it exactly as shown")).to_be_visible()
    app.look("hosting-off")
    dialog.get_by_label("Type shop.example.net to confirm").fill("shop.example.net")
    dialog.get_by_role("button", name="Switch mail hosting off").click()
    expect(page.get_by_text("MXroute takes no mail for this domain.")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch mail hosting on").click()
    expect(page.get_by_text("MXroute takes mail for this domain.")).to_be_visible()


def test_a_domain_is_deleted_by_name(app: App) -> None:
    page = app.page
    app.open("/domains/forwards-only.example/hosting?panel=delete")
    dialog = page.get_by_role("dialog", name="Delete the domain")
    expect(dialog).to_contain_text("all its mailboxes with all mail in them")
    app.look("domain-delete")
    dialog.get_by_label("Type forwards-only.example to confirm").fill("forwards-only.example")
    dialog.get_by_role("button", name="Delete the domain and all its mail").click()
    expect(page.get_by_role("heading", name="Domains", level=1)).to_be_visible()
    assert "forwards-only.example" not in app.api("GET", "/api/domains")


def test_a_domain_that_is_not_there(app: App) -> None:
    app.expect_console_errors()
    app.open("/domains/nowhere.example")
    expect(app.page.get_by_role("link", name="Add nowhere.example")).to_be_visible()
    app.look("domain-nowhere")


def test_a_delegate_has_only_their_views(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["forwarders"]})
    page = app.page
    app.open("/domains/healthy.example")
    views = page.get_by_role("navigation", name="Views of healthy.example")
    expect(views.get_by_role("link")).to_have_text(["Overview", "Pointers"])
    app.look("domain-delegate")
    app.open("/domains/healthy.example/dns")
    expect(page.get_by_role("heading", name="You may not see this")).to_be_visible()
    app.open("/domains/example.com")
    expect(page.get_by_role("heading", name="You may not see this")).to_be_visible()
    app.open("/domains/new")
    expect(page.get_by_text("This page is for administrators.")).to_be_visible()


def test_it_fits_a_phone(app: App) -> None:
    app.page.set_viewport_size({"width": 360, "height": 740})
    for path, name in (("/domains", "list"), ("/domains/example.com", "overview"), ("/domains/new", "new")):
        app.open(path)
        app.look(f"domains-phone-{name}")


def _domain(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("textbox", name="Domain")


def _step(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name)


def _changed(app: App, domain: str) -> list[str]:
    return [each["key"] for each in app.api("GET", f"/api/domains/{domain}/dns/changes")]


def _answer(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data}
