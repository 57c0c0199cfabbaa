"""What the sandbox accepts as a domain name or an address: ASCII only, as the real panel does (IDN as `xn--`)."""

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}\Z")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")


def fold(name: str) -> str:
    """A DNS name as a dictionary key: lower case, without the root dot."""
    return name.strip().lower().removesuffix(".")


def is_domain(name: str) -> bool:
    """Whether `name` (already folded) is a registrable-looking name of at least two labels."""
    return _DOMAIN.match(name) is not None


def is_address(address: str) -> bool:
    """Whether `address` looks like one e-mail address."""
    local_part, at, domain = address.rpartition("@")
    return bool(at) and _LOCAL_PART.match(local_part) is not None and is_domain(domain.lower())


def relay_of(server: str) -> str:
    """The second mail exchanger: `eagle.mxlogin.com` has `eagle-relay.mxlogin.com`."""
    first, dot, rest = server.partition(".")
    return f"{first}-relay{dot}{rest}"
