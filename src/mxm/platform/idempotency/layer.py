"""The ASGI layer that honours the `Idempotency-Key` header on authenticated POST requests."""

import json
import re
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxm.platform.access.principal import Caller
from mxm.platform.errors import AppError, FieldError, ValidationFailed
from mxm.platform.idempotency.claim import Claim
from mxm.platform.idempotency.store import IdempotencyStore, Use
from mxm.platform.web.asgi import header_values, send_failure

_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
_SECRETS = frozenset({"token", "password", "passwords", "csrf_token"})


class IdempotencyLayer:
    """Sits behind the body layer, so that the whole body is at hand."""

    def __init__(self, app: ASGIApp, store: IdempotencyStore) -> None:
        self._app, self._store = app, store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller | None = scope.get("mxm.caller")
        values = header_values(scope, b"idempotency-key") if scope["type"] == "http" else []
        if not values or caller is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            claim = scope["mxm.claim"] = Claim(self._store, _use(scope, caller, values))
        except AppError as error:
            await send_failure(send, error, scope["state"]["request_id"])
            return
        await self._run(claim, scope, receive, send)

    async def _run(self, claim: Claim, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the answer back until it is kept: an answer that was heard can always be repeated."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        try:
            await self._app(scope, receive, collect)
        except BaseException:
            if claim.run is not None:
                await self._store.abandon(claim.run)
            raise
        if claim.run is not None:
            await self._keep(claim.run, messages)
        for message in messages:
            await send(message)

    async def _keep(self, run: str, messages: list[Message]) -> None:
        status = next((m["status"] for m in messages if m["type"] == "http.response.start"), 500)
        if status >= 500 or status == 429:
            await self._store.abandon(run)
            return
        body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
        await self._store.finish(run, status, without_secrets(body))


def without_secrets(body: bytes) -> str:
    """The answer as it may be kept: what is shown once is not shown again."""
    try:
        content = json.loads(body)
    except ValueError:
        return ""
    return json.dumps(_strip(content), ensure_ascii=False)


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strip(inner) for key, inner in value.items() if key not in _SECRETS}
    if isinstance(value, list):
        return [_strip(inner) for inner in value]
    return value


def _use(scope: Scope, caller: Caller, values: list[str]) -> Use:
    if len(values) > 1 or not _KEY.match(values[0]):
        wrong = "must be one value of 1 to 255 visible ASCII characters"
        raise ValidationFailed.of(FieldError("Idempotency-Key", wrong))
    path = scope["path"]
    if len(path) > 600:
        raise ValidationFailed.of(FieldError("path", "is too long"))
    query = scope.get("query_string", b"")
    return Use(caller.principal.key, scope["method"], path, values[0], query + b"\n" + scope.get("mxm.body", b""))
