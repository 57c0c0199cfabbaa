"""The single looks of `mxm check`. Each gives lines and raises nothing; none writes, and none takes a lock."""

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from mxm.platform.clock import SystemChance, SystemClock
from mxm.platform.db.inspection import DatabaseLook, look
from mxm.platform.db.migrations import HEAD
from mxm.platform.errors import AppError
from mxm.platform.keycheck import is_noted
from mxm.platform.keys import KeyRing
from mxm.platform.settings import Settings, SettingsError, load_settings
from mxm.upstreams.cloudflare import Cloudflare, TokenState, Zone
from mxm.upstreams.mxroute.client import Credentials, MXroute
from mxm.upstreams.resolver import Outcome, Resolver
from mxm.upstreams.resolver.client import PUBLIC_RESOLVERS

_WELL_KNOWN = "mxroute.com"
"""Every SPF record that is checked includes this name: a resolver that cannot find it is of no use."""
_SECONDS = 45.0
"""For each upstream; a read is repeated for 40 s."""

State = Literal["ok", "problem", "not configured"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line."""

    name: str
    state: State
    message: str


def settings_or_items() -> tuple[Settings | None, list[Item]]:
    """The settings, or a line for each that is wrong."""
    try:
        return load_settings(), []
    except SettingsError as error:
        return None, [Item("settings", "problem", line) for line in error.lines]


async def survey(settings: Settings) -> list[Item]:
    """All lines, looked up side by side."""
    mxroute, cloudflare, resolvers, stored = await asyncio.gather(
        _mxroute(settings), _cloudflare(settings), _resolvers(settings), asyncio.to_thread(_stored, settings)
    )
    return [mxroute, cloudflare, *resolvers, *stored]


async def _mxroute(settings: Settings) -> Item:
    name = "MXroute"
    key = settings.mx_api_key.get_secret_value() if settings.mx_api_key else None
    credentials = Credentials(settings.mx_server, settings.mx_user, key)
    if problem := credentials.problem():
        given = settings.mx_server or settings.mx_user or key
        return Item(name, "problem" if given else "not configured", problem)
    try:
        mxroute = MXroute(credentials, clock=SystemClock(), chance=SystemChance(), base_url=settings.mxroute_api_url)
    except ValueError as error:
        return Item(name, "problem", str(error))
    try:
        async with asyncio.timeout(_SECONDS):
            names = await mxroute.domains.names().live()
    except (AppError, TimeoutError) as error:
        return Item(name, "problem", _why(error))
    finally:
        await mxroute.aclose()
    reads = mxroute.budget.snapshot().reads
    left = f"{reads.remaining} of {reads.limit} reads left in this minute"
    return Item(name, "ok", f"{settings.mx_user} on {settings.mx_server}: {_count(len(names), 'domain')}; {left}")


async def _cloudflare(settings: Settings) -> Item:
    name = "Cloudflare"
    token = settings.cf_api_token.get_secret_value() if settings.cf_api_token else None
    try:
        cloudflare = Cloudflare(
            token,
            settings.cf_account_id,
            clock=SystemClock(),
            chance=SystemChance(),
            base_url=settings.cloudflare_api_url,
        )
    except ValueError as error:
        return Item(name, "problem", str(error))
    if not cloudflare.configured:
        return Item(name, "problem" if token else "not configured", cloudflare.problem)
    try:
        async with asyncio.timeout(_SECONDS):
            state, zones = await cloudflare.token().live(), await cloudflare.zones().live()
    except (AppError, TimeoutError) as error:
        return Item(name, "problem", _why(error))
    finally:
        await cloudflare.aclose()
    return _of_token(name, state, zones, has_account=bool(settings.cf_account_id))


def _of_token(name: str, state: TokenState, zones: list[Zone], *, has_account: bool) -> Item:
    if not state.active:
        return Item(name, "problem", f"the token is {state.status}")
    until = f" until {state.expires_on:%Y-%m-%d}" if state.expires_on else ""
    by_status = ", ".join(f"{count} {status}" for status, count in sorted(Counter(z.status for z in zones).items()))
    seen = _count(len(zones), "zone") + (f" ({by_status})" if zones else "")
    unset = "" if has_account else "; CF_ACCOUNT_ID is not set: zones cannot be made"
    return Item(name, "ok", f"the token is active{until}; {seen}{unset}")


async def _resolvers(settings: Settings) -> list[Item]:
    servers = settings.dns_resolvers or PUBLIC_RESOLVERS
    return list(await asyncio.gather(*map(_resolver, servers)))


async def _resolver(server: str) -> Item:
    name = f"DNS {server}"
    began = time.perf_counter()
    found = await Resolver([server]).lookup(_WELL_KNOWN, "TXT")
    took = f"{(time.perf_counter() - began) * 1000:.0f} ms"
    if found.outcome is Outcome.FOUND:
        return Item(name, "ok", f"answers in {took}")
    if found.outcome is Outcome.ABSENT:
        return Item(name, "problem", f"answers in {took}, but says that {_WELL_KNOWN} has no TXT records")
    return Item(name, "problem", found.reason or "no answer")


def _stored(settings: Settings) -> list[Item]:
    """The database, and whether the key is its own."""
    where = "PostgreSQL" if settings.uses_postgresql else str(settings.sqlite_file)
    try:
        found = look(settings)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        return [Item("database", "problem", f"{where}: {reason[0]}")]
    return [_database(settings, where, found), _key(settings, found)]


def _database(settings: Settings, where: str, found: DatabaseLook) -> Item:
    if not settings.uses_postgresql and not _writable(settings.sqlite_file):
        return Item("database", "problem", f"{where}: may not be written by this user")
    if found.schema is None:
        return Item("database", "not configured", f"{where}: empty; `mxm serve` sets it up at its first start")
    if found.schema > HEAD:
        return Item("database", "problem", f"{where}: schema {found.schema} is newer than this version's {HEAD}")
    coming = "" if found.schema == HEAD else f"; the next start brings it to {HEAD}"
    return Item("database", "ok", f"{where}: schema {found.schema}{coming}")


def _writable(file: Path) -> bool:
    """Whether a start could write it; asks for the rights only."""
    places: Iterable[Path] = (file, *file.resolve().parents)
    there = next(place for place in places if place.exists())
    return os.access(there, os.W_OK | (os.X_OK if there.is_dir() else 0))


def _key(settings: Settings, found: DatabaseLook) -> Item:
    file = settings.data_dir / "secret.key"
    if settings.secret_key is not None:
        secret, source = settings.secret_key.get_secret_value(), "SECRET_KEY"
    else:
        source = str(file)
        try:
            secret = file.read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            secret = ""
        except OSError as error:
            return Item("key", "problem", f"{source}: {error.strerror}")
    if found.key_check is None:
        return Item("key", "ok" if secret else "not configured", f"{source}: nothing was written with a key yet")
    if not secret:
        return Item("key", "problem", f"{source} is missing, but the database was written with one: restore it")
    previous = settings.secret_key_previous
    ring = KeyRing(secret, previous.get_secret_value() if previous else None)
    if is_noted(ring, found.key_check):
        return Item("key", "ok", f"{source} is the one this database was written with")
    return Item("key", "problem", f"{source} is not the one this database was written with")


def _why(error: AppError | TimeoutError) -> str:
    return error.message if isinstance(error, AppError) else f"no answer in {_SECONDS:.0f} s"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
