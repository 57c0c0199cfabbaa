"""Each fault for reads and for writes, with the number of requests that the server saw."""

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from mxm.platform.errors import (
    AppError,
    Doubt,
    RateLimited,
    UpstreamError,
    UpstreamFailure,
    UpstreamTimeout,
    ValidationFailed,
)
from mxm.upstreams.transport.budget import Budget
from mxm.upstreams.transport.client import Transport
from mxm.upstreams.transport.exchange import Answer, Limits
from mxm.upstreams.transport.outcome import Upstream
from support.clock import FakeClock, FixedChance
from support.standin import CLOSED, SILENCE, Reply, Script, StandIn, error, half, http, in_turn, limits, ok

WHO = Upstream("Upstream", "ITS_URL", ("ITS_KEY",))
KEY = "key-that-nobody-may-see"


@asynccontextmanager
async def upstream(script: Script, given: Limits | None = None) -> AsyncIterator[tuple[Transport, StandIn, FakeClock]]:
    clock = FakeClock(auto=True)
    async with StandIn(script) as standin:
        client = Transport(
            WHO,
            base_url=standin.url,
            headers={"X-Key": KEY},
            budget=Budget(clock, name="Upstream"),
            clock=clock,
            chance=FixedChance(),
            limits=given or limits(),
        )
        try:
            yield client, standin, clock
        finally:
            await client.aclose()


async def write(client: Transport) -> Answer:
    return await client.write("POST", "/things", b'{"a":1}', await client.reserve_write())


@pytest.mark.parametrize(
    ("fault", "status", "seen_reads"),
    [
        (error(500, "SERVER_ERROR"), 500, 1),
        (error(503, "BUSY"), 503, 3),
        (http(502, "<html>Bad gateway</html>"), 502, 3),
        (http(504, "<html>Gateway timeout</html>"), 504, 3),
        (http(200, "<html>Hello</html>"), 200, 1),
        (http(200, "{garbage"), 200, 1),
        (http(301, "", Location="http://elsewhere.invalid/"), 301, 1),
        (error(404, "NOT_FOUND"), 404, 1),
    ],
)
async def test_answers(fault: Reply, status: int, seen_reads: int) -> None:
    async with upstream(lambda _seen: fault) as (client, standin, clock):
        assert (await client.read("/things")).status == status
        assert standin.count() == seen_reads
        assert len(clock.slept) == seen_reads - 1
        assert (await write(client)).status == status
        assert standin.count("POST") == 1


@pytest.mark.parametrize(
    ("fault", "kind", "doubt"),
    [
        (CLOSED, UpstreamError, Doubt.OPEN),
        (SILENCE, UpstreamTimeout, Doubt.OPEN),
        (Reply(b"\x00\x01garbage that is not HTTP\r\n\r\n", close=True), UpstreamError, Doubt.OPEN),
        (half(), UpstreamError, Doubt.ENDED),
        (half(201), UpstreamError, Doubt.ENDED),
        (half(502), UpstreamError, Doubt.OPEN),
        (replace(half(), close=False, hang=True), UpstreamTimeout, Doubt.OPEN),
        (http(200, b"not gzip", Content_Encoding="gzip"), UpstreamError, Doubt.ENDED),
    ],
)
async def test_no_whole_answer(fault: Reply, kind: type[UpstreamFailure], doubt: Doubt) -> None:
    async with upstream(lambda _seen: fault, limits(silent=fault.hang)) as (client, standin, _clock):
        with pytest.raises(kind) as reading:
            await client.read("/things")
        assert standin.count("GET") == 3
        assert reading.value.doubt is Doubt.NONE
        with pytest.raises(kind) as writing:
            await write(client)
        assert standin.count("POST") == 1
        assert writing.value.doubt is doubt
        assert KEY not in f"{writing.value!r}{writing.value.message}{writing.value.__cause__!r}"


async def test_a_read_recovers() -> None:
    async with upstream(in_turn(CLOSED, http(503, ""), ok([1]))) as (client, standin, _clock):
        assert json.loads((await client.read("/things")).body)["data"] == [1]
        assert standin.count() == 3


async def test_an_answer_lost_after_the_effect_is_not_asked_for_again() -> None:
    made: list[bytes] = []

    def script(seen: object) -> Reply:
        made.append(b"one")
        return CLOSED

    async with upstream(script) as (client, _standin, _clock):
        with pytest.raises(UpstreamError, match="may still take effect"):
            await write(client)
    assert made == [b"one"]


@pytest.mark.parametrize("call", [lambda client: client.read("/things"), write])
async def test_429_waits_and_repeats(call: Callable[[Transport], "asyncio.Future[Answer]"]) -> None:
    refusal = error(429, "RATE_LIMITED", Retry_After="7")
    async with upstream(in_turn(refusal, refusal, ok())) as (client, standin, clock):
        assert (await call(client)).status == 200
        assert standin.count() == 3
        assert clock.slept == [8.0, 8.0]


@pytest.mark.parametrize("call", [lambda client: client.read("/things"), write])
async def test_429_that_lasts_too_long(call: Callable[[Transport], "asyncio.Future[Answer]"]) -> None:
    refusal = error(429, "RATE_LIMITED", Retry_After="40")
    async with upstream(lambda _seen: refusal) as (client, standin, _clock):
        with pytest.raises(RateLimited) as caught:
            await call(client)
        assert standin.count() == 2
        assert caught.value.retry_after == 41.0


async def test_429_with_half_a_body_is_a_429() -> None:
    async with upstream(in_turn(half(429), ok())) as (client, standin, _clock):
        assert (await write(client)).status == 200
        assert standin.count() == 2


async def test_429_without_end() -> None:
    async with upstream(lambda _seen: http(429, "", Retry_After="0")) as (client, standin, _clock):
        with pytest.raises(RateLimited):
            await write(client)
        assert standin.count() == 5


@pytest.mark.parametrize("call", [lambda client: client.read("/things"), write])
async def test_nobody_listens(call: Callable[[Transport], "asyncio.Future[Answer]"]) -> None:
    async with upstream(lambda _seen: ok()) as (client, standin, clock):
        standin._server.close()
        with pytest.raises(UpstreamError, match="could not be reached") as caught:
            await call(client)
        assert caught.value.doubt is Doubt.NONE
        assert len(clock.slept) == 2, "a connection that was never made is tried again, for writes too"
        snapshot = client._budget.snapshot()
        assert (snapshot.writes.remaining, snapshot.reads.remaining) == (20, 100)


async def test_a_connection_that_the_server_closed_costs_no_write() -> None:
    """The server answers a read and closes without saying so: the next write finds no stale connection."""

    def script(seen: object) -> Reply:
        return replace(ok(), close=True)

    async with upstream(script) as (client, standin, _clock):
        for _ in range(5):
            await client.read("/things")
            assert (await write(client)).status == 200
        assert standin.count("POST") == 5


async def test_writes_have_connections_of_their_own() -> None:
    async with upstream(lambda _seen: ok()) as (client, standin, _clock):
        for _ in range(3):
            await client.read("/things")
            await write(client)
        reads = {seen.connection for seen in standin.seen if seen.method == "GET"}
        writes = [seen.connection for seen in standin.seen if seen.method == "POST"]
        assert len(reads) == 1
        assert len(set(writes)) == 3
        assert not reads & set(writes)


async def test_a_dripping_answer_ends() -> None:
    drip = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", hang=True)
    async with upstream(lambda _seen: drip, replace(limits(), whole=0.4)) as (client, standin, _clock):
        with pytest.raises(UpstreamTimeout):
            await write(client)
        assert standin.count() == 1


@pytest.mark.parametrize("squeezed", [True, False])
async def test_bodies_are_limited(squeezed: bool) -> None:
    body = b"[" + b" " * 200_000 + b"]"
    reply = http(200, gzip.compress(body), Content_Encoding="gzip") if squeezed else http(200, body)
    async with upstream(lambda _seen: reply, replace(limits(), body=100_000)) as (client, _standin, _clock):
        with pytest.raises(UpstreamError, match="larger than") as caught:
            await write(client)
        assert caught.value.doubt is Doubt.ENDED


async def test_every_try_spends_budget_by_the_headers() -> None:
    limit = {"X_RateLimit_Limit": "200", "X_RateLimit_Remaining": "123"}
    async with upstream(in_turn(http(503, "", **limit), http(200, {"success": True}, **limit))) as (
        client,
        _standin,
        _clock,
    ):
        await client.read("/things")
        reads = client._budget.snapshot().reads
        assert (reads.limit, reads.remaining, reads.in_flight) == (200, 122, 0)


async def test_a_cancelled_write_gives_its_place_in_flight_back() -> None:
    arrived = asyncio.Event()

    def script(seen: object) -> Reply:
        arrived.set()
        return SILENCE

    async with upstream(script) as (client, _standin, _clock):
        task = asyncio.ensure_future(write(client))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        writes = client._budget.snapshot().writes
        assert (writes.in_flight, writes.remaining) == (0, 19)


async def test_no_cookies() -> None:
    async with upstream(lambda _seen: http(200, {"success": True}, Set_Cookie="PHPSESSID=1; Path=/")) as (
        client,
        standin,
        _,
    ):
        await client.read("/things")
        await client.read("/things")
        assert "cookie" not in standin.seen[1].headers


async def test_a_path_that_cannot_be_sent_gives_the_ticket_back() -> None:
    async with upstream(lambda _seen: ok()) as (client, standin, _clock):
        with pytest.raises(ValidationFailed):
            await client.write("DELETE", "/a/../b", None, await client.reserve_write())
        assert client._budget.snapshot().writes.in_flight == standin.count() == 0


async def test_secrets_stay_inside(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with upstream(in_turn(CLOSED, ok())) as (client, standin, _clock):
        await client.read("/things")
        assert standin.seen[0].headers["x-key"] == KEY
        assert KEY not in repr(client)
    assert KEY not in caplog.text


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "ü", " padded", "nul\0"])
def test_header_values_that_cannot_be_sent(value: str) -> None:
    clock = FakeClock()
    with pytest.raises(ValueError, match="X-Key") as caught:
        Transport(
            WHO,
            base_url="https://h",
            headers={"X-Key": value},
            budget=Budget(clock),
            clock=clock,
            chance=FixedChance(),
        )
    assert value not in str(caught.value)


async def test_errors_are_app_errors_with_sentences() -> None:
    async with upstream(lambda _seen: SILENCE, limits(silent=True)) as (client, _standin, _clock):
        with pytest.raises(AppError) as caught:
            await write(client)
    assert caught.value.message == "Upstream did not answer in time. The change may still take effect."
