"""Mailboxes ("email accounts")."""

from typing import Any

from mxm.upstreams.mxroute import reads, tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead
from mxm.upstreams.mxroute.models import EmailAccount
from mxm.upstreams.mxroute.watches import watch
from mxm.upstreams.mxroute.write import Expect, MXrouteWrite, Plan, nothing
from mxm.upstreams.transport.paths import fill


class Mailboxes:
    """The mailboxes of a domain; `user` is the part before the @.

    Quotas are in MB (0 = unlimited), limits in mails a day.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self, domain: str) -> MXrouteRead[list[EmailAccount]]:
        """All mailboxes of `domain`."""
        return reads.mailboxes(self._link, domain)

    def one(self, domain: str, user: str) -> MXrouteRead[EmailAccount]:
        """One mailbox."""
        return reads.mailbox(self._link, domain, user)

    def create(
        self, domain: str, user: str, password: str, *, quota: int | None = None, limit: int | None = None
    ) -> MXrouteWrite[None]:
        """Make a mailbox; without `quota` or `limit` MXroute's defaults hold.

        MXroute ignores `limit` here (facts.md): it is sent, but read the mailbox back to know the one that holds.
        """
        body = {"username": user, "password": password, **_given(quota=quota, limit=limit)}
        plan = Plan(
            operation="createEmailAccount",
            method="POST",
            path=fill("/domains/{domain}/email-accounts", domain=domain),
            body=body,
            secrets=(password,),
            watch=watch(self._link, "mailbox", {"domain": domain, "user": user}),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=_counted(domain, user),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def update(
        self,
        domain: str,
        user: str,
        *,
        password: str | None = None,
        quota: int | None = None,
        limit: int | None = None,
    ) -> MXrouteWrite[None]:
        """Change what is given.

        MXroute refuses a `limit` without a password (400) and applies one with it only now and then (facts.md): read
        the mailbox back. A password cannot be read back, so a lost answer to its change stays unknown.
        """
        values = _given(quota=quota, limit=limit)
        look = "mailbox-values" if values else "mailbox"
        plan = Plan(
            operation="updateEmailAccount",
            method="PATCH",
            path=fill("/domains/{domain}/email-accounts/{user}", domain=domain, user=user),
            body={**_given(password=password), **values},
            secrets=(password,) if password else (),
            watch=watch(self._link, look, {"domain": domain, "user": user}),
            expect=Expect.VALUES if values else Expect.PRESENT,
            wanted=values,
            unreadable="the password" if password is not None else None,
            drops=frozenset({tags.mailboxes(domain), tags.mailbox(domain, user)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def delete(self, domain: str, user: str) -> MXrouteWrite[None]:
        """Delete a mailbox and its mail."""
        plan = Plan(
            operation="deleteEmailAccount",
            method="DELETE",
            path=fill("/domains/{domain}/email-accounts/{user}", domain=domain, user=user),
            watch=watch(self._link, "mailbox", {"domain": domain, "user": user}),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=_counted(domain, user),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _counted(domain: str, user: str) -> frozenset[str]:
    return frozenset({tags.mailboxes(domain), tags.mailbox(domain, user), tags.QUOTA, tags.EMAIL_QUOTA})
