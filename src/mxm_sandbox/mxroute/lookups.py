"""Finding the domain a path speaks of: the same 404 everywhere."""

from mxm_sandbox.mxroute.call import Call
from mxm_sandbox.mxroute.errors import not_found
from mxm_sandbox.mxroute.state import Account, HostedDomain


def domain_of(account: Account, call: Call) -> HostedDomain:
    """The domain in the path. Raises a 404 when it is not on the account."""
    domain = account.domains.get(call.params["domain"].lower())
    if domain is None:
        raise not_found("Domain")
    return domain
