"""One value, one segment, or nothing is sent: proved on the wire."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxm.platform.errors import ValidationFailed
from mxm.upstreams.transport.budget import Budget
from mxm.upstreams.transport.client import Transport
from mxm.upstreams.transport.outcome import Upstream
from mxm.upstreams.transport.paths import fill
from support.clock import FakeClock, FixedChance
from support.standin import StandIn, ok

TEMPLATE = "/domains/{domain}/spam/blacklist/{entry}"
WHO = Upstream("Upstream", "ITS_URL", ("ITS_KEY",))


def transport(base_url: str) -> Transport:
    clock = FakeClock()
    return Transport(WHO, base_url=base_url, headers={}, budget=Budget(clock), clock=clock, chance=FixedChance())


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ("a@b", b"a%40b"),
        ("*", b"%2A"),
        ("*@trusted.com", b"%2A%40trusted.com"),
        ("a+b", b"a%2Bb"),
        ("a b", b"a%20b"),
        ("100%", b"100%25"),
        ("a%2eb", b"a%252eb"),
        ("%41", b"%2541"),
        ("...", b"..."),
        ("ü", b"%C3%BC"),
        ("a?b#c;d=e&f", b"a%3Fb%23c%3Bd%3De%26f"),
        ("~_-.", b"~_-."),
    ],
)
async def test_bytes_on_the_wire(value: str, wire: bytes) -> None:
    async with StandIn(lambda _seen: ok()) as standin:
        client = transport(f"{standin.url}/prefix/")
        await client.read(fill(TEMPLATE, domain="example.com", entry=value))
        await client.aclose()
    assert standin.seen[0].target == b"/prefix/domains/example.com/spam/blacklist/" + wire


REFUSED = ["", ".", "..", "%2e", "%2E%2e", ".%2e", "%252e", "a/b", "a%2fb", "\\", "%5c", "a\0", "%00", "a\nb", "\x7f"]


@pytest.mark.parametrize("value", [*REFUSED, "\ud800", "a/../b", "x" * 2001, "%25252525252525252525252e"])
def test_refused(value: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        fill(TEMPLATE, domain="example.com", entry=value)
    assert caught.value.field == "entry"
    assert "entry" in caught.value.message


PREFIXED = transport("http://127.0.0.1:1/prefix")


@given(st.text(max_size=40) | st.text("%2eE5cfF./\\", max_size=12), st.text(min_size=1, max_size=20))
def test_any_text_is_refused_or_whole(entry: str, domain: str) -> None:
    try:
        path = fill(TEMPLATE, domain=domain, entry=entry)
    except ValidationFailed:
        return
    target = PREFIXED._url(path, None).raw_path.decode("ascii")
    segments = [unquote(each, errors="strict") for each in target.split("/")]
    assert segments == ["", "prefix", "domains", domain, "spam", "blacklist", entry]
    assert not {segments[3], segments[6]} & {"", ".", ".."}


async def test_what_was_not_made_by_fill_is_not_sent() -> None:
    client = transport("http://127.0.0.1:1")
    for path in ("/domains/../secret", "/domains/a b", "/a/./b"):
        with pytest.raises(ValidationFailed):
            await client.read(path)
    await client.aclose()


async def test_query() -> None:
    async with StandIn(lambda _seen: ok()) as standin:
        client = transport(standin.url)
        await client.read("/zones", query={"name": "a&b c", "page": "2"})
        await client.aclose()
    assert standin.seen[0].target == b"/zones?name=a%26b+c&page=2"


@pytest.mark.parametrize(
    "url", ["", "ftp://x", "https://", "https://u:secret@h", "https://h?a=b", "nonsense", "http://[::"]
)
def test_odd_base_address(url: str) -> None:
    with pytest.raises(ValueError, match="ITS_URL") as caught:
        transport(url)
    assert "secret" not in str(caught.value)
