"""The part of a domain's health that its row keeps."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

_MXROUTE_SILENT = "MXroute could not be read."


class _Statuses(Protocol):
    def items(self) -> Sequence[tuple[StrEnum, "_Status"]]: ...


class _Status(Protocol):
    @property
    def status(self) -> StrEnum: ...


class SeenHealth(Protocol):
    """What is kept of a domain's health; the DNS feature's `Health` has all of it."""

    @property
    def overall(self) -> StrEnum:
        """One word for all."""
        ...

    @property
    def checks(self) -> _Statuses:
        """Each check by its key."""
        ...

    @property
    def mail_hosting_enabled(self) -> bool | None:
        """None: MXroute did not say."""
        ...

    @property
    def mxroute_reachable(self) -> bool:
        """False: what MXroute expects was not read now."""
        ...


def row_values(health: SeenHealth, since: datetime) -> dict[str, Any]:
    """What a look that began at `since` changes in the row: new values, or why there are none."""
    if not health.mxroute_reachable:
        return {"error": _MXROUTE_SILENT}
    checks = {key.value: {"status": check.status.value} for key, check in health.checks.items()}
    return {
        "mail_hosting": health.mail_hosting_enabled,
        "dns": {"overall": health.overall.value, "checks": checks},
        "checked_at": since,
        "error": None,
    }
