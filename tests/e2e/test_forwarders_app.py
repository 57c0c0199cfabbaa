"""Forwarders and the catch-all in the browser."""

from playwright.sync_api import expect

from e2e.app import App, Delegate


def test_a_forwarder_is_made_and_deleted(app: App) -> None:
    page = app.page
    app.open("/forwarders/healthy.example")
    app.look("forwarders")
    page.get_by_role("button", name="Create a forwarder").click()
    form = page.get_by_role("dialog", name="Create a forwarder")
    form.get_by_label("Alias").fill("sales")
    form.get_by_label("Destinations").fill("someone@gmail.com")
    page.keyboard.press("Enter")
    expect(form.get_by_text("Expert Spam Filtering")).to_be_visible()
    app.look("forwarders-create")
    form.get_by_role("button", name="Create a forwarder").click()
    expect(page.get_by_role("row", name="sales@healthy.example")).to_be_visible()
    expect(form).to_be_hidden()

    page.get_by_role("button", name="Delete sales@healthy.example").click()
    dialog = page.get_by_role("dialog", name="Delete a forwarder")
    app.look("forwarders-delete")
    dialog.get_by_role("button", name="Delete the forwarder").click()
    expect(dialog.get_by_text("Type it exactly as shown")).to_be_visible()
    dialog.get_by_label("Type sales to confirm").fill("sales")
    dialog.get_by_role("button", name="Delete the forwarder").click()
    expect(page.get_by_role("row", name="sales@healthy.example")).to_have_count(0)
    assert [each["alias"] for each in app.api("GET", "/api/domains/healthy.example/forwarders")] == ["contact"]


def test_wrong_fields_are_told_beside_their_inputs(app: App) -> None:
    app.expect_console_errors()
    app.open("/forwarders/healthy.example?panel=create")
    form = app.page.get_by_role("dialog")
    form.get_by_label("Alias").fill("-no")
    form.get_by_label("Destinations").fill("nobody,")
    form.get_by_role("button", name="Create a forwarder").click()
    expect(form.get_by_label("Alias")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Alias")).to_have_value("-no")
    expect(form.get_by_label("Destinations")).to_have_attribute("aria-invalid", "true")
    app.look("forwarders-wrong")


def test_the_catch_all_changes(app: App) -> None:
    page = app.page
    app.open("/forwarders/healthy.example")
    page.get_by_role("button", name="Change").click()
    form = page.get_by_role("dialog", name="Change the catch-all")
    form.get_by_label("Deliver it to one address").check()
    form.get_by_role("textbox", name="Address").fill("info@healthy.example")
    app.look("catch-all")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mail to addresses that do not exist goes to info@healthy.example.")).to_be_visible()


def test_a_delegate_sees_only_what_they_may(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["forwarders"]})
    app.open("/forwarders")
    expect(app.page.get_by_role("link", name="healthy.example")).to_be_visible()
    expect(app.page.get_by_role("link", name="Spam controls")).to_have_count(0)
    expect(app.page.get_by_role("link", name="Audit log")).to_have_count(0)
    app.look("delegate-choose")


def test_a_domain_of_others_is_forbidden_in_words(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["forwarders"]})
    app.expect_console_errors()
    app.open("/forwarders/example.com")
    expect(app.page.get_by_role("heading", name="You may not see this")).to_be_visible()


def test_it_fits_a_phone(app: App) -> None:
    app.page.set_viewport_size({"width": 360, "height": 740})
    app.open("/forwarders/healthy.example")
    app.look("forwarders-phone")
