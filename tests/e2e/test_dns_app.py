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
    # Public DNS shows this a little later, too: the health is asked again though its view is not open.
    with page.expect_response(lambda answer: "setup-health" in answer.url, timeout=15_000):
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
    expect(undo.get_by_role("alert").first).to_contain_text("TXT _dmarc.two-spf.example has changed since")
    expect(undo.get_by_role("button", name="Undo it")).to_have_count(0)
    expect(undo).to_contain_text("so that nobody's later work is lost")
    app.look("dns-undo-refused")


def test_a_plan_that_changed_is_shown_again_before_it_is_applied(app: App) -> None:
    app.expect_console_errors()
    page, policy = app.page, "/api/domains/many-lookups.example/dmarc-policy"
    app.api("PATCH", policy, {"dmarc_record": "v=DMARC1; p=reject"})
    app.open('/domains/many-lookups.example/dns?panel=plan&records=["dmarc"]')
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("p=reject")
    app.api("PATCH", policy, {"dmarc_record": "v=DMARC1; p=none"})
    panel.get_by_role("button", name="Apply 1 change").click()
    expect(panel.get_by_role("alert")).to_contain_text("The plan has changed")
    expect(panel).to_contain_text("p=none")
    expect(panel).not_to_contain_text("p=reject")
    app.look("dns-plan-changed")
    assert app.api("GET", "/api/domains/many-lookups.example/dns/changes") == []
    panel.get_by_role("button", name="Apply 1 change").click()
    expect(panel.get_by_text("Repaired: DMARC")).to_be_visible()
    (change,) = app.api("GET", "/api/domains/many-lookups.example/dns/changes")
    assert change["after"][0]["content"] == "v=DMARC1; p=none"


def test_an_undoing_that_changed_is_shown_again_before_it_is_done(app: App) -> None:
    app.expect_console_errors()
    page, base = app.page, "/api/domains/proxied.example"
    app.api("PATCH", f"{base}/dmarc-policy", {"dmarc_record": "v=DMARC1; p=reject; aspf=s"})
    app.api("POST", f"{base}/dns/fix", {"records": ["dmarc", "mail"]})
    mail, _ = app.api("GET", f"{base}/dns/changes")
    app.open("/domains/proxied.example/history")
    page.get_by_role("button", name="Undo all of it").click()
    undo = page.get_by_role("dialog", name="Undo a change")
    expect(undo.get_by_role("button", name="Undo all 2")).to_be_enabled()
    app.api("POST", f"{base}/dns/changes/{mail['id']}/revert", {})
    undo.get_by_role("button", name="Undo all 2").click()
    expect(undo.get_by_role("alert")).to_contain_text("What would be undone has changed")
    app.look("dns-undo-changed")
    undo.get_by_role("button", name="Undo it").click()
    expect(undo).to_be_hidden()
    expect(page.get_by_text("Undone", exact=True)).to_have_count(2)


def test_an_undoing_counts_what_is_further_back_than_what_is_loaded(app: App) -> None:
    page, base = app.page, "/api/domains/parked.example/dns"
    records = ["mx", "spf", "dkim", "dmarc", "verification", "mail"]
    repair = app.api("POST", f"{base}/fix", {"records": records})["fix_id"]
    for _ in range(4):
        undoing = app.api("POST", f"{base}/changes/{repair}/revert", {})["fix_id"]
        app.api("POST", f"{base}/changes/{undoing}/revert", {})
    app.open("/domains/parked.example/history")  # fifty changes: 48 to and fro, two of the repair's six
    expect(page.get_by_role("button", name="Load more")).to_be_visible()
    page.get_by_role("button", name="Undo the repair").click()
    undo = page.get_by_role("dialog", name="Undo a change")
    expect(undo).to_contain_text("These 6 record sets")
    undo.get_by_role("button", name="Undo all 6").click()
    expect(undo).to_be_hidden()
    assert app.api("GET", f"{base}/changes/{repair}/plan")["reverts"] == []


def test_what_could_not_be_looked_up_is_said_and_needs_no_repair(app: App) -> None:
    page = app.page
    fault = {"kind": "servfail", "name": r"^(x\._domainkey\.)?quiet\.example$"}
    app.sandbox("POST", "/config", {"dns_faults": [fault]})
    try:
        app.open("/domains/quiet.example/dns?panel=plan")
        panel = page.get_by_role("dialog", name="Repair of quiet.example")
        expect(panel.get_by_role("alert")).to_contain_text("Nothing is known of: MX, SPF, DKIM")
        expect(panel).not_to_contain_text("Nothing needs a repair")
        app.look("dns-plan-unknown")
        panel.get_by_role("button", name="Close").click()
        expect(_check(page, "DKIM").get_by_role("button", name="Check DKIM again")).to_be_visible()
        expect(page.get_by_role("button", name="Repair DKIM")).to_have_count(0)
        app.look("dns-unknown")
    finally:
        app.sandbox("POST", "/config", {"dns_faults": []})
    _check(page, "DKIM").get_by_role("button", name="Check DKIM again").click()
    expect(_check(page, "DKIM")).to_contain_text("The key is published.")
    app.open("/domains/quiet.example/dns?panel=plan")
    expect(page.get_by_role("dialog")).to_contain_text("Nothing needs a repair")


def test_a_bad_word_in_the_address_takes_no_good_one_along(app: App) -> None:
    app.open('/domains/two-spf.example/dns?panel=plan&records=["mx",5,null,{"a":1},"nonsense","dkim"]&replace=7')
    panel = app.page.get_by_role("dialog")
    expect(panel.get_by_role("checkbox", name="MX")).to_be_checked()
    expect(panel.get_by_role("checkbox", name="DKIM")).to_be_checked()
    expect(panel.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_characters_that_nobody_sees_are_shown(app: App) -> None:
    values = ["v=spf1 include:\u202emoc.etuorxm\u0007 -all"]
    app.sandbox("POST", "/dns", {"name": "forty.example", "type": "TXT", "values": values})
    page = app.page
    app.open("/domains/forty.example/dns")
    again = page.get_by_role("button", name="Check again")
    for _ in range(8):  # public a little later
        if _check(page, "SPF").get_by_text("Failing").count():
            break
        page.wait_for_timeout(500)
        again.click()
        app.settle()
    expect(_check(page, "SPF")).to_contain_text("include:U+202Emoc.etuorxmU+0007")
    assert "\u202e" not in page.content()
    app.look("dns-unseen")


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


def test_what_could_not_be_checked_is_not_called_well(app: App) -> None:
    page = app.page
    app.open("/domains/no-dkim.example/dns")
    said = page.get_by_role("status").filter(has_text="Everything that could be checked is as it should be.")
    expect(said).to_contain_text("Not checked: DKIM")
    mailbox = {"username": "one", "password": "Abcd-1234-efgh", "quota": 100}
    app.api("POST", "/api/domains/no-dkim.example/email-accounts", mailbox)
    app.open("/domains/no-dkim.example")
    expect(page.get_by_text("Nothing to do, as far as could be checked. Not checked: DKIM.")).to_be_visible()


def test_a_wrong_policy_is_told_at_the_record(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/domains/healthy.example/dmarc")
    page.get_by_label("A policy of its own").check()
    record = page.get_by_label("Record", exact=True)
    record.fill("v=DMARC1; p=sometimes")
    expect(page.get_by_text("p has a value that does not exist: “sometimes”.")).to_be_visible()
    page.get_by_role("button", name="Save the policy").click()
    expect(record).to_have_attribute("aria-invalid", "true")
    app.look("dmarc-wrong")


def test_addresses_of_reports_are_judged_where_they_are_typed(app: App) -> None:
    page = app.page
    app.open("/domains/no-dkim.example/dmarc")
    page.get_by_label("A policy of its own").check()
    record, reports = page.get_by_label("Record", exact=True), page.get_by_label("Daily reports to (rua)")
    before = record.input_value()
    for typed in ("a@press.example; b@press.example", "a@press.example b@press.example", "Lee,Kim@press.example"):
        reports.fill(typed)
        reports.press("Enter")
        expect(reports).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_text("is no address. Separate addresses by commas")).to_be_visible()
        expect(record).to_have_value(before)
    app.look("dmarc-address")
    assert app.api("GET", "/api/domains/no-dkim.example/dmarc-policy")["custom"] is False
    reports.fill("a@press.example, b@press.example")
    reports.press("Enter")  # the field is not left
    expect(page.get_by_text("The domain's own", exact=True)).to_be_visible()
    saved = app.api("GET", "/api/domains/no-dkim.example/dmarc-policy")["effective"]
    assert saved.endswith("rua=mailto:a@press.example,mailto:b@press.example;")
    expect(record).to_have_value(saved)


def test_a_tag_that_stands_twice_is_no_choice(app: App) -> None:
    page = app.page
    app.open("/domains/bakery.example/dmarc")
    page.get_by_label("A policy of its own").check()
    record, policy = page.get_by_label("Record", exact=True), page.get_by_label("Forged mail of the domain (p)")
    record.fill("v=DMARC1; p=none; p=reject")
    expect(policy.locator("option:checked")).to_have_text("none, reject (not valid)")
    expect(page.get_by_text("The tag p stands twice.")).to_be_visible()
    app.look("dmarc-twice")
    policy.select_option("reject")
    expect(record).to_have_value("v=DMARC1; p=reject;")


def test_a_policy_that_was_changed_elsewhere_is_not_overwritten_unseen(app: App) -> None:
    app.expect_console_errors()
    page, policy = app.page, "/api/domains/bakery.example/dmarc-policy"
    newer = "v=DMARC1; p=reject; sp=reject"
    app.open("/domains/bakery.example/dmarc")
    page.get_by_label("A policy of its own").check()
    page.get_by_label("Record", exact=True).fill("v=DMARC1; p=none")
    app.api("PATCH", policy, {"dmarc_record": newer})
    save = page.get_by_role("button", name="Save the policy")
    save.click()
    changed = page.get_by_role("alert").filter(has_text="The policy was changed elsewhere")
    expect(changed).to_contain_text(newer)
    app.look("dmarc-changed")
    assert app.api("GET", policy)["effective"] == newer
    expect(page.get_by_label("Record", exact=True)).to_have_value("v=DMARC1; p=none")
    changed.get_by_role("button", name="Keep mine").click()
    expect(changed).to_have_count(0)
    save.click()
    expect(page.get_by_text("The domain has a policy of its own now.")).to_be_visible()
    assert app.api("GET", policy)["effective"] == "v=DMARC1; p=none"

    page.get_by_label("Record", exact=True).fill("v=DMARC1; p=quarantine")
    app.api("PATCH", policy, {"dmarc_record": newer})
    save.click()
    changed.get_by_role("button", name="Use that one").click()
    expect(page.get_by_label("Record", exact=True)).to_have_value(newer)


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


def test_what_is_copied_is_named_within_the_width_of_a_phone(app: App) -> None:
    app.page.set_viewport_size({"width": 360, "height": 740})
    app.open("/domains/pending-zone.example/dns")
    app.page.get_by_text("Records", exact=True).first.click()
    app.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    app.page.get_by_role("button", name="Copy v=DMARC1").hover()
    expect(app.page.get_by_role("tooltip")).to_be_visible()
    app.look("dns-phone-pending")


def _check(page: Page, name: str, *, hidden: bool = False) -> Locator:
    """The card of a check. While a panel is open the page behind it is hidden from assistive technology."""
    return page.get_by_role("article", include_hidden=hidden).filter(
        has=page.get_by_role("heading", name=re.compile(f"^{name}:"), include_hidden=hidden)
    )
