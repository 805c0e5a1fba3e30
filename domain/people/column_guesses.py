"""A columns file to start from, guessed from the header of a people file."""

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from domain.people.columns_file import COLUMNS, DELIMITERS, NEEDED
from domain.people.header import HeaderWrong

_CALLED: Mapping[str, tuple[str, ...]] = {
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
_TWO_NAMES = (("first name", "last name"), ("given name", "surname"), ("prenom", "nom"))


def template(data: bytes) -> str:
    """A columns file in TOML for a file with this header.

    Raises:
        HeaderWrong: its first line is not a header in UTF-8.
    """
    delimiter, header = _header(data)
    guessed = guess(header)
    used = {one for several in guessed.values() for one in several}
    lines = [
        "# Which column of the file is which of ours; right of the = stands the header in your file.",
        "",
    ]
    lines += [] if delimiter == "," else [f"delimiter = {_text(delimiter)}", ""]
    lines += ["[columns]", *_entries(guessed), ""]
    if unused := [one for one in header if one not in used]:
        lines += [f"# Not used: {', '.join(map(_text, unused))}", ""]
    return "\n".join([*lines, *_REST, ""])


def guess(header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By our column the headers that it might have; a header is guessed once."""
    plain = {_plain(one): one for one in reversed(header)}
    found: dict[str, tuple[str, ...]] = {}
    for exactly in (True, False):
        for column in COLUMNS:
            if column not in found and (one := _one(column, plain, exactly)):
                found[column] = (plain.pop(one),)
        pair = next(
            (pair for pair in _TWO_NAMES if all(part in plain for part in pair)), None
        )
        if exactly and "name" not in found and pair:
            found["name"] = tuple(plain.pop(part) for part in pair)
    return found


def _one(column: str, plain: Mapping[str, str], exactly: bool) -> str | None:
    names = (column.replace("_", " "), *_CALLED[column])
    if exactly:
        return next((name for name in names if name in plain), None)
    return next(
        (
            near[0]
            for name in names
            if (near := get_close_matches(name, plain, n=1, cutoff=0.8))
        ),
        None,
    )


def _header(data: bytes) -> tuple[str, list[str]]:
    try:
        first = (
            data[:65536].replace(b"\r", b"\n").split(b"\n", 1)[0].decode("utf-8-sig")
        )
    except UnicodeDecodeError:
        raise HeaderWrong(
            [("", 'not UTF-8; in the spreadsheet, save as "CSV UTF-8"')]
        ) from None
    delimiter = max(DELIMITERS, key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter), [])
    header = [cell.strip() for cell in cells if cell.strip()]
    if not header:
        raise HeaderWrong([("", "the first line is empty; it names the columns")])
    return delimiter, header


def _entries(guessed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for column in COLUMNS:
        theirs = guessed.get(column, ())
        if len(theirs) > 1:
            yield f"{column} = [{', '.join(map(_text, theirs))}]"
        else:
            needed = "  # needed" if column in NEEDED else ""
            yield (
                f"{column} = {_text(theirs[0])}"
                if theirs
                else f'# {column} = ""{needed}'
            )


def _plain(header: str) -> str:
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", header) if not unicodedata.combining(c)
    ).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace(
        "\x7f", "\\u007f"
    )  # which JSON allows, and TOML does not


_REST = (
    "# The same for everybody, instead of a header.",
    "[constants]",
    '# zone = "Europe/Paris"',
    "",
    "# What stands between the values of a list, where it is not a space (for windows, a semicolon).",
    "[separators]",
    '# roles = ","',
    "",
    '# What their words mean, on the left theirs; "" means none of ours.',
    "[values.roles]",
    '# "Young talent" = "mentor"',
)
