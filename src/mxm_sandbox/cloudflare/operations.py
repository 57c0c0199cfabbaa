"""The table of all operations, and what a token needs to be allowed to do for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mxm_sandbox.cloudflare import accounts, dnsrecords, zones
from mxm_sandbox.cloudflare.call import Call, Reply
from mxm_sandbox.cloudflare.errors import ApiError, Problem, authentication, forbidden, unauthorized
from mxm_sandbox.cloudflare.lookups import check_identifiers
from mxm_sandbox.cloudflare.state import Store
from mxm_sandbox.templates import Table, WrongMethod, is_unsafe

Handler = Callable[[Store, Call], Reply]
Right = Literal["none", "zone", "dns"]
BASE = "/client/v4"


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path template, the right it needs, and what it does."""

    method: str
    path: str
    handler: Handler
    right: Right

    @property
    def template(self) -> str:
        """The path under the base of the API."""
        return f"{BASE}{self.path}"

    @property
    def name(self) -> str:
        """The name under which requests are counted."""
        return f"{self.method} {self.path}"

    @property
    def verifies(self) -> bool:
        """Whether it is the question if the token is any good."""
        return self.path.endswith("/tokens/verify")


_ZONE = "/zones/{zone}"
_RECORDS = f"{_ZONE}/dns_records"
_RECORD = f"{_RECORDS}/{{record}}"

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/user/tokens/verify", accounts.verify_user_token, "none"),
    Operation("GET", "/accounts/{account}/tokens/verify", accounts.verify_account_token, "none"),
    Operation("GET", "/accounts", accounts.list_accounts, "none"),
    Operation("GET", "/zones", zones.list_zones, "zone"),
    Operation("POST", "/zones", zones.create_zone, "zone"),
    Operation("GET", _ZONE, zones.get_zone, "zone"),
    Operation("DELETE", _ZONE, zones.delete_zone, "zone"),
    Operation("PUT", f"{_ZONE}/activation_check", zones.check_activation, "zone"),
    Operation("GET", _RECORDS, dnsrecords.list_records, "dns"),
    Operation("POST", _RECORDS, dnsrecords.create_record, "dns"),
    # Before the record: "batch" would be taken for an identifier.
    Operation("POST", f"{_RECORDS}/batch", dnsrecords.batch, "dns"),
    Operation("GET", _RECORD, dnsrecords.get_record, "dns"),
    Operation("PUT", _RECORD, dnsrecords.replace_record, "dns"),
    Operation("PATCH", _RECORD, dnsrecords.update_record, "dns"),
    Operation("DELETE", _RECORD, dnsrecords.delete_record, "dns"),
)
_TABLE = Table(OPERATIONS)


def find(call: Call) -> Operation:
    """The operation a call asks for; its path parameters are set. Raises 7000, 10405 or 7003."""
    try:
        found = _TABLE.find(call.wire.method, call.wire.segments)
    except WrongMethod as error:
        allow = (("Allow", ", ".join(error.allowed)),)
        raise ApiError(405, Problem(10405, "Method not allowed"), allow) from None
    if found is None or any(is_unsafe(value) for value in found[1].values()):
        raise ApiError(404, Problem(7000, "No route for that URI"))
    operation, call.params = found
    check_identifiers(call)
    return operation


def check_right(operation: Operation, call: Call) -> None:
    """Raises a 403 when the token may not do this."""
    state = call.config.cloudflare_token_state
    reading = operation.method == "GET"
    if operation.right == "none" or state == "valid" or (state == "read_only" and reading):
        return
    if operation.right == "dns":
        raise authentication()
    if operation.name == "POST /zones":
        right = '"com.cloudflare.api.account.zone.create"'
        raise forbidden(0, f"Requires permission {right} to create zones for the selected account")
    raise unauthorized()
