"""No address that the sandbox gives leads away from this machine, whatever a record says."""

import ipaddress
import zlib

_LOOPBACK4 = ipaddress.ip_network("127.0.0.0/8")


def loopback4(address: str) -> str:
    """A loopback address stays; of every other the last three numbers are kept behind 127."""
    parsed = ipaddress.IPv4Address(address)
    return str(parsed) if parsed in _LOOPBACK4 else ".".join(["127", *str(parsed).split(".")[1:]])


def loopback6(_: str) -> str:
    """IPv6 has only one loopback address."""
    return "::1"


def proxy_addresses(name: str) -> tuple[str, str]:
    """Two addresses that look like Cloudflare's (104.16.0.0/13), moved to loopback; the same for the same name."""
    number = zlib.crc32(name.encode())
    last = number % 254 + 1
    return f"127.104.16.{last}", f"127.104.17.{last}"
