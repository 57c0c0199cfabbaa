"""Accounts and tokens: who is asking, and whether the token is any good."""

from mxm_sandbox.cloudflare.call import Call, Reply
from mxm_sandbox.cloudflare.errors import ApiError, Problem, bad, forbidden
from mxm_sandbox.cloudflare.lookups import check_account
from mxm_sandbox.cloudflare.paging import page_of
from mxm_sandbox.cloudflare.record import written_time
from mxm_sandbox.cloudflare.state import SEED_TIME, Store
from mxm_sandbox.config import SandboxConfig

_TOKEN_ID = "ed17574386854bf78a67040be0a770b0"  # noqa: S105 - its name, not the token
_ACTIVE = {"code": 10000, "message": "This API Token is valid and active", "type": None}


def check_token(call: Call, *, verifying: bool) -> None:
    """Raises the refusal for a request without the token, or with a bad one.

    An expired token can still be asked about: that is how one learns that it has expired.
    """
    given = call.wire.headers.get("authorization")
    if given is None:
        raise bad(9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        cause = Problem(6111, "Invalid format for Authorization header")
        raise ApiError(400, Problem(6003, "Invalid request headers", (cause,)))
    state = call.config.cloudflare_token_state
    wrong = token.strip() != call.config.cloudflare_token or state == "invalid"
    if verifying and wrong:
        raise ApiError(401, Problem(1000, "Invalid API Token"))
    if wrong or (state == "expired" and not verifying):
        raise forbidden(9109, "Invalid access token")


def _verify(config: SandboxConfig, kind: str) -> Reply:
    if config.cloudflare_token_kind != kind:
        raise ApiError(401, Problem(1000, "Invalid API Token"))
    state = config.cloudflare_token_state
    if state == "expired":
        return Reply({"id": _TOKEN_ID, "status": "expired", "expires_on": written_time(SEED_TIME)})
    return Reply({"id": _TOKEN_ID, "status": "active"}, messages=(_ACTIVE,))


def verify_user_token(_: Store, call: Call) -> Reply:
    """Whether a token of a user is valid; one of an account is none of a user's."""
    return _verify(call.config, "user")


def verify_account_token(_: Store, call: Call) -> Reply:
    """Whether a token of an account is valid."""
    check_account(call)
    return _verify(call.config, "account")


def list_accounts(_: Store, call: Call) -> Reply:
    """The accounts that the token may see; without permission there are none, which is no error."""
    config = call.config
    account = {
        "id": config.cloudflare_account_id,
        "name": config.cloudflare_account_name,
        "type": "standard",
        "settings": {"enforce_twofactor": False},
        "created_on": written_time(SEED_TIME),
    }
    state = config.cloudflare_token_state
    seen = [] if state == "no_permission" else [account]
    part, info = page_of(seen, call.query(), default=20, least=5, most=50)
    return Reply(list(part), info)
