"""The tables of users, tokens, grants and sessions. No secret is stored, only slow or keyed hashes."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mxm.platform.db import Base, JsonObject, UtcDateTime


class UserRow(Base):
    """A person who may sign in."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(320), unique=True)
    """Lower case; an e-mail address for all but the first administrator."""
    contact_email: Mapped[str | None] = mapped_column(String(320))
    notification_email: Mapped[str | None] = mapped_column(String(320))
    password_hash: Mapped[str | None] = mapped_column(Text)
    """Argon2id; none = cannot sign in with a password."""
    is_admin: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    grants: Mapped[list["UserGrantRow"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class UserGrantRow(Base):
    """One permission of one user on one domain."""

    __tablename__ = "user_grant"
    __table_args__ = (Index("ix_user_grant_domain", "domain"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    permission: Mapped[str] = mapped_column(String(16), primary_key=True)


class TokenRow(Base):
    """An API token."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Keyed hash of the token; fast, because the token itself holds 256 random bits."""
    prefix: Mapped[str] = mapped_column(String(16))
    is_admin: Mapped[bool] = mapped_column(Boolean)
    allowed_networks: Mapped[list[str]] = mapped_column(JsonObject)
    created_by: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_ip: Mapped[str | None] = mapped_column(String(64))
    grants: Mapped[list["TokenGrantRow"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class TokenGrantRow(Base):
    """One permission of one token on one domain."""

    __tablename__ = "api_token_grant"
    __table_args__ = (Index("ix_api_token_grant_domain", "domain"),)

    token_id: Mapped[str] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    permission: Mapped[str] = mapped_column(String(16), primary_key=True)


class SessionRow(Base):
    """A browser session."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Keyed hash of the cookie's value."""
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    via: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(300))


class LoginFailureRow(Base):
    """A failed sign-in, or one under way; counted by the throttle and forgotten after its window."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_place", "place", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(64))
    """The address; the /64 for IPv6."""
    login_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Keyed hash: people type passwords into the user field."""
