"""Answers as DNS messages (RFC 1035, 2308, 6891, 8482)."""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.message import Message
from dns.rcode import Rcode

from mxm_sandbox.dns.public import PublicDns
from mxm_sandbox.dns.rdata import parse
from mxm_sandbox.dns.zonedata import Rr
from mxm_sandbox.names import fold

PLAIN_UDP_BYTES = 512
_MAX_BYTES = 65_535
_TRANSFERS = {"AXFR", "IXFR"}


def reply_to(query: Message, rcode: Rcode, *, authoritative: bool = True, our_payload: int = 1232) -> Message:
    """An empty answer. It says that recursion is available: resolvers are pointed straight at this server."""
    reply = dns.message.make_response(query, recursion_available=True, our_payload=our_payload)
    if authoritative:
        reply.flags |= dns.flags.AA
    reply.set_rcode(rcode)
    return reply


def asked(query: Message) -> tuple[str, str]:
    """Name as it was written (without the root dot) and type of the first question."""
    question = query.question[0]
    return question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)


def refusal(query: Message) -> Rcode | None:
    """Why a question is not answered at all."""
    if query.opcode() != dns.opcode.QUERY:
        return dns.rcode.NOTIMP
    if len(query.question) != 1:
        return dns.rcode.FORMERR
    if query.edns > 0:
        return dns.rcode.BADVERS
    transfer = dns.rdatatype.to_text(query.question[0].rdtype) in _TRANSFERS
    if transfer or query.question[0].rdclass != dns.rdataclass.IN:
        return dns.rcode.REFUSED
    return None


def answer(query: Message, public: PublicDns, our_payload: int) -> Message:
    """The true answer to one question."""
    refused = refusal(query)
    if refused is not None:
        return reply_to(query, refused, authoritative=False, our_payload=our_payload)
    written, record_type = asked(query)
    if record_type == "ANY":
        return _minimal_any(query, our_payload)
    found = public.resolve(written, record_type)
    if found.looped:
        return reply_to(query, dns.rcode.SERVFAIL, our_payload=our_payload)
    reply = reply_to(query, dns.rcode.NOERROR if found.exists else dns.rcode.NXDOMAIN, our_payload=our_payload)
    for rrs in found.answers:
        reply.answer.append(_rrset(rrs, query.question[0].name))
    if not found.found:
        reply.authority.append(_rrset([found.zone.soa], query.question[0].name))
    return reply


def _minimal_any(query: Message, our_payload: int) -> Message:
    """ANY gets one harmless record, as at Cloudflare (RFC 8482)."""
    reply = reply_to(query, dns.rcode.NOERROR, our_payload=our_payload)
    reply.answer.append(dns.rrset.from_rdata(query.question[0].name, 3789, parse("HINFO", '"RFC8482" ""')))
    return reply


def _rrset(rrs: list[Rr], asked_name: dns.name.Name) -> dns.rrset.RRset:
    """A record set; its owner is written as in the question where it is that name, capitals included."""
    owner = dns.name.from_text(rrs[0].name or ".")
    shown = asked_name if fold(asked_name.to_text()) == rrs[0].name else owner
    return dns.rrset.from_rdata_list(shown, rrs[0].ttl, [parse(rr.type, rr.data) for rr in rrs])


def lame(query: Message, our_payload: int) -> Message:
    """What a server says of a zone it has never heard of: nothing, and "ask the root"."""
    reply = reply_to(query, dns.rcode.NOERROR, authoritative=False, our_payload=our_payload)
    reply.flags &= ~dns.flags.RA
    reply.authority.append(dns.rrset.from_text(".", 518_400, "IN", "NS", "a.root-servers.net."))
    return reply


def on_tcp(reply: Message, query: Message, our_payload: int) -> bytes:
    """The bytes of a whole answer; what is too long even for a stream is a failure of the server."""
    try:
        # Said outright: by default dnspython keeps to the room that the question offers on UDP.
        return reply.to_wire(max_size=_MAX_BYTES)
    except (dns.exception.TooBig, dns.exception.FormError):
        return reply_to(query, dns.rcode.SERVFAIL, our_payload=our_payload).to_wire()


def on_udp(reply: Message, query: Message, our_payload: int, *, always_truncate: bool) -> bytes:
    """The bytes of an answer that fits, or only its head with TC set."""
    room = min(max(query.payload, PLAIN_UDP_BYTES), our_payload)  # without EDNS the payload is 0
    wire = on_tcp(reply, query, our_payload)
    if len(wire) <= room and not always_truncate:
        return wire
    head = dns.message.make_response(query, recursion_available=True, our_payload=our_payload)
    head.flags = reply.flags | dns.flags.TC
    head.set_rcode(reply.rcode())
    return head.to_wire()
