"""Names and contents in the one form in which they are compared: two that mean the same are equal here."""

import ipaddress

import idna

HOSTS = frozenset({"CNAME", "MX", "NS", "PTR"})
"""Types whose content is the name of a host."""
PROXIABLE = frozenset({"A", "AAAA", "CNAME"})
"""Types that Cloudflare can answer for with addresses of its own."""
RANKED = frozenset({"MX", "SRV", "URI"})
"""Types with a priority; what other types carry there means nothing."""


def ascii_name(name: str) -> str:
    """Lower case, IDNA, without the final dot. A label that has no such form stays as it is."""
    labels = name.strip().lower().removesuffix(".").split(".")
    return ".".join(label if label.isascii() else _ascii_label(label) for label in labels)


def _ascii_label(label: str) -> str:
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except idna.IDNAError:
        return label


def plain_content(kind: str, content: str) -> str:
    """Content of a record that is no TXT: hosts as names, addresses in their shortest form, others as they come."""
    if kind in HOSTS:
        return "." if content.strip() == "." else ascii_name(content)  # a null MX (RFC 7505)
    if kind in {"A", "AAAA"}:
        try:
            return str(ipaddress.ip_address(content.strip()))
        except ValueError:
            return content
    return content


def within(name: str, zone: str) -> bool:
    """Whether `name` lies in `zone`; both in ASCII form."""
    return name == zone or name.endswith(f".{zone}")
