"""Reads the settings from the environment and `.env`, and says in one line each what is wrong with them."""

import difflib
import logging
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from mxm.platform.settings.model import Settings

log = logging.getLogger("mxm.settings")

_SECRET_NAMES = frozenset(
    name
    for name, field in Settings.model_fields.items()
    if "Secret" in repr(field.annotation) or name == "database_url"
)
_FREE_PREFIXES = ("APPRISE_CRED_",)


class SettingsError(Exception):
    """The settings cannot be used; `lines` holds one line for each wrong variable."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class GivenSettings(Settings):
    """Settings given in code: the environment and `.env` are not looked at (demo, documents, tests)."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_others: Any, **_named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process; the real environment wins over `env_file`. Raises `SettingsError`."""
    _warn_of_unknown(env_file)
    try:
        return Settings(_env_file=env_file)
    except ValidationError as wrong:
        raise SettingsError([_line(error) for error in wrong.errors()]) from None


def _line(error: ErrorDetails) -> str:
    if not error["loc"]:
        return error["msg"].removeprefix("Value error, ")
    field = str(error["loc"][0])
    got = "a value that is not shown" if field in _SECRET_NAMES else repr(_plain(error["input"]))
    return f"{field.upper()}: got {got}, want {_wanted(error)}"


def _plain(value: object) -> object:
    return "…" if isinstance(value, SecretStr) else value


def _wanted(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return message.removeprefix("Input should be ")


def _warn_of_unknown(env_file: Path | None) -> None:
    if env_file is None or not env_file.is_file():
        return
    known = {name.upper() for name in Settings.model_fields}
    for name in dotenv_values(env_file):
        if name.upper() in known or name.startswith(_FREE_PREFIXES):
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        log.warning("unknown variable %s in %s is ignored%s", name, env_file, hint)
