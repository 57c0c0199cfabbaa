"""Cloudflare's envelope: `{"success", "result", "errors", "result_info"}`, what is neither, and what its codes mean.

Cloudflare publishes no list of codes; those below are from facts.md and from what people have met.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mxm.platform.errors import AppError
from mxm.upstreams.transport import outcome, rate_headers
from mxm.upstreams.transport.exchange import Answer
from mxm.upstreams.transport.outcome import Problem, Upstream
from mxm.upstreams.transport.text import clean

CLOUDFLARE = Upstream("Cloudflare", "CLOUDFLARE_API_URL", ("CF_API_TOKEN",))

EXISTS = frozenset({81057, 81058})
IN_THE_WAY = frozenset({81053, 81054, 81055, 81056})
GONE = frozenset({81044})
ZONE_EXISTS = frozenset({1061})
_DENIED = frozenset({6003, 6103, 6111, 9103, 9106, 9107, 9109, 10000})
_THROTTLED = frozenset({971, 10429})
_NO_ROUTE = frozenset({7000})
_REFUSED = EXISTS | IN_THE_WAY | GONE | ZONE_EXISTS
_MOST_ERRORS = 10


@dataclass(frozen=True, slots=True)
class Trouble:
    """All that an error answer says: a sentence for people, every code in it, and the parts of the request meant."""

    message: str
    codes: frozenset[int]
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, taken apart. `parsed` is None when it is no JSON object."""

    status: int
    parsed: dict[str, Any] | None
    trouble: Trouble | None
    retry_after: float | None

    @property
    def succeeded(self) -> bool:
        """Whether it claims success."""
        return 200 <= self.status < 300 and self.parsed is not None and self.parsed.get("success") is True

    @property
    def meaning(self) -> int:
        """The status that fits: codes count where the status is that of a success or blames the request at large."""
        codes = self.trouble.codes if self.trouble else frozenset()
        if self.status in {401, 403} or (self.status < 500 and codes & _DENIED):
            return 401  # all of these are about the token and what it may do
        if 200 <= self.status < 300:
            return 429 if codes & _THROTTLED else 400 if codes & _REFUSED else 500
        return self.status


def said(answer: Answer, now: datetime, secrets: Iterable[str]) -> Said:
    """`answer` taken apart; known `secrets` are blotted out of what it quotes."""
    parsed = _json(answer.body)
    retry_after = rate_headers.retry_after(answer.headers, now)
    return Said(answer.status, parsed, _trouble(parsed, tuple(secrets)), retry_after)


def failure(found: Said, *, write: bool) -> AppError:
    """The typed error for an answer that is no success."""
    if found.trouble is None and 200 <= found.status < 300:
        what = "answered without saying whether it succeeded"
        if found.parsed is None:
            what = "answered with something that is not its JSON"
        return outcome.malformed(CLOUDFLARE, what, write=write)
    problem = Problem(found.trouble.message) if found.trouble else None
    if found.trouble is not None and found.trouble.codes & _NO_ROUTE:
        problem = None  # the address of the API is wrong: that is no word on the thing asked for
    return outcome.failure(CLOUDFLARE, found.meaning, problem, write=write, retry_after=found.retry_after)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _trouble(parsed: dict[str, Any] | None, secrets: tuple[str, ...]) -> Trouble | None:
    if parsed is None or parsed.get("success") is not False:
        return None
    errors = _flat(parsed.get("errors"))
    codes = frozenset(code for error in errors if (code := _code(error)) is not None)
    lines = [_line(error) for error in errors]
    message = clean("; ".join(line for line in lines if line), secrets=secrets)
    sources = (error.get("source") for error in errors)
    pointers = tuple(
        pointer for source in sources if isinstance(source, dict) and isinstance(pointer := source.get("pointer"), str)
    )
    return Trouble(message or "Cloudflare gave no reason.", codes, pointers)


def _flat(errors: Any) -> list[dict[str, Any]]:
    """The errors, each followed by its causes: "DNS Validation Error" alone helps nobody."""
    waiting = list(errors) if isinstance(errors, list) else []
    flat: list[dict[str, Any]] = []
    while waiting and len(flat) < _MOST_ERRORS:
        error = waiting.pop(0)
        if isinstance(error, dict):
            flat.append(error)
            causes = error.get("error_chain")
            waiting[:0] = causes if isinstance(causes, list) else []
    return flat


def _line(error: dict[str, Any]) -> str:
    message, code = error.get("message"), _code(error)
    text = message.strip().rstrip(".") if isinstance(message, str) else ""
    if not code:
        return text
    return f"{text} ({code})" if text else f"code {code}"


def _code(error: dict[str, Any]) -> int | None:
    code = error.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None
