"""Reading a CSV file of mailboxes as people's spreadsheets write it: into rows for the API, each with its line."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mxm.entrypoints.refusal import CannotStart

MOST_ROWS = 1000
"""In one request (api contract)."""
MOST_BYTES = 800_000
"""Of one request's rows; the API takes 1 MiB."""

_NAMES = ("username", "user", "email", "mailbox", "address")
_KNOWN = frozenset({*_NAMES, "password", "pass", "quota", "limit", "recovery_email", "recovery", "domain"})
_DELIMITERS = (";", ",", "\t")

Row = dict[str, Any]


def read_rows(file: Path) -> list[Row]:
    """The rows with the columns that the API knows, and `line`. Raises `CannotStart` in one line."""
    text = _text(file)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=_delimiter(text), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(file, header)
        return list(_rows(file, reader, header))
    except csv.Error as error:
        raise CannotStart(f"{file}, line {reader.line_num}: {error}") from None


def portions(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in parts that fit into one request each, in order."""
    part: list[Row] = []
    size = 0
    for row in rows:
        bytes_of_row = len(json.dumps(row).encode()) + 2
        if part and (len(part) >= MOST_ROWS or size + bytes_of_row > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(row)
        size += bytes_of_row
    if part:
        yield part


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotStart(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CannotStart(f"{file}, line {line}: is not UTF-8; save it as CSV UTF-8") from None


def _delimiter(text: str) -> str:
    """What separates the names of the header; names hold none of these."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=first.count) if any(d in first for d in _DELIMITERS) else ","


def _check_header(file: Path, header: Sequence[str]) -> None:
    known = [name for name in header if name in _KNOWN]
    if not set(known) & set(_NAMES):
        raise CannotStart(f"{file}: the first line must name a column {', '.join(_NAMES[:-1])} or {_NAMES[-1]}")
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise CannotStart(f"{file}: the first line names {', '.join(twice)} twice")


def _rows(file: Path, reader: Any, header: Sequence[str]) -> Iterator[Row]:
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            raise CannotStart(f"{file}, line {line}: has more cells than the first line has names")
        given = {name: cell for name, cell in zip(header, cells, strict=False) if name in _KNOWN and cell != ""}
        yield {**given, "line": line}
