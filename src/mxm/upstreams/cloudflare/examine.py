"""Reading Cloudflare to see what became of a write whose answer was lost."""

from collections.abc import Mapping
from typing import Any

from mxm.platform.errors import NotFound
from mxm.platform.journal.write import Effect, Finding
from mxm.upstreams.cloudflare import batch, sets, zones
from mxm.upstreams.cloudflare.link import Link

_UNREADABLE = Finding(Effect.UNKNOWN, "This version cannot examine the request; whether it took effect is unknown.")


class CloudflareExaminer:
    """The journal's `Examiner` for Cloudflare."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def examine(self, check: Mapping[str, Any]) -> Finding:
        """What `check` (from `CloudflareWrite.check`) and one live look say. Raises an `AppError` when Cloudflare
        cannot be read. A check of another version, or none at all, is an honest "unknown"."""
        match check.get("kind"):
            case "records":
                return await self._records(check)
            case "zone" if isinstance(name := check.get("name"), str):
                return await self._zone(name, check.get("before"))
            case "activation":
                return Finding(
                    Effect.UNKNOWN,
                    f"Whether Cloudflare was asked to look for the name servers of {check.get('name')} leaves no "
                    "trace; asking again does no harm.",
                )
        return _UNREADABLE

    async def _zone(self, name: str, before: Any) -> Finding:
        zone = await zones.named(self._link, name).live()
        if zone is None or zone.status == "deleted":
            return Finding(Effect.NOT_APPLIED, f"The zone {name} does not exist now: the request took no effect.")
        if before is not False:
            return Finding(Effect.UNKNOWN, f"The zone {name} exists now; whether this request made it is not known.")
        return Finding(Effect.APPLIED, f"The zone {name} exists now: the request took effect.")

    async def _records(self, check: Mapping[str, Any]) -> Finding:
        try:
            zone, name = str(check["zone"]), str(check["name"])
            keys = frozenset((str(each), str(kind)) for each, kind in check["sets"])
            then, wanted = check["before"], check["wanted"]
            # What the world sees decides, unless the request was about something else.
            size = sets.PUBLISHED if then is None or _sorted(then) != _sorted(wanted) else None
            before = None if then is None else _sorted(then, size)
            wished = _sorted(wanted, size)
        except (KeyError, TypeError, ValueError):
            return _UNREADABLE
        try:
            now = _sorted(sets.rows(await batch.records(self._link, zone).live(), keys), size)
        except NotFound:
            return Finding(Effect.UNKNOWN, f"The zone {name} is not there any more; nobody can tell what became of it.")
        return _judge(_subject(name, keys), before, wished, now)


def _judge(subject: str, before: list[str] | None, wanted: list[str], now: list[str]) -> Finding:
    """Applied only when the state before was known to differ and the wanted one holds. A batch is one transaction:
    something in between is somebody else's doing."""
    if before is not None and before != wanted and now == wanted:
        return Finding(Effect.APPLIED, f"{subject} are as requested now: the request took effect.")
    if before is not None and before != wanted and now == before:
        return Finding(Effect.NOT_APPLIED, f"{subject} are as they were before: the request took no effect.")
    holds = "are as requested now" if now == wanted else "are neither as before nor as requested now"
    return Finding(Effect.UNKNOWN, f"{subject} {holds}; whether this request took effect is not known.")


def _subject(zone: str, keys: frozenset[sets.Key]) -> str:
    shown = [f"{kind} {name}" for name, kind in sorted(keys)[:3]]
    more = f" and {len(keys) - 3} more sets" if len(keys) > 3 else ""
    return f"The records {', '.join(shown)}{more} in the zone {zone}"


def _sorted(rows: Any, size: int | None = sets.PUBLISHED) -> list[str]:
    """The first `size` fields of rows, in an order that does not depend on when they were written: whether Cloudflare
    kept a comment, or made another lifetime of "automatic", says nothing about the effect on what is published. Raises
    TypeError for what are no rows."""
    return sorted(repr(list(row)[:size]) for row in rows)
