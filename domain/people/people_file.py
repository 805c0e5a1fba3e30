"""Reading a people file: CSV in UTF-8 with one header.

Every mistake is listed with its line, and no value is repeated.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from domain.people.cells import CellInvalid, read_cell
from domain.people.column_names import COLUMNS
from domain.people.columns_file import ColumnsFile
from domain.people.header import NOT_UTF_8, HeaderInvalid, HeaderLayout
from domain.people.references import PersonReferences, reference_problems
from domain.people.reporting_lines import ReportingLines
from domain.people.rows import validate_row
from schemas.people import PersonRow, RowProblem

MOST_KEPT_PROBLEMS = 200
"""A file with the wrong column has a problem on each of its lines."""


@dataclass(frozen=True)
class _Line:
    number: int
    cells: list[str]


class _FileUnreadable(Exception):
    """The rest of the file cannot be read."""

    def __init__(self, *problems: RowProblem) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class PeopleReader:
    """Reads a file line by line; keeps of each only what others are checked against."""

    def __init__(self, data: bytes, columns: ColumnsFile | None = None) -> None:
        """Without `columns` the file has our own header."""
        self._data = data
        self._columns = columns
        self._references: dict[int, PersonReferences] = {}
        self._unreadable = False
        self._kept: list[RowProblem] = []
        self.problem_count = 0
        """Problems beyond the first MOST_KEPT_PROBLEMS are only counted."""
        self.lines_read = 0
        """Below the header, until now."""
        self.line_count = _count_lines(data)
        """Below the header, whatever they hold."""

    @property
    def problems(self) -> list[RowProblem]:
        """The problems that were kept, by line and column."""
        return sorted(
            self._kept, key=lambda problem: (problem.line, _place(problem.column))
        )

    def batches(self, size: int) -> Iterator[list[PersonRow]]:
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield batch

    def rows(self) -> Iterator[PersonRow]:
        """Yields each person; one whose line has a mistake as far as it can be read,
        since others may name them.
        """
        try:
            for line, layout in _lines(self._data, self._columns):
                row, problems = _read_line(line, layout)
                self.lines_read = line.number - 1
                self._add(problems)
                if row is not None:
                    self._references[line.number] = PersonReferences.of(row)
                    yield row
        except _FileUnreadable as error:
            self._unreadable = True
            self._add(error.problems)

    def check_references(
        self, known: ReportingLines, supervisor_of: Mapping[str, str]
    ) -> None:
        """Adds the problems that show once all lines are read; none for a file that
        cannot be read to its end.

        Args:
            known: the managers of everybody who was imported before, by the
                organisation's ids.
            supervisor_of: the supervisor of each mentor among them who has one.
        """
        if self._unreadable:
            return
        if not self._references and not self.problem_count:
            what = "holds nobody; write one person a line below the header"
            self._add([RowProblem(line=0, column="", what=what)])
        self._add(reference_problems(self._references, known, supervisor_of))

    def _add(self, problems: Iterable[RowProblem]) -> None:
        for problem in problems:
            self.problem_count += 1
            if len(self._kept) < MOST_KEPT_PROBLEMS:
                self._kept.append(problem)


def _place(column: str) -> int:
    return COLUMNS.index(column) if column in COLUMNS else -1


def _count_lines(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return max(0, ends - data.endswith((b"\n", b"\r")))


def _lines(
    data: bytes, columns: ColumnsFile | None
) -> Iterator[tuple[_Line, HeaderLayout]]:
    """Yields the lines below the header. One with a quoted line break has the number of
    where it begins.
    """
    delimiter = columns.delimiter if columns else ","
    reader = csv.reader(_decoded(data), strict=True, delimiter=delimiter)
    layout: HeaderLayout | None = None
    last_line = 0
    try:
        for cells in reader:
            number, last_line = last_line + 1, reader.line_num
            if layout is None:
                layout = _layout(cells, columns)
            elif any(cell.strip() for cell in cells):
                yield _Line(number, cells), layout
    except csv.Error:
        what = (
            'a quote that is not closed, or a cell too long; write a quote inside as ""'
        )
        raise _FileUnreadable(
            RowProblem(line=last_line + 1, column="", what=what)
        ) from None
    if last_line == 0:
        what = f"empty; the first line reads: {','.join(COLUMNS)}"
        raise _FileUnreadable(RowProblem(line=0, column="", what=what))


def _decoded(data: bytes) -> io.TextIOWrapper:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise _FileUnreadable(
            RowProblem(line=before.count(b"\n") + 1, column="", what=NOT_UTF_8)
        ) from None
    return io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")


def _layout(header: list[str], columns: ColumnsFile | None) -> HeaderLayout:
    try:
        return HeaderLayout(header, columns)
    except HeaderInvalid as error:
        problems = (
            RowProblem(line=1, column=column, what=what)
            for column, what in error.problems
        )
        raise _FileUnreadable(*problems) from None


def _read_line(
    line: _Line, layout: HeaderLayout
) -> tuple[PersonRow | None, list[RowProblem]]:
    """Returns the row as far as it can be read: somebody with one wrong cell can still
    be named by others. None: there is no id.
    """
    if len(line.cells) != layout.width:
        what = (
            f"{len(line.cells)} columns instead of {layout.width};"
            " put a value that holds a comma into quotes"
        )
        row, _ = validate_row({"external_id": layout.external_id(line.cells)})
        return row, [RowProblem(line=line.number, column="", what=what)]
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column, cell in layout.cells(line.cells):
        read = _read_again if column in _OFTEN_REPEATED else read_cell
        try:
            values |= read(column, cell)
        except CellInvalid as error:
            wrong[column] = str(error)
    row, wrong_together = validate_row(values)
    return row, [
        RowProblem(line=line.number, column=column, what=what)
        for column, what in (wrong_together | wrong).items()
    ]


_OFTEN_REPEATED = frozenset(COLUMNS) - {"external_id", "name", "email"}
_read_again = lru_cache(maxsize=20_000)(read_cell)
"""Thousands work the same hours in the same place. Do not change what it returns."""
