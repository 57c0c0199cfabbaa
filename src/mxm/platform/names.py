"""Names that come from people: domains, local parts, addresses, labels. Built valid or not at all.

Domains are kept in their lower-case ASCII form (IDNA 2008 with UTS 46 mapping). Local parts are lower-cased, as
MXroute does.
"""

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv6Network, ip_network
from typing import Annotated

import idna
from pydantic import AfterValidator, Field

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_LOCAL = re.compile(r"[a-z0-9_](?:[a-z0-9_+-]|\.(?!\.))*\Z")
_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_ADDRESS_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@lru_cache(maxsize=8192)
def domain_name(text: str) -> str:
    """The ASCII form of a domain with at least two labels. Raises `ValueError` with what is wrong."""
    wrong = ValueError("must be a domain name such as example.com")
    if not 3 <= len(text) <= 253 or text != text.strip() or any(unicodedata.category(c) in _HIDDEN for c in text):
        raise wrong
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode()
    except idna.IDNAError:
        raise wrong from None
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(_LABEL.match(label) for label in labels) or labels[-1].isdigit():
        raise wrong
    return name


def local_part(text: str) -> str:
    """A mailbox's username, lower-cased. Raises `ValueError` with what is wrong."""
    name = text.lower()
    if not name.isascii() or not _LOCAL.match(name) or name.endswith(".") or len(name) > 64:
        raise ValueError("must be letters, digits and . _ - +, at most 64, starting with a letter, digit or _")
    return name


def alias_name(text: str) -> str:
    """A forwarder's alias, lower-cased (facts.md gives MXroute's pattern). Raises `ValueError`."""
    if not _ALIAS.match(text) or len(text) > 64:
        raise ValueError("must start with a letter or digit and hold only letters, digits and . _ -, at most 64")
    return text.lower()


def email_address(text: str) -> str:
    """An address with its domain in ASCII form, lower-cased. Raises `ValueError` with what is wrong."""
    wrong = ValueError("must be an e-mail address such as alex@example.com")
    local, at, domain = text.strip().rpartition("@")
    if not at or not _ADDRESS_LOCAL.match(local) or len(local) > 64:
        raise wrong
    try:
        return f"{local.lower()}@{domain_name(domain)}"
    except ValueError:
        raise wrong from None


def plain_text(text: str) -> str:
    """One line for people: no control or invisible characters, no blanks around it. Raises `ValueError`."""
    if any(unicodedata.category(c) in _HIDDEN for c in text):
        raise ValueError("must not hold control or invisible characters")
    return text.strip()


def network_text(text: str) -> str:
    """A network in its normal form (IPv4-mapped IPv6 as IPv4); a single address is a network of one.

    Raises `ValueError`.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        raise ValueError("must be an address or network such as 203.0.113.0/24") from None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is not None and network.prefixlen >= 96:
        return f"{mapped}/{network.prefixlen - 96}"
    return str(network)


DomainName = Annotated[str, AfterValidator(domain_name), Field(max_length=253, examples=["example.com"])]
LocalPart = Annotated[str, AfterValidator(local_part), Field(max_length=64, examples=["alex"])]
AliasName = Annotated[str, AfterValidator(alias_name), Field(max_length=64, examples=["sales"])]
EmailAddress = Annotated[str, AfterValidator(email_address), Field(max_length=320, examples=["alex@example.com"])]
PlainText = Annotated[str, AfterValidator(plain_text)]
NetworkText = Annotated[str, AfterValidator(network_text), Field(max_length=64, examples=["203.0.113.0/24"])]
