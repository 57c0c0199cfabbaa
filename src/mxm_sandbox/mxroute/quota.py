"""Storage figures. They are hourly old: a snapshot answers, not the state of the moment."""

from datetime import UTC, datetime, timedelta

from mxm_sandbox.mxroute.call import Call, Reply
from mxm_sandbox.mxroute.state import MEGABYTE, Account, UsageSnapshot

_GRACE = timedelta(days=7)


def _snapshot(account: Account, call: Call) -> UsageSnapshot:
    config = call.config
    if config.quota_live or call.now - account.usage.taken_at >= config.quota_refresh_seconds:
        account.renew_usage(call.now)
    return account.usage


def _moment(unix_seconds: float) -> datetime:
    return datetime.fromtimestamp(int(unix_seconds), UTC)


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def get_quota(account: Account, call: Call) -> Reply:
    """Use of the whole account, in bytes."""
    snapshot = _snapshot(account, call)
    used = sum(snapshot.sizes.values())
    limit = call.config.account_quota_mb * MEGABYTE
    taken_at = _moment(snapshot.taken_at)
    exceeded = 0 < limit < used
    data = {
        "username": call.config.username,
        "total_used": used,
        "total_limit": limit,
        "percent_used": round(100 * used / limit, 2) if limit else 0.0,
        "breakdown": {"email": used, "web": 0, "databases": 0, "backups": 0, "other": 0},
        "grace_period": {"days_remaining": _GRACE.days, "deadline": _written(taken_at + _GRACE)} if exceeded else None,
        "updated_at": _written(taken_at),
    }
    return Reply(data, bare=not call.config.quota_enveloped)


def get_email_quota(account: Account, call: Call) -> Reply:
    """Use of every mailbox of the account, largest first."""
    snapshot = _snapshot(account, call)
    updated_at = _written(_moment(snapshot.taken_at))
    listed = [item for item in snapshot.sizes.items() if item[1] or call.config.quota_lists_empty]
    listed.sort(key=lambda item: (-item[1], item[0]))
    accounts = [{"email_address": name, "size_bytes": size, "updated_at": updated_at} for name, size in listed]
    return Reply({"username": call.config.username, "accounts": accounts}, bare=not call.config.quota_enveloped)
