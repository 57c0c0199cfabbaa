"""Answers made of readings: the data with its age."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from mxm.platform.envelope import Meta, Ok

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Read(Protocol[T_co]):
    """A value that was read at some time, and may be stale."""

    @property
    def value(self) -> T_co: ...
    @property
    def fetched_at(self) -> datetime: ...
    @property
    def stale(self) -> bool: ...


def from_reading(reading: Read[T], **meta: Any) -> Ok[T]:
    """The answer for a reading; `meta` adds to what is said about its age."""
    return Ok(data=reading.value, meta=Meta(fetched_at=reading.fetched_at, stale=reading.stale, **meta))
