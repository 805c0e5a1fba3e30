"""Files with another header: a small file says which of theirs is which of ours, and what their words mean."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.people.cells import CellInvalid, read_cells
from domain.wording import unknown_field
from schemas.people import RowProblem

COLUMNS = (
    "external_id", "name", "email", "region", "roles", "function", "site", "locale", "zone", "manager",
    "dotted_managers", "supervisor", "delegate", "seats", "languages", "offers", "wants", "windows",
)  # fmt: skip
NEEDED = ("external_id", "name", "email", "region")
LISTS = ("roles", "dotted_managers", "languages", "offers", "wants", "windows")
TOPICS = ("offers", "wants")
DELIMITERS = (",", ";", "\t", "|")
_PARTS = ("columns", "constants", "separators", "values", "delimiter")

Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Columns:
    """What a columns file says."""

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By our column the headers of theirs, whose cells are joined with a space."""
    constants: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    """By our column what stands between the values of a list."""
    values: Values = field(default_factory=dict)
    """By our column, and their word in lower case, our word."""
    delimiter: str = ","


class ColumnsInvalid(Exception):
    """A columns file that is not accepted, with every reason found."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(f"{len(problems)} problems in the columns file")
        self.problems = problems


def read_columns(data: bytes) -> Columns:
    """Read a columns file, TOML or JSON.

    Raises:
        ColumnsInvalid: with everything that is wrong in it.
    """
    raw = _parsed(data)
    problems = [_problem(where, what) for where, what in _wrong(raw)]
    if problems:
        raise ColumnsInvalid(problems)
    headers = {
        ours: (theirs,) if isinstance(theirs, str) else tuple(theirs)
        for ours, theirs in _of(raw, "columns")
    }
    return Columns(
        headers={
            ours: tuple(one.strip() for one in theirs)
            for ours, theirs in headers.items()
        },
        constants={ours: str(value) for ours, value in _of(raw, "constants")},
        separators=dict(_of(raw, "separators")),
        values={
            ours: {k.strip().casefold(): v for k, v in words.items()}
            for ours, words in _of(raw, "values")
        },
        delimiter=raw.get("delimiter", ","),
    )


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        raw = (
            json.loads(text)
            if text.lstrip().startswith("{")
            else tomllib.loads(text.replace("\r\n", "\n"))
        )
        json.dumps(
            raw, ensure_ascii=False, default=str
        ).encode()  # half of a surrogate pair is a text for JSON, and cannot be told to anybody
    except UnicodeDecodeError:
        raise ColumnsInvalid([_problem("", "not UTF-8")]) from None
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        what = f"neither TOML nor JSON{where}; see `binome import FILE --print-columns`"
        raise ColumnsInvalid([_problem("", what)]) from None
    if not isinstance(raw, dict):
        raise ColumnsInvalid(
            [_problem("", f"not a group of fields; allowed: {', '.join(_PARTS)}")]
        )
    return raw


def _of(raw: dict[str, Any], part: str) -> list[tuple[str, Any]]:
    return list(raw.get(part, {}).items())


def _wrong(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Where and what, for everything."""
    for part in raw.keys() - set(_PARTS):
        yield (
            part,
            unknown_field(
                part, _PARTS, {column: f"columns.{column}" for column in COLUMNS}
            ),
        )
    if raw.get("delimiter", ",") not in DELIMITERS:
        yield "delimiter", "not a delimiter; allowed: a comma, a semicolon, a tab or |"
    for part, check in _CHECKS.items():
        entries = raw.get(part, {})
        if not isinstance(entries, dict):
            yield part, "not a group of our columns"
            continue
        for ours, value in entries.items():
            if ours not in COLUMNS:
                yield f"{part}.{ours}", unknown_field(ours, COLUMNS, {})
            elif what := check(ours, value):
                yield f"{part}.{ours}", what
    yield from _twice(raw)


def _twice(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    columns, constants = raw.get("columns", {}), raw.get("constants", {})
    if not isinstance(columns, dict) or not isinstance(constants, dict):
        return
    for ours in columns.keys() & constants.keys():
        yield f"constants.{ours}", "the column has a header too; choose one of the two"
    first: dict[str, str] = {}
    for ours, theirs in columns.items():
        for header in (
            [theirs]
            if isinstance(theirs, str)
            else theirs
            if isinstance(theirs, list)
            else []
        ):
            if (
                isinstance(header, str)
                and first.setdefault(header.strip(), ours) != ours
            ):
                yield (
                    f"columns.{ours}",
                    f"the header stands at columns.{first[header.strip()]} too; one column each",
                )


def _header(_: str, value: Any) -> str:
    several = value if isinstance(value, list) else [value]
    if not several or not all(isinstance(one, str) and one.strip() for one in several):
        return "not a header; write it as in the file, or several in a list, which are joined with a space"
    return ""


def _constant(ours: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "not a text"
    if ours == "external_id":
        return "differs from person to person; give it a header"
    return _refused(ours, str(value))


def _separator(ours: str, value: Any) -> str:
    if ours not in LISTS:
        return f"holds one value; lists are {', '.join(LISTS)}"
    return (
        ""
        if isinstance(value, str) and value
        else "not a text; write what stands between two values"
    )


def _words(ours: str, value: Any) -> str:
    if not isinstance(value, dict) or not all(
        isinstance(ours, str) for ours in value.values()
    ):
        return 'not a group of words; write it like "their word" = "ours"'
    return next(
        (what for word in value.values() if word and (what := _refused(ours, word))), ""
    )


def _refused(ours: str, text: str) -> str:
    try:
        read_cells(ours, text)
    except CellInvalid as error:
        return str(error)
    return ""


_CHECKS = {
    "columns": _header,
    "constants": _constant,
    "separators": _separator,
    "values": _words,
}


def _problem(where: str, what: str) -> RowProblem:
    return RowProblem(line=0, column=where, what=what, of="columns file")
