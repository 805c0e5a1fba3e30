"""Reading a people file: UTF-8, one header; every mistake with its line, and no value repeated."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from pydantic import ValidationError

from domain.people.cells import CellInvalid, read_cells
from domain.people.columns_file import COLUMNS, Columns
from domain.people.header import HeaderWrong, Layout
from domain.people.references import PersonReferences, reference_problems
from domain.people.reporting_lines import ReportingLines
from domain.wording import worded
from schemas.people import PersonRow, RowProblem

KEPT = 200
"""Problems that are kept to be told; a file with the wrong column has one on each of its lines."""


class PeopleRead(NamedTuple):
    """What a file holds. Rows are of use only without problems."""

    rows: list[PersonRow]
    problems: list[RowProblem]


@dataclass(frozen=True)
class _Line:
    number: int
    cells: list[str]


class _Unreadable(Exception):
    def __init__(self, *problems: RowProblem) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def read_people(
    data: bytes,
    known: ReportingLines | None = None,
    accompanied: Mapping[str, str] | None = None,
    columns: Columns | None = None,
) -> PeopleRead:
    """Read a file at once. `known` are people who are there already, each with their managers, by the organisation's
    ids; `accompanied` are the mentors among them who have a supervisor.
    """
    reader = PeopleReader(data, columns)
    rows = list(reader.rows())
    reader.check(known or {}, accompanied or {})
    return PeopleRead(rows, reader.problems)


class PeopleReader:
    """Reads a file line by line, and keeps of each only what others are checked against."""

    def __init__(self, data: bytes, columns: Columns | None = None) -> None:
        self._data = data
        self._columns = columns
        self._named: dict[int, PersonReferences] = {}
        self._unreadable = False
        self._found: list[RowProblem] = []
        self.count = 0
        """Of problems; those beyond the first KEPT are only counted."""
        self.read = 0
        """How many lines below the header were read until now."""
        self.total = _lines_below(data)
        """How many lines stand below the header, whatever they hold."""

    @property
    def problems(self) -> list[RowProblem]:
        return sorted(self._found, key=lambda p: (p.line, _place(p.column)))

    def batches(self, size: int) -> Iterator[list[PersonRow]]:
        rows = self.rows()
        while batch := list(islice(rows, size)):
            yield batch

    def rows(self) -> Iterator[PersonRow]:
        """Each person; a wrong line only as far as it can be read, for others may name it."""
        try:
            for line, layout in _lines(self._data, self._columns):
                row, found = _row(line, layout)
                self.read = line.number - 1
                self._add(found)
                if row is not None:
                    self._named[line.number] = PersonReferences.of(row)
                    yield row
        except _Unreadable as error:
            self._unreadable = True
            self._add(error.problems)

    def check(self, known: ReportingLines, accompanied: Mapping[str, str]) -> None:
        """What can be told once all lines are read; nothing of a file that cannot be read to its end."""
        if self._unreadable:
            return
        if not self._named and not self.count:
            self._add(
                [
                    RowProblem(
                        line=0,
                        column="",
                        what="holds nobody; below the header stands one person a line",
                    )
                ]
            )
        self._add(reference_problems(self._named, known, accompanied))

    def _add(self, problems: Iterator[RowProblem] | Sequence[RowProblem]) -> None:
        for problem in problems:
            self.count += 1
            if len(self._found) < KEPT:
                self._found.append(problem)


def _lines(data: bytes, columns: Columns | None) -> Iterator[tuple[_Line, Layout]]:
    """The lines below the header; one with a quoted line break counts where it begins."""
    delimiter = columns.delimiter if columns else ","
    reader = csv.reader(_text(data), strict=True, delimiter=delimiter)
    layout: Layout | None = None
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if layout is None:
                layout = _layout(cells, columns)
            elif any(cell.strip() for cell in cells):
                yield _Line(number, cells), layout
    except csv.Error:
        what = (
            'a quote that is not closed, or a cell too long; write a quote inside as ""'
        )
        raise _Unreadable(RowProblem(line=before + 1, column="", what=what)) from None
    if before == 0:
        raise _Unreadable(
            RowProblem(
                line=0,
                column="",
                what=f"empty; the first line reads: {','.join(COLUMNS)}",
            )
        )


def _lines_below(data: bytes) -> int:
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return max(0, ends - data.endswith((b"\n", b"\r")))


def _text(data: bytes) -> io.TextIOWrapper:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        what = 'not UTF-8; in the spreadsheet, save as "CSV UTF-8"'
        raise _Unreadable(
            RowProblem(line=before.count(b"\n") + 1, column="", what=what)
        ) from None
    return io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")


def _layout(header: list[str], columns: Columns | None) -> Layout:
    try:
        return Layout(header, columns)
    except HeaderWrong as error:
        raise _Unreadable(
            *(
                RowProblem(line=1, column=column, what=what)
                for column, what in error.problems
            )
        ) from None


def _row(line: _Line, layout: Layout) -> tuple[PersonRow | None, list[RowProblem]]:
    """The row, as far as it can be read: a line with one wrong cell can still be named by others."""
    if len(line.cells) != layout.width:
        what = f"{len(line.cells)} columns instead of {layout.width}; put a value that holds a comma into quotes"
        row, _ = _validated({"external_id": layout.identity(line.cells)})
        return row, [RowProblem(line=line.number, column="", what=what)]
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column, cell in layout.cells(line.cells):
        try:
            values |= (
                _read_again(column, cell)
                if column in _OFTEN_THE_SAME
                else read_cells(column, cell)
            )
        except CellInvalid as error:
            wrong[column] = str(error)
    row, more = _validated(values)
    problems = {**more, **wrong}
    return row, [
        RowProblem(line=line.number, column=column, what=what)
        for column, what in problems.items()
    ]


_OFTEN_THE_SAME = frozenset(COLUMNS) - {"external_id", "name", "email"}
_read_again = lru_cache(maxsize=20_000)(read_cells)
"""Thousands work the same hours in the same place. What it answers is not to be changed."""


def _validated(values: dict[str, Any]) -> tuple[PersonRow | None, dict[str, str]]:
    """The row with stand-ins for needed cells that are wrong, and what else is wrong; no row without an id."""
    try:
        return PersonRow.model_validate({**_STAND_INS, **values}), {}
    except ValidationError as error:
        found = {
            str(one["loc"][0]): one
            for one in error.errors(include_input=False, include_url=False)
        }
    problems = {
        column: worded(one, PersonRow.model_fields.get(column))
        for column, one in found.items()
    }
    if "external_id" in problems:
        return None, problems
    kept = {column: value for column, value in values.items() if column not in problems}
    return PersonRow.model_validate({**_STAND_INS, **kept}), problems


_STAND_INS = {"name": "?", "email": "?", "region": "unknown"}


def _place(column: str) -> int:
    return COLUMNS.index(column) if column in COLUMNS else -1
