"""Reading a people file: UTF-8, commas, one header; every mistake with its line, and no value repeated."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from activities.persistence.cells import CellInvalid, read_cells
from activities.persistence.references import Known, reference_problems
from activities.persistence.wording import worded
from schemas.people import PersonRow, RowProblem

COLUMNS = (
    "external_id", "name", "email", "region", "roles", "function", "site", "locale", "zone", "manager",
    "dotted_managers", "supervisor", "delegate", "seats", "languages", "offers", "wants", "windows",
)  # fmt: skip


class PeopleRead(NamedTuple):
    """What a file holds. Rows are of use only without problems."""

    rows: list[PersonRow]
    problems: list[RowProblem]


@dataclass(frozen=True)
class _Line:
    number: int
    cells: list[str]


class _Unreadable(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.problem = RowProblem(line=line, column="", what=what)


def read_people(data: bytes, known: Known | None = None, accompanied: Mapping[str, str] | None = None) -> PeopleRead:
    """Read a file. `known` are people who are there already, each with their managers, by the organisation's ids;
    `accompanied` are the mentors among them who have a supervisor."""
    problems: list[RowProblem] = []
    rows: dict[int, PersonRow] = {}
    try:
        for line in _lines(_text(data)):
            row, found = _row(line)
            problems += found
            if row is not None:
                rows[line.number] = row
    except _Unreadable as error:
        return PeopleRead([], [*problems, error.problem])
    if not rows and not problems:
        problems.append(RowProblem(line=0, column="", what="holds nobody; below the header stands one person a line"))
    problems += reference_problems(rows, known or {}, accompanied or {})
    return PeopleRead(list(rows.values()), sorted(problems, key=lambda p: (p.line, _place(p.column))))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, 'not UTF-8; in the spreadsheet, save as "CSV UTF-8"') from None


def _lines(text: str) -> Iterator[_Line]:
    """The lines below the header, which is checked; a line with a quoted line break counts where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if number == 1:
                _check_header(cells)
            elif any(cell.strip() for cell in cells):
                yield _Line(number, cells)
    except csv.Error:
        raise _Unreadable(
            before + 1, 'a quote that is not closed, or a cell too long; write a quote inside as ""'
        ) from None
    if before == 0:
        raise _Unreadable(0, f"empty; the first line reads: {','.join(COLUMNS)}")


def _check_header(cells: list[str]) -> None:
    if tuple(cells) == COLUMNS:
        return
    if len(cells) == 1 and any(cells[0].count(mark) >= 3 for mark in ";\t"):
        raise _Unreadable(1, "separated by semicolons or tabs; save it as CSV with commas")
    missing = [column for column in COLUMNS if column not in cells]
    why = f"lacks {', '.join(missing)}" if missing else "has columns in another order, or more of them"
    raise _Unreadable(1, f"the header {why}; it reads exactly: {','.join(COLUMNS)}")


def _row(line: _Line) -> tuple[PersonRow | None, list[RowProblem]]:
    """The row, as far as it can be read: a line with one wrong cell can still be named by others."""
    if len(line.cells) != len(COLUMNS):
        what = f"{len(line.cells)} columns instead of {len(COLUMNS)}; put a value that holds a comma into quotes"
        row, _ = _validated({"external_id": line.cells[0].strip()})
        return row, [RowProblem(line=line.number, column="", what=what)]
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for column, cell in zip(COLUMNS, line.cells, strict=True):
        try:
            values |= read_cells(column, cell.strip())
        except CellInvalid as error:
            wrong[column] = str(error)
    row, more = _validated(values)
    problems = {**more, **wrong}
    return row, [RowProblem(line=line.number, column=column, what=what) for column, what in problems.items()]


def _validated(values: dict[str, Any]) -> tuple[PersonRow | None, dict[str, str]]:
    """The row with stand-ins for needed cells that are wrong, and what else is wrong; no row without an id."""
    try:
        return PersonRow.model_validate({**_STAND_INS, **values}), {}
    except ValidationError as error:
        found = {str(one["loc"][0]): one for one in error.errors(include_input=False, include_url=False)}
    problems = {column: worded(one, PersonRow.model_fields.get(column)) for column, one in found.items()}
    if "external_id" in problems:
        return None, problems
    kept = {column: value for column, value in values.items() if column not in problems}
    return PersonRow.model_validate({**_STAND_INS, **kept}), problems


_STAND_INS = {"name": "?", "email": "?", "region": "unknown"}


def _place(column: str) -> int:
    return COLUMNS.index(column) if column in COLUMNS else -1
