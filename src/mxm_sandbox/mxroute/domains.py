"""Operations on domains: list, register, look at, delete, mail hosting on and off."""

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import business, conflict, invalid
from mxm_sandbox.mxroute.lookups import domain_of
from mxm_sandbox.mxroute.state import Account, HostedDomain
from mxm_sandbox.names import fold, is_domain

VERIFIED = "domain-verified"


def list_domains(account: Account, call: Call) -> Reply:
    """Names of all domains."""
    return Reply(sorted(account.domains))


def wanted_domain(call: Call) -> str:
    """The name to be registered. Raises a 400 when it is none."""
    name = fold(fields.text(call.body(), "domain"))
    if not is_domain(name):
        raise invalid("Invalid domain format", "domain")
    return name


def is_taken(account: Account, name: str) -> bool:
    """Whether a name is on the account, as a domain or as a pointer."""
    return name in account.domains or any(name in domain.pointers for domain in account.domains.values())


def create_domain(account: Account, call: Call) -> Reply:
    """Register a domain whose verification record is published; the look-up was made before the lock was taken."""
    name = wanted_domain(call)
    if is_taken(account, name):
        raise conflict("Domain already exists", "domain")
    if VERIFIED not in call.txt_values:
        record = f"{account.verification_key}.{name}"
        raise business(f'Domain ownership could not be verified. Add a TXT record {record} with the value "{VERIFIED}"')
    domain = account.domains[name] = HostedDomain(name)
    return Reply({"domain": name, "ssl_enabled": domain.ssl_enabled}, 201)


def get_domain(account: Account, call: Call) -> Reply:
    """Details of a domain. `pointers` is a list only as long as it is empty: PHP shows through."""
    domain = domain_of(account, call)
    return Reply(
        {
            "domain": domain.name,
            "mail_hosting": domain.mail_hosting,
            "ssl_enabled": domain.ssl_enabled,
            "pointers": dict(domain.pointers) or [],
        }
    )


def delete_domain(account: Account, call: Call) -> Reply:
    """Remove a domain and everything it has."""
    del account.domains[domain_of(account, call).name]
    return NO_CONTENT


def set_mail_status(account: Account, call: Call) -> Reply:
    """Switch mail hosting."""
    domain = domain_of(account, call)
    domain.mail_hosting = fields.boolean(call.body(), "enabled")
    return Reply({"domain": domain.name, "mail_hosting": domain.mail_hosting})
