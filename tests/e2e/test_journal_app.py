"""The audit log, jobs and spam controls in the browser."""

import re

from playwright.sync_api import expect

from e2e.app import App, Delegate


def test_the_audit_log_is_filtered_shown_and_downloaded(app: App) -> None:
    page = app.page
    body = {"alias": "audited", "destinations": ["info@healthy.example"]}
    app.api("POST", "/api/domains/healthy.example/forwarders", body)
    app.open("/audit-log")
    app.look("audit-log")
    page.get_by_label("Action").fill("forwarder")
    expect(page).to_have_url(re.compile("action=forwarder"))
    row = page.get_by_role("row", name="audited@healthy.example")
    expect(page.get_by_role("row")).to_have_count(2)
    row.get_by_role("button", name="Show").click()
    panel = page.get_by_role("dialog", name="Entry")
    expect(panel.get_by_text("forwarder.create")).to_be_visible()
    app.look("audit-entry")
    page.reload()
    expect(page.get_by_role("dialog", name="Entry")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    text = download.value.path().read_text()
    assert "forwarder.create" in text
    assert "auth.login" not in text


def test_a_link_to_an_entry_that_is_not_listed_shows_it(app: App) -> None:
    entry = app.api("GET", "/api/admin/logs?limit=1")["entries"][0]
    app.open(f"/audit-log?q=nothing-like-this&entry={entry['id']}")
    panel = app.page.get_by_role("dialog", name=f"Entry {entry['id']}")
    expect(panel.get_by_text(entry["action"], exact=True)).to_be_visible()
    expect(panel.get_by_text(entry["request_id"])).to_be_visible()
    app.expect_console_errors()
    app.open("/audit-log?entry=999999999")
    expect(app.page.get_by_role("dialog").get_by_text("There is no such entry")).to_be_visible()


def test_clearing_the_filters_of_the_audit_log_brings_all_back(app: App) -> None:
    page = app.page
    app.open("/audit-log")
    target = page.get_by_label("Target")
    all_rows = page.get_by_role("row").count()
    target.fill("no-such-target")
    expect(page.get_by_text("No entry matches the filters")).to_be_visible()
    expect(page).to_have_url(re.compile("target=no-such-target"))
    page.get_by_role("button", name="Clear the filters").last.click()
    expect(page.get_by_role("row")).to_have_count(all_rows)
    expect(target).to_have_value("")
    expect(page).to_have_url(re.compile(r"/audit-log$"))
    page.go_back()
    expect(page).to_have_url(re.compile("target=no-such-target"))
    expect(target).to_have_value("no-such-target")
    expect(page.get_by_text("No entry matches the filters")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").first.click()
    expect(page.get_by_role("row")).to_have_count(all_rows)
    expect(target).to_have_value("")


def test_the_audit_log_is_followed_live(app: App) -> None:
    page = app.page
    app.open("/audit-log?target=live-one")
    expect(page.get_by_text("No entry matches the filters")).to_be_visible()
    page.get_by_role("switch", name="Live").check()
    body = {"alias": "live-one", "destinations": ["info@healthy.example"]}
    app.api("POST", "/api/domains/healthy.example/forwarders", body)
    expect(page.get_by_role("row", name="live-one@healthy.example")).to_be_visible()


def test_the_audit_log_is_for_administrators(delegate: Delegate) -> None:
    app = delegate({"example.com": ["emails"]})
    app.open("/audit-log")
    expect(app.page.get_by_role("heading", name="You may not see this")).to_be_visible()


def test_jobs_are_listed_filtered_and_opened(app: App) -> None:
    page = app.page
    rows = [{"username": "job-one", "password": "Abcd1234"}, {"username": "info", "password": "Abcd1234"}, {}]
    job = app.api("POST", "/api/email-accounts/import", {"default_domain": "bakery.example", "rows": rows})
    app.open("/jobs")
    page.get_by_label("Kind").select_option("Import of mailboxes")
    expect(page).to_have_url(re.compile("kind="))
    page.get_by_role("link", name="Import of mailboxes").click()
    expect(page).to_have_url(re.compile(job["id"]))
    expect(page.get_by_role("heading", name="Job: Import of mailboxes")).to_be_visible()
    expect(page.get_by_text("Partly failed")).to_be_visible()
    expect(page.get_by_role("row", name="job-one@bakery.example")).to_contain_text("Created")
    app.look("job-import")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the results").click()
    assert "job-one@bakery.example" in download.value.path().read_text()


def test_the_dashboard_tells_how_many_jobs_failed_and_leads_to_them(app: App) -> None:
    page = app.page
    for _ in range(6):
        app.api("POST", "/api/email-accounts/import", {"default_domain": "bakery.example", "rows": [{"quota": "much"}]})
    app.open("/jobs?kind=mailbox.import")  # a list that follows what is under way
    expect(page.get_by_role("table", name="Jobs").get_by_text("Failed", exact=True)).to_have_count(6)
    app.open("/")
    expect(page.get_by_text(re.compile(r"The latest 5 of \d+"))).to_be_visible()
    page.get_by_role("link", name="All failed jobs").click()
    expect(page).to_have_url(re.compile(r"/jobs\?state=failed"))
    page.get_by_role("table", name="Jobs").get_by_role("link", name="Import of mailboxes").first.click()
    expect(page.get_by_role("heading", name="Job: Import of mailboxes")).to_be_visible()
    row = page.get_by_role("row", name="Failed")
    expect(row).to_contain_text("User name: is missing; Storage (MiB): must be a whole number; Password: is missing")


def test_the_job_of_a_set_up_is_told_in_words(app: App) -> None:
    page = app.page
    setup = {"domain": "words.example", "dns": "manual", "webmail": False}
    job = app.api("POST", "/api/cloudflare/setup", setup)
    app.open(f"/jobs/{job['id']}")
    expect(page.get_by_role("heading", name="Job: Set-up of words.example")).to_be_visible()
    for step in ("DNS zone", "Verification record", "The record is public", "Registration at MXroute", "All checks"):
        expect(page.get_by_text(step, exact=True)).to_be_visible()
    app.look("job-setup")
    app.open("/jobs")
    expect(page.get_by_role("link", name="Set-up of words.example")).to_be_visible()
    app.api("POST", f"/api/jobs/{job['id']}/cancel")


def test_a_job_is_followed_live_and_cancelled(app: App) -> None:
    page = app.page
    app.sandbox("POST", "/config", {"latency_ms_min": 400, "latency_ms_max": 600})
    try:
        rows = [{"username": f"slow{n}", "password": "Abcd1234"} for n in range(30)]
        job = app.api("POST", "/api/email-accounts/import", {"default_domain": "bakery.example", "rows": rows})
        app.open(f"/jobs/{job['id']}")
        expect(page.get_by_text(re.compile(r"[1-9]\d* of 30"))).to_be_visible()
        app.look("job-running")
        page.get_by_role("button", name="Cancel the job").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
        expect(page.get_by_text("Cancelled").first).to_be_visible()
        expect(page.get_by_role("button", name="Cancel the job")).to_have_count(0)
    finally:
        app.sandbox("POST", "/config", {"latency_ms_min": 0, "latency_ms_max": 0})


def test_jobs_of_others_are_not_there(app: App, delegate: Delegate) -> None:
    job = app.api("POST", "/api/cloudflare/dns/fix-bulk", {"domains": ["healthy.example"], "wait": False})
    other = delegate({"example.com": ["emails"]})
    other.expect_console_errors()
    other.open("/jobs")
    expect(other.page.get_by_text("No jobs yet")).to_be_visible()
    other.open(f"/jobs/{job['id']}")
    expect(other.page.get_by_text("It is not there")).to_be_visible()
    other.look("job-not-there")


def test_spam_lists_say_that_they_are_shared(app: App) -> None:
    page = app.page
    app.open("/spam-controls/healthy.example")
    expect(page.get_by_text("These lists are shared by the whole account")).to_be_visible()
    app.look("spam-controls")
    page.get_by_role("link", name="Blocked senders").click()
    page.get_by_role("button", name="Block a sender").first.click()
    form = page.get_by_role("dialog", name="Block a sender")
    form.get_by_label("Sender").fill("karen@hr.example.com")
    app.look("spam-add")
    form.get_by_role("button", name="Block a sender").click()
    expect(page.get_by_role("row", name="karen@hr.example.com")).to_be_visible()
    assert "karen@hr.example.com" in app.api("GET", "/api/domains/bakery.example/spam/blacklist")
    page.get_by_role("button", name="Remove karen@hr.example.com").click()
    dialog = page.get_by_role("dialog", name="Remove from the blocked senders")
    dialog.get_by_label("Type karen@hr.example.com").fill("karen@hr.example.com")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row", name="karen@hr.example.com")).to_have_count(0)


def test_the_spam_score_is_set_and_refused_in_words(app: App) -> None:
    page = app.page
    app.open("/spam-controls/healthy.example")
    page.get_by_label("Delete from score").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mail from score 9 on is deleted.")).to_be_visible()
    app.expect_console_errors()
    page.get_by_role("button", name="Allow a sender").first.click()
    form = page.get_by_role("dialog", name="Allow a sender")
    form.get_by_label("Sender").fill("two words")
    form.get_by_role("button", name="Allow a sender").click()
    expect(form.get_by_label("Sender")).to_have_attribute("aria-invalid", "true")


# The last one: it leaves no budget. Reads may be used up before writes are: other tests of this module made some.
def test_an_import_that_waits_for_budget_says_so_and_how_long_it_takes(app: App) -> None:
    page = app.page
    used_up = re.compile(r"MXroute (takes 20 changes|answers 100 questions) in 1 min, .* It goes on in \d+ (sec|min)")
    rows = [{"username": f"tight{n}", "password": "Abcd1234"} for n in range(60)]
    job = app.api("POST", "/api/email-accounts/import", {"default_domain": "quiet.example", "rows": rows})
    for place in (f"/email-accounts/import?job={job['id']}", f"/jobs/{job['id']}"):
        app.open(place)
        expect(page.get_by_text(used_up)).to_be_visible()
        expect(page.get_by_text(re.compile(r"of 60 · about [234] min left"))).to_be_visible()
        app.look(f"import-waits-{place.count('?')}")
    assert app.api("GET", f"/api/jobs/{job['id']}")["created_by"] != "admin", "it is a token's, and not this person's"
    app.open("/email-accounts/import")
    expect(page.get_by_text("An import of yours is under way")).to_have_count(0)
    app.open(f"/jobs/{job['id']}")
    app.api("POST", f"/api/jobs/{job['id']}/cancel")
    expect(page.get_by_text("Cancelled")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ not done"))).to_be_visible()
    expect(page.get_by_text(used_up)).to_have_count(0)
