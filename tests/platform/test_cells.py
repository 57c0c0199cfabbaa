"""CSV cells: no spreadsheet computes what people typed, and nothing is lost on the way there and back."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from mxm.platform.cells import csv_lines, defused, restored

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
CELL = st.one_of(TEXT, st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", "''"]), TEXT))


@given(CELL)
@example("'=1+1")
@example("'")
def test_defusing_can_be_undone(cell: str) -> None:
    assert restored(defused(cell)) == cell


@given(CELL)
def test_a_defused_cell_starts_nothing_that_a_spreadsheet_computes(cell: str) -> None:
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(TEXT)
def test_what_never_was_defused_is_left_alone(cell: str) -> None:
    """A name such as 'tis may come in by hand."""
    if not cell.startswith("'"):
        assert restored(cell) == cell


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_a_real_reader_reads_what_was_written(rows: list[list[str]]) -> None:
    written = "".join(csv_lines(["name", "note"], rows))
    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert read[0] == ["name", "note"]
    assert [[restored(cell) for cell in row] for row in read[1:]] == rows


@given(st.lists(st.lists(CELL, min_size=1, max_size=3), max_size=4))
def test_lines_end_as_rfc_4180_wants(rows: list[list[str]]) -> None:
    assert all(line.endswith("\r\n") for line in csv_lines(["a"], rows))
