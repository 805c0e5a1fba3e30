"""Made-up people files, right except in what a test says."""

from typing import Any

from domain.people.column_names import COLUMNS
from domain.people.people_file import read_people
from schemas.people import PersonRow

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


def problems(data: bytes, **known: Any) -> list[str]:
    return [str(problem) for problem in read_people(data, known).problems]


def row(**cells: str) -> PersonRow:
    rows, found = read_people(file(person(**cells)))
    assert not found
    return rows[0]
