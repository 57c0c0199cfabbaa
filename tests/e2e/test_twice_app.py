"""Writes whose answer is lost between the browser and the manager, and secrets that must not come back."""

import re

from playwright.sync_api import Route, expect

from e2e.app import App


def lose_next_answer(app: App, address: str, method: str = "POST") -> None:
    """The manager does it, the browser never hears of it; the request after that goes through."""

    left = 1

    def lose(route: Route) -> None:
        nonlocal left
        if route.request.method != method or left == 0:
            route.continue_()
            return
        left = 0
        route.fetch()
        route.abort()

    app.page.route(address, lose)


def make_forwarder(app: App, alias: str) -> None:
    app.page.get_by_role("button", name="Create a forwarder").first.click()
    form = app.page.get_by_role("dialog", name="Create a forwarder")
    form.get_by_label("Alias").fill(alias)
    form.get_by_label("Destinations").fill("info@healthy.example,")
    form.get_by_role("button", name="Create a forwarder").click()


def aliases(app: App) -> list[str]:
    return [each["alias"] for each in app.api("GET", "/api/domains/healthy.example/forwarders")]


def test_the_same_sent_again_at_once_is_done_once(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/forwarders/healthy.example")
    lose_next_answer(app, "**/forwarders")
    make_forwarder(app, "lost")
    expect(page.get_by_text("The manager does not answer")).to_be_visible()
    # What was done is seen behind the form, and sending it again is answered with what was done.
    expect(page.get_by_role("row", name="lost@healthy.example", include_hidden=True)).to_have_count(1)
    page.get_by_role("dialog").get_by_role("button", name="Create a forwarder").click()
    expect(page.get_by_text("lost@healthy.example is forwarded.")).to_be_visible()
    assert aliases(app).count("lost") == 1


def test_the_same_wished_anew_after_it_was_undone_is_done(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.open("/forwarders/healthy.example")
    lose_next_answer(app, "**/forwarders")
    make_forwarder(app, "again")
    expect(page.get_by_text("The manager does not answer")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete again@healthy.example").click()
    dialog = page.get_by_role("dialog", name="Delete a forwarder")
    dialog.get_by_label("Type again to confirm").fill("again")
    dialog.get_by_role("button", name="Delete the forwarder").click()
    expect(page.get_by_role("row", name="again@healthy.example")).to_have_count(0)
    make_forwarder(app, "again")
    expect(page.get_by_role("row", name="again@healthy.example")).to_be_visible()
    assert "again" in aliases(app)


def test_rights_that_are_taken_away_twice_are_gone(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    grants = [{"domain": "healthy.example", "permissions": ["dashboard", "emails"]}]
    person = {"email": "rights@people.example", "password": "Delegate-1234", "grants": grants}
    app.api("POST", "/api/admin/delegations", person)
    lose_next_answer(app, "**/api/admin/delegations")
    for _ in range(2):
        app.open("/access-control/people?panel=edit&item=rights@people.example")
        form = page.get_by_role("dialog", name="Rights of rights@people.example")
        form.get_by_role("checkbox", name="Email accounts on healthy.example").uncheck()
        form.get_by_role("button", name="Save").click()
        expect(page.get_by_text(re.compile("does not answer|are changed"))).to_be_visible()
        held = app.api("GET", "/api/admin/delegations")
        [found] = [each for each in held if each["email"] == person["email"]]
        assert found["grants"][0]["permissions"] == ["dashboard"]
        app.api("POST", "/api/admin/delegations", person)


def test_a_secret_is_gone_with_its_panel_however_that_was_closed(app: App) -> None:
    page = app.page
    app.open("/access-control/tokens")
    page.get_by_role("button", name="Create a token").click()
    form = page.get_by_role("dialog", name="Create a token")
    form.get_by_label("Label").fill("backed out")
    form.get_by_role("switch", name="Administrator").check()
    form.get_by_role("button", name="Create a token").click()
    made = page.get_by_role("dialog", name="The token is made")
    secret = re.search(r"mxm_[\w-]+", made.inner_text())
    assert secret
    page.go_back()
    expect(made).to_be_hidden()
    page.get_by_role("button", name="Rotate demo admin").click()
    expect(page.get_by_role("dialog", name="Rotate demo admin")).to_contain_text("The token gets a new secret")
    assert secret[0] not in page.content()


def test_a_mailbox_password_is_gone_with_its_panel(app: App) -> None:
    page = app.page
    app.open("/email-accounts/bakery.example")
    page.get_by_role("button", name="Create a mailbox").click()
    form = page.get_by_role("dialog", name="Create a mailbox")
    form.get_by_label("Username").fill("shown-once")
    form.get_by_role("button", name="Generate").click()
    form.get_by_role("button", name="Create a mailbox").click()
    expect(page.get_by_role("dialog", name="The mailbox is there")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Create a mailbox").click()
    expect(page.get_by_role("dialog", name="Create a mailbox").get_by_label("Username")).to_have_value("")


def test_a_job_is_followed_again_after_a_proxys_page(app: App) -> None:
    app.expect_console_errors()
    page = app.page
    app.sandbox("POST", "/config", {"latency_ms_min": 300, "latency_ms_max": 300})
    rows = [{"username": f"followed{n}", "password": "Abcd1234"} for n in range(12)]
    job = app.api("POST", "/api/email-accounts/import", {"default_domain": "bakery.example", "rows": rows})
    first = True

    def proxy(route: Route) -> None:
        nonlocal first
        if first:
            first = False
            route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")
        else:
            route.continue_()

    page.route("**/events", proxy)
    with page.expect_request(lambda request: request.url.endswith("/events")):
        app.page.goto(f"{app.demo.url}/jobs/{job['id']}")
    with page.expect_response(lambda answer: answer.url.endswith("/events") and answer.status == 200):
        pass
    expect(page.get_by_text("12 created")).to_be_visible(timeout=60_000)
    app.sandbox("POST", "/config", {"latency_ms_min": 0, "latency_ms_max": 0})
