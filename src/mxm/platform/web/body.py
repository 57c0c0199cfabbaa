"""The layer that reads bodies: counted while they stream, of the right type, handed on whole."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxm.platform.errors import AppError, TooLarge, UnsupportedMediaType
from mxm.platform.web.asgi import header, send_failure

MAX_BODY = 1024 * 1024
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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
    declared = header(scope, b"content-length")
    if declared and declared.isdigit() and int(declared) > MAX_BODY:
        raise TooLarge("The body is over 1 MiB.")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            raise TooLarge("The body is over 1 MiB.")
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _check_type(scope: Scope) -> None:
    kind = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if scope["path"].startswith("/api"):
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")
    elif kind not in _FORMS:
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
