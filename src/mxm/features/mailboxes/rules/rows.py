"""Checking rows of a CSV file: pure thought, no look-ups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mxm.features.mailboxes.schemas import DEFAULT_LIMIT, DEFAULT_QUOTA, MAX_QUOTA, PreviewRow, password_rule
from mxm.platform.cells import restored
from mxm.platform.names import domain_name, email_address, local_part

_USER = ("username", "user")
_ADDRESS = ("email", "mailbox", "address")
_PASSWORD = ("password", "pass")
_RECOVERY = ("recovery_email", "recovery")
_LINE = ("line", "_line")


@dataclass
class Draft:
    """A row as far as it could be understood."""

    line: int
    domain: str | None = None
    username: str | None = None
    password: str = ""
    quota: int | None = None
    limit: int | None = None
    recovery_email: str | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def email(self) -> str | None:
        """The full address, when both halves are good."""
        return f"{self.username}@{self.domain}" if self.username and self.domain else None

    def wrong(self, column: str, message: str) -> None:
        """Note an error."""
        self.errors.append(f"{column}: {message}")

    def checked(self, *, already_exists: bool, duplicate: bool) -> PreviewRow:
        """The row as it is shown."""
        needs_password = not self.password
        return PreviewRow(
            line=self.line,
            domain=self.domain,
            username=self.username,
            email=self.email,
            quota=self.quota,
            limit=self.limit,
            recovery_email=self.recovery_email,
            valid=not (self.errors or needs_password or already_exists or duplicate),
            needs_password=needs_password,
            already_exists=already_exists,
            duplicate_in_csv=duplicate,
            errors=self.errors,
        )


def understand(row: Mapping[str, Any], position: int, default_domain: str | None) -> Draft:
    """Read one row; `position` counts from 1 and numbers the row when it has no line of its own."""
    cells = {key.strip().lower(): value for key, value in row.items()}
    draft = Draft(line=_line(cells, position))
    _name(draft, cells, default_domain)
    draft.password = _text(cells, _PASSWORD, draft, marked=False)
    if draft.password:
        _try(draft, "password", lambda: password_rule(draft.password))
    draft.quota = _number(draft, cells, "quota", DEFAULT_QUOTA, 0, MAX_QUOTA)
    draft.limit = _number(draft, cells, "limit", DEFAULT_LIMIT, 1, 9600)
    recovery = _text(cells, _RECOVERY, draft)
    if recovery:
        draft.recovery_email = _try(draft, "recovery_email", lambda: email_address(recovery))
        if draft.recovery_email and draft.recovery_email == draft.email:
            draft.wrong("recovery_email", "must differ from the mailbox")
    return draft


def _name(draft: Draft, cells: Mapping[str, Any], default_domain: str | None) -> None:
    user, address, domain = _text(cells, _USER, draft), _text(cells, _ADDRESS, draft), _text(cells, ("domain",), draft)
    if not user and not address:
        draft.wrong("username", "is missing")
    if "@" in user and not address:
        user, address = "", user
    if address and "@" in address:
        local, _, own = address.rpartition("@")
        if user and user.lower() != local.lower():
            draft.wrong("username", "does not fit the address")
        user, domain = local, own or "@"  # half an address does not fall back to another column
        if not local:
            draft.wrong("username", "is missing")
    elif address and not user:
        user = address
    if user:
        draft.username = _try(draft, "username", lambda: local_part(user))
    if domain:
        draft.domain = _try(draft, "domain", lambda: domain_name(domain))
    elif default_domain:
        draft.domain = default_domain
    else:
        draft.wrong("domain", "is missing")


def _line(cells: Mapping[str, Any], position: int) -> int:
    for name in _LINE:
        value = cells.get(name)
        text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
    return position


def _text(cells: Mapping[str, Any], names: tuple[str, ...], draft: Draft, *, marked: bool = True) -> str:
    """The first cell of these names that is not blank; our own mark against formulas is taken off."""
    for name in names:
        value = cells.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool | list | dict | float):
            draft.wrong(names[0], "must be text")
            return ""
        text = str(value)
        if marked:
            text = restored(text).strip()
        if text:
            return text
    return ""


def _number(draft: Draft, cells: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int | None:
    value = cells.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return default
    text = restored(value).strip() if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 12:
        draft.wrong(name, "must be a whole number")
        return None
    if not least <= int(text) <= most:
        draft.wrong(name, f"must be between {least} and {most}")
        return None
    return int(text)


def _try(draft: Draft, column: str, parse: Callable[[], str]) -> str | None:
    try:
        return parse()
    except ValueError as wrong:
        draft.wrong(column, str(wrong))
        return None
