"""One word for a whole domain, and which checks a repair would mend."""

from mxm.features.dns.schemas import Checks, Key, Overall, Status

_BAD = frozenset({Status.WARN, Status.FAIL})


def overall(checks: Checks) -> Overall:
    """Webmail never counts: it is a matter of choice. Unknown is no failure, but not health either."""
    counted = [(key, check.status) for key, check in checks.items() if key is not Key.WEBMAIL]
    statuses = {status for _, status in counted}
    if any(status is Status.FAIL for key, status in counted if key in {Key.MX, Key.SPF}):
        return Overall.UNHEALTHY
    if Status.PENDING in statuses:
        return Overall.PENDING
    if statuses <= {Status.SKIPPED}:
        return Overall.SKIPPED
    return Overall.DEGRADED if statuses & (_BAD | {Status.UNKNOWN}) else Overall.HEALTHY


def mendable(checks: Checks) -> list[Key]:
    """What a repair takes on by itself: all at warn or fail, never webmail, never what could not be looked up."""
    return [key for key, check in checks.items() if check.status in _BAD and key is not Key.WEBMAIL]
