"""A real browser and a running demo. Debian's chromium is used; where there is none these tests are skipped."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_QUIET = [
    "--no-sandbox",  # Debian's chromium refuses to run as root otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Demo:
    """What `mxm demo` printed."""

    url: str
    password: str


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """`mxm demo` as a process of its own."""
    command = [sys.executable, "-m", "mxm.entrypoints.cli", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if line.startswith("Ctrl-C"):
                break
        yield Demo(_found(r"export MXM_URL=(\S+)", printed), _found(r"with the password (\S+)", printed))
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


# Playwright keeps an event loop running in this thread: it must be gone before any asynchronous test.
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
    """A fresh browser profile; a failed assertion of the page's own is a console error, and those fail the test."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    found = context.new_page()
    found.set_default_timeout(10_000)
    yield found
    context.close()


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PORT": "0", "PYTHONPATH": "src", "PYTHONUNBUFFERED": "1"}


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]
