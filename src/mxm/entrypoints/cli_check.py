"""`mxm check`: does what the settings name work? Looks only: it changes nothing and prints no secret."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mxm.entrypoints.checks import Item

_STYLES = {"ok": "green", "problem": "bold red", "not configured": "yellow"}


def check(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check credentials, reachability, Cloudflare, DNS resolvers and the database. Changes nothing."""
    import asyncio

    from mxm.entrypoints.checks import settings_or_items, survey

    settings, items = settings_or_items()
    if settings is not None:
        items = asyncio.run(survey(settings))
    well = not any(item.state == "problem" for item in items)
    if as_json:
        found = {"ok": well, "items": [{"name": i.name, "state": i.state, "message": i.message} for i in items]}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _print(items)
    if not well:
        raise typer.Exit(1)


def _print(items: "list[Item]") -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    width = max(len(item.name) for item in items)
    for item in items:
        line = Text(f"{item.state:<14} ", style=_STYLES[item.state])
        line.append(f"{item.name:<{width}}  ", style="bold").append(item.message, style="default not bold")
        console.print(line)
