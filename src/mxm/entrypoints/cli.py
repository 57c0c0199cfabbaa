"""The command `mxm`."""

import asyncio
import json
import sys
from typing import Annotated

import typer

import mxm
from mxm.entrypoints import cli_check, cli_dns, cli_import
from mxm.entrypoints.refusal import CannotStart

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="MXroute Manager.",
    rich_markup_mode=None,
)
admin = typer.Typer(no_args_is_help=True, help="The local administrator.")
app.add_typer(admin, name="admin")
app.add_typer(cli_dns.app, name="dns")
app.command("check")(cli_check.check)
app.command("import")(cli_import.import_csv)


def main() -> None:
    """Run the command; what cannot be done is said in one line."""
    try:
        app()
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command line's own voice
        sys.exit(2)


def _version(value: bool) -> None:  # noqa: FBT001 - typer's callback form
    if value:
        typer.echo(mxm.__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A polite, safe layer over MXroute mail and Cloudflare DNS."""


@app.command()
def serve() -> None:
    """Run the server with the settings of the environment and `.env`."""
    from mxm.entrypoints import running

    running.serve()


@app.command()
def demo() -> None:
    """Run the server on an embedded sandbox; nothing leaves the machine."""
    from mxm.entrypoints.demo import run_demo

    run_demo()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def sandbox(
    context: typer.Context,
    mxroute_port: Annotated[int, typer.Option(help="Port of the imitated MXroute; 0 = any free one.")] = 0,
    cloudflare_port: Annotated[int, typer.Option(help="Port of the imitated Cloudflare; 0 = any free one.")] = 0,
    dns_port: Annotated[int, typer.Option(help="UDP and TCP port of the DNS server; 0 = any free one.")] = 0,
    control_port: Annotated[int, typer.Option(help="Port of the controls; 0 = any free one.")] = 0,
) -> None:
    """Run the imitated upstreams alone. Every key of their settings is an option too: --read-limit 50."""
    import mxm_sandbox
    from mxm.entrypoints.demo import sandbox_config

    mxm_sandbox.run(
        sandbox_config(context.args),
        mxroute_port=mxroute_port,
        cloudflare_port=cloudflare_port,
        dns_port=dns_port,
        control_port=control_port,
    )


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from mxm.entrypoints import running

    typer.echo(json.dumps(running.openapi_document(), indent=2, ensure_ascii=False))


@admin.command("reset-password")
def reset_password(
    user: Annotated[str | None, typer.Option(help="Login; the default is ADMIN_USER.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input.")] = False,
) -> None:
    """Set an administrator's password, making the user when there is none. Their sessions end."""
    from mxm.entrypoints import running

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    login = asyncio.run(running.reset_password(user, password))
    typer.echo(f"The password of {login} is set.")


if __name__ == "__main__":
    main()
