"""Reading MXroute to see what became of a write whose answer was lost."""

from collections.abc import Mapping
from typing import Any

from mxm.platform.journal.write import Effect, Finding
from mxm.upstreams.mxroute.judgement import judge
from mxm.upstreams.mxroute.link import Link
from mxm.upstreams.mxroute.watches import watch


class MXrouteExaminer:
    """The journal's `Examiner` for MXroute."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def examine(self, check: Mapping[str, Any]) -> Finding:
        """What `check` (from `MXrouteWrite.check`) and one live read say. Raises an `AppError` when it cannot be read.

        A check of another version, or none at all, is an honest "unknown".
        """
        try:
            looking = watch(self._link, check["watch"], dict(check["args"]))
            before, wanted, unreadable = check["before"], dict(check["wanted"]), check["unreadable"]
        except (KeyError, TypeError, ValueError):
            return Finding(
                Effect.UNKNOWN, "This version cannot examine the request; whether it took effect is unknown."
            )
        return judge(looking.subject, before, wanted, await looking.live(), unreadable)
