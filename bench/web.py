"""Figures of the web app in a real browser: what a first visit loads, and how it feels with a thousand domains."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from bench.world import LARGEST, PASSWORD, World

Say = Callable[[str, str, str], None]
_WATCH = (Path(__file__).parent / "watch.js").read_text()
_QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_VISITS, _TIMES = 5, 3
_LONG_MS = 200
_SENT = """performance.getEntriesByType("resource")
    .filter((each) => /[.](js|css)$/.test(new URL(each.name).pathname))
    .reduce((sum, each) => sum + each.encodedBodySize, 0)"""


@dataclass(frozen=True)
class View:
    """A view, and what a person does there: `letter` typed into the box `search`, a click on the heading `sort`."""

    name: str
    path: str
    search: str = ""
    letter: str = ""
    sort: str = ""


VIEWS = (
    View("dashboard", "/", "Search", "k", "Domain"),
    View("domains", "/domains", "Search", "k", "Mailboxes"),
    View("choice of a domain", "/forwarders", "Search", "k", "Domain"),
    View("1,000 mailboxes", f"/email-accounts/{LARGEST}", "Search", "7", "Storage"),
    View("300 forwarders", f"/forwarders/{LARGEST}", "Search", "7", "Alias"),
    View("100 people", "/access-control/people", "Search", "7", "Email address"),
    View("the rights of a person", "/access-control/people?panel=create", "Search domains", "k"),
    View("100 tokens", "/access-control/tokens", "Search", "7", "Label"),
    View("the rights of a token", "/access-control/tokens?panel=create", "Search domains", "k"),
    View("audit log", "/audit-log", "Search in everything", "7"),
    View("jobs", "/jobs"),
)


@dataclass
class Seen:
    """Milliseconds of one view (0: there is no such act), and its long tasks."""

    interactive: float
    typed: float
    ordered: float
    long_tasks: list[str]


def can_run() -> bool:
    """Whether there is a browser here and an app that was built."""
    built = Path(__file__).parent.parent / "src/mxm/entrypoints/web_dist/index.html"
    return _chromium() is not None and built.is_file()


def first_load(manager: World, say: Say) -> None:
    """The first visit after signing in: nothing is in the browser's cache."""
    with _browser() as browser:
        state = _signed_in(browser, manager)
        times, sizes = [], []
        for _ in range(_VISITS):
            with _window(browser, state) as page:
                times.append(_open(page, manager.url + "/"))
                sizes.append(page.evaluate(_SENT))
    say("web app: JavaScript and CSS of the first visit", f"{max(sizes) / 1000:.0f} KB", "250 KB")
    say("web app: interactive, empty cache, median", f"{median(times):.0f} ms", "1,000 ms")


def large(manager: World, say: Say) -> None:
    """Every view of the scaled account (`World.scale`), with a warm cache."""
    _populate(manager)
    with _browser() as browser:
        state = _signed_in(browser, manager)
        with _window(browser, state) as page:
            _open(page, manager.url + "/")
            for view in VIEWS:
                seen = _visit(page, manager.url, view)
                _tell(view, seen, say)
    say("web app: memory of the server after all that", f"{manager.memory_mib():.0f} MiB", "300 MiB")


def _tell(view: View, seen: Seen, say: Say) -> None:
    done = [f"{word} {taken:.0f}" for word, taken in (("search", seen.typed), ("sort", seen.ordered)) if taken]
    say(f"web app: {view.name}", ", ".join([f"{seen.interactive:.0f} ms", *done]), "1,000 ms, each act 200 ms")
    for task in seen.long_tasks:
        say("  a long task", task, f"none over {_LONG_MS} ms")


def _visit(page: Page, url: str, view: View) -> Seen:
    """The medians of some visits: each begins with opening the view anew."""
    opened, typed, ordered, long_tasks = [], [], [], []
    for _ in range(_TIMES):
        opened.append(_open(page, url + view.path))
        long_tasks += _long_tasks(page, "while it opens")
        if view.search:
            page.get_by_label(view.search, exact=True).last.focus()
            typed.append(_timed(page, lambda: page.keyboard.press(view.letter)))
            long_tasks += _long_tasks(page, "while one types")
        if view.sort:
            _open(page, url + view.path)
            _long_tasks(page, "")
            heading = page.get_by_role("columnheader", name=view.sort, exact=True).get_by_role("button")
            ordered.append(_timed(page, heading.click))
            long_tasks += _long_tasks(page, "while it sorts")
    return Seen(median(opened), median(typed or [0]), median(ordered or [0]), long_tasks)


def _open(page: Page, address: str) -> float:
    """Milliseconds from the navigation until the heading is there and nothing loads any more."""
    page.goto(address)
    found: float = page.evaluate("mxmBench.rest()")
    return found


def _timed(page: Page, act: Callable[[], None]) -> float:
    """Milliseconds from the key or the click until what it asks for is shown."""
    page.evaluate("mxmBench.arm()")
    act()
    found: float = page.evaluate("mxmBench.shown()")
    return found


def _long_tasks(page: Page, when: str) -> list[str]:
    """Those since the last call; short ones are left out."""
    found: list[dict[str, float]] = page.evaluate("mxmBench.longTasks.splice(0)")
    return [f"{task['duration']:.0f} ms {when}" for task in found if task["duration"] > _LONG_MS]


def _populate(manager: World) -> None:
    """Forwarders, people and tokens: of these the sandbox's scaling makes none."""
    names = manager.call("GET", "/api/domains")["data"]

    def grants(number: int) -> list[dict[str, Any]]:
        mine = names[number * 8 : number * 8 + 8]
        return [{"domain": name, "permissions": ["emails", "dns"]} for name in mine]

    def forwarder(number: int) -> None:
        body = {"alias": f"alias{number}", "destinations": [f"somebody{number}@example.org"]}
        manager.call("POST", f"/api/domains/{LARGEST}/forwarders", body)

    def person(number: int) -> None:
        body = {"email": f"person{number}@people.example", "password": PASSWORD, "grants": grants(number)}
        manager.call("POST", "/api/admin/delegations", body)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(forwarder, range(300)))
        list(pool.map(person, range(100)))
    manager.make_tokens([{"label": f"token {number}", "grants": grants(number)} for number in range(100)])


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=_chromium(), args=_QUIET)
        yield found
        found.close()


def _signed_in(browser: Browser, manager: World) -> StorageState:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{manager.url}/login")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(manager.url + "/")
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def _window(browser: Browser, state: StorageState) -> Iterator[Page]:
    """A fresh profile: cookies only, no cache."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 1280, "height": 800}, storage_state=state, reduced_motion=_STILL
    )
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


_STILL: Literal["reduce"] = "reduce"
