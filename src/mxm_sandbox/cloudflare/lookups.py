"""Finding the zone and the account that a path speaks of."""

import re

from mxm_sandbox.cloudflare.call import Call
from mxm_sandbox.cloudflare.errors import ApiError, Problem, authentication
from mxm_sandbox.cloudflare.state import Store, Zone

_IDENTIFIER = re.compile(r"[0-9a-f]{32}\Z")


def check_identifiers(call: Call) -> None:
    """Raises 7003 when a part of the path cannot be an identifier at all."""
    if not all(_IDENTIFIER.match(value) for value in call.params.values()):
        route = call.wire.path.removeprefix("/client/v4")
        raise ApiError(404, Problem(7003, f"Could not route to {route}, perhaps your object identifier is invalid?"))


def zone_of(store: Store, call: Call) -> Zone:
    """The zone in the path. Raises a 404 when it is not on the account."""
    zone = store.zones.get(call.params["zone"])
    if zone is None:
        raise ApiError(404, Problem(1001, "Invalid zone identifier"))
    return zone


def check_account(call: Call) -> None:
    """Raises a 403 when the account in the path is another one."""
    if call.params["account"] != call.config.cloudflare_account_id:
        raise authentication()
