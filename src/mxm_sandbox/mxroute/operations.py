"""The table of all operations: what MXroute's API offers, and the handler of each."""

from collections.abc import Callable
from dataclasses import dataclass

from mxm_sandbox.mxroute import (
    catchall,
    dnsinfo,
    domains,
    forwarders,
    mailboxes,
    packages,
    pointers,
    quota,
    resellers,
    spam,
)
from mxm_sandbox.mxroute.call import Call, Reply
from mxm_sandbox.mxroute.errors import ApiError, invalid, not_found
from mxm_sandbox.mxroute.state import Account
from mxm_sandbox.templates import Table, WrongMethod, is_unsafe

Handler = Callable[[Account, Call], Reply]


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path template, and what it does."""

    method: str
    template: str
    handler: Handler

    @property
    def name(self) -> str:
        """The name under which requests are counted."""
        return f"{self.method} {self.template}"


_DOMAIN = "/domains/{domain}"
_SPAM = f"{_DOMAIN}/spam"
_USERS, _PACKAGES = "/reseller/users", "/reseller/packages"

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/verification-key", dnsinfo.get_verification_key),
    Operation("GET", "/domains", domains.list_domains),
    Operation("POST", "/domains", domains.create_domain),
    Operation("GET", _DOMAIN, domains.get_domain),
    Operation("DELETE", _DOMAIN, domains.delete_domain),
    Operation("PATCH", f"{_DOMAIN}/mail-status", domains.set_mail_status),
    Operation("GET", f"{_DOMAIN}/pointers", pointers.list_pointers),
    Operation("POST", f"{_DOMAIN}/pointers", pointers.create_pointer),
    Operation("DELETE", f"{_DOMAIN}/pointers/{{pointer}}", pointers.delete_pointer),
    Operation("GET", f"{_DOMAIN}/email-accounts", mailboxes.list_mailboxes),
    Operation("POST", f"{_DOMAIN}/email-accounts", mailboxes.create_mailbox),
    Operation("GET", f"{_DOMAIN}/email-accounts/{{user}}", mailboxes.get_mailbox),
    Operation("PATCH", f"{_DOMAIN}/email-accounts/{{user}}", mailboxes.update_mailbox),
    Operation("DELETE", f"{_DOMAIN}/email-accounts/{{user}}", mailboxes.delete_mailbox),
    Operation("GET", f"{_DOMAIN}/forwarders", forwarders.list_forwarders),
    Operation("POST", f"{_DOMAIN}/forwarders", forwarders.create_forwarder),
    Operation("DELETE", f"{_DOMAIN}/forwarders/{{alias}}", forwarders.delete_forwarder),
    Operation("GET", f"{_SPAM}/settings", spam.get_settings),
    Operation("PATCH", f"{_SPAM}/settings", spam.update_settings),
    Operation("GET", f"{_SPAM}/whitelist", spam.list_entries("whitelist")),
    Operation("POST", f"{_SPAM}/whitelist", spam.add_entry("whitelist")),
    Operation("DELETE", f"{_SPAM}/whitelist/{{entry}}", spam.remove_entry("whitelist")),
    Operation("GET", f"{_SPAM}/blacklist", spam.list_entries("blacklist")),
    Operation("POST", f"{_SPAM}/blacklist", spam.add_entry("blacklist")),
    Operation("DELETE", f"{_SPAM}/blacklist/{{entry}}", spam.remove_entry("blacklist")),
    Operation("GET", f"{_DOMAIN}/dns", dnsinfo.get_dns),
    Operation("GET", f"{_DOMAIN}/catch-all", catchall.get_catch_all),
    Operation("PATCH", f"{_DOMAIN}/catch-all", catchall.set_catch_all),
    Operation("GET", "/quota", quota.get_quota),
    Operation("GET", "/quota/email", quota.get_email_quota),
    Operation("GET", _USERS, resellers.list_users),
    Operation("POST", _USERS, resellers.create_user),
    Operation("GET", f"{_USERS}/{{username}}", resellers.get_user),
    Operation("PATCH", f"{_USERS}/{{username}}", resellers.update_user),
    Operation("DELETE", f"{_USERS}/{{username}}", resellers.delete_user),
    Operation("POST", f"{_USERS}/{{username}}/suspend", resellers.suspend_user),
    Operation("POST", f"{_USERS}/{{username}}/unsuspend", resellers.unsuspend_user),
    Operation("PATCH", f"{_USERS}/{{username}}/package", resellers.change_package),
    Operation("GET", _PACKAGES, packages.list_packages),
    Operation("POST", _PACKAGES, packages.create_package),
    Operation("GET", f"{_PACKAGES}/{{name}}", packages.get_package),
    Operation("PATCH", f"{_PACKAGES}/{{name}}", packages.update_package),
    Operation("DELETE", f"{_PACKAGES}/{{name}}", packages.delete_package),
)


_TABLE = Table(OPERATIONS)


def find(call: Call) -> tuple[Operation, dict[str, str]]:
    """The operation a call asks for, with its path parameters.

    Raises 404 for an unknown path, 405 for a method it does not have, and 400 for a segment that could stand for
    something else (`.`, `..`, a slash inside).
    """
    try:
        found = _TABLE.find(call.method, call.wire.segments)
    except WrongMethod as error:
        raise ApiError(405, "Method not allowed", headers=(("Allow", ", ".join(error.allowed)),)) from None
    if found is None:
        raise not_found("Endpoint")
    for name, value in found[1].items():
        if is_unsafe(value):
            raise invalid("Invalid path segment", name)
    return found
