"""A real browser and a running demo. Debian's chromium is used; where there is none these tests are skipped."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from e2e.app import App, Delegate, Demo

_QUIET = [
    "--no-sandbox",  # Debian's chromium refuses to run as root otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SCREEN = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """`mxm demo` as a process of its own."""
    command = [sys.executable, "-m", "mxm.entrypoints.cli", "demo"]
    environment = {**os.environ, "PORT": "0", "PYTHONPATH": "src", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("Ctrl-C"):
                break
        yield Demo(
            url=_found(r"export MXM_URL=(\S+)", printed),
            password=_found(r"with the password (\S+)", printed),
            admin_token=_found(r"export MXM_ADMIN_TOKEN=(\S+)", printed),
            control=_found(r"Sandbox controls: (\S+)", printed),
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


# Playwright keeps an event loop running in this thread: it must be gone before any asynchronous test. pytest-playwright
# keeps its browser for the whole session, so its fixtures are not used.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser profile, signed out."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    found = context.new_page()
    found.set_default_timeout(10_000)
    yield found
    context.close()


@pytest.fixture(scope="module")
def administrator(browser: Browser, demo: Demo) -> StorageState:
    """The cookies of a signed-in administrator: signing in once a module is enough."""
    context = browser.new_context()
    App.on(demo, context).sign_in("admin", demo.password)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def app(browser: Browser, demo: Demo, administrator: StorageState) -> Iterator[App]:
    """The app before an administrator."""
    context = browser.new_context(viewport=_SCREEN, storage_state=administrator, reduced_motion="reduce")  # type: ignore[arg-type]
    found = App.on(demo, context)
    yield found
    context.close()
    found.verify()


@pytest.fixture
def delegate(browser: Browser, demo: Demo) -> Iterator[Delegate]:
    """Makes a delegated user with the given rights by domain, and puts the app before them."""
    made: list[App] = []
    numbers = count(1)

    def sign_in(rights: dict[str, list[str]]) -> App:
        email = f"delegate{next(numbers)}@people.example"
        grants = [{"domain": domain, "permissions": permissions} for domain, permissions in rights.items()]
        demo.api("POST", "/api/admin/delegations", {"email": email, "password": "Delegate-1234", "grants": grants})
        found = App.on(demo, browser.new_context(viewport=_SCREEN, reduced_motion="reduce"))  # type: ignore[arg-type]
        found.sign_in(email, "Delegate-1234")
        made.append(found)
        return found

    yield sign_in
    for each in made:
        each.page.context.close()
        each.verify()


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]
