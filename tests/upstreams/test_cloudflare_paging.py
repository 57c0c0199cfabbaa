"""Lists from pages: whole, or an error. And the zone that holds a domain."""

from collections.abc import Callable
from typing import Any

import pytest

from mxm.platform.errors import UpstreamError
from mxm.upstreams.cloudflare import Zone
from mxm.upstreams.cloudflare.zones import holding
from support.standin import Reply, Seen
from upstreams.cfaccount import ACCOUNT, ZONE, Account, cloudflare, good, listed, record, taken_apart

MANY = [record(number, "TXT", f'"{number}"') for number in range(250)]


def page_of(seen: Seen) -> int:
    return int(taken_apart(seen)[1]["page"])


def answered(*replies: Callable[[int], Reply]) -> tuple[Callable[[Seen], Reply], list[int]]:
    """A script that gives each reading (which begins with page 1) the next reply; and the pages asked for."""
    asked: list[int] = []

    def script(seen: Seen) -> Reply:
        asked.append(page_of(seen))
        return replies[min(asked.count(1), len(replies)) - 1](asked[-1])

    return script, asked


async def test_all_pages_twice() -> None:
    """A list of several pages counts when two readings agree."""
    script, asked = answered(lambda page: listed(MANY, page))
    async with cloudflare(script) as (cf, standin, _clock):
        found = await cf.records(ZONE.id).live()
        assert [each.content for each in found] == [str(number) for number in range(250)]
        assert asked == [1, 2, 3, 1, 2, 3]
        assert taken_apart(standin.seen[0])[1] == {"per_page": "5000", "page": "1"}


@pytest.mark.parametrize("count", [0, 1, 100])
async def test_one_page_is_read_once(count: int) -> None:
    script, asked = answered(lambda page: listed(MANY[:count], page))
    async with cloudflare(script) as (cf, _standin, _clock):
        assert len(await cf.records(ZONE.id).live()) == count
        assert asked == [1]


async def test_a_record_that_goes_while_pages_are_read() -> None:
    """Page two begins one later: nothing is twice, only one is missing. The count tells, and the list is read anew."""
    script, asked = answered(
        lambda page: listed(MANY if page == 1 else MANY[1:], page), lambda page: listed(MANY[1:], page)
    )
    async with cloudflare(script) as (cf, _standin, _clock):
        assert len(await cf.records(ZONE.id).live()) == 249
        assert asked == [1, 2, 1, 2, 3, 1, 2, 3]


async def test_one_goes_and_one_comes_while_pages_are_read() -> None:
    """No count and no double tells that number 100 was missed: only a second reading does."""
    after = [*MANY[1:], record(999, "TXT", "new")]
    script, _asked = answered(lambda page: listed(MANY if page == 1 else after, page), lambda page: listed(after, page))
    async with cloudflare(script) as (cf, _standin, _clock):
        found = await cf.records(ZONE.id).live()
        assert {each.id for each in found} == {each["id"] for each in after}


async def test_a_list_that_never_holds_still() -> None:
    endless = [record(1000 + number, "TXT", "x") for number in range(10)]
    turns = iter(range(10))

    def script(seen: Seen) -> Reply:
        if page_of(seen) == 1:
            items[:] = [*MANY, endless[next(turns)]]
        return listed(items, page_of(seen))

    items: list[Any] = []
    async with cloudflare(script) as (cf, standin, _clock):
        with pytest.raises(UpstreamError, match="list may be incomplete"):
            await cf.records(ZONE.id).live()
        assert standin.count() == 9


INFO = {"page": 1, "per_page": 100, "count": 2, "total_count": 2, "total_pages": 1}
LIES = [
    ({**INFO, "total_count": None}, 1),
    ({**INFO, "total_count": "2"}, 1),
    ({**INFO, "total_count": True}, 1),
    ({**INFO, "total_count": -1}, 1),
    ({**INFO, "total_count": 1}, 2),
    ({**INFO, "total_count": 0}, 2),
    ({**INFO, "total_count": 10**12}, 1),
    ({**INFO, "total_pages": 7}, 2),
    ({**INFO, "page": 2}, 1),
    ({**INFO, "count": 3}, 1),
    ({**INFO, "total_count": 3}, 2),
]


@pytest.mark.parametrize(("info", "most"), LIES)
async def test_pages_that_lie(info: dict[str, Any] | None, most: int) -> None:
    """Every request gives the same two records, whatever is said of them."""

    def script(seen: Seen) -> Reply:
        page = page_of(seen)
        said = {**info, "page": page} if info and page > 1 else info
        return good(MANY[:2], said)

    async with cloudflare(script) as (cf, standin, _clock):
        with pytest.raises(UpstreamError, match="may be incomplete"):
            await cf.records(ZONE.id).live()
        assert standin.count() <= most * 2


@pytest.mark.parametrize("info", [None, {}, {"page": 1}])
async def test_a_list_that_does_not_say_how_long_it_is_ends_where_nothing_new_comes(
    info: dict[str, Any] | None,
) -> None:
    """A server that knows no pages gives the same again; one that does gives an empty page in the end."""
    async with cloudflare(lambda _seen: good(MANY[:2], info and {})) as (cf, standin, _clock):
        assert len(await cf.records(ZONE.id).live()) == 2
        assert standin.count() == 4
    async with cloudflare(lambda seen: good(MANY[(page_of(seen) - 1) * 100 : page_of(seen) * 100], None)) as (
        cf,
        _s,
        _c,
    ):
        assert len(await cf.records(ZONE.id).live()) == 250


async def test_a_list_that_only_says_how_many_pages_it_has() -> None:
    def script(seen: Seen) -> Reply:
        page = page_of(seen)
        return good(MANY[(page - 1) * 100 : page * 100], {"page": page, "total_pages": 3})

    async with cloudflare(script) as (cf, standin, _clock):
        assert len(await cf.records(ZONE.id).live()) == 250
        assert standin.count() == 6, "read twice, as every list of several pages"


async def test_pages_without_end() -> None:
    """A page of one each, all different, of a list that never gets shorter."""

    def script(seen: Seen) -> Reply:
        page = page_of(seen)
        size = 20 if page == 1 else 1
        items = [record(page * 100 + number, "TXT", "x") for number in range(size)]
        return good(items, {"page": page, "total_count": 4000})

    async with cloudflare(script) as (cf, standin, _clock):
        with pytest.raises(UpstreamError, match="more than 200 pages"):
            await cf.records(ZONE.id).live()
        assert standin.count() == 200


async def test_an_empty_page_in_the_middle() -> None:
    def script(seen: Seen) -> Reply:
        page = page_of(seen)
        return good(MANY[:100] if page == 1 else [], {"page": page, "total_count": 250})

    async with cloudflare(script) as (cf, standin, _clock):
        with pytest.raises(UpstreamError, match="100 things in a list of 250"):
            await cf.records(ZONE.id).live()
        assert standin.count() == 4


async def test_an_error_on_a_later_page() -> None:
    async with cloudflare(lambda seen: listed(MANY, 1) if page_of(seen) == 1 else good(None)) as (cf, _standin, _):
        with pytest.raises(UpstreamError, match="unexpected shape"):
            await cf.records(ZONE.id).live()


def zone(name: str, status: str = "active", number: int = 0) -> dict[str, Any]:
    return {"id": f"{name}{number}", "name": name, "status": status, "name_servers": None}


async def test_zones_of_the_account() -> None:
    account = Account()
    async with cloudflare(account) as (cf, standin, _clock):
        assert (await cf.zones().live()) == [ZONE]
        query = taken_apart(standin.seen[0])[1]
        assert query == {"account.id": ACCOUNT, "order": "name", "direction": "asc", "per_page": "50", "page": "1"}


async def test_a_zone_by_its_name() -> None:
    account = Account()
    account.zones = [zone("a.example", "pending", 1), zone("a.example", "active", 2), zone("b.example", "moved")]
    async with cloudflare(account) as (cf, _standin, _clock):
        found = await cf.zone_named("A.Example.").live()
        assert found is not None
        assert (found.id, found.public) == ("a.example2", True)
        gone = await cf.zone_named("b.example").live()
        assert gone is not None
        assert gone.status == "moved"
        assert await cf.zone_named("c.example").live() is None
        account.reads = listed([zone("not-asked-for.example")])
        assert await cf.zone_named("d.example").live() is None


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("example.org", "example.org"),
        ("mail.example.org", "mail.example.org"),
        ("x.mail.example.org", "mail.example.org"),
        ("www.example.org", "example.org"),
        ("MAIL.Example.ORG.", "mail.example.org"),
        ("notexample.org", None),
        ("org", None),
        ("www.moved.example", None),
        ("gone.example.org", "example.org"),
        ("twice.example", "twice.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("www.waiting.example", "waiting.example"),
        ("", None),
    ],
)
async def test_the_zone_that_holds_a_domain(domain: str, found: str | None) -> None:
    account = Account()
    account.zones = [
        zone("example.org"),
        zone("mail.example.org", "pending"),
        zone("moved.example", "moved"),
        zone("gone.example.org", "deleted"),
        zone("twice.example", "pending", 1),
        zone("twice.example", "active", 2),
        zone("xn--bcher-kva.example"),
        zone("waiting.example", "initializing"),
    ]
    async with cloudflare(account) as (cf, standin, _clock):
        holder = await cf.zone_of(domain)
        assert (holder.name if holder else None) == found
        assert domain != "twice.example" or (holder and holder.id == "twice.example2")
        await cf.zone_of(domain)
        assert standin.count() == 1, "one look serves all"
        account.zones = []
        assert await cf.zone_of(domain, live=True) is None


def test_a_living_zone_of_the_parent_comes_before_a_dead_one() -> None:
    dead = Zone("1", "mail.example.org", "moved", ())
    alive = Zone("2", "example.org", "active", ())
    assert holding([dead, alive], "mail.example.org") == alive
