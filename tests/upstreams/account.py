"""A hand-made MXroute with mailboxes only: not our sandbox, so that both do not share a mistake."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mxm.upstreams.mxroute.client import Credentials, MXroute
from mxm.upstreams.transport.cache import ReadCache
from support.clock import FakeClock, FixedChance
from support.standin import CLOSED, Reply, Seen, StandIn, error, http, limits, ok

CREDENTIALS = Credentials("eagle.mxlogin.com", "johndoe", "key-that-nobody-may-see")
BASE = "/v1/domains/example.com/email-accounts"


class Account:
    """Mailboxes of example.com. `fault` replaces the answer of the next write, after or before its effect."""

    def __init__(self) -> None:
        self.mailboxes: dict[str, dict[str, Any]] = {"alex": {"quota": "1024", "limit": 9600}}
        self.before_effect: Reply | None = None
        self.after_effect: Reply | None = None
        self.reads: Reply | None = None

    def __call__(self, seen: Seen) -> Reply:
        path = seen.target.decode()
        if not path.startswith(BASE):
            return error(404, "NOT_FOUND", "Domain not found")
        user = path[len(BASE) :].lstrip("/")
        if seen.method == "GET":
            return self.reads or self._read(user)
        if self.before_effect is not None:
            return self.before_effect
        answer = self._write(seen, user)
        return answer if self.after_effect is None else self.after_effect

    def _read(self, user: str) -> Reply:
        if not user:
            return ok([{"username": name, **values} for name, values in self.mailboxes.items()])
        if user not in self.mailboxes:
            return error(404, "NOT_FOUND", "Email account not found")
        return ok({"username": user, **self.mailboxes[user]})

    def _write(self, seen: Seen, user: str) -> Reply:
        if seen.method == "POST":
            body = seen.json
            if body["username"] in self.mailboxes:
                return error(409, "CONFLICT", "Email account already exists")
            self.mailboxes[body["username"]] = {"quota": body.get("quota", 1024), "limit": 9600}
            return ok({"email": "undocumented"}, status=201)
        if user not in self.mailboxes:
            return error(404, "NOT_FOUND", "Email account not found")
        if seen.method == "DELETE":
            del self.mailboxes[user]
            return http(204)
        self.mailboxes[user].update({"quota": json.loads(seen.body).get("quota", 1024)})
        return ok()


LOST = CLOSED


class _Unhurried:
    """The client's clock as its cache knows it: a sleep that ends at once would end the patience with every answer,
    for a socket takes no time on that clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.now, self.monotonic = clock.now, clock.monotonic

    async def sleep(self, _seconds: float) -> None:
        await asyncio.Event().wait()


@asynccontextmanager
async def mxroute(account: Any, *, silent: bool = False) -> AsyncIterator[tuple[MXroute, StandIn, FakeClock]]:
    """A client of `account` over a socket; its clock moves by itself."""
    clock = FakeClock(auto=True)
    async with StandIn(account) as standin:
        client = MXroute(
            CREDENTIALS,
            clock=clock,
            chance=FixedChance(),
            cache=ReadCache(_Unhurried(clock)),
            base_url=f"{standin.url}/v1",
            limits=limits(silent=silent),
        )
        try:
            yield client, standin, clock
        finally:
            await client.aclose()
