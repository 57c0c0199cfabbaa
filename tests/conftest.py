"""Fixtures that all tests share: the PostgreSQL server of the run, and a running manager on either database."""

import gc
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.databases import migrated_sqlite, new_postgresql_database, postgresql_bin, postgresql_server
from support.desk import Desk, desk_on
from support.manager import Manager, dns_manager, running_manager
from support.order import keep_order, long_ones_first
from support.program import given_settings


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is collected."""
    keep_order(config)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell that runs `make test &` ignores it, and every process below inherits that: Ctrl-C could not be tried.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of all files, and the same in every worker."""
    long_ones_first(items)


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not look at it again, a dozen times in each test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of this run's own PostgreSQL server, without a database name."""
    if postgresql_bin() is None:
        pytest.skip("no PostgreSQL server binaries (initdb, pg_ctl) on this machine")
    with postgresql_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None for SQLite, else a fresh migrated PostgreSQL database: a test that takes it runs on both."""
    if request.param == "sqlite":
        return None
    return new_postgresql_database(request.getfixturevalue("postgresql"))


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncIterator[Manager]:
    """A running manager on SQLite, against a sandbox without limits."""
    async with running_manager(tmp_path) as found:
        yield found


@pytest.fixture
async def either_manager(tmp_path: Path, database_url: str | None) -> AsyncIterator[Manager]:
    """A running manager, once on SQLite and once on PostgreSQL."""
    async with running_manager(tmp_path, database_url=database_url) as found:
        yield found


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Desk]:
    """Durable jobs without a manager, on SQLite and on PostgreSQL."""
    settings = given_settings(tmp_path, database_url=database_url)
    if database_url is None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
        settings.sqlite_file.write_bytes(migrated_sqlite())
    found = desk_on(settings)
    yield found
    await found.database.close()


@pytest.fixture
async def dns_world(tmp_path: Path) -> AsyncIterator[Manager]:
    """A running manager that asks its sandbox's DNS and Cloudflare, too."""
    async with dns_manager(tmp_path) as found:
        yield found


@pytest.fixture
async def either_dns_world(tmp_path: Path, database_url: str | None) -> AsyncIterator[Manager]:
    """The same, once on SQLite and once on PostgreSQL."""
    async with dns_manager(tmp_path, database_url=database_url) as found:
        yield found
