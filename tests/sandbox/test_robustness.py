"""Whatever is sent, the answer is one of ours: no crash, no 500, always an envelope."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.mxroute.operations import OPERATIONS, Operation
from sandbox.helpers import client_of

FIELDS = ("domain", "username", "password", "quota", "limit", "entry", "high_score", "type", "address", "destinations")
KNOWN = st.sampled_from(["example.com", "info", "hello", "basic", "florist", "Abcd1234", "*@spam.test"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | KNOWN
BODIES = st.dictionaries(
    st.sampled_from([*FIELDS, "alias", "pointer", "enabled", "email", "package", "name", "odd"]),
    SCALARS | st.lists(SCALARS, max_size=3),
    max_size=5,
)
SEGMENTS = KNOWN | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


async def answer_of(sandbox: Sandbox, operation: Operation, segment: str, body: dict[str, Any]) -> httpx2.Response:
    parts = [
        "{}".format(quote(segment, safe="")) if part[:1] == "{" else part for part in operation.template.split("/")
    ]
    if "{domain}" in operation.template and len(segment) % 2:
        parts[2] = "example.com"
    async with client_of(sandbox) as client:
        return await client.request(operation.method, "/".join(parts), json=body)


@settings(max_examples=250, deadline=None, database=None)
@given(operation=st.sampled_from(OPERATIONS), segment=SEGMENTS, body=BODIES)
def test_every_input_gets_a_proper_answer(operation: Operation, segment: str, body: dict[str, Any]) -> None:
    sandbox = Sandbox(SandboxConfig(limits_enabled=False, reseller=True))
    before = sandbox.state
    try:
        answer = asyncio.run(answer_of(sandbox, operation, segment, body))
    except ValueError:
        return  # NaN and infinity: the client refuses to write them
    assert answer.status_code < 500
    if answer.status_code != 204:
        assert answer.json()["success"] is (answer.status_code < 400)
    if answer.status_code >= 400:
        assert sandbox.state == before
