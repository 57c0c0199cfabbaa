"""One question to DNS, with three kinds of answer."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

PUBLIC_RESOLVERS = ("1.1.1.1", "8.8.8.8", "9.9.9.9")
_LIFETIME_SECONDS = 4.0
_TIMEOUT_SECONDS = 1.5

RecordType = Literal["A", "AAAA", "CNAME", "MX", "NS", "TXT"]


class Outcome(StrEnum):
    """What a look-up found out."""

    FOUND = "found"
    ABSENT = "absent"
    """There is surely none: the name or the type does not exist."""
    UNKNOWN = "unknown"
    """It could not be looked up: no answer, SERVFAIL, a broken answer."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An answer. Values: text joined (TXT), `priority host` (MX), lower-case host names without a dot at the end."""

    name: str
    type: RecordType
    outcome: Outcome
    values: tuple[str, ...] = ()
    reason: str | None = None
    """Why it is unknown, for people."""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing may be concluded."""
        return self.outcome is Outcome.UNKNOWN


class Resolver:
    """Asks the given resolvers, or public ones; keeps nothing."""

    def __init__(self, servers: Sequence[str] = (), *, lifetime_seconds: float = _LIFETIME_SECONDS) -> None:
        """`servers` are `host` or `host:port`; IPv6 addresses with a port in brackets."""
        self._servers = tuple(servers) or PUBLIC_RESOLVERS
        self._lifetime = lifetime_seconds
        self._resolver: dns.asyncresolver.Resolver | None = None

    async def lookup(self, name: str, record_type: RecordType) -> Lookup:
        """The records of `name`, live. Raises nothing: what fails is unknown, with the reason."""
        try:
            resolver = await self._ready()
            answer = await resolver.resolve(
                dns.name.from_text(name), record_type, lifetime=self._lifetime, raise_on_no_answer=True, search=False
            )
        except dns.resolver.NoAnswer as error:
            if _is_referral(error):
                return Lookup(name, record_type, Outcome.UNKNOWN, reason="the server only pointed to other servers")
            return Lookup(name, record_type, Outcome.ABSENT)
        except dns.resolver.NXDOMAIN:
            return Lookup(name, record_type, Outcome.ABSENT)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Lookup(name, record_type, Outcome.UNKNOWN, reason=_reason(error))
        return Lookup(name, record_type, Outcome.FOUND, tuple(_value(record_type, record) for record in answer))

    async def _ready(self) -> dns.asyncresolver.Resolver:
        if self._resolver is None:
            resolver = dns.asyncresolver.Resolver(configure=False)
            resolver.nameservers = [
                dns.nameserver.Do53Nameserver(address, port)
                for server in self._servers
                for address, port in await _addresses(server)
            ]
            resolver.timeout = _TIMEOUT_SECONDS
            resolver.cache = None
            self._resolver = resolver
        return self._resolver


async def _addresses(server: str) -> list[tuple[str, int]]:
    """The addresses of a resolver, which is itself usually given as one."""
    host, port = _host_and_port(server)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    return [(str(entry[4][0]), port) for entry in found][:1]


def _host_and_port(server: str) -> tuple[str, int]:
    if server.startswith("["):
        host, _, rest = server[1:].partition("]")
        return host, int(rest.removeprefix(":") or 53)
    if server.count(":") == 1:
        host, _, port = server.partition(":")
        return host, int(port)
    return server, 53


def _value(record_type: RecordType, record: Any) -> str:
    if record_type == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    if record_type == "MX":
        return f"{record.preference} {_host(record.exchange)}"
    if record_type in {"CNAME", "NS"}:
        return _host(record.target)
    return str(record.address)


def _is_referral(error: dns.resolver.NoAnswer) -> bool:
    """Whether a server that is no resolver for us said whom to ask instead (RFC 2308, 2.2: NS, and no SOA)."""
    answer: dns.message.Message = error.kwargs["response"]
    authority = {rrset.rdtype for rrset in answer.authority}
    return dns.rdatatype.NS in authority and dns.rdatatype.SOA not in authority


def _host(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _reason(error: Exception) -> str:
    if isinstance(error, dns.resolver.LifetimeTimeout):
        return "no answer in time"
    if isinstance(error, dns.resolver.NoNameservers):
        return "the name servers failed (SERVFAIL or refused)"
    return f"the look-up failed ({type(error).__name__})"
