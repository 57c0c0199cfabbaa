"""Network addresses as values."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


def network_of(address: str) -> str:
    """What throttling counts as one place: an IPv4 address, or the /64 of an IPv6 one."""
    parsed = parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return address


@lru_cache(maxsize=4096)
def parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address, IPv4-mapped IPv6 as the IPv4 it means; None when it is none."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
