"""A hand-made Cloudflare with one zone: not our sandbox, so that both do not share a mistake."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mxm.platform.journal.write import PreparedWrite
from mxm.upstreams.cloudflare import COMMENT, Batch, Cloudflare, Patch, Record, RecordDraft, Zone
from mxm.upstreams.transport.cache import ReadCache
from support.clock import FakeClock, FixedChance
from support.standin import Reply, Seen, StandIn, http, limits
from upstreams.account import _Unhurried

TOKEN = "token-that-nobody-may-see"
ACCOUNT = "a" * 32
ZONE = Zone("z" * 32, "example.com", "active", ("ns1.example.net",))
SPF = "v=spf1 -all"


def good(result: Any, info: dict[str, Any] | None = None, **headers: str) -> Reply:
    """An enveloped success."""
    body: dict[str, Any] = {"result": result, "success": True, "errors": [], "messages": []}
    return http(200, body if info is None else {**body, "result_info": info}, **headers)


def bad(status: int, *errors: Any, **headers: str) -> Reply:
    """An enveloped failure; an error is a code, or the object as it is."""
    shown = [{"code": each, "message": f"Trouble {each}."} if isinstance(each, int) else each for each in errors]
    return http(status, {"result": None, "success": False, "errors": shown, "messages": []}, **headers)


def listed(items: list[Any], page: int = 1, size: int = 100) -> Reply:
    """One page of a list, truthfully."""
    part = items[(page - 1) * size : page * size]
    pages = -(-len(items) // size)
    info = {"page": page, "per_page": size, "count": len(part), "total_count": len(items), "total_pages": pages}
    return good(part, info)


def record(number: int, kind: str, content: str, **more: Any) -> dict[str, Any]:
    """A record as Cloudflare shows it."""
    shown = {"id": f"{number:032x}", "type": kind, "name": "example.com", "content": content, "ttl": 1}
    return {**shown, "proxied": False, "comment": None, "tags": [], **more}


class Account:
    """Zones and records. `fault` replaces the answer to the next writes, before or after their effect."""

    def __init__(self) -> None:
        self.zones = [
            {"id": ZONE.id, "name": "example.com", "status": "active", "name_servers": list(ZONE.name_servers)}
        ]
        self.records = [record(1, "TXT", f'"{SPF}"'), record(2, "MX", "mx.old.example", priority=10)]
        self.before_effect: Reply | None = None
        self.after_effect: Reply | None = None
        self.reads: Reply | Callable[[Seen], Reply] | None = None
        self.page = 100

    def __call__(self, seen: Seen) -> Reply:
        if seen.method == "GET":
            if self.reads is not None:
                return self.reads if isinstance(self.reads, Reply) else self.reads(seen)
            return self._read(seen)
        if self.before_effect is not None:
            return self.before_effect
        answer = self._write(seen)
        return answer if self.after_effect is None else self.after_effect

    def _read(self, seen: Seen) -> Reply:
        path, query = taken_apart(seen)
        if path == f"/zones/{ZONE.id}/dns_records":
            return listed(self.records, int(query["page"]), self.page)
        if path == "/zones":
            fit = [zone for zone in self.zones if query.get("name", zone["name"]) == zone["name"]]
            return listed(fit, int(query["page"]), self.page)
        return bad(404, 7003)

    def _write(self, seen: Seen) -> Reply:
        path, _ = taken_apart(seen)
        if path.endswith("/activation_check"):
            return good({"id": ZONE.id})
        if path == "/zones":
            zone = {"id": "n" * 32, "name": seen.json["name"], "status": "pending", "name_servers": ["ns1.example"]}
            self.zones.append(zone)
            return good(zone)
        return good(self._batch(seen.json))

    def _batch(self, body: dict[str, Any]) -> dict[str, Any]:
        gone = {each["id"] for each in body.get("deletes", ())}
        self.records = [each for each in self.records if each["id"] not in gone]
        patched = []
        for change in body.get("patches", ()):
            found = next(each for each in self.records if each["id"] == change["id"])
            found.update(change)
            patched.append(found)
        first = 100 + len(self.records)
        posted = [{**record(first + number, "", ""), **each} for number, each in enumerate(body.get("posts", ()))]
        self.records += posted
        return {"deletes": None, "patches": patched, "puts": None, "posts": posted}


def taken_apart(seen: Seen) -> tuple[str, dict[str, str]]:
    """Path below the base, and query."""
    parts = urlsplit(seen.target.decode())
    assert parts.path.startswith("/client/v4/")
    return parts.path.removeprefix("/client/v4"), {name: values[0] for name, values in parse_qs(parts.query).items()}


@asynccontextmanager
async def cloudflare(
    account: Any, account_id: str | None = ACCOUNT, *, silent: bool = False
) -> AsyncIterator[tuple[Cloudflare, StandIn, FakeClock]]:
    """A client of `account` over a socket; its clock moves by itself."""
    clock = FakeClock(auto=True)
    async with StandIn(account) as standin:
        client = Cloudflare(
            TOKEN,
            account_id,
            clock=clock,
            chance=FixedChance(),
            cache=ReadCache(_Unhurried(clock)),
            base_url=f"{standin.url}/client/v4",
            limits=limits(silent=silent),
        )
        try:
            yield client, standin, clock
        finally:
            await client.aclose()


async def by_type(cf: Cloudflare, kind: str) -> Record:
    """The only record of this type, live."""
    (found,) = [each for each in await cf.records(ZONE.id).live() if each.type == kind]
    return found


Make = Callable[[Cloudflare], Awaitable[PreparedWrite[Any]]]
DRAFT = RecordDraft("TXT", "_dmarc.example.com", "v=DMARC1; p=none", comment=COMMENT)


async def add(cf: Cloudflare) -> PreparedWrite[Any]:
    return cf.apply(ZONE, Batch(posts=(DRAFT,)))


async def change(cf: Cloudflare) -> PreparedWrite[Any]:
    spf = await by_type(cf, "TXT")
    return cf.apply(ZONE, Batch(patches=(Patch(spf, RecordDraft("TXT", "example.com", "v=spf1 ~all")),)))


async def remove(cf: Cloudflare) -> PreparedWrite[Any]:
    return cf.apply(ZONE, Batch(deletes=(await by_type(cf, "MX"),)))


async def make_zone(cf: Cloudflare) -> PreparedWrite[Any]:
    return cf.create_zone("new.example")


async def run(write: PreparedWrite[Any]) -> Any:
    await write.observe()
    await write.reserve()
    return await write.send()
