"""The resolver against the sandbox's DNS server, over real UDP and TCP: found, absent, unknown."""

from collections.abc import AsyncIterator

import pytest

from mxm.upstreams.resolver import Outcome, Resolver, spf_cost
from mxm_sandbox import Sandbox


@pytest.fixture
async def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def resolver(sandbox: Sandbox) -> AsyncIterator[Resolver]:
    async with sandbox.serve() as running:
        yield Resolver([running.dns_address], lifetime_seconds=1.0)


async def test_records_are_found(sandbox: Sandbox, resolver: Resolver) -> None:
    sandbox.publish("long.example", "TXT", ["x" * 600])
    mx = await resolver.lookup("healthy.example", "MX")
    assert mx.outcome is Outcome.FOUND
    assert set(mx.values) == {"10 sandbox.mxrouting.net", "20 sandbox-relay.mxrouting.net"}
    assert (await resolver.lookup("LONG.example", "TXT")).values == ("x" * 600,)
    assert (await resolver.lookup("mail.healthy.example", "CNAME")).values == ("sandbox.mxrouting.net",)


async def test_a_name_or_type_that_is_not_there_is_absent(sandbox: Sandbox, resolver: Resolver) -> None:
    sandbox.publish("long.example", "TXT", ["here"])
    for name, kind in (("nothing.example", "TXT"), ("long.example", "AAAA")):
        assert (await resolver.lookup(name, kind)).outcome is Outcome.ABSENT  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["servfail", "refused", "silence", "lame"])
async def test_what_fails_is_unknown_and_never_absent(sandbox: Sandbox, resolver: Resolver, kind: str) -> None:
    sandbox.configure(dns_faults=[{"name": "healthy", "kind": kind}])
    found = await resolver.lookup("healthy.example", "MX")
    assert found.is_unknown
    assert found.reason
    assert found.values == ()


async def test_a_name_that_is_none_is_unknown(resolver: Resolver) -> None:
    assert (await resolver.lookup("a" * 70 + ".example", "MX")).is_unknown


async def test_the_cost_of_spf_is_counted_through_includes(sandbox: Sandbox, resolver: Resolver) -> None:
    sandbox.publish("one.example", "TXT", ["v=spf1 include:two.example mx ip4:192.0.2.1 -all"])
    sandbox.publish("two.example", "TXT", ["v=spf1 a:gone.example include:one.example ?all redirect=three.example"])
    cost = await spf_cost(resolver.lookup, "start.example", "v=spf1 include:one.example -all include:never.example")
    assert (cost.lookups, cost.void, cost.unknown) == (5, 2, False)


async def test_a_cost_that_cannot_be_looked_up_is_said_to_be_unknown(sandbox: Sandbox, resolver: Resolver) -> None:
    sandbox.configure(dns_faults=[{"name": "broken", "kind": "servfail"}])
    cost = await spf_cost(resolver.lookup, "start.example", "v=spf1 include:broken.example -all")
    assert (cost.lookups, cost.void, cost.unknown) == (1, 0, True)
