"""Mailboxes in the browser: create, hand over, change, delete, and what those see who may only look."""

import plistlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from e2e.app import App, Delegate


@pytest.fixture
def trouble(app: App) -> Iterator[App]:
    """The app with a sandbox that is well again afterwards."""
    app.expect_console_errors()
    yield app
    app.sandbox("POST", "/config", {"faults": []})


def password_of(panel: Locator) -> str:
    """What stands below the word Password on a card that is shown once."""
    match = re.search(r"Password\s+(\S{20})\s", panel.inner_text())
    assert match, panel.inner_text()
    return match[1]


def works(app: App, email: str, password: str) -> bool:
    """Whether MXroute knows the mailbox by this password."""
    found: bool = app.sandbox("POST", "/check-password", {"email": email, "password": password})["match"]
    return found


def test_a_mailbox_is_made_and_handed_over(app: App) -> None:
    page = app.page
    app.open("/email-accounts/empty.example")
    expect(page.get_by_text("No mailboxes yet")).to_be_visible()
    app.look("mailboxes-empty")
    page.get_by_role("button", name="Create a mailbox").click()
    form = page.get_by_role("dialog", name="Create a mailbox")
    form.get_by_label("Username").fill("alex")
    form.get_by_role("button", name="Generate").click()
    form.get_by_role("textbox", name="Storage").fill("1.5")
    form.get_by_label("Messages a day").fill("200")
    form.get_by_label("Recovery address").fill("alex@elsewhere.example")
    app.look("mailboxes-create")
    form.get_by_role("button", name="Create a mailbox").click()

    made = page.get_by_role("dialog", name="The mailbox is there")
    expect(made.get_by_text("MXroute did not apply the send limit 200")).to_be_visible()
    app.look("mailboxes-created")
    password = password_of(made)
    assert works(app, "alex@empty.example", password)
    made.get_by_role("button", name="Done").click()
    expect(made).to_have_count(0)
    assert password not in page.content()
    row = page.get_by_role("row", name="alex@empty.example")
    expect(row).to_contain_text("0 B of 1.5 GiB")
    expect(row).to_contain_text("0 of 9,600")
    expect(row).to_contain_text("alex@elsewhere.example")


def test_what_the_server_refuses_is_told_beside_the_input(app: App) -> None:
    app.expect_console_errors()
    app.open("/email-accounts/healthy.example?panel=create")
    form = app.page.get_by_role("dialog")
    form.get_by_label("Username").fill("kim")
    form.get_by_label(re.compile("^Password")).fill("short")
    form.get_by_role("button", name="Create a mailbox").click()
    expect(form.get_by_text("must have at least 8 characters")).to_be_visible()
    expect(form.get_by_label(re.compile("^Password"))).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Username")).to_have_value("kim")
    app.look("mailboxes-wrong")
    form.get_by_label("Username").fill("info")
    form.get_by_role("button", name="Generate").click()
    form.get_by_role("button", name="Create a mailbox").click()
    expect(form.get_by_role("alert")).to_contain_text("It is in the way of something that exists")


def test_the_storage_is_changed(app: App) -> None:
    page = app.page
    app.open("/email-accounts/healthy.example")
    page.get_by_role("link", name="info@healthy.example").click()
    form = page.get_by_role("dialog", name="Edit info@healthy.example")
    form.get_by_label("Unit").select_option("MiB")
    form.get_by_role("textbox", name="Storage").fill("320")
    app.look("mailboxes-edit")
    form.get_by_role("button", name="Save the storage").click()
    expect(form.get_by_text("Nearly full")).to_be_visible()
    form.get_by_label("Unlimited").check()
    form.get_by_role("button", name="Save the storage").click()
    expect(page.get_by_text("info@healthy.example has unlimited storage now.")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).first.click()
    expect(page.get_by_role("row", name="info@healthy.example")).to_contain_text("312.4 MiB, unlimited")
    assert app.api("GET", "/api/domains/healthy.example/email-accounts/info")["quota"] == 0


def test_the_send_limit_that_holds_is_told(app: App) -> None:
    page = app.page
    app.sandbox("POST", "/config", {"limit_with_password": "never"})
    app.open("/email-accounts/healthy.example?panel=edit&item=office")
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Generate").click()
    form.get_by_label("Messages a day").fill("300")
    form.get_by_role("button", name="Save the password and send limit").click()
    expect(form.get_by_text("Send limit that holds: 9,600 messages a day.")).to_be_visible()
    expect(form.get_by_text("MXroute did not apply the send limit 300")).to_be_visible()
    app.look("mailboxes-password")
    assert works(app, "office@healthy.example", password_of(form))
    app.sandbox("POST", "/config", {"limit_with_password": "always"})
    form.get_by_role("button", name="Generate").click()
    form.get_by_label("Messages a day").fill("300")
    form.get_by_role("button", name="Save the password and send limit").click()
    expect(form.get_by_text("Send limit that holds: 300 messages a day.")).to_be_visible()


def test_a_recovery_address_comes_and_goes(app: App) -> None:
    page = app.page
    app.open("/email-accounts/quiet.example")
    email = app.api("GET", "/api/domains/quiet.example/email-accounts")[0]["email"]
    page.get_by_role("button", name=f"Edit {email}").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Recovery address").fill("owner@elsewhere.example")
    form.get_by_role("button", name="Save the recovery address").click()
    expect(form.get_by_text(f"The recovery address of {email} is owner@elsewhere.example.")).to_be_visible()
    app.look("mailboxes-recovery")
    form.get_by_label("Recovery address").fill("")
    form.get_by_role("button", name="Save the recovery address").click()
    expect(form.get_by_text(f"{email} has no recovery address any more.")).to_be_visible()
    assert app.api("GET", "/api/domains/quiet.example/email-accounts/info")["recovery_email"] is None


def test_a_mailbox_is_deleted_by_its_address(app: App) -> None:
    page = app.page
    app.open("/email-accounts/forty.example")
    app.look("mailboxes-forty")
    email = app.api("GET", "/api/domains/forty.example/email-accounts")[3]["email"]
    page.get_by_role("searchbox", name="Search").fill(email)
    page.get_by_role("button", name=f"Delete {email}").click()
    dialog = page.get_by_role("dialog", name="Delete a mailbox")
    expect(dialog.get_by_text("cannot be brought back")).to_be_visible()
    app.look("mailboxes-delete")
    dialog.get_by_role("textbox").fill(email)
    dialog.get_by_role("button", name="Delete the mailbox").click()
    expect(page.get_by_text(f"{email} is deleted.")).to_be_visible()
    expect(page.get_by_text("39 mailboxes")).to_be_visible()
    assert email not in {each["email"] for each in app.api("GET", "/api/domains/forty.example/email-accounts")}


def test_a_mail_program_is_set_up(app: App) -> None:
    page = app.page
    app.open("/email-accounts/bakery.example")
    email = app.api("GET", "/api/domains/bakery.example/email-accounts")[0]["email"]
    page.get_by_role("button", name=f"Client set-up of {email}").click()
    card = page.get_by_role("dialog", name=f"Client set-up of {email}")
    expect(card.get_by_role("button", name="Copy Receiving (IMAP), Port")).to_be_visible()
    expect(card.get_by_text("993")).to_be_visible()
    expect(card.get_by_role("img", name=f"QR code with the settings of {email}")).to_be_visible()
    app.look("client-setup")
    with page.expect_download() as apple:
        card.get_by_role("link", name="Apple profile").click()
    assert apple.value.suggested_filename == f"{email}.mobileconfig"
    profile = plistlib.loads(Path(apple.value.path()).read_bytes())
    assert profile["PayloadContent"][0]["EmailAddress"] == email
    with page.expect_download() as thunderbird:
        card.get_by_role("link", name="Thunderbird autoconfig").click()
    assert thunderbird.value.suggested_filename == "bakery.example.xml"
    assert "<username>%EMAILADDRESS%</username>" in Path(thunderbird.value.path()).read_text()


def test_the_settings_are_copied_as_text(app: App) -> None:
    page = app.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.open("/email-accounts/bakery.example?panel=setup&item=flour")
    page.get_by_role("button", name="Copy all as text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[:2] == [
        "E-mail and username: flour@bakery.example",
        "IMAP: sandbox.mxrouting.net, port 993, SSL/TLS",
    ]


def test_the_list_is_saved_as_csv(app: App) -> None:
    app.open("/email-accounts/forty.example")
    with app.page.expect_download() as download:
        app.page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename == "forty.example-mailboxes.csv"
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "username,password,quota,limit,recovery_email,domain"
    assert len(lines) > 30


def test_nearly_full_ones_are_found(app: App) -> None:
    page = app.page
    app.open("/email-accounts/nearly-full.example")
    expect(page.get_by_text("1 nearly full")).to_be_visible()
    page.get_by_label("Only nearly full ones").check()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row").last).to_contain_text("archive@nearly-full.example")
    app.look("mailboxes-nearly-full")


def test_who_sends_much_is_marked(app: App) -> None:
    app.open("/email-accounts/busy-sender.example?sort=-sent")
    expect(app.page.get_by_role("row").nth(1)).to_contain_text("9,120 of 9,600Nearly at the limit")
    app.look("mailboxes-near-limit")


def test_who_may_only_look_changes_nothing(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["dashboard"]})
    page = app.page
    app.api(
        "PATCH",
        "/api/domains/healthy.example/email-accounts/office/recovery",
        {"recovery_email": "owner@elsewhere.example"},
    )
    app.open("/email-accounts/healthy.example")
    row = page.get_by_role("row", name="office@healthy.example")
    expect(row).to_contain_text("set")
    assert "owner@elsewhere.example" not in page.content()
    for name in ("Create a mailbox", "Edit office@healthy.example", "Delete office@healthy.example"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    for name in ("Export CSV", "Import CSV", "office@healthy.example"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    app.look("mailboxes-delegate")
    app.open("/email-accounts/healthy.example?panel=create")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Client set-up of office@healthy.example").click()
    expect(page.get_by_role("dialog").get_by_text("993")).to_be_visible()


def test_a_mailbox_that_is_gone_is_told(app: App) -> None:
    app.open("/email-accounts/healthy.example?panel=edit&item=nobody")
    expect(app.page.get_by_role("dialog").get_by_text("There is no mailbox nobody@healthy.example")).to_be_visible()
    app.look("mailboxes-gone")
    app.open("/email-accounts/healthy.example?panel=delete&item=nobody")
    expect(app.page.get_by_role("dialog").get_by_text("There is no mailbox nobody@healthy.example")).to_be_visible()


def test_mailboxes_that_cannot_be_read_say_so(trouble: App) -> None:
    app, page = trouble, trouble.page
    rule = {"kind": "status", "status_code": 500, "match": {"method": "GET", "path": "/email-accounts"}}
    app.sandbox("POST", "/config", {"faults": [rule]})
    app.open("/email-accounts/missing-spf.example")
    notice = page.get_by_role("alert").filter(has_text="MXroute or Cloudflare did not confirm it")
    expect(notice).to_be_visible(timeout=20_000)
    app.look("mailboxes-failed")
    app.sandbox("POST", "/config", {"faults": []})
    notice.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="Mailboxes")).to_be_visible()

    rows = page.get_by_role("row").count()
    app.sandbox("POST", "/config", {"faults": [rule]})
    banner = page.get_by_text("MXroute does not answer. What you see is from")
    while not banner.is_visible():  # what was read counts as fresh for 15 seconds
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="Refresh").click()
        app.settle()
    expect(page.get_by_role("row")).to_have_count(rows)
    app.look("mailboxes-stale")


def test_mailboxes_fit_a_phone(app: App) -> None:
    app.page.set_viewport_size({"width": 360, "height": 740})
    app.open("/email-accounts/nearly-full.example")
    app.look("mailboxes-phone")
    app.open("/email-accounts/nearly-full.example?panel=edit&item=archive")
    expect(app.page.get_by_role("dialog").get_by_text("Nearly full")).to_be_visible()
    app.look("mailboxes-phone-edit")
    app.open("/email-accounts/nearly-full.example?panel=setup&item=archive")
    expect(app.page.get_by_role("img", name="QR code")).to_be_visible()
    app.look("mailboxes-phone-setup")
