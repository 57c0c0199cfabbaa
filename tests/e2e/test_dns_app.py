"""DNS of a domain in the browser: health, repair, undo, DMARC."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.app import App, Delegate


def test_a_repair_is_shown_applied_and_undone(app: App) -> None:
    page = app.page
    app.open("/domains/example.com/dns")
    expect(_check(page, "MX")).to_contain_text("Failing")
    app.look("dns-health")
    page.get_by_role("button", name="Show the repair").click()
    panel = page.get_by_role("dialog", name="Repair of example.com")
    expect(panel.get_by_role("heading", name="MX example.com")).to_be_visible()
    app.look("dns-plan")
    panel.get_by_role("button", name="Apply 6 changes").click()
    expect(panel.get_by_text("Created MX example.com: 10")).to_be_visible()
    app.look("dns-repaired")
    # Public DNS shows it two seconds later; the health is asked again by itself.
    expect(_check(page, "MX", hidden=True)).to_contain_text("OK", timeout=20_000)

    panel.get_by_role("link", name="See it in the history").click()
    expect(page.get_by_text("by admin")).to_be_visible()
    app.look("dns-history")
    page.get_by_role("button", name="Undo TXT _dmarc.example.com").click()
    undo = page.get_by_role("dialog", name="Undo a change")
    expect(undo.get_by_text("goes: ", exact=False).first).to_be_attached()
    app.look("dns-undo")
    undo.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()

    page.get_by_role("button", name="Undo the rest").click()
    undo.get_by_role("button", name="Undo all 5").click()
    expect(undo).to_be_hidden()
    expect(page.get_by_text("Undone", exact=True)).to_have_count(6)
    assert app.api("GET", "/api/domains/example.com/dns/health")["domain"] == "example.com"


def test_others_records_are_replaced_only_when_told_to(app: App) -> None:
    page = app.page
    app.open("/domains/other-mx.example/dns?panel=plan")
    panel = page.get_by_role("dialog", name="Repair of other-mx.example")
    expect(panel).to_contain_text("Replacing that moves the domain's mail to MXroute.")
    expect(panel.get_by_role("button", name="Apply 1 change")).to_be_visible()
    app.look("dns-conflict")
    panel.get_by_label("Replace these 3 records of somebody else").click()  # moves to the change it makes
    expect(panel.get_by_role("button", name="Apply 2 changes")).to_be_enabled()
    expect(page).to_have_url(re.compile(r"replace="))
    page.reload()
    expect(panel.get_by_label("Replace the 3 records that are there")).to_be_checked()
    app.look("dns-replace")
    panel.get_by_role("checkbox", name="SPF").uncheck()
    panel.get_by_role("button", name="Apply 1 change").click()
    expect(panel.get_by_text("Repaired: MX", exact=True)).to_be_visible()


def test_an_undoing_is_refused_when_the_record_changed_since(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    for policy in ("reject", "quarantine"):
        record = {"dmarc_record": f"v=DMARC1; p={policy}; rua=mailto:dmarc@two-spf.example"}
        app.api("PATCH", "/api/domains/two-spf.example/dmarc-policy", record)
        app.api("POST", "/api/domains/two-spf.example/dns/fix", {"records": ["dmarc"]})
    app.open("/domains/two-spf.example/history")
    page.get_by_role("button", name="Undo TXT _dmarc.two-spf.example").last.click()
    undo = page.get_by_role("dialog", name="Undo a change")
    undo.get_by_role("button", name="Undo it").click()
    expect(undo.get_by_role("alert").first).to_contain_text("It is in the way of something that exists")
    expect(undo).to_contain_text("so that nobody's later work is lost")
    app.look("dns-undo-refused")


def test_webmail_is_a_matter_of_choice(app: App) -> None:
    page = app.page
    app.open("/domains/shop.example.net/dns")
    page.get_by_role("button", name="Set up webmail").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("checkbox", name="webmail")).to_be_checked()
    panel.get_by_role("button", name="Apply 1 change").click()
    expect(panel.get_by_text("Repaired: webmail")).to_be_visible()


def test_differences_are_marked_by_more_than_colour(app: App) -> None:
    page = app.page
    app.open("/domains/busy-sender.example/dns")
    spf = _check(page, "SPF")
    expect(spf.locator("ins")).to_have_text(["missing: include:mxroute.com"])
    # Pasted over a record that names other senders, it would lock them out.
    expect(spf.get_by_text("Add what is missing to it and keep its other senders")).to_be_visible()
    expect(spf.get_by_role("button", name="Copy v=spf1")).to_have_count(0)
    app.look("dns-difference")


def test_without_a_zone_the_records_are_set_by_hand(app: App) -> None:
    page = app.page
    app.open("/domains/elsewhere.example/dns")
    expect(page.get_by_text("No Cloudflare zone was found")).to_be_visible()
    expect(page.get_by_role("button", name="Show the repair")).to_have_count(0)
    records = page.get_by_role("list", name="Records to set by hand")
    expect(records.get_by_text("_dmarc.elsewhere.example")).to_be_visible()
    # MXroute's own SPF record would take the senders' right away that are there.
    expect(records.get_by_text("v=spf1", exact=False)).to_have_count(0)
    app.look("dns-by-hand")


def test_a_pending_zone_names_its_name_servers(app: App) -> None:
    app.open("/domains/pending-zone.example/dns")
    expect(app.page.get_by_text("The zone pending-zone.example is not public yet")).to_be_visible()
    expect(app.page.get_by_role("button", name="Copy bob.ns.cloudflare.com")).to_be_visible()
    app.look("dns-pending")


def test_a_policy_is_edited_by_fields_and_as_text(app: App) -> None:
    page = app.page
    app.open("/domains/weak-dmarc.example/dmarc")
    app.look("dmarc")
    page.get_by_label("A policy of its own").check()
    record = page.get_by_label("Record", exact=True)
    record.fill("v=DMARC1; p=none; x-kept=yes")
    page.get_by_label("Forged mail of the domain (p)").select_option("reject")
    page.get_by_label("Daily reports to (rua)").fill("dmarc@reports.test")
    page.get_by_label("Daily reports to (rua)").blur()
    expect(record).to_have_value("v=DMARC1; p=reject; x-kept=yes; rua=mailto:dmarc@reports.test;")
    expect(page.get_by_text("reports.test must agree")).to_be_visible()
    record.fill("v=DMARC1; p=quarantine")
    expect(page.get_by_label("Forged mail of the domain (p)")).to_have_value("quarantine")
    app.look("dmarc-edit")
    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_text("The published policy is not the one that was set for this domain.")).to_be_visible()
    assert app.api("GET", "/api/domains/weak-dmarc.example/dmarc-policy")["effective"] == "v=DMARC1; p=quarantine"

    page.get_by_role("link", name="Publish it: show the repair").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Apply 1 change").click()
    expect(panel.get_by_text("Repaired: DMARC")).to_be_visible()


def test_a_weaker_policy_is_warned_of_and_the_default_comes_back(app: App) -> None:
    page = app.page
    app.open("/domains/healthy.example/dmarc")
    page.get_by_label("A policy of its own").check()
    page.get_by_label("Record", exact=True).fill("v=DMARC1; p=none")
    expect(page.get_by_text("Weaker than what is published")).to_be_visible()
    app.look("dmarc-weaker")
    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_text("The domain's own", exact=True)).to_be_visible()
    page.get_by_label("The default of this installation").check()
    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_text("Default of this installation", exact=True)).to_be_visible()
    assert app.api("GET", "/api/domains/healthy.example/dmarc-policy")["custom"] is False


def test_a_wrong_policy_is_told_at_the_record(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/domains/healthy.example/dmarc")
    page.get_by_label("A policy of its own").check()
    record = page.get_by_label("Record", exact=True)
    record.fill("v=DMARC1; p=sometimes")
    expect(page.get_by_text("The value of p is none that exists.")).to_be_visible()
    page.get_by_role("button", name="Save the policy").click()
    expect(record).to_have_attribute("aria-invalid", "true")
    app.look("dmarc-wrong")


def test_who_only_looks_cannot_repair(delegate: Delegate) -> None:
    app = delegate({"missing-spf.example": ["dashboard"]})
    app.open("/domains/missing-spf.example/dns")
    expect(_check(app.page, "SPF")).to_contain_text("Failing")
    expect(app.page.get_by_role("button", name=re.compile("epair"))).to_have_count(0)
    app.look("dns-delegate")


def test_it_fits_a_phone_in_the_dark(app: App) -> None:
    app.page.emulate_media(color_scheme="dark")
    app.page.set_viewport_size({"width": 360, "height": 740})
    for path, name in (("dns", "health"), ("dns?panel=plan", "plan"), ("dmarc", "dmarc"), ("history", "history")):
        app.open(f"/domains/two-spf.example/{path}")
        if name == "plan":
            expect(app.page.get_by_role("dialog").get_by_text("What to repair")).to_be_visible()
        app.look(f"dns-phone-{name}")


def _check(page: Page, name: str, *, hidden: bool = False) -> Locator:
    """The card of a check. While a panel is open the page behind it is hidden from assistive technology."""
    return page.get_by_role("article", include_hidden=hidden).filter(
        has=page.get_by_role("heading", name=re.compile(f"^{name}:"), include_hidden=hidden)
    )
