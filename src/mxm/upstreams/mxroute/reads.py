"""All 18 reads. Lists and details are fresh for 15 s, quotas for ten minutes, expectations for a day.

Each raises `ValidationFailed` at once for a value that cannot be one path segment; nothing is sent then.
"""

from enum import StrEnum
from typing import Any

from mxm.upstreams.mxroute import tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead, shape
from mxm.upstreams.mxroute.models import (
    CatchAll,
    DnsInfo,
    Domain,
    DomainPointer,
    EmailAccount,
    EmailQuota,
    Forwarder,
    Package,
    Quota,
    ResellerUser,
    SpamSettings,
    VerificationKey,
    pointer_items,
)
from mxm.upstreams.transport.paths import fill

SHORT = 15.0
QUOTAS = 600.0
DAY = 86400.0


class SpamList(StrEnum):
    """The two sender lists of the account."""

    WHITELIST = "whitelist"
    BLACKLIST = "blacklist"


_names = shape(list[str])
_domain = shape(Domain)
_pointer_list = shape(list[DomainPointer])
_mailboxes = shape(list[EmailAccount])
_mailbox = shape(EmailAccount)
_forwarders = shape(list[Forwarder])
_spam_settings = shape(SpamSettings)
_dns = shape(DnsInfo)
_catch_all = shape(CatchAll)
_quota = shape(Quota)
_email_quota = shape(EmailQuota)
_key = shape(VerificationKey)
_user = shape(ResellerUser)
_package = shape(Package)


def _pointers(data: Any) -> list[DomainPointer]:
    return _pointer_list(pointer_items(data))


def verification_key(link: Link) -> MXrouteRead[VerificationKey]:
    """`GET /verification-key`."""
    return MXrouteRead(link, "/verification-key", _key, DAY, frozenset({tags.VERIFICATION_KEY}))


def domains(link: Link) -> MXrouteRead[list[str]]:
    """`GET /domains`: names."""
    return MXrouteRead(link, "/domains", _names, SHORT, frozenset({tags.DOMAINS}))


def domain(link: Link, name: str) -> MXrouteRead[Domain]:
    """`GET /domains/{domain}`."""
    path = fill("/domains/{domain}", domain=name)
    return MXrouteRead(link, path, _domain, SHORT, _below(name, tags.domain(name)))


def pointers(link: Link, domain: str) -> MXrouteRead[list[DomainPointer]]:
    """`GET /domains/{domain}/pointers`."""
    path = fill("/domains/{domain}/pointers", domain=domain)
    return MXrouteRead(link, path, _pointers, SHORT, _below(domain, tags.pointers(domain)))


def mailboxes(link: Link, domain: str) -> MXrouteRead[list[EmailAccount]]:
    """`GET /domains/{domain}/email-accounts`."""
    path = fill("/domains/{domain}/email-accounts", domain=domain)
    return MXrouteRead(link, path, _mailboxes, SHORT, _below(domain, tags.mailboxes(domain)))


def mailbox(link: Link, domain: str, user: str) -> MXrouteRead[EmailAccount]:
    """`GET /domains/{domain}/email-accounts/{user}`."""
    path = fill("/domains/{domain}/email-accounts/{user}", domain=domain, user=user)
    return MXrouteRead(link, path, _mailbox, SHORT, _below(domain, tags.mailbox(domain, user)))


def forwarders(link: Link, domain: str) -> MXrouteRead[list[Forwarder]]:
    """`GET /domains/{domain}/forwarders`."""
    path = fill("/domains/{domain}/forwarders", domain=domain)
    return MXrouteRead(link, path, _forwarders, SHORT, _below(domain, tags.forwarders(domain)))


def spam_settings(link: Link, domain: str) -> MXrouteRead[SpamSettings]:
    """`GET /domains/{domain}/spam/settings`."""
    path = fill("/domains/{domain}/spam/settings", domain=domain)
    return MXrouteRead(link, path, _spam_settings, SHORT, _below(domain, tags.SPAM_SETTINGS))


def spam_entries(link: Link, domain: str, which: SpamList) -> MXrouteRead[list[str]]:
    """`GET /domains/{domain}/spam/whitelist` and `…/blacklist`: the account's, whichever domain is named."""
    path = fill("/domains/{domain}/spam/{list}", domain=domain, list=which.value)
    return MXrouteRead(link, path, _names, SHORT, _below(domain, tags.spam_list(which)))


def dns(link: Link, domain: str) -> MXrouteRead[DnsInfo]:
    """`GET /domains/{domain}/dns`."""
    path = fill("/domains/{domain}/dns", domain=domain)
    return MXrouteRead(link, path, _dns, DAY, _below(domain, tags.dns(domain)))


def catch_all(link: Link, domain: str) -> MXrouteRead[CatchAll]:
    """`GET /domains/{domain}/catch-all`."""
    path = fill("/domains/{domain}/catch-all", domain=domain)
    return MXrouteRead(link, path, _catch_all, SHORT, _below(domain, tags.catch_all(domain)))


def quota(link: Link) -> MXrouteRead[Quota]:
    """`GET /quota`, bare or enveloped."""
    bare = ("total_used", "total_limit")
    return MXrouteRead(link, "/quota", _quota, QUOTAS, frozenset({tags.QUOTA}), bare)


def email_quota(link: Link) -> MXrouteRead[EmailQuota]:
    """`GET /quota/email`, bare or enveloped."""
    return MXrouteRead(link, "/quota/email", _email_quota, QUOTAS, frozenset({tags.EMAIL_QUOTA}), ("accounts",))


def users(link: Link) -> MXrouteRead[list[str]]:
    """`GET /reseller/users`: names."""
    return MXrouteRead(link, "/reseller/users", _names, SHORT, frozenset({tags.USERS}))


def user(link: Link, username: str) -> MXrouteRead[ResellerUser]:
    """`GET /reseller/users/{username}`."""
    path = fill("/reseller/users/{username}", username=username)
    return MXrouteRead(link, path, _user, SHORT, frozenset({tags.user(username)}))


def packages(link: Link) -> MXrouteRead[list[str]]:
    """`GET /reseller/packages`: names."""
    return MXrouteRead(link, "/reseller/packages", _names, SHORT, frozenset({tags.PACKAGES}))


def package(link: Link, name: str) -> MXrouteRead[Package]:
    """`GET /reseller/packages/{name}`."""
    path = fill("/reseller/packages/{name}", name=name)
    return MXrouteRead(link, path, _package, SHORT, frozenset({tags.package(name)}))


def _below(domain: str, tag: str) -> frozenset[str]:
    return frozenset({tag, tags.everything(domain)})
