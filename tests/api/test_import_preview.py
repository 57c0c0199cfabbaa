"""The check of a mailbox CSV: every column's other names, every kind of wrong cell, and nothing created."""

from collections.abc import Mapping

import pytest

from support.api import data_of, error_of, wrong_fields
from support.manager import Manager

PATH = "/api/email-accounts/import/preview"
P = "Abcd123!"
FINE: Mapping[str, object] = {"username": "alex", "password": P}


async def rows_of(manager: Manager, *rows: Mapping[str, object], **more: object) -> list[dict[str, object]]:
    """The checked rows, asked as an administrator, with `example.com` for rows that name no domain."""
    client = await manager.bearer()
    body = {"default_domain": "example.com", "rows": list(rows), **more}
    answer = await client.post(PATH, json=body)
    assert P not in answer.text
    found: list[dict[str, object]] = data_of(answer)["rows"]
    return found


async def test_a_fine_row_comes_back_normalised(manager: Manager) -> None:
    [row] = await rows_of(manager, {**FINE, "username": " Alex "})
    assert row == {
        "line": 1,
        "domain": "example.com",
        "username": "alex",
        "email": "alex@example.com",
        "quota": 1024,
        "limit": 9600,
        "recovery_email": None,
        "valid": True,
        "needs_password": False,
        "already_exists": False,
        "duplicate_in_csv": False,
        "errors": [],
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"username": "alex"},
        {"user": "alex"},
        {"USERNAME": "Alex"},
        {" User ": "alex"},
        {"email": "Alex@Example.com"},
        {"mailbox": "alex@example.com"},
        {"address": "alex@example.com"},
        {"username": "alex@example.com"},
        {"username": "alex", "email": "alex@example.com"},
        {"email": "alex"},
        {"username": "", "user": "alex"},
        {"username": None, "mailbox": "alex@example.com"},
        {"username": "alex", "domain": "EXAMPLE.com"},
        {"username": "alex", "color": "red", "": "x"},
    ],
)
@pytest.mark.parametrize("password", ["password", "pass", "Password"])
async def test_columns_have_other_names(manager: Manager, columns: dict[str, object], password: str) -> None:
    [row] = await rows_of(manager, {**columns, password: P})
    assert row["errors"] == []
    assert (row["email"], row["valid"], row["needs_password"]) == ("alex@example.com", True, False)


async def test_an_addresss_own_domain_beats_the_column_and_the_default(manager: Manager) -> None:
    row = {"email": "alex@healthy.example", "domain": "quiet.example", "password": P}
    found = await rows_of(manager, row, {"user": "a", "domain": "quiet.example", "pass": P}, {"user": "a", "pass": P})
    assert [r["domain"] for r in found] == ["healthy.example", "quiet.example", "example.com"]
    assert all(r["valid"] for r in found)


async def test_numbers_may_be_text_and_blank_is_the_default(manager: Manager) -> None:
    rows: list[dict[str, object]] = [
        {"quota": "2048", "limit": "100"},
        {"quota": 0, "limit": 1},
        {"quota": " 5 ", "limit": "9600"},
        {"quota": "", "limit": "  "},
        {"quota": None},
    ]
    found = await rows_of(manager, *({"username": f"u{n}", "password": P, **row} for n, row in enumerate(rows)))
    assert [(r["quota"], r["limit"]) for r in found] == [(2048, 100), (0, 1), (5, 9600), (1024, 9600), (1024, 9600)]
    assert all(row["valid"] for row in found)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"username": "", "password": P}, "username"),
        ({"password": P}, "username"),
        ({"username": "a b", "password": P}, "username"),
        ({"username": "alex", "email": "kim@example.com", "password": P}, "username"),
        ({"email": "@example.com", "password": P}, "username"),
        ({"email": "alex@", "password": P}, "domain"),
        ({"email": "alex@nodot", "password": P}, "domain"),
        ({"email": "a@b@example.com", "password": P}, "username"),
        ({**FINE, "domain": "no dot"}, "domain"),
        ({**FINE, "domain": "nowhere.test"}, "domain"),
        ({**FINE, "password": "weak"}, "password"),
        ({**FINE, "password": 12345678}, "password"),
        ({**FINE, "password": "Abcd123!" + "x" * 300}, "password"),
        ({**FINE, "quota": "-1"}, "quota"),
        ({**FINE, "quota": "1.5"}, "quota"),
        ({**FINE, "quota": 1.5}, "quota"),
        ({**FINE, "quota": True}, "quota"),
        ({**FINE, "quota": "²"}, "quota"),
        ({**FINE, "quota": "9" * 30}, "quota"),
        ({**FINE, "quota": "many"}, "quota"),
        ({**FINE, "quota": []}, "quota"),
        ({**FINE, "limit": 0}, "limit"),
        ({**FINE, "limit": "9601"}, "limit"),
        ({**FINE, "recovery_email": "nobody"}, "recovery_email"),
        ({**FINE, "recovery": "Alex@Example.com"}, "recovery_email"),
        ({**FINE, "username": ["alex"]}, "username"),
        ({**FINE, "username": True}, "username"),
    ],
)
async def test_a_wrong_cell_is_named(manager: Manager, row: dict[str, object], column: str) -> None:
    [found] = await rows_of(manager, row)
    assert found["valid"] is False
    errors = found["errors"]
    assert isinstance(errors, list)
    assert any(str(error).startswith(f"{column}: ") for error in errors), errors


async def test_all_that_is_wrong_with_a_row_is_told(manager: Manager) -> None:
    [row] = await rows_of(manager, {"username": "a b", "password": "weak", "quota": "x", "limit": 0, "recovery": "y"})
    errors = row["errors"]
    assert isinstance(errors, list)
    assert [str(e).partition(":")[0] for e in errors] == ["username", "password", "quota", "limit", "recovery_email"]


async def test_our_mark_against_formulas_is_stripped_on_the_way_in(manager: Manager) -> None:
    found = await rows_of(
        manager,
        {**FINE, "recovery_email": "'=cmd@elsewhere.org"},
        {**FINE, "username": "kim", "recovery_email": "'+a@elsewhere.org"},
        {**FINE, "username": "o'neil", "recovery_email": "o'neil@elsewhere.org"},
    )
    assert found[0]["recovery_email"] == "=cmd@elsewhere.org"
    assert found[1]["recovery_email"] == "+a@elsewhere.org"
    assert found[2]["recovery_email"] == "o'neil@elsewhere.org"


async def test_the_first_of_duplicates_is_none(manager: Manager) -> None:
    rows = [FINE, {"email": "ALEX@example.com", "pass": P}, {**FINE, "domain": "quiet.example"}, FINE]
    found = await rows_of(manager, *rows)
    assert [row["duplicate_in_csv"] for row in found] == [False, True, False, True]
    assert [row["valid"] for row in found] == [True, False, True, False]


async def test_lines_are_the_callers_own_or_counted(manager: Manager) -> None:
    rows: list[dict[str, object]] = [{"line": 7}, {"_line": "8"}, {}, {"line": "x"}, {"line": True}, {"line": -1}]
    found = await rows_of(manager, *({**FINE, **row} for row in rows))
    assert [row["line"] for row in found] == [7, 8, 3, 4, 5, 6]


async def test_a_row_without_a_password_needs_one_and_is_not_valid(manager: Manager) -> None:
    found = await rows_of(
        manager, {"username": "a"}, {"username": "b", "password": ""}, {"username": "c", "pass": None}
    )
    for row in found:
        assert (row["needs_password"], row["valid"], row["errors"]) == (True, False, [])


async def test_the_summary_counts_rows(manager: Manager) -> None:
    client = await manager.bearer()
    rows = [
        FINE,
        FINE,
        {"username": "info", "password": P},
        {"username": "kim"},
        {"username": "a b", "password": P},
        {**FINE, "username": "zoe"},
    ]
    data = data_of(await client.post(PATH, json={"default_domain": "example.com", "rows": rows}))
    assert data["summary"] == {
        "total": 6,
        "valid": 2,
        "invalid": 4,
        "needs_password": 1,
        "already_exists": 1,
        "duplicate_in_csv": 1,
    }
    assert len(data["rows"]) == 6


async def test_nothing_is_created(manager: Manager) -> None:
    before = manager.sandbox.state
    await rows_of(manager, FINE)
    assert manager.sandbox.state == before
    assert manager.sandbox.counts["writes"] == 0


async def test_existing_mailboxes_are_looked_up_once_a_domain(manager: Manager) -> None:
    found = await rows_of(
        manager,
        {"username": "INFO", "password": P},
        {"username": "sales", "password": P},
        {"email": "info@healthy.example", "password": P},
        {"email": "new@healthy.example", "password": P},
    )
    assert [row["already_exists"] for row in found] == [True, True, True, False]
    assert [row["valid"] for row in found] == [False, False, False, True]
    asked = [entry.path for entry in manager.sandbox.log]
    assert sorted(asked) == ["/domains/example.com/email-accounts", "/domains/healthy.example/email-accounts"]


async def test_what_the_caller_says_exists_spares_the_look_up(manager: Manager) -> None:
    known = {"Example.COM": ["Alex", "kim@example.com"], "not a domain": ["x"]}
    rows = [FINE, {"username": "kim", "password": P}, {"username": "info", "password": P}]
    found = await rows_of(manager, *rows, existing_by_domain=known)
    assert [row["already_exists"] for row in found] == [True, True, False]
    assert manager.sandbox.log == []


async def test_a_domain_without_the_right_is_an_error_of_its_rows_and_is_not_looked_up(manager: Manager) -> None:
    client = await manager.bearer({"example.com": ["emails"], "quiet.example": ["spam", "dashboard"]})
    seen = len(manager.sandbox.log)
    names = ("example.com", "quiet.example", "healthy.example", "nowhere.test")
    rows = [{"email": f"info@{name}", "password": P} for name in names]
    data = data_of(await client.post(PATH, json={"rows": rows}))
    assert [row["already_exists"] for row in data["rows"]] == [True, False, False, False]
    refusals = [row["errors"] for row in data["rows"][1:]]
    assert refusals[0] == refusals[1] == refusals[2]
    assert refusals[0][0].startswith("domain: ")
    assert [row["valid"] for row in data["rows"]] == [False] * 4
    assert [entry.path for entry in manager.sandbox.log[seen:]] == ["/domains/example.com/email-accounts"]


async def test_at_most_a_thousand_rows(manager: Manager) -> None:
    client = await manager.bearer()
    rows = [{"email": f"u{n}@example.com", "password": P} for n in range(1001)]
    assert data_of(await client.post(PATH, json={"rows": rows[:1000]}))["summary"]["valid"] == 1000
    assert wrong_fields(await client.post(PATH, json={"rows": rows})) == ["rows"]
    assert data_of(await client.post(PATH, json={"rows": []}))["summary"]["total"] == 0


async def test_rows_that_are_no_objects_are_all_named(manager: Manager) -> None:
    client = await manager.bearer()
    answer = await client.post(PATH, json={"rows": [FINE, "x", None, []]})
    assert wrong_fields(answer) == ["rows.1", "rows.2", "rows.3"]


async def test_mxroutes_failure_is_not_taken_for_an_empty_domain(manager: Manager) -> None:
    client = await manager.bearer()
    manager.sandbox.configure(faults=[{"kind": "status", "status_code": 500}])
    answer = await client.post(PATH, json={"rows": [{"email": "a@example.com", "password": P}]})
    error_of(answer, 502, "upstream_error")
