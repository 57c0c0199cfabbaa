"""The DNS server's sockets: UDP and TCP on the same port of a loopback address."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine
from typing import Any, cast

from mxm_sandbox.dns.service import DnsService
from mxm_sandbox.serving import is_loopback

_TRIES = 20
_IDLE_SECONDS = 10.0


class _Tasks:
    """Work in progress, so that none of it outlives the server: a question may be answered very late, or never."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


class _Udp(asyncio.DatagramProtocol):
    """One datagram in, at most one out."""

    def __init__(self, service: DnsService, tasks: _Tasks) -> None:
        self._service, self._tasks = service, tasks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own transports are none of asyncio.DatagramTransport before Python 3.12, so nothing is checked here.
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._tasks.start(self._answer(data, addr))

    async def _answer(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        reply = await self._service.reply(data, "udp")
        if reply is not None and not self._transport.is_closing():
            self._transport.sendto(reply, addr)


class _Tcp:
    """A connection carries questions one after the other, each behind two bytes of length (RFC 7766)."""

    def __init__(self, service: DnsService, tasks: _Tasks) -> None:
        self._service, self._tasks = service, tasks

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            while True:
                async with asyncio.timeout(_IDLE_SECONDS):
                    length = int.from_bytes(await reader.readexactly(2), "big")
                    question = await reader.readexactly(length)
                reply = await self._service.reply(question, "tcp")
                if reply is not None:
                    writer.write(len(reply).to_bytes(2, "big") + reply)
                    await writer.drain()


def _bind(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A TCP and a UDP socket on one port. A free TCP port may be taken on UDP: then another one is tried."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for last in (*[False] * (_TRIES if port == 0 else 0), True):
        stream = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        datagram = socket.socket(family, socket.SOCK_DGRAM, socket.IPPROTO_UDP)
        try:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind((host, port))
            datagram.bind((host, stream.getsockname()[1]))
        except OSError:
            stream.close()
            datagram.close()
            if last:
                raise
            continue
        stream.setblocking(False)
        datagram.setblocking(False)
        return stream, datagram
    raise AssertionError("unreachable")


@contextlib.asynccontextmanager
async def listen_dns(service: DnsService, host: str, port: int) -> AsyncIterator[str]:
    """Serve until the block is left; gives `host:port`. Raises OSError when the port is taken and ValueError for an
    address that is none of this machine's loopback ones."""
    if not is_loopback(host):
        raise ValueError(f"the DNS server listens on a loopback address only, not on {host}")
    stream, datagram = _bind(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"{shown}:{stream.getsockname()[1]}"
    tasks = _Tasks()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(service, tasks), sock=datagram)
    server = await asyncio.start_server(_Tcp(service, tasks).accept, sock=stream)
    try:
        yield address
    finally:
        transport.close()
        server.close()
        await tasks.stop()
        await server.wait_closed()
