"""A columns file to start from, guessed from the header of a people file."""

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from domain.people.column_names import COLUMNS, REQUIRED_COLUMNS
from domain.people.columns_file import DELIMITERS
from domain.people.header import (
    LONGEST_HEADER_CHARACTERS,
    MOST_HEADERS,
    NOT_UTF_8,
    HeaderInvalid,
)
from domain.wording import nearest

MOST_HEADER_BYTES = 65_536

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "external_id": ("id", "employee id", "employee number", "personnel number", "matricule", "identifiant"),
    "name": ("full name", "display name", "nom complet", "nom prenom", "prenom nom", "nom et prenom"),
    "email": ("mail", "e mail", "email address", "work email", "courriel", "adresse e mail", "adresse mail"),
    "region": ("division", "business unit", "perimetre", "direction regionale"),
    "roles": ("role", "programme role", "role programme"),
    "function": ("job title", "title", "position", "fonction", "poste", "metier", "emploi"),
    "site": ("location", "office", "city", "ville", "lieu", "lieu de travail", "etablissement"),
    "locale": ("language of mails", "preferred language", "langue"),
    "zone": ("time zone", "timezone", "fuseau", "fuseau horaire"),
    "manager": ("manager id", "line manager", "reports to", "responsable", "responsable hierarchique", "n 1"),
    "dotted_managers": ("dotted line", "matrix manager", "functional manager", "responsable fonctionnel"),
    "supervisor": ("accompanied by", "superviseur", "accompagnateur"),
    "delegate": ("assistant", "assistante", "delegue"),
    "seats": ("places", "capacity", "nombre de places"),
    "languages": ("spoken languages", "langues", "langues parlees"),
    "offers": ("skills", "topics offered", "competences", "themes proposes", "propose"),
    "wants": ("interests", "topics wanted", "themes souhaites", "souhaite"),
    "windows": ("availability", "weekly hours", "disponibilites", "creneaux"),
}  # fmt: skip
_NAME_IN_TWO_COLUMNS = (
    ("first name", "last name"),
    ("given name", "surname"),
    ("prenom", "nom"),
)


def columns_file_template(data: bytes) -> str:
    """Returns a columns file in TOML for a people file with this header.

    Raises:
        HeaderInvalid: its first line is not a header in UTF-8.
    """
    delimiter, header = _read_header(data)
    guessed = guess_columns(header)
    used = {theirs for several in guessed.values() for theirs in several}
    lines = [
        "# Which column of the file is which of ours; right of the = is the header in your file.",
        "",
    ]
    if delimiter != ",":
        lines += [f"delimiter = {_toml_text(delimiter)}", ""]
    lines += ["[columns]", *_entries(guessed), ""]
    if unused := [theirs for theirs in header if theirs not in used]:
        lines += [f"# Not used: {', '.join(map(_toml_text, unused))}", ""]
    return "\n".join([*lines, *_REST, ""])


def guess_columns(header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Returns the headers that each of our columns might have; none is used twice."""
    left = {_plain(theirs): theirs for theirs in reversed(header)}
    found: dict[str, tuple[str, ...]] = {}
    for column in COLUMNS:
        if same := _same_name(column, left):
            found[column] = (left.pop(same),)
    if "name" not in found:
        for parts in _NAME_IN_TWO_COLUMNS:
            if all(part in left for part in parts):
                found["name"] = tuple(left.pop(part) for part in parts)
                break
    for column in COLUMNS:
        if column not in found and (similar := _similar_name(column, left)):
            found[column] = (left.pop(similar),)
    return found


def _names(column: str) -> tuple[str, ...]:
    return (column.replace("_", " "), *_OTHER_NAMES[column])


def _same_name(column: str, headers: Mapping[str, str]) -> str | None:
    return next((name for name in _names(column) if name in headers), None)


def _similar_name(column: str, headers: Mapping[str, str]) -> str | None:
    for name in _names(column):
        if near := nearest(name, headers, cutoff=0.8):
            return near
    return None


def _read_header(data: bytes) -> tuple[str, list[str]]:
    """Returns the delimiter and the headers."""
    line = data[:MOST_HEADER_BYTES].replace(b"\r", b"\n").split(b"\n", 1)[0]
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HeaderInvalid([("", NOT_UTF_8)]) from None
    delimiter = max(DELIMITERS, key=text.count)
    cells = next(csv.reader([text], delimiter=delimiter), [])
    header = [cell.strip() for cell in cells[:MOST_HEADERS] if cell.strip()]
    if not header:
        raise HeaderInvalid([("", "the first line is empty; it names the columns")])
    return delimiter, header


def _entries(guessed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yields a line for each of our columns; a comment where nothing was guessed."""
    for column in COLUMNS:
        theirs = [_toml_text(header) for header in guessed.get(column, ())]
        if len(theirs) > 1:
            yield f"{column} = [{', '.join(theirs)}]"
        elif theirs:
            yield f"{column} = {theirs[0]}"
        else:
            needed = "  # needed" if column in REQUIRED_COLUMNS else ""
            yield f'# {column} = ""{needed}'


def _plain(header: str) -> str:
    """Returns it in small letters without accents and signs.

    Of a long one the beginning: a row of accents is put in order in quadratic time.
    """
    letters = (
        letter
        for letter in unicodedata.normalize("NFKD", header[:LONGEST_HEADER_CHARACTERS])
        if not unicodedata.combining(letter)
    )
    text = "".join(letters).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def _toml_text(value: str) -> str:
    # JSON allows this character, and TOML does not
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_REST = (
    "# The same for everybody, instead of a header.",
    "[constants]",
    '# zone = "Europe/Paris"',
    "",
    "# What is between the values of a list, where it is not a space (for windows, a semicolon).",
    "[separators]",
    '# roles = ","',
    "",
    '# What their words mean, on the left theirs; "" means none of ours.',
    "[values.roles]",
    '# "Young talent" = "mentor"',
)
