"""Operations of a reseller on packages."""

import re
from dataclasses import replace

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import business, conflict, invalid, not_found
from mxm_sandbox.mxroute.resellers import require_right
from mxm_sandbox.mxroute.state import Account, Package

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_UNLIMITED = "unlimited"


def _shown(package: Package) -> dict[str, object]:
    return {
        "name": package.name,
        "settings": {
            "quota_gb": package.quota_gb,
            "quota_unlimited": package.quota_gb is None,
            "domains": package.domains,
            "email_accounts": package.email_accounts,
            "email_forwarders": package.email_forwarders,
            "domain_pointers": package.domain_pointers,
        },
    }


def _found(account: Account, call: Call) -> Package:
    require_right(call)
    package = account.packages.get(call.params["name"])
    if package is None:
        raise not_found("Package")
    return package


def _with_settings(package: Package, body: fields.Body) -> Package:
    """The package with what the body says; what it leaves out stays."""

    def setting(name: str, current: int | None) -> int | None:
        return fields.amount(body, name, default=_UNLIMITED if current is None else str(current))

    return replace(
        package,
        quota_gb=setting("quota", package.quota_gb),
        domains=setting("domains", package.domains),
        email_accounts=setting("email_accounts", package.email_accounts),
        email_forwarders=setting("email_forwarders", package.email_forwarders),
        domain_pointers=setting("domain_pointers", package.domain_pointers),
    )


def list_packages(account: Account, call: Call) -> Reply:
    """Names of all packages."""
    require_right(call)
    return Reply(sorted(account.packages))


def create_package(account: Account, call: Call) -> Reply:
    """Add a package."""
    require_right(call)
    body = call.body()
    name = fields.text(body, "name")
    if not _NAME.match(name):
        raise invalid("Package name may hold letters, numbers, underscores and hyphens", "name")
    package = _with_settings(Package(name), body)
    if name in account.packages:
        raise conflict("Package already exists", "name")
    account.packages[name] = package
    return Reply(_shown(package), 201)


def get_package(account: Account, call: Call) -> Reply:
    """One package."""
    return Reply(_shown(_found(account, call)))


def update_package(account: Account, call: Call) -> Reply:
    """Change some settings of a package."""
    package = _with_settings(_found(account, call), call.body())
    account.packages[package.name] = package
    return Reply(_shown(package))


def delete_package(account: Account, call: Call) -> Reply:
    """Remove a package that nobody has."""
    package = _found(account, call)
    if any(user.package == package.name for user in account.users.values()):
        raise business("Package is in use and cannot be deleted")
    del account.packages[package.name]
    return NO_CONTENT
