"""`mxm import`: mailboxes from a CSV file, through a manager's API."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mxm.entrypoints.refusal import CannotStart

if TYPE_CHECKING:
    from mxm.entrypoints.import_run import Checked, Ended
    from mxm.upstreams.manager_api import ManagerApi

_INTERRUPTED = 130
"""What shells expect of a command that was ended with Ctrl-C."""


def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV with the names of its columns in the first line.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check. Exit code 1: some rows are wrong.")] = False,
    default_domain: Annotated[str | None, typer.Option(help="For rows that name no domain.")] = None,
    generate_passwords: Annotated[
        bool, typer.Option("--generate-passwords", help="Make a password for each row that has none.")
    ] = False,
    passwords: Annotated[
        Path | None, typer.Option(help="A new file for generated passwords; without it they are printed once.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="The manager's address; the default is MXM_URL.")] = None,
) -> None:
    """Create the mailboxes of a CSV file. Checks all rows first, then follows the job that creates them.

    Exit code 0: all are there; 1: some are not; 2: it could not be done.
    """
    from mxm.entrypoints import import_run
    from mxm.entrypoints.cli_api import manager
    from mxm.entrypoints.mailbox_csv import read_rows

    if passwords is not None and not generate_passwords:
        raise CannotStart("--passwords is for --generate-passwords.")
    rows = read_rows(file)
    with manager(url) as api:
        checked = import_run.check(api, rows, default_domain, generate=generate_passwords)
        _print_checked(len(rows), checked)
        if dry_run or not (checked.ready or (generate_passwords and checked.fit)):
            raise typer.Exit(1 if checked.wrong else 0)
        if checked.ready and not yes:
            typer.confirm(f"Create {checked.ready} mailboxes?", abort=True)
        with _password_file(passwords) as keep:
            jobs: list[str] = []
            earlier: list[str] = []
            with _told_when_interrupted(jobs):
                begun = import_run.begin(
                    api, checked.fit, default_domain, generate=generate_passwords, ended=earlier.append
                )
                for job_id in begun:
                    jobs.append(job_id)  # noqa: PERF402 - an interruption must find those that were made
                with _progress(len(checked.fit)) as shown:
                    import_run.follow(api, jobs, shown)
            ended = import_run.outcome(api, jobs)
            _print_ended(checked, ended)
            if generate_passwords:
                _hand_over(api, [*earlier, *jobs], keep)
    if checked.wrong or ended.not_created or ended.problems:
        raise typer.Exit(1)


def _print_checked(total: int, checked: "Checked") -> None:
    parts = [f"{checked.ready} can be created"]
    if checked.existing:
        parts.append(f"{checked.existing} exist already")
    if checked.wrong:
        parts.append(f"{len(checked.wrong)} cannot be created")
    typer.echo(f"{total} rows: {', '.join(parts)}.")
    _print_lines(checked.wrong)


def _print_ended(checked: "Checked", ended: "Ended") -> None:
    parts = [f"{ended.created} created"]
    if ended.existing:
        parts.append(f"{ended.existing} existed already")
    if bad := len(checked.wrong) + len(ended.not_created):
        parts.append(f"{bad} not created")
    typer.echo(", ".join(parts) + ".")
    _print_lines(ended.not_created)
    for problem in ended.problems:
        typer.echo(problem, err=True)


def _print_lines(lines: Sequence[tuple[int, str, str]]) -> None:
    from mxm.entrypoints.cli_api import visible

    for line, email, why in lines:
        typer.echo(visible(f"  line {line}{f' {email}' if email else ''}: {why}"))


Keep = Callable[[Sequence[tuple[str, str]]], None]


@contextmanager
def _password_file(path: Path | None) -> Iterator[Keep]:
    """Keeps passwords: in a new file that only its owner can read, or on the screen.

    The file is made before anything is created, so that nothing can be wrong with it when it is needed; an empty one
    is taken away again.
    """
    if path is None:
        yield _print_passwords
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotStart(f"--passwords {path}: {error.strerror}") from None
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
        import csv

        writer = csv.writer(file)

        def keep(made: Sequence[tuple[str, str]]) -> None:
            if not file.tell():
                writer.writerow(("email", "password"))
            writer.writerows(made)
            file.flush()
            os.fsync(file.fileno())

        try:
            yield keep
        finally:
            if not file.tell():
                path.unlink()


def _print_passwords(made: Sequence[tuple[str, str]]) -> None:
    for email, password in made:
        typer.echo(f"{email} {password}")


def _hand_over(api: "ManagerApi", jobs: Sequence[str], keep: Keep) -> None:
    """Keep what was generated, and only then let the manager forget it."""
    from mxm.entrypoints import import_run

    made: Mapping[str, Sequence[tuple[str, str]]] = import_run.passwords(api, jobs)
    for job_id, listed in made.items():
        keep(listed)
        import_run.acknowledge(api, job_id)


@contextmanager
def _told_when_interrupted(jobs: Sequence[str]) -> Iterator[None]:
    """Ctrl-C ends the command and not the job."""
    try:
        yield
    except KeyboardInterrupt:
        if not jobs:
            typer.echo("Interrupted. Run the same command again: what was begun is found, not done twice.", err=True)
        for job_id in jobs:
            typer.echo(f"The import goes on as job {job_id}: GET /api/jobs/{job_id}", err=True)
        if jobs:
            typer.echo(
                "The same command follows it again. For 24 hours after its end, generated passwords are to be", err=True
            )
            typer.echo("fetched with POST /api/jobs/<id>/passwords and the token of this command.", err=True)
        raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int, str], None]]:
    """A bar on standard error, where somebody looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done, word: bar.update(task, completed=done, description=word)
