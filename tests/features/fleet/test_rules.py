"""Counting: hourly figures, and what we did since."""

from datetime import UTC, datetime, timedelta

from mxm.features.fleet.rules import Kind, MailboxWrite, by_domain, corrected, moved_on

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def write(minute: int, kind: Kind, user: str = "", domain: str = "example.com") -> MailboxWrite:
    return MailboxWrite(NOON + timedelta(minutes=minute), kind, domain, user)


def test_addresses_fall_under_the_part_after_the_last_at() -> None:
    listed = [
        "Info@Example.COM",
        "a@b@example.com",
        "sales@example.com ",
        "x@quiet.example",
        "nonsense",
        "@x.test",
        "y@",
    ]
    assert by_domain(listed) == {"example.com": {"info", "a@b", "sales"}, "quiet.example": {"x"}}


def test_what_the_list_knows_already_is_not_counted_twice() -> None:
    writes = [write(1, Kind.CREATED, "info"), write(2, Kind.CREATED, "new"), write(3, Kind.DELETED, "gone")]
    assert corrected({"example.com": {"info", "gone"}}, writes) == {"example.com": {"info", "new"}}
    assert corrected({"example.com": {"info", "new"}}, writes) == {"example.com": {"info", "new"}}


def test_the_order_of_writes_counts() -> None:
    there_again = [write(1, Kind.DELETED, "a"), write(2, Kind.CREATED, "a")]
    gone_again = [write(1, Kind.CREATED, "a"), write(2, Kind.DELETED, "a")]
    assert corrected({}, there_again) == {"example.com": {"a"}}
    assert corrected({"example.com": {"a"}}, gone_again) == {"example.com": set()}


def test_a_deleted_domain_takes_its_mailboxes_along() -> None:
    writes = [write(1, Kind.CREATED, "a"), write(2, Kind.DOMAIN_DELETED), write(3, Kind.CREATED, "b")]
    assert corrected({"example.com": {"old"}}, writes) == {"example.com": {"b"}}


def test_the_list_itself_is_left_alone() -> None:
    listed = {"example.com": {"info"}}
    corrected(listed, [write(1, Kind.CREATED, "a")])
    assert listed == {"example.com": {"info"}}


def test_a_count_moves_on_with_what_came_after_it() -> None:
    writes = [write(-1, Kind.CREATED, "before"), write(0, Kind.CREATED, "then"), write(1, Kind.CREATED, "a")]
    assert moved_on(3, NOON, writes) == 4
    assert moved_on(3, NOON, [*writes, write(2, Kind.DELETED, "a"), write(3, Kind.DELETED, "info")]) == 2
    assert moved_on(0, NOON, [write(1, Kind.DELETED, "a")]) == 0
    assert moved_on(7, NOON, [write(1, Kind.DOMAIN_DELETED), write(2, Kind.CREATED, "a")]) == 1
