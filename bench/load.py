"""A small HTTP/1.1 load generator in a process of its own: keep-alive connections, whole answers read."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What came back: requests a second, milliseconds of the median and of the slowest hundredth, statuses."""

    per_second: float
    median_ms: float
    p99_ms: float
    statuses: dict[str, int]


def measure(url: str, headers: dict[str, str], *, connections: int, seconds: float = 3.0) -> Load:
    """Load `url` from another process, after a short warm-up there."""
    order = json.dumps({"url": url, "headers": headers, "connections": connections, "seconds": seconds})
    done = subprocess.run([sys.executable, "-m", "bench.load", order], check=True, capture_output=True, text=True)
    return Load(**json.loads(done.stdout))


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12])


async def _connection(order: dict[str, Any], until: float, times: list[float], statuses: dict[str, int]) -> None:
    parts = urlsplit(order["url"])
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in order["headers"].items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    while time.perf_counter() < until:
        began = time.perf_counter()
        status = str(await _one(reader, writer, request))
        times.append(time.perf_counter() - began)
        statuses[status] = statuses.get(status, 0) + 1
    writer.close()


async def _run(order: dict[str, Any]) -> Load:
    for warm_up, seconds in ((True, 0.5), (False, order["seconds"])):
        times: list[float] = []
        statuses: dict[str, int] = {}
        began = time.perf_counter()
        until = began + seconds
        await asyncio.gather(*(_connection(order, until, times, statuses) for _ in range(order["connections"])))
        spent = time.perf_counter() - began
        if not warm_up:
            times.sort()
            return Load(
                round(len(times) / spent, 1),
                round(times[len(times) // 2] * 1000, 3),
                round(times[int(len(times) * 0.99)] * 1000, 3),
                statuses,
            )
    raise AssertionError("not reached")


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(_run(json.loads(sys.argv[1])))
    sys.stdout.write(json.dumps(found.__dict__))
