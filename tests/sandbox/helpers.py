"""What the tests of the sandbox share: a client with the right headers and short ways to ask."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from mxm_sandbox import Sandbox, SandboxConfig

GOOD_LOGIN = "Abcd1234"


def headers_of(sandbox: Sandbox) -> dict[str, str]:
    server, username, api_key = sandbox.credentials
    return {"X-Server": server, "X-Username": username, "X-API-Key": api_key}


def client_of(sandbox: Sandbox) -> httpx2.AsyncClient:
    """A client of the MXroute part, in process."""
    transport = httpx2.ASGITransport(app=sandbox.mxroute_app)
    return httpx2.AsyncClient(transport=transport, base_url="http://mxroute.test", headers=headers_of(sandbox))


def cloudflare_of(sandbox: Sandbox, token: str | None = None) -> httpx2.AsyncClient:
    """A client of the Cloudflare part, in process."""
    transport = httpx2.ASGITransport(app=sandbox.cloudflare_app)
    headers = {"Authorization": f"Bearer {token or sandbox.cloudflare_token}"}
    return httpx2.AsyncClient(transport=transport, base_url="http://cloudflare.test/client/v4", headers=headers)


def control_of(sandbox: Sandbox) -> httpx2.AsyncClient:
    """A client of the control port, in process."""
    transport = httpx2.ASGITransport(app=sandbox.control_app)
    return httpx2.AsyncClient(transport=transport, base_url="http://control.test")


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[tuple[Sandbox, httpx2.AsyncClient]]:
    """A sandbox with these settings (no limits unless asked for) and a client of it."""
    sandbox = Sandbox(SandboxConfig.model_validate({"limits_enabled": False, **settings}))
    async with client_of(sandbox) as client:
        yield sandbox, client


def data_of(answer: httpx2.Response) -> Any:
    """The data of a success; fails with the whole answer otherwise."""
    body = answer.json()
    assert body["success"] is True, (answer.status_code, body)
    return body["data"]


def refusal(answer: httpx2.Response) -> tuple[int, str, str | None]:
    """Status, code and field of an error."""
    body: Mapping[str, Any] = answer.json()
    assert body["success"] is False
    error = body["error"]
    assert error["message"]
    assert set(error) <= {"code", "message", "field"}
    return answer.status_code, error["code"], error.get("field")


def result_of(answer: httpx2.Response) -> Any:
    """The result of a success of Cloudflare; fails with the whole answer otherwise."""
    body = answer.json()
    assert answer.status_code == 200, (answer.status_code, body)
    assert (body["success"], body["errors"]) == (True, [])
    return body["result"]


def problem(answer: httpx2.Response) -> tuple[int, int]:
    """Status and code of an error of Cloudflare."""
    body: Mapping[str, Any] = answer.json()
    assert (body["success"], body["result"]) == (False, None), body
    [error] = body["errors"]
    assert error["message"]
    return answer.status_code, error["code"]


def records_path(sandbox: Sandbox, zone: str) -> str:
    """Where the records of a zone are."""
    return f"/zones/{sandbox.state['cloudflare'][zone]['id']}/dns_records"


class Clock:
    """Time that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.25

    def __call__(self) -> float:
        return self.now
