"""From the bytes of a question to the bytes of its answer, with the faults in between."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.rcode
from dns.message import Message

from mxm_sandbox.answers import Sleep
from mxm_sandbox.dns import messages
from mxm_sandbox.dns.faults import DnsFault, Transport
from mxm_sandbox.dns.public import PublicDns
from mxm_sandbox.dns.questions import QuestionLog
from mxm_sandbox.names import fold
from mxm_sandbox.rulebook import RuleBook
from mxm_sandbox.service import Common

_HEADER_BYTES = 12
_GARBAGE_BYTES = 40


@dataclass(slots=True)
class DnsWorld:
    """All that the DNS server has; replaced as a whole on reset."""

    common: Common
    public: PublicDns
    faults: RuleBook[DnsFault]
    questions: QuestionLog
    chance: random.Random


class DnsService:
    """Answers for the world that `current` gives at the moment of the question."""

    def __init__(self, current: Callable[[], DnsWorld], *, clock: Callable[[], float], sleep: Sleep) -> None:
        self._current, self._clock, self._sleep = current, clock, sleep

    async def reply(self, wire: bytes, transport: Transport) -> bytes | None:
        """The answer; none for silence, and for what is no question."""
        if len(wire) < _HEADER_BYTES or wire[2] & 0x80:
            return None  # an answer to an answer would make two servers talk for ever
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return _format_error(wire)
        world = self._current()
        if messages.refusal(query) is not None or not query.question:
            return self._encode(world, query, transport, messages.answer(query, world.public, _payload(world)))
        return await self._answer(world, query, transport)

    async def _answer(self, world: DnsWorld, query: Message, transport: Transport) -> bytes | None:
        name, record_type = messages.asked(query)
        entry = world.questions.begin(self._clock(), transport, name, record_type)
        fault = world.faults.pick(lambda rule: rule.fits(fold(name), record_type, transport))
        if fault is not None:
            entry.fault = fault.kind
            if fault.delay_ms:
                await self._sleep(fault.delay_ms / 1000)
        if fault is not None and fault.kind in {"silence", "garbage"}:
            world.questions.finish(entry, None)
            # The right number in front: a client must look at what follows, and cannot take it for a stray packet.
            noise = query.id.to_bytes(2, "big") + world.chance.randbytes(_GARBAGE_BYTES)
            return noise if fault.kind == "garbage" else None
        reply = _faulty(fault, query, world) or messages.answer(query, world.public, _payload(world))
        wire = self._encode(world, query, transport, reply)
        entry.truncated = bool(wire[2] & 0x02)
        world.questions.finish(entry, dns.rcode.to_text(reply.rcode()))
        return wire

    def _encode(self, world: DnsWorld, query: Message, transport: Transport, reply: Message) -> bytes:
        if transport == "tcp":
            return messages.on_tcp(reply, query, _payload(world))
        always = world.common.config.dns_truncate_udp
        return messages.on_udp(reply, query, _payload(world), always_truncate=always)


def _payload(world: DnsWorld) -> int:
    return world.common.config.dns_udp_max_bytes


def _faulty(fault: DnsFault | None, query: Message, world: DnsWorld) -> Message | None:
    if fault is None or fault.kind == "delay":
        return None
    if fault.kind == "lame":
        return messages.lame(query, _payload(world))
    codes = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED, "nxdomain": dns.rcode.NXDOMAIN}
    return messages.reply_to(
        query, codes[fault.kind], authoritative=fault.kind == "nxdomain", our_payload=_payload(world)
    )


def _format_error(wire: bytes) -> bytes:
    """The head of what could not be read, sent back with FORMERR and without any section."""
    return wire[:2] + bytes([wire[2] & 0x79 | 0x80, int(dns.rcode.FORMERR)]) + bytes(8)
