"""Cells of the CSV files that we write: spreadsheets must not take what people typed for formulas (OWASP)."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "'"


def defused(cell: str) -> str:
    """The cell as text, with a mark before anything that a spreadsheet would compute."""
    return MARK + cell if cell.startswith((*_STARTS, MARK)) else cell


def restored(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell.startswith(MARK) and cell[1:].startswith((*_STARTS, MARK)) else cell


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """The lines of a CSV file (RFC 4180), each cell defused."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([header], rows):
        writer.writerow([defused(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
