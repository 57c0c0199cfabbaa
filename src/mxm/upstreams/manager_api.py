"""A manager's own HTTP API, as the command line uses it: one request, its data or one error with the API's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any

import httpx2

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 90.0
"""A read may wait 65 s for upstream budget, and a write that waits for its job 50 s (api contract)."""


class ApiError(Exception):
    """The API refused or could not; `message` is what it said, or why it could not be asked."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        details: tuple[str, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        """`status` is None when there was no answer; `retry_after` is in seconds; `details` name wrong fields."""
        super().__init__(message)
        self.message, self.status, self.code, self.details = message, status, code, details
        self.retry_after = retry_after

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed shortly: no answer, no room, busy."""
        return self.status is None or self.status == 429 or self.status >= 500


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """A successful answer: its status, its `data` and its `meta`."""

    status: int
    data: Any
    meta: Mapping[str, Any]
    replayed: bool = False
    """The first answer to an idempotency key, given again."""


class ManagerApi:
    """One manager and one token. Close it, or use it as a context."""

    def __init__(self, url: str, token: str, *, http: httpx2.BaseTransport | None = None) -> None:
        """`http` replaces the network in tests. Raises ValueError for an address or token that cannot be used."""
        base = _base(url)
        if not token.isascii() or not token.isprintable() or " " in token or not token:
            raise ValueError("MXM_TOKEN does not hold an API token")
        self.is_exposed = base.scheme == "http" and not _is_loopback(base.host)
        """Whether the token crosses a network in the clear."""
        self._client = httpx2.Client(
            base_url=base,
            transport=http,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json", "User-Agent": "mxm"},
            timeout=httpx2.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
            follow_redirects=False,  # the token is for this address only
            trust_env=not _is_loopback(base.host),
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def __enter__(self) -> "ManagerApi":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> ApiAnswer:
        """GET `path` (from `paths.fill`). Raises `ApiError`."""
        return self._ask("GET", path, params=query or None)

    def post(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> ApiAnswer:
        """POST `body` as JSON, or nothing. Raises `ApiError`; without an answer it is not known what happened."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._ask("POST", path, json=body, headers=headers)

    def _ask(self, method: str, path: str, **more: Any) -> ApiAnswer:
        try:
            answer = self._client.request(method, path.removeprefix("/"), **more)
        except httpx2.TimeoutException:
            raise ApiError(f"{self._client.base_url} did not answer in time.") from None
        except httpx2.HTTPError as error:
            raise ApiError(f"{self._client.base_url} cannot be reached: {error or type(error).__name__}") from None
        return _understood(answer)


def _understood(answer: httpx2.Response) -> ApiAnswer:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "success" not in body:
        raise ApiError(f"The answer {answer.status_code} is not that of a manager.", status=answer.status_code)
    if body["success"] is True:
        replayed = answer.headers.get("idempotency-replayed") == "true"
        return ApiAnswer(answer.status_code, body.get("data"), body.get("meta") or {}, replayed)
    error = body.get("error") or {}
    details = tuple(f"{each.get('field')}: {each.get('message')}" for each in error.get("details") or ())
    retry = answer.headers.get("retry-after", "")
    raise ApiError(
        str(error.get("message") or f"The manager answered {answer.status_code}."),
        status=answer.status_code,
        code=str(error.get("code") or ""),
        details=details,
        retry_after=float(retry) if retry.isdecimal() else None,
    )


def _base(url: str) -> httpx2.URL:
    try:
        found = httpx2.URL(url)
    except httpx2.InvalidURL:
        found = httpx2.URL("")
    if found.scheme not in {"http", "https"} or not found.host or found.userinfo or found.query or found.fragment:
        raise ValueError("MXM_URL must look like https://manager.example.com")
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
