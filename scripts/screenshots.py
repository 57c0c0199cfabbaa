"""Takes the pictures of docs/app-tour.md: a demo, headless chromium, and a first day in the app. `make screenshots`.

The browser tests' `App` drives it. Nothing compares the pictures; people look at what changed before they commit it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, StorageState, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from e2e.app import App, Demo  # noqa: E402 - found beside this folder only now

TARGET = ROOT / "docs" / "images" / "app"
LARGEST = 150_000  # bytes; a page of the manual shows a dozen
WIDE, PHONE = (1280, 800), (360, 740)
_QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]


class Album:
    """A demo and a browser before it; each picture is taken in a window of its own."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self._browser = demo, browser
        self._signed_in: StorageState | None = None

    def sign_in(self) -> None:
        """Once; the pictures after it are an administrator's."""
        app = self._window(WIDE)
        app.sign_in("admin", self.demo.password)
        self._signed_in = app.page.context.storage_state()
        app.page.context.close()

    @contextmanager
    def picture(
        self, name: str, path: str, *, size: tuple[int, int] = WIDE, dark: bool = False, public: bool = False
    ) -> Iterator[App]:
        """The app at this address; what is done with it inside of the `with` is done before the picture is taken."""
        app = self._window(size, "dark" if dark else "light")
        app.page.goto(self.demo.url + path) if public else app.open(path)
        yield app
        if not public:
            app.settle()
        app.page.mouse.move(0, 0)
        app.page.wait_for_timeout(400)  # lazily drawn parts, and transitions that do not ask for reduced motion
        shown = app.page.screenshot(animations="disabled", caret="hide")
        if len(shown) > LARGEST:
            raise SystemExit(f"{name}.png has {len(shown):,} bytes, want at most {LARGEST:,}")
        (TARGET / f"{name}.png").write_bytes(shown)
        sys.stdout.write(f"{name}.png {len(shown) // 1000} KB\n")
        app.page.context.close()

    def _window(self, size: tuple[int, int], scheme: Literal["light", "dark"] = "light") -> App:
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",
            storage_state=self._signed_in,
            locale="en-GB",
            timezone_id="UTC",
        )
        return App.on(self.demo, context)


def first_minutes(album: Album) -> None:
    """Signing in, the dashboard, a domain that is added."""
    with album.picture("sign-in", "/login", public=True):
        pass
    album.sign_in()
    _refresh(album.demo)
    with album.picture("dashboard", "/"):
        pass
    with album.picture("add-domain", "/domains/new") as app:
        app.page.get_by_role("main").get_by_role("textbox", name="Domain").fill("onboard.example")
        app.page.get_by_role("button", name="Set it up").click()
        app.page.get_by_text("The domain is set up", exact=True).wait_for(timeout=90_000)
    with album.picture("domains", "/domains"):
        pass


def dns(album: Album) -> None:
    """What is wrong, what a repair would do, what it did, the policy."""
    with album.picture("dns-health", "/domains/busy-sender.example/dns"):
        pass
    repair = "/domains/busy-sender.example/dns?panel=plan"
    with album.picture("dns-repair", repair) as app:
        app.page.get_by_role("button", name="Apply 1 change").wait_for()
    with album.picture("dns-history", repair) as app:
        app.page.get_by_role("button", name="Apply 1 change").click()
        app.page.get_by_role("link", name="See it in the history").click()
        app.page.get_by_role("heading", name="DNS history").wait_for()
    with album.picture("dmarc", "/domains/weak-dmarc.example/dmarc") as app:
        app.page.get_by_label("A policy of its own").check()
        app.page.get_by_label("Forged mail of the domain (p)").select_option("reject")
        app.page.get_by_role("heading", name="Change the policy").evaluate("heading => heading.scrollIntoView()")


def mail(album: Album) -> None:
    """Mailboxes, a client's set-up, an import, forwarders, spam controls."""
    with album.picture("email-accounts", "/email-accounts/example.com"):
        pass
    with album.picture("create-mailbox", "/email-accounts/example.com?panel=create") as app:
        panel = app.page.get_by_role("dialog")
        panel.get_by_label("Username").fill("alex")
        panel.get_by_role("button", name="Generate").click()
    with album.picture("client-setup", "/email-accounts/healthy.example?panel=setup&item=info"):
        pass
    with album.picture("import-check", "/email-accounts/import?domain=bakery.example") as app:
        app.page.set_input_files("input[type=file]", {"name": "staff.csv", "mimeType": "text/csv", "buffer": _STAFF})
        app.page.get_by_label("Generate passwords for blank cells").check()
        app.page.get_by_role("button", name="Check the rows").click()
        app.page.get_by_role("button", name=re.compile(r"^Create \d")).wait_for()
    _import(album)
    with album.picture("forwarders", "/forwarders/forwards-only.example"):
        pass
    with album.picture("spam-controls", "/spam-controls/healthy.example"):
        pass


def _import(album: Album) -> None:
    """An import is caught while it waits for MXroute's budget."""
    demo = album.demo
    job = demo.api("POST", "/api/email-accounts/import", {"default_domain": "bakery.example", "rows": _ROWS})
    with album.picture("import-run", f"/email-accounts/import?domain=bakery.example&job={job['id']}") as app:
        app.page.get_by_text("It goes on in").wait_for(timeout=60_000)
    _finished(demo, job)


def access(album: Album) -> None:
    """A token for one domain, its secret, what everybody did."""
    with album.picture("token", "/access-control/tokens?panel=create") as app:
        _describe_token(app)
    with album.picture("token-made", "/access-control/tokens?panel=create") as app:
        _describe_token(app).get_by_role("button", name="Create a token").click()
        app.page.get_by_text("Copy it now").wait_for()
    _a_busy_hour(album.demo)
    with album.picture("people", "/access-control/people"):
        pass
    with album.picture("audit-log", "/audit-log"):
        pass
    with album.picture("jobs", "/jobs"):
        pass


def _describe_token(app: App) -> Locator:
    form = app.page.get_by_role("dialog")
    form.get_by_label("Label").fill("staff script")
    form.get_by_role("checkbox", name="Email accounts on bakery.example", exact=True).check()
    return form


def _a_busy_hour(demo: Demo) -> None:
    """Something for the audit log to tell."""
    grants = [{"domain": "bakery.example", "permissions": ["emails", "forwarders"]}]
    demo.api("POST", "/api/admin/delegations", {"email": "kim@example.org", "password": "Abcd123!", "grants": grants})
    base = "/api/domains/bakery.example"
    demo.api("POST", f"{base}/forwarders", {"alias": "hello", "destinations": ["orders@bakery.example"]})
    demo.api("PATCH", f"{base}/spam/settings", {"high_score": 12})
    demo.api("PATCH", f"{base}/email-accounts/staff01", {"quota": 2048})
    demo.api("DELETE", f"{base}/email-accounts/staff30")


def everywhere(album: Album) -> None:
    """Ctrl-K, the dark, the phone."""
    _refresh(album.demo)
    with album.picture("jump", "/forwarders/healthy.example") as app:
        app.page.keyboard.press("Control+k")
        app.page.get_by_placeholder("Page, domain or action").fill("bakery")
    with album.picture("settings-dark", "/settings", dark=True):
        pass
    with album.picture("dashboard-dark", "/", dark=True):
        pass
    with album.picture("phone-dashboard", "/", size=PHONE):
        pass
    with album.picture("phone-email-accounts", "/email-accounts/bakery.example", size=PHONE):
        pass


CHAPTERS: tuple[Callable[[Album], None], ...] = (first_minutes, dns, mail, access, everywhere)
_STAFF = b"username,password,quota\nkim,,2048\nlee,,1024\nrobin,Weak,1024\norders,,1024\nsam,,0\n"
_ROWS = [{"username": f"staff{number:02}", "password": "Picture-1234"} for number in range(1, 31)]


def _refresh(demo: Demo) -> None:
    """All domains are read, so that no row is still to come. The demo itself has begun with it when it started."""
    _finished(demo, demo.api("POST", "/api/fleet/refresh"))


def _finished(demo: Demo, job: Any) -> None:
    while job.get("state") in {"queued", "running"}:
        time.sleep(0.2)
        job = demo.api("GET", f"/api/jobs/{job['id']}")


@contextmanager
def running_demo() -> Iterator[Demo]:
    """`mxm demo` as a process of its own, on a free port."""
    command = [sys.executable, "-m", "mxm.entrypoints.cli", "demo"]
    environment = {**os.environ, "PORT": os.environ.get("PORT", "0"), "PYTHONUNBUFFERED": "1"}
    environment["PYTHONPATH"] = str(ROOT / "src")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("Ctrl-C"):
                break
        try:
            yield Demo(
                url=_found(r"export MXM_URL=(\S+)", printed),
                password=_found(r"with the password (\S+)", printed),
                admin_token=_found(r"export MXM_ADMIN_TOKEN=(\S+)", printed),
                control=_found(r"Sandbox controls: (\S+)", printed),
            )
        finally:
            process.send_signal(signal.SIGINT)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if not match:
        raise SystemExit(f"the demo did not start: {text}")
    return match[1]


def main() -> None:
    """All pictures, in the order of the tour: what is done for one is seen in those after it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium on this machine")
    TARGET.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        album = Album(demo, browser)
        for chapter in CHAPTERS:
            chapter(album)
        browser.close()


if __name__ == "__main__":
    main()
