"""What other features and the entry points may use of the fleet."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mxm.features.fleet import repository
from mxm.features.fleet.service import KIND, TAG, Fleet, FleetRefresh, HealthOf, Sightings


async def forget_domain(session: AsyncSession, domain: str) -> list[str]:
    """Drop the row of a domain that is going; returns the tags that this changes."""
    await repository.forget_domain(session, domain)
    return [TAG]


async def add_domain(session: AsyncSession, domain: str) -> list[str]:
    """Show a domain that was just registered, without figures yet; returns the tags that this changes."""
    await repository.add_domain(session, domain)
    return [TAG]


async def note_hosting(session: AsyncSession, domain: str, at: datetime, *, enabled: bool) -> list[str]:
    """Mail hosting was switched; returns the tags that this changes."""
    await repository.put_hosting(session, domain, at, enabled=enabled)
    return [TAG]


__all__ = ["KIND", "Fleet", "FleetRefresh", "HealthOf", "Sightings", "add_domain", "forget_domain", "note_hosting"]
