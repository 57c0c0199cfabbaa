"""Tables: every change we made to a zone, policies of single domains, and who works on a zone now."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base, JsonObject, UtcDateTime


class ChangeRow(Base):
    """One record set that we changed: before and after, so that it can be undone."""

    __tablename__ = "dns_change"
    __table_args__ = (
        Index("ix_dns_change_domain", "domain", "id"),
        Index("ix_dns_change_place", "zone_id", "name", "type", "id"),
        Index("ix_dns_change_fix_id", "fix_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    fix_id: Mapped[str] = mapped_column(String(32))
    domain: Mapped[str] = mapped_column(String(253))
    zone_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(16))
    type: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(253))
    before: Mapped[list[dict[str, Any]]] = mapped_column(JsonObject)
    after: Mapped[list[dict[str, Any]]] = mapped_column(JsonObject)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(320))
    request_id: Mapped[str] = mapped_column(String(64))
    reverts: Mapped[int | None] = mapped_column(BigInteger)
    """The change that this one undid."""
    reverted_by: Mapped[str | None] = mapped_column(String(32))
    """The fix that undid this one."""


class DmarcPolicyRow(Base):
    """A domain's own DMARC policy, as it was sent."""

    __tablename__ = "dmarc_policy"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    record: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HoldRow(Base):
    """Who plans and applies changes of a zone at this moment: two at once could publish the same thing twice."""

    __tablename__ = "dns_hold"

    zone_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(32))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
