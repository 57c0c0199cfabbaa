"""Names of what a cached read depends on; a write drops those it makes untrue."""

ZONES = "cf:zones"
TOKEN = "cf:token"  # noqa: S105 - a name


def records(zone_id: str) -> str:
    """The records of one zone."""
    return f"cf:records:{zone_id}"
