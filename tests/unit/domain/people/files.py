"""Made-up people files, right except in what a test says."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.people.column_names import COLUMNS
from domain.people.columns_file import ColumnsFile
from domain.people.people_file import PeopleReader
from domain.people.reporting_lines import ReportingLines
from schemas.people import PersonRow, RowProblem

HEADER = ",".join(COLUMNS)
THEIR_COLUMNS: dict[str, Any] = {
    "external_id": "Matricule",
    "name": ["Prénom", "Nom"],
    "email": "E-mail",
    "region": "Division",
}
"""Columns of a columns file for THEIR_HEADER."""
THEIR_HEADER = "Matricule;Prénom;Nom;E-mail;Division;Rôle;Langues"


def person(**cells: str) -> str:
    given = {
        "external_id": "E1",
        "name": "Jade",
        "email": "jade@example.org",
        "region": "idf",
        **cells,
    }
    return ",".join(
        '"' + given.get(column, "").replace('"', '""') + '"' for column in COLUMNS
    )


def file(*lines: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode()


class PeopleFile(NamedTuple):
    """What a file holds. The rows are of use only where there are no problems."""

    rows: list[PersonRow]
    problems: list[RowProblem]


def read_people(
    data: bytes,
    known: ReportingLines | None = None,
    supervisor_of: Mapping[str, str] | None = None,
    columns: ColumnsFile | None = None,
) -> PeopleFile:
    """Reads a file at once; the arguments are those of `PeopleReader`."""
    reader = PeopleReader(data, columns)
    rows = list(reader.rows())
    reader.check_references(known or {}, supervisor_of or {})
    return PeopleFile(rows, reader.problems)


def problems(data: bytes, **known: Any) -> list[str]:
    return [str(problem) for problem in read_people(data, known).problems]


def row(**cells: str) -> PersonRow:
    rows, found = read_people(file(person(**cells)))
    assert not found
    return rows[0]
