"""Recovery addresses: MXroute has no place for them, so they are ours."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base


class RecoveryRow(Base):
    """Where a mailbox's owner can be reached when the mailbox is locked."""

    __tablename__ = "recovery_address"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
