"""How to look at the thing that a write changes: before it, to know what held, and after a lost answer.

A watch is rebuilt from its name and arguments, which the journal keeps as JSON; neither ever holds a secret.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mxm.platform.errors import NotFound
from mxm.upstreams.mxroute import reads
from mxm.upstreams.mxroute.judgement import State
from mxm.upstreams.mxroute.link import Link, MXrouteRead
from mxm.upstreams.mxroute.models import CatchAll, Domain, EmailAccount, Package, ResellerUser, SpamSettings
from mxm.upstreams.mxroute.reads import SpamList


@dataclass(frozen=True, slots=True)
class Watch:
    """What to read and what to see in it. `subject` begins a sentence."""

    name: str
    args: dict[str, str]
    subject: str
    read: MXrouteRead[Any]
    see: Callable[[Any], State]

    async def live(self) -> State:
        """Look now. A thing whose own read is a 404 is absent."""
        try:
            return self.see(await self.read.live())
        except NotFound:
            return {"present": False}

    def known(self) -> State | None:
        """What a still fresh read says; asks nobody."""
        reading = self.read.known()
        return None if reading is None else self.see(reading.value)


def watch(link: Link, name: str, args: dict[str, str]) -> Watch:
    """The watch called `name`. Raises `KeyError` for a name that this version does not know."""
    subject, read, see = _WATCHES[name](link, **args)
    return Watch(name, args, subject, read, see)


_Parts = tuple[str, MXrouteRead[Any], Callable[[Any], State]]


def _presence(names: Iterable[str], name: str) -> State:
    return {"present": name.lower() in {known.lower() for known in names}}


def _domain(link: Link, domain: str) -> _Parts:
    return f"The domain {domain}", reads.domains(link), lambda names: _presence(names, domain)


def _mail_status(link: Link, domain: str) -> _Parts:
    def see(found: Domain) -> State:
        return {"present": True, "mail_hosting": found.mail_hosting}

    return f"The domain {domain}", reads.domain(link, domain), see


def _pointer(link: Link, domain: str, pointer: str) -> _Parts:
    subject = f"The pointer {pointer} to {domain}"
    return subject, reads.pointers(link, domain), lambda found: _presence((each.pointer for each in found), pointer)


def _mailbox(link: Link, domain: str, user: str) -> _Parts:
    subject = f"The mailbox {user}@{domain}"
    return subject, reads.mailboxes(link, domain), lambda found: _presence((each.username for each in found), user)


def _mailbox_values(link: Link, domain: str, user: str) -> _Parts:
    def see(found: EmailAccount) -> State:
        return {"present": True, "quota": found.quota, "limit": found.limit}

    return f"The mailbox {user}@{domain}", reads.mailbox(link, domain, user), see


def _forwarder(link: Link, domain: str, alias: str) -> _Parts:
    def see(found: list[Any]) -> State:
        for each in found:
            if each.alias.lower() == alias.lower():
                return {"present": True, "destinations": as_set(each.destinations)}
        return {"present": False}

    return f"The forwarder {alias}@{domain}", reads.forwarders(link, domain), see


def as_set(destinations: Iterable[str] | None) -> list[str] | None:
    """Destinations in a form to compare: they are a set, and addresses differ in case only for show."""
    return None if destinations is None else sorted({each.strip().lower() for each in destinations})


def _spam_entry(link: Link, domain: str, kind: str, entry: str) -> _Parts:
    subject = f"The {kind} entry {entry}"
    return subject, reads.spam_entries(link, domain, SpamList(kind)), lambda found: _presence(found, entry)


def _spam_score(link: Link, domain: str) -> _Parts:
    def see(found: SpamSettings) -> State:
        return {"present": True, "high_score": found.high_score}

    return f"The spam filter of {domain}", reads.spam_settings(link, domain), see


def _catch_all(link: Link, domain: str) -> _Parts:
    def see(found: CatchAll) -> State:
        address = (found.address or "").lower() if found.type == "address" else ""
        return {"present": True, "type": found.type, "address": address}

    return f"The catch-all of {domain}", reads.catch_all(link, domain), see


def _user(link: Link, username: str) -> _Parts:
    return f"The user {username}", reads.users(link), lambda names: _presence(names, username)


def _user_values(link: Link, username: str) -> _Parts:
    def see(found: ResellerUser) -> State:
        quota: str | None = None
        if found.quota is not None:
            quota = "unlimited" if found.quota.unlimited else _number(found.quota.limit)
        return {"present": True, "suspended": found.suspended, "package": found.package, "quota": quota}

    return f"The user {username}", reads.user(link, username), see


def _package(link: Link, name: str) -> _Parts:
    return f"The package {name}", reads.packages(link), lambda names: _presence(names, name)


def _package_values(link: Link, name: str) -> _Parts:
    def see(found: Package) -> State:
        settings = found.settings
        if settings is None:
            return {"present": True}
        quota = "unlimited" if settings.quota_unlimited else _number(settings.quota_gb)
        counts = ("domains", "email_accounts", "email_forwarders", "domain_pointers")
        return {"present": True, "quota": quota, **{each: _number(getattr(settings, each)) for each in counts}}

    return f"The package {name}", reads.package(link, name), see


def _number(value: float | None) -> str | None:
    """The reseller part takes numbers as strings and answers them as numbers."""
    return None if value is None else f"{value:g}"


_WATCHES: dict[str, Callable[..., _Parts]] = {
    "domain": _domain,
    "mail-status": _mail_status,
    "pointer": _pointer,
    "mailbox": _mailbox,
    "mailbox-values": _mailbox_values,
    "forwarder": _forwarder,
    "spam-entry": _spam_entry,
    "spam-score": _spam_score,
    "catch-all": _catch_all,
    "user": _user,
    "user-values": _user_values,
    "package": _package,
    "package-values": _package_values,
}
