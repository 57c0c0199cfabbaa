"""The order of the test files among several workers: long ones first, else the last worker is waited for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LONG = (
    "faults/test_kill.py",
    "api/test_schemathesis.py",
    "faults/test_kill_jobs.py",
    "platform/test_demo.py",
    "faults/test_kill_onboarding.py",
    "platform/test_cli_check.py",
    "faults/test_kill_jobs_replica.py",
    "platform/test_cli.py",
    "faults/test_kill_replica.py",
    "platform/test_cli_dns.py",
    "platform/test_jobs_faults.py",
    "platform/test_cli_import.py",
    "faults/test_outcomes.py",
    "api/test_dns_health.py",
    "api/test_import.py",
    "platform/test_shutdown.py",
    "platform/test_start_refusals.py",
    "faults/test_job_outages.py",
    "api/test_dns_fix.py",
    "api/test_fleet.py",
    "platform/test_http_bounds.py",
    "api/test_onboarding.py",
)
"""Half a minute and more, or near it; those that wait between those that compute."""


def keep_order(config: pytest.Config) -> None:
    """pytest-xdist would begin with the files of many tests, and end with those of a few long ones."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def long_ones_first(items: list[pytest.Item]) -> None:
    """Sort by file, and leave the order inside each file as it is."""
    places: dict[Path, int] = {TESTS / name: place for place, name in enumerate(_existing(LONG))}
    items.sort(key=lambda item: places.get(item.path, len(places)))


def _existing(names: Sequence[str]) -> Sequence[str]:
    gone = [name for name in names if not (TESTS / name).exists()]
    if gone:
        raise pytest.UsageError(f"tests/support/order.py names {gone}")
    return names
