"""Spam settings and the sender lists, which ALL domains of the account share whichever is named (facts.md)."""

from mxm.upstreams.mxroute import reads, tags
from mxm.upstreams.mxroute.link import Link, MXrouteRead
from mxm.upstreams.mxroute.models import SpamSettings
from mxm.upstreams.mxroute.reads import SpamList
from mxm.upstreams.mxroute.watches import watch
from mxm.upstreams.mxroute.write import Expect, MXrouteWrite, Plan, nothing
from mxm.upstreams.transport.paths import fill

_ADD = {SpamList.WHITELIST: "addToWhitelist", SpamList.BLACKLIST: "addToBlacklist"}
_REMOVE = {SpamList.WHITELIST: "removeFromWhitelist", SpamList.BLACKLIST: "removeFromBlacklist"}


class Spam:
    """Writes are serialised upstream: 503 = busy, 500 = not confirmed, 409 = there in any case of letters."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def settings(self, domain: str) -> MXrouteRead[SpamSettings]:
        """The settings as `domain` sees them."""
        return reads.spam_settings(self._link, domain)

    def set_high_score(self, domain: str, high_score: int) -> MXrouteWrite[None]:
        """Delete mail from this score on, 1-50."""
        plan = Plan(
            operation="updateSpamSettings",
            method="PATCH",
            path=fill("/domains/{domain}/spam/settings", domain=domain),
            body={"high_score": high_score},
            watch=watch(self._link, "spam-score", {"domain": domain}),
            expect=Expect.VALUES,
            wanted={"high_score": high_score},
            drops=frozenset({tags.SPAM_SETTINGS}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def entries(self, domain: str, which: SpamList) -> MXrouteRead[list[str]]:
        """The entries of one list."""
        return reads.spam_entries(self._link, domain, which)

    def add(self, domain: str, which: SpamList, entry: str) -> MXrouteWrite[None]:
        """Put `entry` on a list."""
        plan = Plan(
            operation=_ADD[which],
            method="POST",
            path=fill("/domains/{domain}/spam/{list}", domain=domain, list=which.value),
            body={"entry": entry},
            watch=watch(self._link, "spam-entry", _args(domain, which, entry)),
            expect=Expect.ABSENT,
            wanted={"present": True},
            drops=frozenset({tags.spam_list(which)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)

    def remove(self, domain: str, which: SpamList, entry: str) -> MXrouteWrite[None]:
        """Take `entry` off a list."""
        plan = Plan(
            operation=_REMOVE[which],
            method="DELETE",
            path=fill("/domains/{domain}/spam/{list}/{entry}", domain=domain, list=which.value, entry=entry),
            watch=watch(self._link, "spam-entry", _args(domain, which, entry)),
            expect=Expect.PRESENT,
            wanted={"present": False},
            drops=frozenset({tags.spam_list(which)}),
            parse=nothing,
        )
        return MXrouteWrite(self._link, plan)


def _args(domain: str, which: SpamList, entry: str) -> dict[str, str]:
    return {"domain": domain, "kind": which.value, "entry": entry}
