"""The reseller part: users and packages. Without the right every call is refused with 403."""

from mxm.upstreams.mxroute import reads, tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead, shape
from mxm.upstreams.mxroute.models import Package, ResellerUser
from mxm.upstreams.mxroute.watches import watch
from mxm.upstreams.mxroute.write import Expect, MXrouteWrite, Plan, nothing
from mxm.upstreams.transport.paths import fill

_user = shape(ResellerUser)


class Users:
    """Users below a reseller account; quotas are strings in MB or `unlimited`."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def names(self) -> MXrouteRead[list[str]]:
        """All usernames."""
        return reads.users(self._link)

    def one(self, username: str) -> MXrouteRead[ResellerUser]:
        """One user."""
        return reads.user(self._link, username)

    def create(self, username: str, *, email: str, password: str, package: str) -> MXrouteWrite[None]:
        """Make a user on a package."""
        plan = Plan(
            operation="createUser",
            method="POST",
            path="/reseller/users",
            body={"username": username, "email": email, "password": password, "package": package},
            secrets=(password,),
            watch=watch(self._link, "user", {"username": username}),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=frozenset({tags.USERS, tags.user(username)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def update(self, username: str, *, quota: str | None = None, password: str | None = None) -> MXrouteWrite[None]:
        """Change what is given; a lost answer to a password's change stays unknown."""
        values = {} if quota is None else {"quota": quota}
        return self._change(
            "updateUser",
            "PATCH",
            fill("/reseller/users/{username}", username=username),
            username,
            body=values if password is None else {**values, "password": password},
            wanted=values,
            password=password,
        )

    def delete(self, username: str) -> MXrouteWrite[None]:
        """Delete a user."""
        plan = Plan(
            operation="deleteUser",
            method="DELETE",
            path=fill("/reseller/users/{username}", username=username),
            watch=watch(self._link, "user", {"username": username}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=frozenset({tags.USERS, tags.user(username)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def suspend(self, username: str) -> MXrouteWrite[None]:
        """Suspend a user."""
        path = fill("/reseller/users/{username}/suspend", username=username)
        return self._change("suspendUser", "POST", path, username, body=None, wanted={"suspended": True})

    def unsuspend(self, username: str) -> MXrouteWrite[None]:
        """Lift a suspension."""
        path = fill("/reseller/users/{username}/unsuspend", username=username)
        return self._change("unsuspendUser", "POST", path, username, body=None, wanted={"suspended": False})

    def set_package(self, username: str, package: str) -> MXrouteWrite[ResellerUser]:
        """Put a user on another package. A package that does not exist is `ValidationFailed`."""
        plan = Plan(
            operation="changeUserPackage",
            method="PATCH",
            path=fill("/reseller/users/{username}/package", username=username),
            body={"package": package},
            watch=watch(self._link, "user-values", {"username": username}),
            expect=Expect.VALUES,
            wanted={"package": package},
            drops=frozenset({tags.user(username)}),
            parse=_user,
        )
        return MXrouteWrite(self._link, plan)

    def _change(
        self,
        operation: str,
        method: str,
        path: str,
        username: str,
        *,
        body: dict[str, str] | None,
        wanted: dict[str, str] | dict[str, bool],
        password: str | None = None,
    ) -> MXrouteWrite[None]:
        plan = Plan(
            operation=operation,
            method=method,
            path=path,
            body=body,
            secrets=(password,) if password else (),
            watch=watch(self._link, "user-values", {"username": username}),
            expect=Expect.VALUES,
            wanted=wanted,
            unreadable="the password" if password is not None else None,
            drops=frozenset({tags.user(username)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


class Packages:
    """Packages of a reseller account. Settings are strings: a number (quota in GB) or `unlimited`."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def names(self) -> MXrouteRead[list[str]]:
        """All package names."""
        return reads.packages(self._link)

    def one(self, name: str) -> MXrouteRead[Package]:
        """One package."""
        return reads.package(self._link, name)

    def create(self, name: str, **settings: str) -> MXrouteWrite[None]:
        """Make a package; `settings` are quota, domains, email_accounts, email_forwarders, domain_pointers."""
        plan = Plan(
            operation="createPackage",
            method="POST",
            path="/reseller/packages",
            body={"name": name, **settings},
            watch=watch(self._link, "package", {"name": name}),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=frozenset({tags.PACKAGES, tags.package(name)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def update(self, name: str, **settings: str) -> MXrouteWrite[None]:
        """Change the given settings."""
        plan = Plan(
            operation="updatePackage",
            method="PATCH",
            path=fill("/reseller/packages/{name}", name=name),
            body=settings,
            watch=watch(self._link, "package-values", {"name": name}),
            expect=Expect.VALUES,
            wanted=settings,
            drops=frozenset({tags.package(name)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def delete(self, name: str) -> MXrouteWrite[None]:
        """Delete a package. One in use is refused with 422."""
        plan = Plan(
            operation="deletePackage",
            method="DELETE",
            path=fill("/reseller/packages/{name}", name=name),
            watch=watch(self._link, "package", {"name": name}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=frozenset({tags.PACKAGES, tags.package(name)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)
