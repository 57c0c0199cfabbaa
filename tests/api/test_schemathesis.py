"""Requests made up from the OpenAPI document: whatever comes, the answer is one that the document promises."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from mxm.entrypoints.web import build_app
from support.manager import URL, Manager, running_manager

LEFT_OUT = {
    "DELETE /api/domains/{domain}",  # it would end the domain that all others need
    "DELETE /api/admin/sessions",
    "POST /api/auth/logout",
}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = settings(
    max_examples=15,
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


class Caller:
    """Sends what Schemathesis makes up, as an administrator: by token, or by session where tokens may not."""

    def __init__(self, loop: asyncio.AbstractEventLoop, manager: Manager) -> None:
        self._run, self.manager = loop.run_until_complete, manager
        self._token = self._run(manager.bearer())
        self._session = self._run(manager.session())
        self.sent = 0

    def check(self, operation: Any, case: Any) -> None:
        """Send one request and hold the answer against the document."""
        if isinstance(case.path_parameters, dict) and "domain" in case.path_parameters:
            case.path_parameters["domain"] = "example.com"
        needs_session = not any(
            "token" in choice for choice in operation.definition.raw.get("security", [{"token": []}])
        )
        client = self._session if needs_session else self._token
        prepared = requests.Request(**case.as_transport_kwargs(base_url=URL)).prepare()
        own = {"authorization", "cookie", "x-csrf-token", "content-length", "host"}
        headers = [
            (_bytes(name), _bytes(value)) for name, value in prepared.headers.items() if str(name).lower() not in own
        ]
        body = prepared.body if isinstance(prepared.body, bytes) else str(prepared.body or "").encode()
        answer = self._run(client.request(str(prepared.method), str(prepared.url), content=body, headers=headers))
        self.sent += 1
        # It would miss the session that we add, and does not know that "too large" is a refusal, too.
        more = [] if needs_session or answer.status_code == 413 else [checks.negative_data_rejection]
        case.validate_response(answer, checks=[*CHECKS, *more])


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "replace")


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Caller]:
    """A running manager on a loop of its own: Schemathesis is not asynchronous."""
    loop = asyncio.new_event_loop()
    running = running_manager(tmp_path)
    manager = loop.run_until_complete(running.__aenter__())
    yield Caller(loop, manager)
    loop.run_until_complete(running.__aexit__(None, None, None))
    loop.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_promises(caller: Caller, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(build_app(caller.manager.services).openapi())
    tried = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if operation.label in LEFT_OUT:
            continue

        try:
            _try_out(caller, operation, mode)
        except Unsatisfiable:
            continue  # nothing about it can be wrong
        tried += 1
    assert tried > (40 if mode is GenerationMode.POSITIVE else 25)
    assert caller.sent > 300
    assert [entry.raw_path for entry in caller.manager.sandbox.log if entry.odd_path] == []


def _try_out(caller: Caller, operation: Any, mode: GenerationMode) -> None:
    @EXAMPLES
    @given(case=operation.as_strategy(generation_mode=mode))
    def every_case(case: Any) -> None:
        caller.check(operation, case)

    every_case()
