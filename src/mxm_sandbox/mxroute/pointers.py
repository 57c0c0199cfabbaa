"""Operations on domain pointers: other names for a domain."""

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.domains import is_taken
from mxm_sandbox.mxroute.errors import conflict, invalid, not_found
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account, HostedDomain
from mxm_sandbox.names import fold, is_domain


def _shown(domain: HostedDomain, pointer: str) -> dict[str, str]:
    return {"pointer": pointer, "type": domain.pointers[pointer], "target": domain.name}


def list_pointers(account: Account, call: Call) -> Reply:
    """All pointers of a domain; here always a list."""
    domain = domain_of(account, call)
    return Reply([_shown(domain, pointer) for pointer in sorted(domain.pointers)])


def create_pointer(account: Account, call: Call) -> Reply:
    """Add a pointer, an alias unless a redirect is asked for."""
    domain = domain_of(account, call)
    body = call.body()
    pointer = fold(fields.text(body, "pointer"))
    alias = fields.boolean(body, "alias", default=True)
    if not is_domain(pointer):
        raise invalid("Invalid domain format", "pointer")
    if is_taken(account, pointer):
        raise conflict("Pointer already exists", "pointer")
    domain.pointers[pointer] = "alias" if alias else "redirect"
    return Reply(_shown(domain, pointer), 201)


def delete_pointer(account: Account, call: Call) -> Reply:
    """Remove a pointer."""
    domain = domain_of(account, call)
    if domain.pointers.pop(call.params["pointer"].lower(), None) is None:
        raise not_found("Pointer")
    return NO_CONTENT
