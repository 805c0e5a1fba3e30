"""A columns file: for people files with another header than ours.

It says which of their columns is which of ours, and what their words mean.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.people.cells import CellInvalid, read_cell
from domain.people.column_names import COLUMNS, LIST_COLUMNS
from domain.wording import unknown_field_in_words
from schemas.people import RowProblem

DELIMITERS = (",", ";", "\t", "|")
LARGEST_BYTES = 64 * 1024
MOST_HEADERS_OF_A_COLUMN = 10
_PARTS = ("columns", "constants", "separators", "values", "delimiter")


@dataclass(frozen=True)
class ColumnsFile:
    """How to read a people file with other headers than ours, by our column."""

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Their headers, whose cells are joined with a space."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Columns that have one value for everybody."""
    separators: Mapping[str, str] = field(default_factory=dict)
    """What is between the values of a list."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Our word for each of their words in lower case."""
    delimiter: str = ","


class ColumnsFileInvalid(Exception):
    """A columns file that is not accepted, with every reason found."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} problems in the columns file")
        self.problems = problems


def read_columns_file(data: bytes) -> ColumnsFile:
    """Reads a columns file, TOML or JSON.

    Raises:
        ColumnsFileInvalid: with everything that is wrong in it.
    """
    if len(data) > LARGEST_BYTES:
        what = f"larger than {LARGEST_BYTES:,} bytes; is it the people file?"
        raise ColumnsFileInvalid([_problem("", what)])
    raw = _parsed(data)
    problems = [_problem(where, what) for where, what in _mistakes(raw)]
    if problems:
        raise ColumnsFileInvalid(problems)
    return ColumnsFile(
        headers={
            column: tuple(header.strip() for header in _headers(theirs))
            for column, theirs in _entries(raw, "columns")
        },
        constants={column: str(value) for column, value in _entries(raw, "constants")},
        separators=dict(_entries(raw, "separators")),
        values={
            column: {theirs.strip().casefold(): ours for theirs, ours in words.items()}
            for column, words in _entries(raw, "values")
        },
        delimiter=raw.get("delimiter", ","),
    )


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        load = json.loads if text.lstrip().startswith("{") else tomllib.loads
        raw = load(text.replace("\r\n", "\n"))
        # half of a surrogate pair is a text for JSON, and cannot be shown to anybody
        json.dumps(raw, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError:
        raise ColumnsFileInvalid([_problem("", "not UTF-8")]) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        what = f"neither TOML nor JSON{where}; see `binome import FILE --print-columns`"
        raise ColumnsFileInvalid([_problem("", what)]) from None
    if not isinstance(raw, dict):
        what = f"not a group of fields; allowed: {', '.join(_PARTS)}"
        raise ColumnsFileInvalid([_problem("", what)])
    return raw


def _entries(raw: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    return list(raw.get(part, {}).items())


def _headers(value: Any) -> list[Any]:
    """Returns one header, or several, as a list."""
    return value if isinstance(value, list) else [value]


def _mistakes(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields where something is wrong, and what."""
    in_columns = {column: f"columns.{column}" for column in COLUMNS}
    for part in raw.keys() - set(_PARTS):
        yield part, unknown_field_in_words(part, _PARTS, in_columns)
    if raw.get("delimiter", ",") not in DELIMITERS:
        yield "delimiter", "not a delimiter; allowed: a comma, a semicolon, a tab or |"
    for part, check in _CHECKS.items():
        entries = raw.get(part, {})
        if not isinstance(entries, dict):
            yield part, "not a group of our columns"
            continue
        for column, value in entries.items():
            if column not in COLUMNS:
                yield f"{part}.{column}", unknown_field_in_words(column, COLUMNS, {})
            elif what := check(column, value):
                yield f"{part}.{column}", what
    yield from _named_twice(raw)


def _named_twice(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    columns, constants = raw.get("columns", {}), raw.get("constants", {})
    if not isinstance(columns, dict) or not isinstance(constants, dict):
        return
    for column in columns.keys() & constants.keys():
        yield (
            f"constants.{column}",
            "the column has a header too; choose one of the two",
        )
    column_of: dict[str, str] = {}
    for column, theirs in columns.items():
        for header in filter(_is_text, _headers(theirs)):
            first = column_of.setdefault(header.strip(), column)
            if first != column:
                what = f"the header is at columns.{first} too; one column each"
                yield f"columns.{column}", what


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _check_headers(_: str, value: Any) -> str:
    headers = _headers(value)
    if len(headers) > MOST_HEADERS_OF_A_COLUMN:
        return f"too many headers; allowed: up to {MOST_HEADERS_OF_A_COLUMN}"
    if headers and all(_is_text(header) and header.strip() for header in headers):
        return ""
    return (
        "not a header; write it as in the file,"
        " or several in a list, which are joined with a space"
    )


def _check_constant(column: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "not a text"
    if column == "external_id":
        return "differs from person to person; give it a header"
    return _why_refused(column, str(value))


def _check_separator(column: str, value: Any) -> str:
    if column not in LIST_COLUMNS:
        return f"holds one value; lists are {', '.join(LIST_COLUMNS)}"
    if _is_text(value) and value:
        return ""
    return "not a text; write what is between two values"


def _check_words(column: str, value: Any) -> str:
    if not isinstance(value, dict) or not all(map(_is_text, value.values())):
        return 'not a group of words; write it like "their word" = "ours"'
    problems = (_why_refused(column, word) for word in value.values() if word)
    return next(filter(None, problems), "")


def _why_refused(column: str, text: str) -> str:
    """Returns why a cell must not hold this text; empty: it may."""
    try:
        read_cell(column, text)
    except CellInvalid as error:
        return str(error)
    return ""


_CHECKS = {
    "columns": _check_headers,
    "constants": _check_constant,
    "separators": _check_separator,
    "values": _check_words,
}
"""By part: what is wrong with the value of one of our columns; empty: nothing."""


def _problem(where: str, what: str) -> RowProblem:
    return RowProblem(line=0, column=where, what=what, file="columns file")
