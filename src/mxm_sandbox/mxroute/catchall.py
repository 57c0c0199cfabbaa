"""Operations on the catch-all of a domain."""

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import Call, Reply
from mxm_sandbox.mxroute.errors import invalid
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account, CatchAll, CatchAllType, HostedDomain
from mxm_sandbox.names import is_address

_DESCRIPTIONS: dict[CatchAllType, str] = {
    "fail": "Mail to unknown addresses is rejected",
    "blackhole": "Mail to unknown addresses is silently discarded",
    "address": "Mail to unknown addresses is forwarded",
}


def _shown(domain: HostedDomain) -> dict[str, str | None]:
    setting = domain.catch_all
    return {"type": setting.type, "address": setting.address, "description": _DESCRIPTIONS[setting.type]}


def get_catch_all(account: Account, call: Call) -> Reply:
    """The setting that holds."""
    return Reply(_shown(domain_of(account, call)))


def set_catch_all(account: Account, call: Call) -> Reply:
    """Change it; an address is needed for, and kept only with, the type `address`."""
    domain = domain_of(account, call)
    body = call.body()
    wanted = body.get("type")
    match wanted:
        case "fail" | "blackhole":
            domain.catch_all = CatchAll(wanted)
        case "address":
            domain.catch_all = CatchAll("address", _address(body))
        case _:
            raise invalid("type must be one of: fail, blackhole, address", "type")
    return Reply(_shown(domain))


def _address(body: fields.Body) -> str:
    address = fields.text(body, "address").strip().lower()
    if not is_address(address):
        raise invalid("Invalid email address", "address")
    return address
