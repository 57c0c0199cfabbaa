"""The import of mailboxes in the browser: choose, check, run, and what a broken file is told."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import expect

from e2e.app import App, Delegate


def written(path: Path, rows: Sequence[Sequence[str]], mark: str = ",") -> Path:
    """A file as a spreadsheet saves it."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    return path


def test_forty_mailboxes_come_from_a_file(app: App, tmp_path: Path) -> None:
    page = app.page
    app.sandbox("POST", "/config", {"write_limit": 1000, "limit_window_seconds": 5})
    people = [[f"person{n:02}@empty.example", "", "2048" if n % 2 else "", "Sales"] for n in range(40)]
    file = written(tmp_path / "staff.csv", [["E-Mail", "Password", "Quota", "Team"], *people], mark=";")
    file.write_text(file.read_text("utf-8-sig").replace("E-Mail", "Email"), "utf-8-sig")

    app.open("/email-accounts/empty.example")
    page.get_by_role("link", name="Import CSV").click()
    expect(page.get_by_label("Default domain")).to_have_value("empty.example")
    app.look("import-choose")
    page.get_by_label("CSV file").set_input_files(file)
    expect(page.get_by_text("40 rows · Columns: Email, Password, Quota · Ignored: Team")).to_be_visible()
    page.get_by_label("Generate passwords for blank cells").check()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("40 will be created · 40 of them with a generated password")).to_be_visible()
    app.look("import-check")
    page.get_by_role("button", name="Create 40 mailboxes").click()

    expect(page.get_by_role("heading", name="Run the import")).to_be_visible()
    expect(page).to_have_url(re.compile("job="))
    app.look("import-run")
    page.reload()  # the job is in the address
    expect(page.get_by_text("40 created", exact=True)).to_be_visible(timeout=90_000)
    app.look("import-done")
    page.get_by_role("link", name="Results and passwords").click()
    page.get_by_role("button", name="Show the passwords").click()
    first = page.get_by_role("table", name="Generated passwords").get_by_role("row").first
    app.look("import-passwords")
    email, password = first.inner_text().split()
    assert app.sandbox("POST", "/check-password", {"email": email, "password": password})["match"]
    assert len(app.api("GET", "/api/domains/empty.example/email-accounts")) == 40


def test_whoever_comes_back_finds_the_import_that_runs(app: App) -> None:
    page = app.page
    app.sandbox("POST", "/config", {"latency_ms_min": 400, "latency_ms_max": 600})
    try:
        app.open("/email-accounts/import?domain=bakery.example")
        page.get_by_label("Or paste the rows").fill(
            "username,password\n" + "".join(f"b{n},Abcd1234\n" for n in range(40))
        )
        page.get_by_role("button", name="Check the rows").click()
        page.get_by_role("button", name="Create 40 mailboxes").click()
        expect(page.get_by_role("heading", name="Run the import")).to_be_visible()
        app.open("/email-accounts/import")
        expect(page.get_by_text("An import of yours is under way")).to_be_visible()
        app.look("import-under-way")
        page.get_by_role("link", name="Follow it").click()
        expect(page.get_by_role("heading", name="Run the import")).to_be_visible()
        page.get_by_role("button", name="Cancel the job").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel the job").click()
        expect(page.get_by_text(re.compile(r"created · \d+ not done"))).to_be_visible()
    finally:
        app.sandbox("POST", "/config", {"latency_ms_min": 0, "latency_ms_max": 0})


def test_rows_that_were_left_out_are_told_at_the_end_too(app: App) -> None:
    page = app.page
    app.open("/email-accounts/import?domain=bakery.example")
    page.get_by_label("Or paste the rows").fill("username,password\nleft1,Abcd1234\nodd\u202ename,Abcd1234\nx,short\n")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("row", name="U+202E")).to_be_visible()
    app.look("import-unseen")
    page.get_by_role("button", name="Create 1 mailbox").click()
    expect(page.get_by_text("1 created", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("2 rows of the file were left out")).to_be_visible()


def test_problems_are_shown_by_row_and_going_back_keeps_the_file(app: App, tmp_path: Path) -> None:
    page = app.page
    rows = [
        ["username", "password", "quota"],
        ["kim", "Abcd1234", "5120"],
        ["lee", "", ""],
        ["info", "Abcd1234", ""],
        ["KIM", "Abcd1234", ""],
        ["bad name", "short", "much"],
    ]
    app.open("/email-accounts/import?domain=healthy.example")
    page.get_by_label("CSV file").set_input_files(written(tmp_path / "some.csv", rows))
    page.get_by_role("button", name="Check the rows").click()
    counted = "1 will be created · 1 exists already · 1 repeats an earlier row · 1 has no password · 1 has a mistake"
    expect(page.get_by_text(counted)).to_be_visible()
    page.get_by_label("Only rows with problems").check()
    expect(page.get_by_role("row")).to_have_count(5)
    expect(page).to_have_url(re.compile("problems=true"))
    for name, told in (
        ("lee@healthy.example", "The password is missing"),
        ("info@healthy.example", "Exists already: left as it is"),
        ("kim@healthy.example", "An earlier row has the same address"),
        ("bad name", "Storage (MiB): must be a whole number"),
    ):
        expect(page.get_by_role("row", name=name)).to_contain_text(told)
    expect(page.get_by_role("row", name="bad name").get_by_role("cell").nth(1)).to_have_text("6")
    app.look("import-problems")
    page.get_by_label("Generate passwords for blank cells").check()
    expect(page.get_by_role("button", name="Create 2 mailboxes")).to_be_enabled()

    page.get_by_role("button", name="Back").click()
    expect(page.get_by_text("Chosen: some.csv")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Check the rows")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The file is not here any more")).to_be_visible()
    app.look("import-lost")


def test_a_broken_file_is_explained_by_line(app: App, tmp_path: Path) -> None:
    page = app.page
    app.open("/email-accounts/import?domain=healthy.example")
    rows = page.get_by_label("Or paste the rows")
    check = page.get_by_role("button", name="Check the rows")
    for pasted, told in (
        ("username,password\nalex,ok,too\n", "Line 2 has 3 cells and there are 2 columns"),
        ('username,password\n\nalex,"never closed\n', "Line 3: a quotation mark is opened and never closed"),
        ("name,secret\nalex,x\n", "it is: name, secret"),
        ("email,mailbox\na,b\n", "The column mailbox is there twice"),
        ("username\n", "There are no rows in it"),
        ("username\n" + "a\n" * 1001, "It has 1,001 rows, and 1,000 are possible at once"),
    ):
        rows.fill(pasted)
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(check).to_be_disabled()
    rows.fill("username,password\nalex,ok,too\n")
    app.look("import-broken")
    rows.fill("")
    table = tmp_path / "table.xlsx"
    table.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    page.get_by_label("CSV file").set_input_files(table)
    expect(page.get_by_role("alert")).to_contain_text("not text in UTF-8")


def test_a_template_can_be_filled_in(app: App) -> None:
    page = app.page
    app.open("/email-accounts/import?domain=healthy.example")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download a template").click()
    template = Path(download.value.path())
    assert template.read_text().splitlines()[0] == "username,password,quota,limit,recovery_email,domain"
    page.get_by_label("CSV file").set_input_files(template)
    page.get_by_label("Generate passwords for blank cells").check()
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("2 will be created")).to_be_visible()


def test_rows_of_others_are_left_out(delegate: Delegate) -> None:
    app = delegate({"quiet.example": ["emails"], "healthy.example": ["dashboard"]})
    page = app.page
    app.open("/email-accounts/import")
    choices = page.get_by_label("Default domain").get_by_role("option").all_inner_texts()
    assert choices == ["None: the file names the domains", "quiet.example"]
    page.get_by_label("Or paste the rows").fill(
        "address,pass\nnew@quiet.example,Abcd1234\nnew@healthy.example,Abcd1234\n"
    )
    page.get_by_role("button", name="Check the rows").click()
    row = page.get_by_role("row", name="new@healthy.example")
    expect(row).to_contain_text("You may not manage mailboxes on healthy.example: left out")
    app.look("import-delegate")
    page.get_by_role("button", name="Create 1 mailbox").click()
    expect(page.get_by_text("1 created", exact=True)).to_be_visible(timeout=60_000)
    app.open("/email-accounts/quiet.example")
    expect(page.get_by_role("row", name="new@quiet.example")).to_be_visible()


def test_who_may_manage_no_mailboxes_is_told(delegate: Delegate) -> None:
    app = delegate({"healthy.example": ["dashboard"]})
    app.open("/email-accounts/import")
    expect(app.page.get_by_role("heading", name="You may not see this")).to_be_visible()


def test_the_import_fits_a_phone(app: App) -> None:
    page = app.page
    page.set_viewport_size({"width": 360, "height": 740})
    app.open("/email-accounts/import?domain=healthy.example")
    app.look("import-phone")
    page.get_by_label("Or paste the rows").fill("username,password\nphone,Abcd1234\nbad name,short\n")
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("row", name="phone@healthy.example")).to_be_visible()
    app.look("import-phone-check")
