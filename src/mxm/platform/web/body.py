"""The layer that reads bodies: counted while they stream, of the right type, handed on whole."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxm.platform.errors import AppError, TooLarge, UnsupportedMediaType
from mxm.platform.web.asgi import header, send_failure

MAX_BODY = 1024 * 1024
_FORM = "application/x-www-form-urlencoded"
"""Multipart is refused: its parts name the codec that the framework then decodes them with."""
MAX_UNKNOWN_BODY = 16 * 1024
"""Of callers without credentials: sign-in and forms need no more."""


class BodyLayer:
    """Buffers the body of every write up to 1 MiB."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        try:
            body = await _read(scope, receive)
            if body:
                _check_type(scope)
        except AppError as error:
            await send_failure(send, error, scope["state"]["request_id"])
            return
        if body is None:
            return  # the client went away while sending
        scope["mxm.body"] = body
        await self._app(scope, _replay(body, receive), send)


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    most = MAX_BODY if "mxm.caller" in scope else MAX_UNKNOWN_BODY
    declared = header(scope, b"content-length")
    if declared and declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The body is over {most // 1024} KiB.")


def _check_type(scope: Scope) -> None:
    kind = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if scope["path"].startswith("/api"):
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")
    elif kind != _FORM:
        raise UnsupportedMediaType("Send the form as application/x-www-form-urlencoded.")


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
