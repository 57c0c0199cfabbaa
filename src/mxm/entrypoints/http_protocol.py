"""The HTTP/1.1 side of the server with bounds: what nobody has signed in for may not fill memory.

uvicorn's own protocol takes headers and addresses of any length, and answers broken requests as plain text.
"""

import asyncio
import json
import secrets
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from mxm.platform.envelope import failure_content

MAX_HEAD = 64 * 1024
"""Bytes of request line and headers, give or take one read; browsers and proxies stay far below."""
MAX_HEADERS = 200
MAX_MESSAGE = 4 * 1024 * 1024
"""Bytes of a whole request on the wire: a body of 1 MiB in the smallest sensible chunks, with its trailers."""
MAX_PIPELINE = 100
"""Requests that may wait for the one before them on a connection."""
HEAD_SECONDS = 30.0
"""How long a request line with its headers may take."""


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _in_head = True
    """Between requests or inside a request line with headers: what is wrong then belongs to no request that runs."""
    _received = 0
    _running: RequestResponseCycle | None = None
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The first head is due within its time."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell every request of this connection, not only the last one, that nobody listens any more."""
        self._stop_timer()
        super().connection_lost(exc)
        for cycle in (self._running, *(waiting for waiting, _ in self.pipeline)):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()

    def data_received(self, data: bytes) -> None:
        """Count before anything else is told; what is over its bound ends the connection."""
        self._received += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._received > MAX_HEAD:
            self._refuse(431, "headers_too_large", "The request line and headers are over 64 KiB.")
        elif self._received > MAX_MESSAGE:
            self._refuse(413, "too_large", "The request is over 4 MiB on the wire.")

    def on_message_begin(self) -> None:
        """A new request on this connection; too many in line are refused like noise."""
        if len(self.pipeline) >= MAX_PIPELINE:
            raise ValueError("too many requests in line")
        self._expect_head()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One more than allowed is kept, so that the application sees that there were too many."""
        if len(self.headers) <= MAX_HEADERS:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is over; the body has its own bounds."""
        self._in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes next is another request's head."""
        super().on_message_complete()
        self._in_head, self._received = True, 0

    def send_400_response(self, msg: str) -> None:
        """A request that is no HTTP gets its answer in the envelope, too."""
        self._refuse(400, "validation_error", msg)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _expect_head(self) -> None:
        self._stop_timer()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: int, code: str, message: str) -> None:
        if self._may_answer():
            request_id = secrets.token_hex(8)
            body = json.dumps(failure_content(code, message, request_id)).encode()
            head = (
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\nx-request-id: {request_id}\r\n"
                "cache-control: no-store\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(STATUS_LINE[status] + head.encode() + body)
        self.transport.close()

    def _may_answer(self) -> bool:
        """Never in place of a request that runs: its caller would take a write that happens for refused."""
        cycle = self._running
        if cycle is None or cycle.response_complete:
            return not self.pipeline
        return cycle is self.cycle and not self._in_head and not cycle.response_started
