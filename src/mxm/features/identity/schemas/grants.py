"""Grants as people write them: a list of domains, each with its permissions."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from mxm.platform.access import Permission
from mxm.platform.envelope import Input, Output
from mxm.platform.names import DomainName

Permissions = Annotated[
    list[Annotated[Permission, Field(strict=False)]], Field(min_length=1, max_length=5, examples=[["emails", "spam"]])
]


class GrantIn(Input):
    """Permissions wanted on one domain."""

    domain: DomainName
    permissions: Permissions


class GrantOut(Output):
    """Permissions held on one domain."""

    domain: str = Field(examples=["example.com"])
    permissions: list[Permission] = Field(examples=[["emails", "spam"]])


GrantsIn = Annotated[list[GrantIn], Field(max_length=1000)]
GrantSet = Mapping[str, frozenset[Permission]]


def merged(grants: Iterable[GrantIn]) -> dict[str, frozenset[Permission]]:
    """One entry for each domain, whatever order and repetition they came in."""
    found: dict[str, frozenset[Permission]] = {}
    for grant in grants:
        found[grant.domain] = found.get(grant.domain, frozenset()) | frozenset(grant.permissions)
    return found


def listed(grants: GrantSet) -> list[GrantOut]:
    """Grants in the order of their domains, permissions in their usual order."""
    return [
        GrantOut(domain=domain, permissions=[p for p in Permission if p in held])
        for domain, held in sorted(grants.items())
    ]
