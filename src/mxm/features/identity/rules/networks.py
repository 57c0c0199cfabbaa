"""Whether a token may be used from an address."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Whether `address` lies in any of `networks`."""
    parsed = ip_address(address)
    return any(parsed.version == net.version and parsed in net for net in map(_parsed, networks))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)
