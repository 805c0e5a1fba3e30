"""One cell of a people file: what it may hold, and what it becomes."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from domain.people.column_names import REQUIRED_COLUMNS
from domain.wording import CODE
from schemas.ids import is_code
from schemas.matches.topics import LEVELS
from schemas.people import Role
from schemas.time.calendar import DAYS, Window
from schemas.wording.hidden_characters import code_point, find_hidden

LEVEL_HINT = (
    "a level may follow behind a colon:"
    f" {', '.join(map(str, LEVELS[:-1]))} or {LEVELS[-1]}"
)
WINDOWS_HINT = "write them like: mon 09:00-12:00; wed 14:00-17:30"

LONGEST_CELL_CHARACTERS = 4000
LONGEST_EMAIL_CHARACTERS = 254

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}"
)
_ID_COLUMNS = frozenset(
    {"external_id", "manager", "dotted_managers", "supervisor", "delegate"}
)
_OTHER_SPACE = re.compile(r"[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""A space that looks like the ordinary one, such as Excel's between thousands."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WINDOW = re.compile(r"([a-z]{3})\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class CellInvalid(Exception):
    """The message says what is wrong with a cell and what is allowed."""


def read_cell(column: str, cell: str) -> dict[str, Any]:
    """Returns the column with its value; nothing for an empty cell with a default.

    Raises:
        CellInvalid: it holds something else than is allowed.
    """
    if len(cell) > LONGEST_CELL_CHARACTERS:
        raise CellInvalid(
            f"too long; allowed: up to {LONGEST_CELL_CHARACTERS} characters"
        )
    if not (cell.isascii() and cell.isprintable()):  # most cells are: five times faster
        cell = _without_other_spaces(column, cell)
    if not cell:
        if column in REQUIRED_COLUMNS:
            raise CellInvalid("empty; it is needed")
        return {}
    return {column: _READERS.get(column, str)(cell)}


def _without_other_spaces(column: str, cell: str) -> str:
    """Returns the cell with ordinary spaces only.

    Raises:
        CellInvalid: something cannot be seen in it, or looks like a space in an id.
    """
    if hidden := find_hidden(cell):
        raise CellInvalid(str(hidden))
    if other_space := _OTHER_SPACE.search(cell):
        if column in _ID_COLUMNS:
            raise CellInvalid(_space_in_id(other_space))
        return _OTHER_SPACE.sub(" ", cell).strip()
    return cell


def _space_in_id(found: re.Match[str]) -> str:
    return (
        f"character {found.start() + 1} is {code_point(found[0])}, which looks like a"
        " space and is none; write the id as the HR system does"
    )


def _email(cell: str) -> str:
    if len(cell) > LONGEST_EMAIL_CHARACTERS:
        raise CellInvalid(
            f"too long; allowed: up to {LONGEST_EMAIL_CHARACTERS} characters"
        )
    local, _, _ = cell.rpartition("@")
    misplaced_dot = ".." in cell or local.startswith(".") or local.endswith(".")
    if misplaced_dot or not _EMAIL.fullmatch(cell):
        raise CellInvalid("not an e-mail address; write it like first.last@example.org")
    return cell


def _region(cell: str) -> str:
    if not is_code(cell):
        raise CellInvalid(f"not a code; allowed: {CODE}")
    return cell


def _roles(cell: str) -> frozenset[str]:
    roles = frozenset(cell.split())
    if roles - set(Role):
        raise CellInvalid(
            f"unknown role; allowed, with spaces between: {', '.join(Role)}"
        )
    return roles


def _locale(cell: str) -> str:
    if cell not in ("en", "fr"):
        raise CellInvalid("not a language of the mails; allowed: en, fr")
    return cell


def _seats(cell: str) -> int:
    if not re.fullmatch("[1-9]", cell):
        raise CellInvalid("not a number of seats; allowed: from 1 to 9")
    return int(cell)


def _languages(cell: str) -> frozenset[str]:
    found = frozenset(cell.split())
    if not all(_LANGUAGE.fullmatch(language) for language in found):
        raise CellInvalid("not language codes; write them like: fr en")
    return found


def _topics(cell: str) -> frozenset[str]:
    found = frozenset(cell.split())
    parts = [text.partition(":") for text in found]
    if not all(is_code(code) for code, _, _ in parts):
        raise CellInvalid(
            f"not codes with spaces between; a code has {CODE}; {LEVEL_HINT}"
        )
    if not all(level in map(str, LEVELS) for _, colon, level in parts if colon):
        raise CellInvalid(f"unknown level of a topic; {LEVEL_HINT}")
    if len({code for code, _, _ in parts}) < len(found):
        raise CellInvalid(
            "a topic is there twice with different levels, or once without;"
            " keep one of them"
        )
    return found


def _ids(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell.split()))


def _windows(cell: str) -> tuple[Window, ...]:
    windows = sorted(
        (_window(part.strip()) for part in cell.split(";") if part.strip()),
        key=lambda w: (w.day, w.start),
    )
    for earlier, later in pairwise(windows):
        if earlier.day == later.day and later.start < earlier.end:
            raise CellInvalid("two windows of a day overlap; write them as one")
    return tuple(windows)


def _window(text: str) -> Window:
    found = _WINDOW.fullmatch(text)
    if not found or found[1] not in DAYS or int(found[3]) > 59 or int(found[5]) > 59:
        raise CellInvalid(f"not weekly windows; {WINDOWS_HINT}")
    start, end = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if not start < end <= 1440:
        raise CellInvalid(
            f"a window ends before it begins, or after 24:00; {WINDOWS_HINT}"
        )
    return Window(day=DAYS.index(found[1]), start=start, end=end)


_READERS: dict[str, Callable[[str], Any]] = {
    "email": _email,
    "region": _region,
    "roles": _roles,
    "locale": _locale,
    "seats": _seats,
    "languages": _languages,
    "offers": _topics,
    "wants": _topics,
    "dotted_managers": _ids,
    "windows": _windows,
}
