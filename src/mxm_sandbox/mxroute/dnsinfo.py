"""The records a domain should have, as MXroute states them, and the verification key of the account."""

from mxm_sandbox.mxroute import dkim
from mxm_sandbox.mxroute.call import Call, Reply
from mxm_sandbox.mxroute.domains import VERIFIED
from mxm_sandbox.mxroute.errors import ApiError
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account
from mxm_sandbox.names import relay_of

SPF = "v=spf1 include:mxroute.com -all"


def get_dns(account: Account, call: Call) -> Reply:
    """MX, SPF, DKIM and verification records; the last two may be missing."""
    domain = domain_of(account, call)
    server = call.config.server
    key_record = {"name": f"{dkim.SELECTOR}._domainkey", "type": "TXT"}
    return Reply(
        {
            "mx_records": [
                {"priority": 10, "hostname": server, "description": "Primary mail server"},
                {"priority": 20, "hostname": relay_of(server), "description": "Backup mail server"},
            ],
            "spf": {"type": "TXT", "name": "@", "value": SPF},
            "dkim": {**key_record, "value": dkim.record(call.config.seed, domain.name)} if domain.has_dkim else None,
            "verification": _verification(account, call),
        }
    )


def _verification(account: Account, call: Call) -> dict[str, str] | None:
    if not call.config.verification_key_available:
        return None
    return {
        "type": "TXT",
        "name": account.verification_key,
        "value": VERIFIED,
        "description": "Proves that the domain is yours",
    }


def get_verification_key(account: Account, call: Call) -> Reply:
    """The key; that there is none comes as a 500, of all things."""
    if not call.config.verification_key_available:
        message = "Unable to retrieve verification key for this account"
        raise ApiError(500, message, code="VERIFICATION_KEY_NOT_FOUND")
    return Reply(
        {
            "key": account.verification_key,
            "record": {"type": "TXT", "name": account.verification_key, "value": VERIFIED},
            "description": "Add this TXT record to your domain before adding it to your account",
        }
    )
