"""Operations of a reseller on users; without the right each of them is a 403.

A user's storage is counted in MB, a package's in GB.
"""

import re

from mxm_sandbox.mxroute import fields
from mxm_sandbox.mxroute.call import NO_CONTENT, Call, Reply
from mxm_sandbox.mxroute.errors import business, conflict, forbidden, invalid, not_found
from mxm_sandbox.mxroute.state import Account, Package, ResellerUser, Secret
from mxm_sandbox.names import is_address

_USERNAME = re.compile(r"[a-z0-9_]{1,10}\Z")
_MB_PER_GB = 1024


def require_right(call: Call) -> None:
    """Raises a 403 unless the account is a reseller's."""
    if not call.config.reseller:
        raise forbidden("Reseller privileges required")


def _shown(user: ResellerUser) -> dict[str, object]:
    return {
        "username": user.username,
        "email": user.email,
        "domain": user.domain,
        "package": user.package,
        "suspended": user.suspended,
        "quota": {"limit": user.quota_mb, "used": round(user.used_mb, 2), "unlimited": user.quota_mb is None},
    }


def _found(account: Account, call: Call) -> ResellerUser:
    require_right(call)
    user = account.users.get(call.params["username"])
    if user is None:
        raise not_found("User")
    return user


def _package(account: Account, body: fields.Body) -> Package:
    package = account.packages.get(fields.text(body, "package"))
    if package is None:
        raise business("Package does not exist")
    return package


def storage_mb(package: Package) -> int | None:
    """What a package grants a user, in MB."""
    return None if package.quota_gb is None else package.quota_gb * _MB_PER_GB


def list_users(account: Account, call: Call) -> Reply:
    """Names of all users."""
    require_right(call)
    return Reply(sorted(account.users))


def create_user(account: Account, call: Call) -> Reply:
    """Add a user with the storage of a package."""
    require_right(call)
    body = call.body()
    username, email = fields.text(body, "username"), fields.text(body, "email").strip()
    if not _USERNAME.match(username):
        raise invalid("Username must be 1-10 lowercase letters, numbers or underscores", "username")
    if not is_address(email):
        raise invalid("Invalid email address", "email")
    secret = Secret.of(username, fields.password(body))
    package = _package(account, body)
    if username in account.users:
        raise conflict("User already exists", "username")
    user = ResellerUser(username, email, package.name, secret, quota_mb=storage_mb(package))
    account.users[username] = user
    return Reply(_shown(user), 201)


def get_user(account: Account, call: Call) -> Reply:
    """One user."""
    return Reply(_shown(_found(account, call)))


def update_user(account: Account, call: Call) -> Reply:
    """Change storage or password; both are checked first."""
    user = _found(account, call)
    body = call.body()
    quota_mb = fields.amount(body, "quota", default="0") if "quota" in body else user.quota_mb
    secret = Secret.of(user.username, fields.password(body)) if "password" in body else user.secret
    user.quota_mb, user.secret = quota_mb, secret
    return Reply(_shown(user))


def delete_user(account: Account, call: Call) -> Reply:
    """Remove a user."""
    del account.users[_found(account, call).username]
    return NO_CONTENT


def suspend_user(account: Account, call: Call) -> Reply:
    """Suspend a user; again is no error."""
    user = _found(account, call)
    user.suspended = True
    return Reply(_shown(user))


def unsuspend_user(account: Account, call: Call) -> Reply:
    """Lift a suspension."""
    user = _found(account, call)
    user.suspended = False
    return Reply(_shown(user))


def change_package(account: Account, call: Call) -> Reply:
    """Give a user another package and its storage."""
    user = _found(account, call)
    package = _package(account, call.body())
    user.package, user.quota_mb = package.name, storage_mb(package)
    return Reply(_shown(user))
