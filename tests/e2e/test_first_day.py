"""The first day of a new user, in one go: no manual, no dead end."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from e2e.app import App, Demo

DOMAIN = "fresh-start.example"


def test_the_first_day(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    # Forty creations at MXroute's real pace take two minutes.
    demo.sandbox("POST", "/config", {"write_limit": 1000})
    demo.sandbox("POST", "/zones", {"name": DOMAIN, "status": "active"})
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    app = App.on(demo, context)
    app.sign_in("admin", demo.password)

    add_a_domain(app)
    import_forty_mailboxes(app, tmp_path / "people.csv")
    hand_out_a_token(app)
    undo_a_dns_change(app)
    find_it_in_the_audit_log(app)

    context.close()
    app.verify()


def add_a_domain(app: App) -> None:
    page = app.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Domains").click()
    page.get_by_role("link", name="Add a domain").click()
    page.get_by_role("textbox", name="Domain", exact=True).fill(DOMAIN)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_text("The domain is set up", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("main").get_by_role("link", name="DNS health").click()
    expect(page.get_by_text(re.compile("^Everything .*is as it should be"))).to_be_visible()


def import_forty_mailboxes(app: App, file: Path) -> None:
    page = app.page
    with file.open("w", newline="") as handle:
        csv.writer(handle).writerows([["username", "password"], *([f"person{n}", ""] for n in range(40))])
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Email accounts").click()
    page.get_by_role("link", name="Import CSV").first.click()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_label("Generate passwords for blank cells").check()
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Create 40 mailboxes").click()
    expect(page.get_by_text("40 created", exact=True)).to_be_visible(timeout=60_000)


def hand_out_a_token(app: App) -> None:
    page = app.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Access control").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_role("button", name="Create a token").click()
    form = page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("agency script")
    form.get_by_role("searchbox", name="Search domains").fill("fresh")
    form.get_by_role("checkbox", name=f"Email accounts on {DOMAIN}").check()
    form.get_by_role("button", name="Create a token").click()
    made = page.get_by_role("dialog", name="The token is made")
    expect(made.get_by_text(re.compile("^mxm_"))).to_be_visible()
    made.get_by_role("button", name="I have it").click()


def undo_a_dns_change(app: App) -> None:
    page = app.page
    app.open(f"/domains/{DOMAIN}")
    page.get_by_role("link", name="DNS history").click()
    page.get_by_role("button", name=re.compile(r"^Undo TXT")).first.click()
    dialog = page.get_by_role("dialog", name="Undo a change")
    dialog.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Undone", exact=True).first).to_be_visible()


def find_it_in_the_audit_log(app: App) -> None:
    page = app.page
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit log").click()
    for action, target in (
        ("domain.create", DOMAIN),
        ("mailbox.import", DOMAIN),
        ("api_token.create", "agency script"),
        ("dns.revert", DOMAIN),
    ):
        page.get_by_label("Action").fill(action)
        expect(page.get_by_role("row", name=action).filter(has_text=target).first).to_be_visible()
