"""The HTTP/1.1 side of the server with bounds: what nobody has signed in for may not fill memory.

uvicorn's own protocol takes headers and addresses of any length, and answers broken requests as plain text.
"""

import json
import secrets

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mxm.platform.envelope import failure_content

MAX_HEAD = 64 * 1024
"""Bytes of request line and headers; browsers and proxies stay far below."""
MAX_HEADERS = 200
MAX_MESSAGE = 4 * 1024 * 1024
"""Bytes of a whole request on the wire: a body of 1 MiB in the smallest sensible chunks, with its trailers."""

_TOO_LARGE = "The request line and headers are over 64 KiB."


class BoundedHttp(HttpToolsProtocol):
    """One connection."""

    _in_head = True
    _received = 0
    _chunk = 0

    def data_received(self, data: bytes) -> None:
        """Count before anything else is told; what is over its bound ends the connection."""
        self._chunk = len(data)
        self._received += self._chunk
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._received > MAX_HEAD:
            self._refuse(431, "headers_too_large", _TOO_LARGE)
        elif self._received > MAX_MESSAGE:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A new request on this connection."""
        self._in_head, self._received = True, self._chunk  # where in the chunk it begins is not told
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One more than allowed is kept, so that the application sees that there were too many."""
        if len(self.headers) <= MAX_HEADERS:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is over; the body has its own bounds."""
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """A request that is no HTTP gets its answer in the envelope, too."""
        self._refuse(400, "validation_error", msg)

    def _refuse(self, status: int, code: str, message: str) -> None:
        request_id = secrets.token_hex(8)
        body = json.dumps(failure_content(code, message, request_id)).encode()
        head = (
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\nx-request-id: {request_id}\r\n"
            "cache-control: no-store\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[status] + head.encode() + body)
        self.transport.close()
