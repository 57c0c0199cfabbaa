"""Spam settings and lists, through MXroute and the journal."""

from mxm.features.audit.api import Action
from mxm.features.spam.schemas import SpamSettings
from mxm.platform.access import Caller
from mxm.platform.errors import Forbidden, NotFound
from mxm.platform.journal import AuditEvent, Journal
from mxm.upstreams.mxroute.client import MXroute
from mxm.upstreams.mxroute.reads import SpamList
from mxm.upstreams.transport.cache import Reading

__all__ = ["Spam", "SpamList"]


_ADD = {SpamList.WHITELIST: Action.WHITELIST_ADD, SpamList.BLACKLIST: Action.BLACKLIST_ADD}
_REMOVE = {SpamList.WHITELIST: Action.WHITELIST_REMOVE, SpamList.BLACKLIST: Action.BLACKLIST_REMOVE}


class Spam:
    """One for each process. `lists_admin_only` keeps delegates from changing what others share."""

    def __init__(self, mxroute: MXroute, journal: Journal, *, lists_admin_only: bool) -> None:
        self._mxroute, self._journal, self._lists_admin_only = mxroute, journal, lists_admin_only

    async def settings(self, domain: str) -> Reading[SpamSettings]:
        """The domain's settings."""
        reading = await self._mxroute.spam.settings(domain).cached()
        return Reading(SpamSettings(high_score=reading.value.high_score), reading.fetched_at, reading.stale)

    async def set_high_score(self, caller: Caller, domain: str, high_score: int) -> SpamSettings:
        """Change the score from which mail is deleted."""
        event = AuditEvent(Action.SPAM_SETTINGS_UPDATE, domain, {"high_score": high_score})
        await self._journal.run(caller, self._mxroute.spam.set_high_score(domain, high_score), event)
        return SpamSettings(high_score=high_score)

    async def entries(self, domain: str, which: SpamList) -> Reading[list[str]]:
        """The account's list, whichever domain is named."""
        return await self._mxroute.spam.entries(domain, which).cached()

    async def add(self, caller: Caller, domain: str, which: SpamList, entry: str) -> None:
        """Add an entry. Raises `Conflict` when it is there in any case of letters."""
        self._check_lists(caller)
        event = AuditEvent(_ADD[which], domain, {"entry": entry})
        await self._journal.run(caller, self._mxroute.spam.add(domain, which, entry), event)

    async def remove(self, caller: Caller, domain: str, which: SpamList, entry: str) -> None:
        """Remove an entry as it is listed. Raises `NotFound`."""
        self._check_lists(caller)
        listed = await self._listed_as(domain, which, entry)
        event = AuditEvent(_REMOVE[which], domain, {"entry": listed})
        await self._journal.run(caller, self._mxroute.spam.remove(domain, which, listed), event)

    async def _listed_as(self, domain: str, which: SpamList, entry: str) -> str:
        """The entry in the very letters of the list, which is what MXroute's path wants."""
        listing = self._mxroute.spam.entries(domain, which)
        same = _alike((await listing.cached()).value, entry) or _alike(await listing.live(), entry)
        if not same:
            raise NotFound(f"{entry[:254]} is not on the {which}.")
        return entry if entry in same else same[0]

    def may_change_lists(self, caller: Caller) -> bool:
        """Whether the caller may change what applies to the whole account."""
        return caller.principal.is_admin or not self._lists_admin_only

    def _check_lists(self, caller: Caller) -> None:
        if not self.may_change_lists(caller):
            raise Forbidden("The sender lists apply to the whole account; here only administrators may change them.")


def _alike(entries: list[str], wanted: str) -> list[str]:
    return [entry for entry in entries if entry.lower() == wanted.lower()]
