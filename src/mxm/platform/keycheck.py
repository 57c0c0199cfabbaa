"""Refuses a start with another secret than the one the database was written with."""

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from mxm.platform.db import Base, Database
from mxm.platform.keys import KeyRing

_NAME = "key_check"
_TEXT = b"mxroute-manager key check"


class MetaRow(Base):
    """Facts about this database."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(400))


class WrongKey(Exception):
    """The secret is not the one that tokens and sessions here were hashed with."""


def is_noted(keys: KeyRing, value: str) -> bool:
    """Whether `value`, noted in some database, was made with one of `keys`."""
    return value in _digests(keys)


async def check_key(database: Database, keys: KeyRing) -> None:
    """Raises `WrongKey`; notes the key at the first start, and the new one while rotating."""
    try:
        await _check(database, keys)
    except IntegrityError:  # another process started at the same moment and noted it first
        await _check(database, keys)


async def _check(database: Database, keys: KeyRing) -> None:
    ours = _digests(keys)
    async with database.write() as tx:
        row = (await tx.session.execute(select(MetaRow).where(MetaRow.name == _NAME))).scalar()
        if row is None:
            tx.session.add(MetaRow(name=_NAME, value=ours[0]))
        elif row.value not in ours:
            raise WrongKey(
                "SECRET_KEY is not the one this database was written with: restore it (or secret.key in DATA_DIR), "
                "or give the old one as SECRET_KEY_PREVIOUS to rotate."
            )
        else:
            row.value = ours[0]


def _digests(keys: KeyRing) -> list[str]:
    return [digest.hex() for digest in keys.digests(_NAME, _TEXT)]
