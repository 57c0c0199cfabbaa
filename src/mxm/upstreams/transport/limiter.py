"""The request limit as pure thought: one window of one bucket, and what each event makes of it.

No clock and no waiting in here; `budget` puts them around. Times are monotonic seconds.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

WINDOW_SECONDS = 60.0
"""Length of a window until upstream says otherwise (MXroute documents limits per minute)."""
MARGIN_SECONDS = 1.0
"""`X-RateLimit-Reset` is in whole seconds, so the window may end up to a second after what it says."""
SAME_WINDOW_SECONDS = 2.0
"""Two resets this close are one: some servers compute it anew for each answer, and round."""


class Kind(StrEnum):
    """The two buckets of an account."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Report:
    """What one answer said about the limit; None where it said nothing that makes sense. Times in seconds from now,
    but `reset_at` in upstream's own Unix seconds: it names the window, however long the answer was under way."""

    limit: int | None = None
    left: int | None = None
    reset_in: float | None = None
    reset_at: float | None = None
    retry_after: float | None = None
    refused: bool = False
    length: float | None = None
    """How long upstream's windows are."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of the current window of one bucket."""

    limit: int
    left: int
    """Upstream's last word on what is left; requests in flight are not taken off yet."""
    in_flight: int = 0
    ends_at: float | None = None
    """None: nothing was sent in this window yet."""
    told: bool = False
    """Whether `ends_at` is upstream's word, not our guess."""
    reset_at: float | None = None
    """The last reset that upstream named: this window's when told, else that of an earlier one."""
    probes: int | None = None
    """Until the first answer of this window at most so many are in flight: its beginning is a guess, and a burst into a
    window that has not begun would be refused whole. None: an answer has confirmed the window."""
    length: float = WINDOW_SECONDS
    """Seconds from the beginning of a window to the next, where upstream does not name its end."""


def fresh(limit: int, length: float = WINDOW_SECONDS) -> Window:
    """The state at start. A process before us may have spent this window, so it begins with a few probes."""
    return Window(limit=limit, left=limit, probes=max(1, limit // 20), length=length)


def kept_for_people(kind: Kind, limit: int) -> int:
    """What background work leaves untouched in every window: one write, a fifth of the reads."""
    kept = 1 if kind is Kind.WRITE else math.ceil(limit / 5)
    return min(kept, limit - 1)


def rolled(window: Window, now: float) -> Window:
    """`window`, or the one after it when it has ended."""
    if window.ends_at is None or now < window.ends_at:
        return window
    # What was left of the old window may go without proof: if it has not ended yet, that much is allowed anyway.
    return replace(window, left=window.limit, ends_at=None, told=False, probes=max(1, window.left))


def used_up(window: Window, kept: int = 0) -> bool:
    """Whether nothing more may go before the window ends, whatever is answered; `kept` of it are for others."""
    return window.left - window.in_flight <= kept


def free(window: Window, kept: int = 0) -> int:
    """How many requests may go now; `kept` of the window are for others."""
    of_window = window.left - window.in_flight - kept
    if window.probes is None:
        return max(0, of_window)
    return max(0, min(of_window, window.probes - window.in_flight))


def expected_wait(window: Window, now: float, ahead: int) -> float:
    """Seconds until a newcomer with `ahead` others before it can hope to go; 0 when only answers are waited for."""
    spare = window.left - window.in_flight
    if ahead < spare or window.ends_at is None:
        return 0.0
    windows_between = max(0, ahead - max(0, spare)) // window.limit
    return max(0.0, window.ends_at - now) + windows_between * window.length


def granted(window: Window, now: float) -> Window:
    """After one request was let go."""
    ends_at = now + window.length if window.ends_at is None else window.ends_at
    return replace(window, in_flight=window.in_flight + 1, ends_at=ends_at)


def released(window: Window) -> Window:
    """After a grant came back unused."""
    return replace(window, in_flight=max(0, window.in_flight - 1))


def settled(window: Window, now: float, report: Report | None) -> Window:
    """After a request ended; `report` is None when no answer came (upstream may have counted it: so do we)."""
    window = released(window)
    if report is None:
        return replace(window, left=max(0, window.left - 1))
    limit = report.limit or window.limit
    left = min(window.left, limit) if report.limit else window.left
    window = replace(window, limit=limit, left=left, length=report.length or window.length)
    if report.refused:
        return _refused(window, now, report)
    if report.reset_in is None or report.reset_at is None:
        return _counted(window, report.left)
    return _told(window, now + report.reset_in + MARGIN_SECONDS, report.reset_at, report.left)


def _refused(window: Window, now: float, report: Report) -> Window:
    until_end = None if window.ends_at is None else max(0.0, window.ends_at - now - MARGIN_SECONDS)
    for seconds in (report.retry_after, report.reset_in, until_end):
        if seconds is not None:
            return _closed(window, now + seconds, report)
    return _closed(window, now + window.length, report)


def _closed(window: Window, until: float, report: Report) -> Window:
    reset_at = window.reset_at if report.reset_at is None else report.reset_at
    return replace(window, left=0, ends_at=until + MARGIN_SECONDS, told=True, reset_at=reset_at)


def _counted(window: Window, left: int | None) -> Window:
    ours = max(0, window.left - 1)
    if left is not None:  # upstream's first word replaces our guess, later ones only lower it
        ours = min(left, window.limit if window.probes is not None else ours)
    return replace(window, left=ours, probes=None)


def _told(window: Window, ends_at: float, reset_at: float, left: int | None) -> Window:
    later = SAME_WINDOW_SECONDS + 1 if window.reset_at is None else reset_at - window.reset_at
    if later > SAME_WINDOW_SECONDS:
        remaining = max(0, window.left - 1) if left is None else min(left, window.limit)
        return replace(window, left=remaining, ends_at=ends_at, told=True, reset_at=reset_at, probes=None)
    if later < -SAME_WINDOW_SECONDS or not window.told:
        return window  # a late answer of a window that has ended
    # Answers overtake each other: within a window what is left only falls, and each end is the latest possible.
    remaining = max(0, window.left - 1) if left is None else min(window.left, left)
    return replace(window, left=remaining, ends_at=min(ends_at, window.ends_at or ends_at), probes=None)
