"""Operations on zones: list, look at, create, delete, ask for a check of the name servers."""

from typing import Any

from mxm_sandbox.cloudflare.call import Call, Reply
from mxm_sandbox.cloudflare.errors import bad, forbidden
from mxm_sandbox.cloudflare.lookups import zone_of
from mxm_sandbox.cloudflare.names import ascii_name
from mxm_sandbox.cloudflare.paging import page_of
from mxm_sandbox.cloudflare.record import written_time
from mxm_sandbox.cloudflare.state import Store, Zone
from mxm_sandbox.names import is_domain

_PLAN = {"id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "name": "Free Website", "price": 0, "legacy_id": "free"}


def _shown(zone: Zone, call: Call) -> dict[str, Any]:
    config = call.config
    return {
        "id": zone.id,
        "name": zone.name,
        "status": zone.status,
        "paused": False,
        "type": "full",
        "development_mode": 0,
        "name_servers": list(zone.name_servers),
        "original_name_servers": None if zone.status == "active" else ["ns1.old-host.test", "ns2.old-host.test"],
        "original_registrar": None,
        "original_dnshost": None,
        "created_on": written_time(zone.created_on),
        "modified_on": written_time(zone.modified_on),
        "activated_on": None if zone.activated_on is None else written_time(zone.activated_on),
        "meta": {"step": 2, "custom_certificate_quota": 0, "page_rule_quota": 3, "phishing_detected": False},
        "owner": {"id": None, "type": "user", "email": None},
        "account": {"id": config.cloudflare_account_id, "name": config.cloudflare_account_name},
        "permissions": ["#dns_records:edit", "#dns_records:read", "#zone:edit", "#zone:read"],
        "plan": _PLAN,
    }


def list_zones(store: Store, call: Call) -> Reply:
    """Zones by name, in pages of 20 unless asked otherwise and of 50 at most."""
    query = call.query()
    chosen = sorted(store.zones.values(), key=lambda zone: zone.name)
    if query.get("name"):
        chosen = [zone for zone in chosen if zone.name == ascii_name(query["name"])]
    if query.get("status"):
        chosen = [zone for zone in chosen if zone.status == query["status"]]
    if query.get("account.id", call.config.cloudflare_account_id) != call.config.cloudflare_account_id:
        chosen = []
    part, info = page_of(chosen, query, default=20, least=5, most=50)
    return Reply([_shown(zone, call) for zone in part], info)


def get_zone(store: Store, call: Call) -> Reply:
    """One zone."""
    return Reply(_shown(zone_of(store, call), call))


def create_zone(store: Store, call: Call) -> Reply:
    """Add a zone; it is pending until its name servers are those that the answer names."""
    body = call.body()
    name = body.get("name")
    if not isinstance(name, str) or not is_domain(ascii_name(name)):
        raise bad(1049, f"{name} is not a registered domain")
    account = body.get("account")
    wanted = account.get("id") if isinstance(account, dict) else call.config.cloudflare_account_id
    if wanted != call.config.cloudflare_account_id:
        right = '"com.cloudflare.api.account.zone.create"'
        raise forbidden(0, f"Requires permission {right} to create zones for the selected account")
    if body.get("type", "full") != "full":
        raise bad(1059, "This zone type is not available on the free plan.")
    name = ascii_name(name)
    if store.zone_named(name) is not None:
        raise bad(1061, f"{name} already exists")
    return Reply(_shown(store.add(name, "pending", call.now, waiting=True), call))


def delete_zone(store: Store, call: Call) -> Reply:
    """Remove a zone and its records."""
    zone = zone_of(store, call)
    store.remove(zone)
    return Reply({"id": zone.id})


def check_activation(store: Store, call: Call) -> Reply:
    """Look for the name servers soon; for a zone of the seed that only now begins to count."""
    zone = zone_of(store, call)
    zone.checked_on = call.now
    if zone.waiting_since is None:
        zone.waiting_since = call.now
    return Reply({"id": zone.id})
