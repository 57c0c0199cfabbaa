"""A DNS client for the tests: dnspython's resolver and single questions, on real sockets."""

import dns.asyncquery
import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
from dns.message import Message

from mxm_sandbox import Running


class DnsClient:
    """Asks one served sandbox."""

    def __init__(self, running: Running) -> None:
        host, _, port = running.dns_address.rpartition(":")
        self.host, self.port = host, int(port)
        self.resolver = dns.asyncresolver.Resolver(configure=False)
        self.resolver.nameservers, self.resolver.port = [host], self.port
        self.resolver.lifetime = 3
        self.resolver.use_edns(0, 0, 1232)

    async def values(self, name: str, kind: str = "A") -> list[str]:
        """Data of the record set; empty when the name or the type does not exist."""
        try:
            answer = await self.resolver.resolve(f"{name}.", kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        return sorted(rdata.to_text() for rdata in answer)

    async def txt(self, name: str) -> list[str]:
        """TXT values, joined."""
        try:
            answer = await self.resolver.resolve(f"{name}.", "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        return sorted(b"".join(rdata.strings).decode() for rdata in answer)

    async def ask(
        self, name: str, kind: str = "A", *, tcp: bool = False, edns: int | None = None, timeout: float = 3
    ) -> Message:
        """One question, and the answer as it came. `edns` is the room for an answer on UDP, none is plain DNS."""
        query = dns.message.make_query(name, kind)
        if edns is not None:
            query.use_edns(0, 0, edns)
        return await self.send(query, tcp=tcp, timeout=timeout)

    async def send(self, query: Message, *, tcp: bool = False, timeout: float = 3) -> Message:
        """Send a message as it is."""
        send = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
        return await send(query, self.host, timeout, self.port)


def outcome(message: Message) -> tuple[str, int, str | None]:
    """Code, number of answers, and the zone of the SOA that says there is nothing."""
    soa = [rrset.name.to_text(omit_final_dot=True) for rrset in message.authority if rrset.rdtype == dns.rdatatype.SOA]
    return dns.rcode.to_text(message.rcode()), len(message.answer), soa[0] if soa else None


def truncated(message: Message) -> bool:
    """Whether TC is set."""
    return bool(message.flags & dns.flags.TC)
