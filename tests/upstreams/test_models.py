"""Every shape that has been seen or can be expected of a PHP backend."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mxm.platform.errors import AppError, Doubt, NotFound, RateLimited, UpstreamError, ValidationFailed
from mxm.upstreams.mxroute.envelope import data_of
from mxm.upstreams.mxroute.link import parsed, shape
from mxm.upstreams.mxroute.models import (
    CatchAll,
    DnsInfo,
    Domain,
    DomainPointer,
    EmailAccount,
    EmailQuota,
    Forwarder,
    Package,
    Quota,
    ResellerUser,
    SpamSettings,
    VerificationKey,
    pointer_items,
)
from mxm.upstreams.transport.exchange import Answer
from support.standin import in_turn, ok
from upstreams.account import mxroute

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ([], []),
        ({}, []),
        (["a.com", "b.com"], ["a.com", "b.com"]),
        ({"a.com": "alias", "b.com": {"type": "redirect"}}, ["a.com", "b.com"]),
        ([{"pointer": "a.com", "type": "alias"}], ["a.com"]),
        (None, None),
    ],
)
def test_pointers_of_a_domain(raw: Any, names: list[str] | None) -> None:
    assert Domain(domain="example.com", pointers=raw).pointers == names


def test_pointer_lists_in_both_shapes() -> None:
    parse = shape(list[DomainPointer])
    keyed = parse(pointer_items({"a.com": {"type": "alias", "target": "example.com"}}))
    listed = parse(pointer_items([{"pointer": "a.com", "type": "alias", "target": "example.com"}]))
    assert keyed == listed == [DomainPointer(pointer="a.com", type="alias", target="example.com")]


@pytest.mark.parametrize(
    ("raw", "flag"), [(1, True), ("0", False), ("yes", True), ("OFF", False), (None, None), ("?", None)]
)
def test_flags(raw: Any, flag: bool | None) -> None:
    assert Domain(domain="d", mail_hosting=raw).mail_hosting is flag


def test_numbers_as_strings_and_what_is_none() -> None:
    account = EmailAccount.model_validate(
        {
            "username": "alex",
            "quota": "1024",
            "usage": "256.5",
            "limit": "9600.0",
            "sent": "many",
            "suspended": "no",
            "new": 1,
        }
    )
    assert (account.quota, account.usage, account.limit, account.sent) == (1024, 256.5, 9600, None)
    assert account.suspended is False
    assert account.email is None, "never made up"
    assert EmailAccount(username="a", quota="unlimited").quota == 0
    assert EmailAccount(username="a", quota=True, usage="nan", limit="1e999").model_dump(exclude_none=True) == {
        "username": "a"
    }


def test_names_from_addresses() -> None:
    assert EmailAccount.model_validate({"email": "alex@example.com"}).username == "alex"
    assert Forwarder.model_validate({"email": "sales@example.com", "destinations": "a@x.com, b@x.com"}) == Forwarder(
        alias="sales", email="sales@example.com", destinations=["a@x.com", "b@x.com"]
    )


@pytest.mark.parametrize("wanted", [list[str], list[EmailAccount], list[DomainPointer]])
@pytest.mark.parametrize("raw", [None, {}, []])
def test_an_empty_list_in_any_shape(wanted: Any, raw: Any) -> None:
    assert shape(wanted)(pointer_items(raw)) == []


def test_null_is_empty_for_lists_only() -> None:
    with pytest.raises(UpstreamError, match="unexpected shape"):
        parsed(shape(Quota), None, write=False)


NAMED = [
    (EmailAccount, "username"),
    (Forwarder, "alias"),
    (DomainPointer, "pointer"),
    (Domain, "domain"),
    (ResellerUser, "username"),
    (Package, "name"),
]


@pytest.mark.parametrize(("model", "field"), NAMED)
def test_names_of_digits_come_as_numbers(model: Any, field: str) -> None:
    assert getattr(model.model_validate({field: 2024}), field) == "2024"
    assert getattr(model.model_validate({field: 0}), field) == "0"
    for no_name in (True, False, 1.5, None, "", "\ud800"):
        with pytest.raises(ValidationError):
            model.model_validate({field: no_name})


async def test_lists_of_names_of_digits() -> None:
    assert shape(list[DomainPointer])(pointer_items([12])) == [DomainPointer(pointer="12")]
    assert Domain(domain="d", pointers=[12, "p.example"]).pointers == ["12", "p.example"]
    for odd in ([True], [1.5], [None]):
        with pytest.raises(ValidationError):
            shape(list[DomainPointer])(pointer_items(odd))
    replies = in_turn(ok(["florist", 2024]), ok(None), ok([False]))
    async with mxroute(replies) as (mx, _standin, _clock):
        assert await mx.users.names().live() == ["florist", "2024"]
        assert await mx.users.names().live() == []
        with pytest.raises(UpstreamError, match="unexpected shape"):
            await mx.users.names().live()


@pytest.mark.parametrize(("model", "field"), [(CatchAll, "type"), (VerificationKey, "key")])
def test_what_is_no_name_is_no_number(model: Any, field: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate({field: 1})


def test_dns_without_parts() -> None:
    info = DnsInfo.model_validate(
        {"mx_records": [{"priority": "10", "hostname": "h"}], "dkim": None, "verification": []}
    )
    assert info.mx_records is not None
    assert info.mx_records[0].priority == 10
    assert (info.spf, info.dkim, info.verification) == (None, None, None)


@pytest.mark.parametrize(
    ("model", "raw"),
    [
        (Domain, {}),
        (EmailAccount, {"quota": 1}),
        (CatchAll, {"type": ""}),
        (VerificationKey, {"key": None}),
        (EmailQuota, {"username": "u"}),
        (SpamSettings, [1]),
        (Quota, None),
        (ResellerUser, "x"),
        (Package, {"settings": {}}),
        (EmailAccount, {"username": "\ud800"}),
    ],
)
def test_what_has_no_name_is_no_answer(model: Any, raw: Any) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(raw)
    with pytest.raises(UpstreamError, match="unexpected shape"):
        parsed(shape(model), raw, write=False)


def answer(body: bytes | Any, status: int = 200, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers, raw)


def test_envelopes() -> None:
    assert data_of(answer({"success": True, "data": [1]}), NOW, write=False) == [1]
    assert data_of(answer({"success": True}), NOW, write=True) is None
    assert data_of(answer(b"", 204), NOW, write=True) is None
    for missing in (answer({"success": True}), answer(b"", 204)):
        with pytest.raises(UpstreamError):
            data_of(missing, NOW, write=False)
    bare = {"username": "u", "accounts": []}
    assert data_of(answer(bare), NOW, write=False, bare=("accounts",)) == bare
    assert data_of(answer({"success": True, "data": bare}), NOW, write=False, bare=("accounts",)) == bare


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, {}, {"data": 1}, {"success": "true"}],
)
@pytest.mark.parametrize("write", [True, False])
def test_no_envelope(body: Any, write: bool) -> None:
    with pytest.raises(UpstreamError) as caught:
        data_of(answer(body), NOW, write=write)
    assert caught.value.doubt is (Doubt.ENDED if write else Doubt.NONE)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NOT_FOUND", NotFound),
        ("VALIDATION_ERROR", ValidationFailed),
        ("BUSINESS_ERROR", ValidationFailed),
        ("RATE_LIMITED", RateLimited),
        ("SERVER_ERROR", UpstreamError),
        ("SOMETHING_NEW", UpstreamError),
    ],
)
def test_success_with_an_error_in_it(code: str, kind: type[AppError]) -> None:
    with pytest.raises(kind):
        data_of(answer({"success": False, "error": {"code": code, "message": "m"}}), NOW, write=True)


@pytest.mark.parametrize("error", [None, "plain", {}, {"message": 1}, [1]])
def test_odd_error_objects(error: Any) -> None:
    with pytest.raises(NotFound) as caught:
        data_of(answer({"success": False, "error": error}, 404), NOW, write=True)
    assert caught.value.message == ("plain" if error == "plain" else "MXroute gave no reason.")


def test_messages_hold_no_secrets() -> None:
    body = {
        "success": False,
        "error": {"code": "VALIDATION_ERROR", "message": "Password 'Hunter22' is weak", "field": "password"},
    }
    with pytest.raises(ValidationFailed) as caught:
        data_of(answer(body, 422), NOW, write=True, secrets=("Hunter22",))
    assert (caught.value.message, caught.value.field) == ("Password '[hidden]' is weak", "password")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_data_or_an_error(body: Any) -> None:
    for status in (200, 404, 500):
        with contextlib.suppress(AppError):
            data_of(answer(body, status), NOW, write=True)
