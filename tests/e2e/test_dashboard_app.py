"""The dashboard in the browser: what needs attention, the fleet, storage and sending."""

import re

from playwright.sync_api import expect

from e2e.app import App, Delegate


def test_what_needs_attention_stands_first(app: App) -> None:
    page = app.page
    app.open("/")
    urgent = page.get_by_role("region", name="Needs attention")
    row = urgent.get_by_role("listitem").filter(has_text="busy-sender.example")
    expect(row).to_contain_text("Unhealthy")
    expect(row).to_contain_text("SPF fails")
    app.look("dashboard")

    urgent.get_by_role("link", name=re.compile(r"Mail hosting off \(1\)")).click()
    expect(page).to_have_url(re.compile(r"state=off"))
    table = page.get_by_role("table", name="Domains and how they stand")
    expect(table.get_by_role("link", name="parked.example")).to_be_visible()
    expect(table.get_by_role("link", name="bakery.example")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("combobox", name="State")).to_have_value("off")
    page.get_by_role("combobox", name="State").select_option("")
    expect(table.get_by_role("link", name="bakery.example")).to_be_visible()


def test_a_state_that_there_is_not_is_all_states(app: App) -> None:
    app.open("/?state=nonsense")
    expect(app.page.get_by_role("combobox", name="State")).to_have_value("")
    expect(app.page.get_by_role("table").get_by_role("link", name="bakery.example")).to_be_visible()


def test_a_repair_shows_in_the_fleet_at_once(app: App) -> None:
    page = app.page
    app.open("/")
    table = page.get_by_role("table", name="Domains and how they stand")
    row = table.get_by_role("row").filter(has=page.get_by_role("link", name="missing-spf.example", exact=True))
    expect(row).to_contain_text("SPF fails")
    app.api("POST", "/api/domains/missing-spf.example/dns/fix", {})
    row.get_by_role("link", name="missing-spf.example").click()
    page.get_by_role("link", name="DNS health").click()
    app.settle()
    while not page.get_by_text(
        re.compile("^Everything .*is as it should be")
    ).is_visible():  # public DNS takes its time
        page.get_by_role("button", name="Check again").click()
        app.settle()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Dashboard").click()
    expect(row).to_contain_text("Healthy")


def test_rows_that_could_not_be_read_are_not_called_read(app: App) -> None:
    page = app.page
    unread = {"mail_hosting": None, "dns": None, "mailbox_count": None, "checked_at": None, "error": "MXroute is out."}
    rows = [{"domain": name, **unread} for name in ("one.example", "two.example")]
    data = {"last_run_at": None, "domains": [*rows, {**rows[0], "domain": "three.example", "error": None}]}
    page.route("**/api/fleet/refresh", lambda route: route.fulfill(json={"success": True, "data": data}))
    app.open("/")
    page.get_by_role("button", name="Refresh").first.click()
    expect(page.get_by_text("2 of 3 domains could not be read.")).to_be_visible()


def test_storage_and_sending_are_plotted_with_numbers(app: App) -> None:
    page = app.page
    app.open("/?sending=example.com")
    storage = page.get_by_role("region", name="Storage of the account")
    expect(storage).to_contain_text("of 100.0 GiB used")
    expect(storage.get_by_role("link", name="forty.example")).to_be_visible()
    sending = page.get_by_role("region", name="Sending today")
    expect(sending.get_by_role("listitem").filter(has_text="support@example.com")).to_contain_text("140 of 9,600")
    app.look("dashboard-plots")

    sending.get_by_label("Domain to look at").click()
    page.get_by_role("option", name="bakery.example").click()
    expect(page).to_have_url(re.compile(r"sending=bakery\.example"))
    expect(sending.get_by_role("listitem").filter(has_text="orders@bakery.example")).to_be_visible()


def test_all_domains_are_read_anew(app: App) -> None:
    app.open("/")
    app.page.get_by_role("button", name="Refresh").first.click()
    expect(app.page.get_by_text("All domains were read anew.")).to_be_visible(timeout=40_000)


def test_one_part_that_fails_leaves_the_rest(app: App) -> None:
    """MXroute does not tell the account's storage: the fleet, from our own database, stays."""
    app.expect_console_errors()
    page = app.page
    page.route("**/api/quota", lambda route: route.fulfill(status=502, json=_UPSTREAM_DOWN))
    app.open("/")
    storage = page.get_by_role("region", name="Storage of the account")
    expect(storage.get_by_role("alert")).to_contain_text("MXroute or Cloudflare did not confirm it")
    expect(storage.get_by_role("link", name="forty.example")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("link", name="bakery.example")).to_be_visible()
    app.look("dashboard-partly")


def test_a_delegate_sees_their_domains_and_no_account(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["dashboard"], "example.com": ["spam"]})
    page = app.page
    app.open("/")
    table = page.get_by_role("table")
    expect(table.get_by_role("row", name=re.compile("healthy.example"))).to_contain_text("Healthy")
    expect(table.get_by_role("link", name="example.com", exact=True)).to_be_visible()
    expect(table.get_by_role("link", name="bakery.example")).to_have_count(0)
    expect(page.get_by_role("region", name="Storage of the account")).to_have_count(0)
    expect(page.get_by_role("region", name="Sending today")).to_be_visible()
    app.look("dashboard-delegate")


def test_it_fits_a_phone_in_the_dark(app: App) -> None:
    app.page.emulate_media(color_scheme="dark")
    app.page.set_viewport_size({"width": 360, "height": 740})
    app.open("/")
    app.look("dashboard-phone-dark")


_UPSTREAM_DOWN = {
    "success": False,
    "error": {"code": "upstream_error", "message": "MXroute answered with an error (500).", "request_id": "test"},
}
