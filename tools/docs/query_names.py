"""Names of the queries in `activities/persistence/sql/`, as types: mypy finds a name that no file has."""

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill

SQL = Path(__file__).parents[2] / "activities" / "persistence" / "sql"
MODULE = SQL.parent / "query_names.py"
WIDTH = 88
_NAME = re.compile(r"^-- name: (\w+)([$^!]?)$", re.MULTILINE)
_TYPES = {
    "RowsQuery": ("", "Returns rows."),
    "RowQuery": ("^", "Returns one row, or none."),
    "ValueQuery": ("$", "Returns one value, or none."),
    "CommandQuery": ("!", "Returns nothing; rows are counted."),
}
_HEAD = '''"""Names of the queries in `sql/`, by what they return.

Generated from the files by `python -m tools.docs`: run it after a query is added or renamed.
"""

from typing import Literal

# fmt: off
'''


def module() -> str:
    found = [
        (name, mark)
        for file in sorted(SQL.glob("*.sql"))
        for name, mark in _NAME.findall(file.read_text("utf-8"))
    ]
    types = (
        _literal(title, doc, (name for name, mark in found if mark == wanted))
        for title, (wanted, doc) in _TYPES.items()
    )
    return "\n".join([_HEAD, *types])


def _literal(title: str, doc: str, names: Iterable[str]) -> str:
    lines = fill(
        " ".join(f'"{name}",' for name in sorted(names)),
        WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
    )
    return f'{title} = Literal[\n{lines}\n]\n"""{doc}"""\n'
