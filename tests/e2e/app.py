"""The web app in a real browser, and what every test of it asks besides its own questions."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
"""Kept by CI; nothing is compared with them, people look at them."""


@dataclass(frozen=True)
class Demo:
    """What `mxm demo` printed."""

    url: str
    password: str
    admin_token: str
    control: str

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The data of the API's answer to an administrator."""
        headers = {"Authorization": f"Bearer {self.admin_token}"}
        return _call(method, self.url + path, body, headers)["data"]

    def sandbox(self, method: str, path: str, body: Any = None) -> Any:
        """An answer of the sandbox's control port."""
        return _call(method, self.control + path, body, {})


@dataclass
class App:
    """A person before the app. At the end of a test `verify` fails when the page complained or asked other hosts."""

    demo: Demo
    page: Page
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    _errors_are_expected: bool = False

    @classmethod
    def on(cls, demo: Demo, context: BrowserContext) -> "App":
        page = context.new_page()
        page.set_default_timeout(10_000)
        app = cls(demo, page)
        page.on("console", lambda message: app.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: app.errors.append(f"uncaught: {error}"))
        page.on("request", lambda request: app.hosts.add(urlsplit(request.url).netloc))
        return app

    def open(self, path: str) -> None:
        """Go there and wait until what was asked for has come."""
        self.page.goto(self.demo.url + path)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is loading any more."""
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def look(self, name: str) -> None:
        """Nothing that keeps people out (axe), nothing wider than the screen, and a picture for people."""
        self.settle()
        wide, screen = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
        assert wide <= screen, f"{name}: {wide} px wide on a screen of {screen}"
        found = violations(self.page)
        assert found == [], "\n".join(found)

    def sign_in(self, username: str, password: str, path: str = "/") -> None:
        self.page.goto(f"{self.demo.url}/login?next={path}")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.settle()

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The API as an administrator, whoever is signed in here."""
        return self.demo.api(method, path, body)

    def sandbox(self, method: str, path: str, body: Any = None) -> Any:
        """The sandbox's control: faults, DNS, time."""
        return self.demo.sandbox(method, path, body)

    def expect_console_errors(self) -> None:
        """The browser itself writes refused requests to its console; a test that provokes them says so."""
        self._errors_are_expected = True

    def verify(self) -> None:
        uncaught = [error for error in self.errors if error.startswith("uncaught") or "Content Security" in error]
        assert uncaught == []
        if not self._errors_are_expected:
            assert self.errors == []
        assert self.hosts <= {urlsplit(self.demo.url).netloc, ""}


Delegate = Callable[[dict[str, list[str]]], App]


def violations(page: Page) -> list[str]:
    """What axe finds, one line each. Evaluating from outside is not subject to the page's policy."""
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@cache
def _axe() -> str:
    return (ROOT / "web/node_modules/axe-core/axe.min.js").read_text() + ";0"


def _call(method: str, url: str, body: Any, headers: dict[str, str]) -> Any:
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        headers = {**headers, "Content-Type": "application/json"}
    request = urllib.request.Request(url, content, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None
