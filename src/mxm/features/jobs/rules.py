"""What can be said about a job from its numbers: pure thought."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_CURSOR = re.compile(r"([0-9]{1,17})\.([A-Za-z0-9:._-]{1,80})\Z")
PACE_SECONDS = 10.0
"""A pace of less time than this says nothing."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an upstream's budget lets be done: at most so many `items` in each window of `seconds`."""

    items: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at which a window of the budget began or will begin, and how many items were done before it."""

    at: datetime
    done: int


@dataclass(frozen=True, slots=True)
class Course:
    """How a job went so far, from its `start` on; `waited` is where it last waited for budget."""

    total: int
    done: int
    start: Mark
    waited: Mark | None = None


def eta_seconds(course: Course, allowance: Allowance | None, now: datetime) -> int | None:
    """Seconds until all is done; None while nothing honest can be said.

    Under a budget work comes in bursts: twenty mailboxes in two seconds, then none for most of a minute. A pace taken
    from that is none, so what was left at the last mark is counted in windows; the last of them is not waited out.
    """
    if course.done >= course.total:
        return None
    mark = course.waited or course.start
    if allowance is not None and now < mark.at + timedelta(seconds=allowance.seconds):
        windows = math.ceil((course.total - mark.done) / _in_a_window(course.start, mark, allowance)) - 1
        end = mark.at + timedelta(seconds=windows * allowance.seconds)
        if end > now:
            return math.ceil((end - now).total_seconds())
    worked = course.done - course.start.done
    # What was done has cost the wait that it led to, too.
    cost = (max(now, mark.at) - course.start.at).total_seconds()
    return math.ceil(cost / worked * (course.total - course.done)) if worked > 0 and cost >= PACE_SECONDS else None


def _in_a_window(start: Mark, mark: Mark, allowance: Allowance) -> float:
    """Others may use the same budget: what two windows or more have brought counts when it is less."""
    windows, worked = round((mark.at - start.at).total_seconds() / allowance.seconds), mark.done - start.done
    return min(allowance.items, worked / windows) if windows > 1 and worked > 0 else allowance.items


def cursor_of(created_at: datetime, job_id: str) -> str:
    """Where a page ended."""
    return f"{round(created_at.timestamp() * 1_000_000)}.{job_id}"


def place_of(cursor: str) -> tuple[datetime, str]:
    """The opposite. Raises `ValueError`."""
    found = _CURSOR.match(cursor)
    if found is None:
        raise ValueError("is no cursor of this list")
    seconds, micros = divmod(int(found[1]), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), found[2]
