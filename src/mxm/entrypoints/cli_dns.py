"""`mxm dns …`: health, plan and repair of a domain's mail DNS, through a manager's API."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mxm.entrypoints.refusal import CannotStart

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(no_args_is_help=True, help="Mail DNS of a domain, through the API (MXM_URL, MXM_TOKEN).")

Domain = Annotated[str, typer.Argument(help="Such as example.com.", show_default=False)]
Url = Annotated[str | None, typer.Option("--url", help="The manager's address; the default is MXM_URL.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the API's data as JSON.")]
Records = Annotated[
    list[str] | None,
    typer.Option("--records", help="Only these: mail, mx, spf, dkim, dmarc, verification, webmail. Commas or repeat."),
]
Replace = Annotated[
    list[str] | None,
    typer.Option("--replace", help="Replace what others published: mx, dkim, mail, webmail. Commas or repeat."),
]

_LONGEST_CELL = 200
_STYLES = {
    "pass": "green",
    "healthy": "green",
    "warn": "yellow",
    "degraded": "yellow",
    "pending": "yellow",
    "unknown": "magenta",
    "fail": "bold red",
    "unhealthy": "bold red",
    "skipped": "dim",
    "create": "green",
    "update": "yellow",
    "delete": "bold red",
}


@app.command()
def health(domain: Domain, url: Url = None, as_json: AsJson = False) -> None:
    """Look a domain's mail DNS up, live. Exit code 0: healthy; 1: not."""
    from mxm.entrypoints.cli_api import manager
    from mxm.upstreams.transport.paths import fill

    with manager(url) as api:
        found = api.get(fill("/api/domains/{domain}/dns/health", domain=domain)).data
    if as_json:
        _print_json(found)
    else:
        _print_health(found)
    if found["overall"] != "healthy":
        raise typer.Exit(1)


@app.command()
def plan(
    domain: Domain, records: Records = None, replace: Replace = None, url: Url = None, as_json: AsJson = False
) -> None:
    """Show what a repair of everything but webmail would do. Changes nothing."""
    from mxm.entrypoints.cli_api import manager
    from mxm.upstreams.transport.paths import fill

    query = {name: ",".join(words) for name, words in _chosen(records, replace).items()}
    with manager(url) as api:
        found = api.get(fill("/api/domains/{domain}/dns/plan", domain=domain), query).data
    if as_json:
        _print_json(found)
        return
    _print_changes(found)
    if found.get("unchanged"):
        _say(f"Left as they are: {', '.join(found['unchanged'])}.")


@app.command()
def fix(
    domain: Domain,
    records: Records = None,
    replace: Replace = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Repair a domain's mail DNS: what is at warn or fail, never webmail unless named. Shows the plan and asks.

    Exit code 0: done; 1: something was left alone because of a conflict, or you said no.
    """
    from mxm.entrypoints.cli_api import manager
    from mxm.upstreams.transport.paths import fill

    if as_json and not (yes or dry_run):
        raise CannotStart("--json asks nothing: give --yes or --dry-run with it.")
    wanted: dict[str, Any] = dict(_chosen(records, replace))
    with manager(url) as api:
        path = fill("/api/domains/{domain}/dns/fix", domain=domain)
        found = api.post(path, {**wanted, "dry_run": True}).data
        if not as_json:
            _print_changes(found)
        if not dry_run and found["changes"]:
            if not yes:
                typer.confirm("Apply these changes?", abort=True)
            found = api.post(path, {**wanted, "fingerprint": found["fingerprint"]}).data
            if not as_json:
                _print_done(domain, found)
    if as_json:
        _print_json(found)
    if found["conflicts"]:
        raise typer.Exit(1)


def _chosen(records: Iterable[str] | None, replace: Iterable[str] | None) -> dict[str, list[str]]:
    """What was named, if anything."""
    named = {"records": _words(records), "replace": _words(replace)}
    return {name: words for name, words in named.items() if words}


def _words(values: Iterable[str] | None) -> list[str]:
    return [word.strip().lower() for value in values or () for word in value.split(",") if word.strip()]


def _print_json(found: Any) -> None:
    typer.echo(json.dumps(found, indent=2))


def _print_health(found: Mapping[str, Any]) -> None:
    table = _table("check", "status", "what was found")
    for key, check in found["checks"].items():
        _row(table, check.get("label") or key, check["status"], check["message"])
    _say(f"{found['domain']}: ", found["overall"])
    _show(table)


def _print_changes(found: Mapping[str, Any]) -> None:
    """Changes and conflicts of a plan or a repair."""
    if found["changes"]:
        table = _table("change", "record", "before", "after", "why")
        for each in found["changes"]:
            record = f"{each['type']} {each['name']}"
            _row(table, each["action"], record, _contents(each["before"]), _contents(each["after"]), each["reason"])
        _show(table)
    else:
        _say("Nothing to change.")
    if found["conflicts"]:
        table = _table("conflict", "found", "why", "option")
        for each in found["conflicts"]:
            option = f"--replace {each['replace']}" if each.get("replace") else ""
            _row(table, f"{each['type']} {each['name']}", "\n".join(map(_short, each["found"])), each["reason"], option)
        _show(table)


def _print_done(domain: str, found: Mapping[str, Any]) -> None:
    for step in found["steps"]:
        _say(step)
    if found.get("fix_id"):
        _say(f"To undo it: POST /api/domains/{domain}/dns/changes/{found['fix_id']}/revert")


def _contents(records: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(_content(record) for record in records)


def _content(record: Mapping[str, Any]) -> str:
    parts = [record.get("priority"), _short(record["content"]), "(proxied)" if record.get("proxied") else None]
    return " ".join(str(part) for part in parts if part is not None)


def _short(text: str) -> str:
    """A key fills the table and tells nobody anything; `--json` has it whole."""
    return text if len(text) <= _LONGEST_CELL else f"{text[:80]} … {text[-20:]}"


def _table(*columns: str) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: "Table", *cells: str) -> None:
    from rich.text import Text

    from mxm.entrypoints.cli_api import visible

    table.add_row(*(Text(visible(cell), style=_STYLES.get(cell, "")) for cell in cells))


def _show(table: "Table") -> None:
    from rich.console import Console

    Console(highlight=False).print(table)


def _say(text: str, word: str = "") -> None:
    """A line; `word` is coloured by what it means."""
    from rich.console import Console
    from rich.text import Text

    from mxm.entrypoints.cli_api import visible

    Console(soft_wrap=True, highlight=False).print(
        Text(visible(text)).append(visible(word), style=_STYLES.get(word, ""))
    )
