"""Reading the account."""

from typing import TypeVar

from pydantic import BaseModel

from mxm.features.account.schemas import EmailQuota, Quota, VerificationKey
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.transport.cache import Reading

Shown = TypeVar("Shown", bound=BaseModel)


class Account:
    """One for each process."""

    def __init__(self, mxroute: MXroute) -> None:
        self._mxroute = mxroute

    async def quota(self) -> Reading[Quota]:
        """Disk usage of the whole account."""
        return _shown(Quota, await self._mxroute.quota().cached())

    async def email_quota(self) -> Reading[EmailQuota]:
        """Disk usage of every mailbox."""
        return _shown(EmailQuota, await self._mxroute.email_quota().cached())

    async def verification_key(self) -> Reading[VerificationKey]:
        """The key to publish before a domain is registered."""
        return _shown(VerificationKey, await self._mxroute.verification_key().cached())


def _shown(kind: type[Shown], reading: Reading[BaseModel]) -> Reading[Shown]:
    return Reading(kind.model_validate(reading.value.model_dump()), reading.fetched_at, reading.stale)
