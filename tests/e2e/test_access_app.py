"""People, tokens and sessions in the browser."""

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.app import App, Delegate


def cell(page: Page, permission: str, domain: str) -> None:
    """Tick one box of the matrix."""
    page.get_by_role("checkbox", name=f"{permission} on {domain}", exact=True).check()


def test_a_token_for_one_domain_works_there_and_nowhere_else(app: App) -> None:
    page = app.page
    app.open("/access-control/tokens")
    app.look("tokens")
    page.get_by_role("button", name="Create a token").click()
    form = page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("newsletter script")
    form.get_by_role("searchbox", name="Search domains").fill("bakery")
    cell(page, "Email accounts", "bakery.example")
    expect(form.get_by_text("1 permission on 1 domain")).to_be_visible()
    app.look("tokens-create")
    form.get_by_role("button", name="Create a token").click()
    made = page.get_by_role("dialog", name="The token is made")
    expect(made.get_by_text("Copy it now")).to_be_visible()
    app.look("tokens-made")
    # It is shown once: neither Escape nor a click beside it takes it away.
    page.keyboard.press("Escape")
    page.mouse.click(50, 700)
    expect(made.get_by_role("button", name="Close")).to_have_count(0)
    expect(made.get_by_text("Copy it now")).to_be_visible()
    token = re.search(r"mxm_[\w-]+", made.inner_text())
    assert token
    assert _status(app, token[0], "/api/domains/bakery.example/email-accounts") == 200
    assert _status(app, token[0], "/api/domains/example.com/email-accounts") == 403
    made.get_by_role("button", name="I have it").click()
    row = page.get_by_role("row", name="newsletter script")
    expect(row.get_by_text("Email accounts on bakery.example")).to_be_visible()
    assert token[0] not in page.content()

    row.get_by_role("button", name="Revoke newsletter script").click()
    dialog = page.get_by_role("dialog", name="Revoke newsletter script")
    app.look("tokens-revoke")
    dialog.get_by_label("Type newsletter script to confirm").fill("newsletter script")
    dialog.get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    assert _status(app, token[0], "/api/domains/bakery.example/email-accounts") == 401


def test_a_rotated_token_has_another_secret(app: App) -> None:
    page = app.page
    app.open("/access-control/tokens?panel=create")
    form = page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("rotating")
    cell(page, "DNS", "example.com")
    form.get_by_role("button", name="Create a token").click()
    made = page.get_by_role("dialog", name="The token is made")
    first = re.search(r"mxm_[\w-]+", made.inner_text())
    made.get_by_role("button", name="I have it").click()
    page.get_by_role("button", name="Rotate rotating").click()
    page.get_by_role("dialog", name="Rotate rotating").get_by_role("button", name="Rotate").click()
    made = page.get_by_role("dialog", name="The token has a new secret")
    second = re.search(r"mxm_[\w-]+", made.inner_text())
    assert first
    assert second
    assert first[0] != second[0]
    assert _status(app, first[0], "/api/me") == 401
    assert _status(app, second[0], "/api/me") == 200


def test_a_token_that_is_gone_is_told(app: App) -> None:
    app.open("/access-control/tokens?panel=revoke&item=zzz")
    expect(app.page.get_by_role("dialog").get_by_text("There is no such token")).to_be_visible()


def test_a_token_without_rights_is_not_sent(app: App) -> None:
    app.open("/access-control/tokens?panel=create")
    form = app.page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("nothing")
    form.get_by_role("button", name="Create a token").click()
    expect(form.get_by_role("alert")).to_have_text("Choose at least one permission, or make it an admin token.")
    expect(form.get_by_role("alert")).to_be_in_viewport()
    expect(form.get_by_label("Label")).to_have_value("nothing")


def test_wrong_fields_of_a_token_are_told(app: App) -> None:
    app.expect_console_errors()
    app.open("/access-control/tokens?panel=create")
    form = app.page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("odd")
    form.get_by_role("switch", name="Administrator").check()
    form.get_by_label("Allowed networks").fill("300.1.1.1,")
    form.get_by_role("button", name="Create a token").click()
    expect(form.get_by_label("Allowed networks")).to_have_attribute("aria-invalid", "true")
    app.look("tokens-wrong")


def test_a_person_gets_and_loses_access(app: App) -> None:
    page = app.page
    app.open("/access-control/people")
    app.look("people")
    page.get_by_role("button", name="Add a person").click()
    form = page.get_by_role("dialog", name="Add a person")
    form.get_by_label("Email address").fill("kim@people.example")
    form.get_by_role("button", name="Generate").click()
    cell(page, "Forwarders", "healthy.example")
    app.look("people-create")
    form.get_by_role("button", name="Give access").click()
    row = page.get_by_role("row", name="kim@people.example")
    expect(row.get_by_text("Forwarders on healthy.example")).to_be_visible()

    row.get_by_role("button", name="Change the rights").click()
    form = page.get_by_role("dialog", name="Rights of kim@people.example")
    cell(page, "Spam controls", "healthy.example")
    form.get_by_role("button", name="Save").click()
    expect(row.get_by_text("Forwarders, Spam controls on healthy.example")).to_be_visible()

    row.get_by_role("button", name="End the access").click()
    dialog = page.get_by_role("dialog", name="End the access of kim@people.example")
    dialog.get_by_label("Type kim@people.example").fill("kim@people.example")
    dialog.get_by_role("button", name="End the access").click()
    expect(row).to_have_count(0)


def test_rights_that_somebody_else_changed_meanwhile_are_not_overwritten(app: App) -> None:
    page = app.page
    person = {"email": "lee@people.example", "password": "a good password"}

    def grant(*permissions: str) -> None:
        grants = [{"domain": "healthy.example", "permissions": list(permissions)}]
        app.api("POST", "/api/admin/delegations", {**person, "grants": grants})

    grant("emails")
    app.open("/access-control/people?panel=edit&item=lee@people.example")
    form = page.get_by_role("dialog", name="Rights of lee@people.example")
    cell(page, "Spam controls", "healthy.example")
    grant("emails", "dns")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("Somebody changed lee@people.example meanwhile")
    [found] = [each for each in app.api("GET", "/api/admin/delegations") if each["email"] == person["email"]]
    assert set(found["grants"][0]["permissions"]) == {"emails", "dns"}


def test_the_matrix_gives_a_permission_on_all_that_is_found(app: App) -> None:
    page = app.page
    app.open("/access-control/people?panel=create")
    form = page.get_by_role("dialog", name="Add a person")
    form.get_by_role("searchbox", name="Search domains").fill("spf")
    form.get_by_role("checkbox", name="DNS on all").check()
    expect(form.get_by_text("2 permissions on 2 domains")).to_be_visible()
    form.get_by_role("searchbox", name="Search domains").fill("")
    form.get_by_role("switch", name="Only domains with a permission").check()
    expect(form.get_by_role("rowheader")).to_have_count(2)


def test_sessions_are_listed_and_ended(app: App, delegate: Delegate) -> None:
    other = delegate({"example.com": ["dns"]})
    app.open("/access-control/sessions")
    expect(app.page.get_by_text("this browser")).to_be_visible()
    app.look("sessions")
    app.page.get_by_role("switch", name="Sessions of everybody").check()
    row = app.page.get_by_role("row", name="@people.example")
    row.first.get_by_role("button", name="Sign out").click()
    dialog = app.page.get_by_role("dialog", name="Sign out a session")
    dialog.get_by_role("button", name="Sign out").click()
    expect(row).to_have_count(0)
    other.expect_console_errors()
    other.page.reload()
    expect(other.page).to_have_url(re.compile(r"/login\?next="))


def test_a_delegate_finds_only_their_own_sessions(delegate: Delegate) -> None:
    app = delegate({"example.com": ["dns"]})
    app.open("/access-control")
    expect(app.page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(app.page.get_by_role("link", name="People")).to_have_count(0)
    app.open("/access-control/tokens")
    expect(app.page.get_by_role("heading", name="You may not see this")).to_be_visible()
    app.look("forbidden")


@pytest.mark.parametrize("path", ["/access-control/people?panel=create", "/access-control/tokens"])
def test_it_fits_a_phone(app: App, path: str) -> None:
    app.page.set_viewport_size({"width": 360, "height": 740})
    app.open(path)
    app.look(f"phone-{Path(path.partition('?')[0]).name}")


def _status(app: App, token: str, path: str) -> int:
    request = urllib.request.Request(app.demo.url + path, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            json.load(answer)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
