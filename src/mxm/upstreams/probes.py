"""Looks at certificates that servers present under names which others control.

A name may be pointed anywhere, so a look is an opening into our own network unless it is guarded: the name is resolved
once, by our resolver; only that address is connected to, and only when it is a global one or lies in
PROBE_ALLOW_NETWORKS; ports come from a fixed set; nothing is sent but the TLS handshake; all that is told is one of
three words.
"""

import asyncio
import contextlib
import logging
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, Protocol

from mxm.platform.clock import Clock
from mxm.platform.networks import parse

log = logging.getLogger("mxm.probes")

PORTS = frozenset({443, 465, 993})
"""HTTPS, SMTP and IMAP with TLS from the first byte."""
DEADLINE_SECONDS = 5.0
AT_ONCE = 8
KEPT_SECONDS = 3600.0
UNREACHABLE_KEPT_SECONDS = 300.0
_MOST_KEPT = 4000

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_GLOBAL6 = IPv6Network("2000::/3")
"""What IANA gives out as global unicast; the rest of IPv6 is for something else."""
_SIX_TO_FOUR = IPv6Network("2002::/16")
_NAT64 = IPv6Network("64:ff9b::/96")
# Not global by IANA's registries, but taken for global by `ipaddress` of one or another Python.
_NOT_GLOBAL: tuple[Network, ...] = tuple(
    map(ip_network, ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"))
)


class Certificate(StrEnum):
    """What was seen."""

    COVERS = "covers"
    """A certificate for this name, trusted and in date."""
    DOES_NOT_COVER = "does_not_cover"
    """Another name's, an expired or a self-made one."""
    UNREACHABLE = "unreachable"
    """No certificate was seen: no address that we may connect to, no connection, no TLS, or too slow."""


class Found(Protocol):
    """The answer of a look-up; without values for whatever reason there is no address."""

    @property
    def values(self) -> Sequence[str]:
        """The addresses."""
        ...


class AddressLookup(Protocol):
    """Asks DNS once; `Resolver.lookup` does."""

    def __call__(self, name: str, record_type: Literal["A", "AAAA"], /) -> Awaitable[Found]:
        """The records of `name`."""
        ...


ContextFactory = Callable[[], ssl.SSLContext | None]
"""Makes what certificates are verified with; None when there are no authorities to trust."""


class CertificateProbe:
    """Looks and remembers for an hour (300 s where nothing was seen). One for each process."""

    def __init__(
        self,
        lookup: AddressLookup,
        clock: Clock,
        *,
        allow_networks: Iterable[Network] = (),
        context: ContextFactory | None = None,
        ports: frozenset[int] = PORTS,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """`allow_networks` may be connected to besides global addresses; `context` and `ports` are for tests."""
        self._lookup, self._clock = lookup, clock
        self._allow = tuple(allow_networks)
        self._make_context = context or system_trust
        self._ports, self._deadline = ports, deadline_seconds
        self._context: asyncio.Task[ssl.SSLContext | None] | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._kept: OrderedDict[tuple[str, int], tuple[Certificate, float]] = OrderedDict()
        self._flights: dict[tuple[str, int], asyncio.Task[Certificate]] = {}

    async def look(self, host: str, port: int) -> Certificate:
        """Whether the certificate on `port` of `host` covers that name. Takes 5 s at most, once it is its turn.

        Who does not want to wait may give up: the look ends by itself, and who asks next finds what it saw. Raises
        ValueError for a port that is never connected to; all that goes wrong outside is `unreachable`.
        """
        if port not in self._ports:
            raise ValueError(f"port {port} is not one that is looked at")
        key = (host.lower().rstrip("."), port)
        if (known := self._known(key)) is not None:
            return known
        if (flight := self._flights.get(key)) is None:
            flight = self._flights[key] = asyncio.ensure_future(self._fly(key))
        return await asyncio.shield(flight)

    async def aclose(self) -> None:
        """End the looks under way."""
        tasks = [*self._flights.values(), *([self._context] if self._context else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _known(self, key: tuple[str, int]) -> Certificate | None:
        kept = self._kept.get(key)
        if kept is None or self._clock.monotonic() >= kept[1]:
            return None
        self._kept.move_to_end(key)
        return kept[0]

    async def _fly(self, key: tuple[str, int]) -> Certificate:
        try:
            async with self._slots:
                seen = await self._look(*key)
            lasts = UNREACHABLE_KEPT_SECONDS if seen is Certificate.UNREACHABLE else KEPT_SECONDS
            self._kept[key] = seen, self._clock.monotonic() + lasts
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return seen
        finally:
            self._flights.pop(key, None)

    async def _look(self, host: str, port: int) -> Certificate:
        context = await self._trust()
        if context is None:
            return Certificate.UNREACHABLE
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._deadline):
                addresses = await self._addresses(host)
                for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
                    seen = await _handshake(address, port, host, context, self._deadline / left)
                    if seen is not Certificate.UNREACHABLE:
                        return seen
        return Certificate.UNREACHABLE

    async def _addresses(self, host: str) -> list[Address]:
        """One address of each family, IPv4 first: those of the first answer, never asked for again."""
        answers = await asyncio.gather(self._lookup(host, "A"), self._lookup(host, "AAAA"))
        allowed = [[found for text in answer.values if (found := self._allowed(text))] for answer in answers]
        return [addresses[0] for addresses in allowed if addresses]

    def _allowed(self, text: str) -> Address | None:
        found = parse(text)
        return found if found is not None and may_connect(found, self._allow) else None

    async def _trust(self) -> ssl.SSLContext | None:
        """The authorities are read once, in a thread: there are hundreds of them."""
        if self._context is None:
            self._context = asyncio.ensure_future(asyncio.to_thread(self._make_context))
        return await asyncio.shield(self._context)


async def _handshake(address: Address, port: int, host: str, context: ssl.SSLContext, seconds: float) -> Certificate:
    """TLS with `address` itself, under the name `host`, and nothing more."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            transport, _ = await loop.create_connection(
                asyncio.Protocol, str(address), port, ssl=context, server_hostname=host
            )
    except ssl.SSLCertVerificationError:
        return Certificate.DOES_NOT_COVER
    except (OSError, ValueError):  # refused, silent, no TLS; a name that cannot be one of a certificate
        return Certificate.UNREACHABLE
    transport.abort()
    return Certificate.COVERS


def may_connect(address: Address, allow_networks: Iterable[Network] = ()) -> bool:
    """Whether a name that others control may lead us to `address`."""
    if any(address.version == network.version and address in network for network in allow_networks):
        return True
    if isinstance(address, IPv6Address):
        if (inner := _carried(address)) is not None:
            return may_connect(inner, allow_networks)
        if address not in _GLOBAL6:
            return False
    if any(address.version == network.version and address in network for network in _NOT_GLOBAL):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which a packet would go in the end."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def system_trust() -> ssl.SSLContext | None:
    """Verification by the machine's authorities. Without any, no certificate could be told from a bad one."""
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not (paths.capath and any(Path(paths.capath).iterdir())):
        log.warning("no certificate authorities on this machine: certificates are not looked at")
        return None
    return ssl.create_default_context()
