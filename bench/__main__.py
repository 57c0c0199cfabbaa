"""Prints the figures of the design's `bars` that apply so far, each beside what it shall reach."""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench import dns, fleet, imports, web
from bench.load import Load, measure
from bench.world import World, baseline, world

LIST = "/api/domains/{domain}/email-accounts"


def say(what: str, found: str, reach: str) -> None:
    """One row."""
    sys.stdout.write(f"{what:<58} {found:>26}   (reach: {reach})\n")
    sys.stdout.flush()


def warm_list(manager: World) -> None:
    """A warm list of 25 mailboxes, next to the bare framework; both in the same minute."""
    domain = "twentyfive.example"
    found: dict[int, tuple[Load, Load]] = {}
    with baseline() as bare:
        for connections in (1, 16):
            theirs = measure(
                bare + LIST.format(domain=domain), {"Authorization": "Bearer bare"}, connections=connections
            )
            ours = measure(manager.url + LIST.format(domain=domain), manager.bearer, connections=connections)
            found[connections] = (theirs, ours)
    for connections, (theirs, ours) in found.items():
        ratio = ours.per_second / theirs.per_second
        shown = f"{ours.per_second:.0f}/s = {ratio:.0%} of {theirs.per_second:.0f}/s"
        say(f"warm list of 25 mailboxes, concurrency {connections}", shown, "60 %, 2,000/s")


def refusals(manager: World) -> None:
    """A bad bearer must cost no more than a good one."""
    url = manager.url + LIST.format(domain="twentyfive.example")
    good = measure(url, manager.bearer, connections=1)
    random_token = manager.admin_token[:-12] + "AAAAAAAAAAAA"
    bad = measure(url, {"Authorization": f"Bearer {random_token}"}, connections=1)
    shown = f"{bad.median_ms:.2f} ms, good {good.median_ms:.2f} ms"
    say("refusing a bad bearer, median", shown, "no slower than a good one")


def cold_callers(manager: World) -> None:
    """A hundred callers of one cold list at the same moment."""
    before = manager.call("GET", "/counts", base=manager.control)
    with ThreadPoolExecutor(100) as pool:
        path = LIST.format(domain="forty.example")
        list(pool.map(lambda _: manager.call("GET", path), range(100)))
    after = manager.call("GET", "/counts", base=manager.control)
    say("100 concurrent callers of one cold list", f"{after['reads'] - before['reads']} upstream read(s)", "1")


def at_rest(manager: World) -> None:
    """Memory and processor time with nothing to do."""
    before = manager.cpu_seconds()
    time.sleep(5)
    used = (manager.cpu_seconds() - before) / 5
    say("idle memory", f"{manager.memory_mib():.0f} MiB", "150 MiB")
    say("idle CPU", f"{used:.2%}", "under 1 %")


def large_account(manager: World) -> None:
    """A thousand domains with twenty thousand mailboxes."""
    manager.scale()
    names = manager.call("GET", "/api/domains")["data"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: manager.call("GET", LIST.format(domain=name)), names))
    manager.call("GET", "/api/domains")
    domains = measure(manager.url + "/api/domains", manager.bearer, connections=1, seconds=1)
    mailboxes = measure(manager.url + LIST.format(domain=names[-1]), manager.bearer, connections=1, seconds=1)
    say(f"{len(names)} domains: list of domains, slowest of 100", f"{domains.p99_ms:.1f} ms", "50 ms")
    say("20,000 mailboxes: list of one domain, slowest of 100", f"{mailboxes.p99_ms:.1f} ms", "50 ms")
    fleet.large(manager, say)
    say("memory after every list was read", f"{manager.memory_mib():.0f} MiB", "300 MiB")


def dns_figures(manager: World) -> None:
    """Health and repair."""
    cold, warm, median = dns.health(manager)
    say("health of one domain, upstream reads", f"{cold} cold, {warm} warm", "2 cold, 0 warm")
    say("health of one domain, warm", f"{median:.0f} ms", "DNS look-ups in parallel")
    count, seconds = dns.repair(manager)
    say("bulk repair of the demo account", f"{count} domains in {seconds:.1f} s", "one call")


def import_figures(manager: World, mailboxes: int) -> None:
    """The pace of an import at 20 writes a minute; minutes long, so only when it is asked for."""
    found = imports.pace(manager, mailboxes)
    most = 1.1 * found.least
    say(f"import of {mailboxes} mailboxes at 20 writes a minute", f"{found.minutes:.2f} min", f"{most:.2f} min")
    say("refused requests meanwhile", str(found.refused), "1 a window")
    say("a person's own write meanwhile, slowest", f"{found.person_seconds:.1f} s", "60 s")


def web_figures(manager: World) -> None:
    """The web app, on the demo's account and on a large one."""
    manager.call("POST", "/config", {"limits_enabled": False}, base=manager.control)
    fleet.figures(manager, say, 0)
    web.first_load(manager, say)
    manager.scale()
    fleet.large(manager, say)
    web.large(manager, say)


def main() -> None:
    """All rows; `--import N` and `--fleet N` add minutes of work within MXroute's limit."""
    wanted = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    wanted.add_argument("--import", dest="mailboxes", type=int, default=0, metavar="N", help="also import N mailboxes")
    wanted.add_argument("--fleet", type=int, default=0, metavar="N", help="also read N domains within the limit")
    wanted.add_argument("--web", action="store_true", help="only the web app, in chromium")
    options = wanted.parse_args()
    with world() as manager:
        if options.web:
            web_figures(manager)
            return
        say("start to /health 200", f"{manager.started_seconds:.2f} s", "2.5 s")
        at_rest(manager)
        manager.call("POST", "/config", {"limits_enabled": False}, base=manager.control)
        prepare(manager)
        dns_figures(manager)
        fleet.figures(manager, say, options.fleet)
        if options.mailboxes:
            import_figures(manager, options.mailboxes)
        cold_callers(manager)
        warm_list(manager)
        refusals(manager)
        if web.can_run():
            web.first_load(manager, say)
        large_account(manager)
        if web.can_run():
            web.large(manager, say)


def prepare(manager: World) -> None:
    """A domain with 25 mailboxes."""
    name = "_da-verify"
    key = manager.call("GET", "/api/verification-key")["data"]["key"]
    assert key.startswith(name)
    domain = "twentyfive.example"
    record = {"name": f"{key}.{domain}", "type": "TXT", "values": ["domain-verified"]}
    manager.call("POST", "/dns", record, base=manager.control)
    manager.call("POST", "/api/domains", {"domain": domain})
    for number in range(25):
        body = {"username": f"user{number}", "password": "Bench-pass-1"}
        manager.call("POST", LIST.format(domain=domain), body)


if __name__ == "__main__":
    main()
