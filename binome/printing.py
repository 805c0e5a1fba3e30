"""How commands answer: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic_core import to_jsonable_python
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

_WIDE_COLUMNS = 240


def print_json(value: Any) -> None:
    """Models, dates and enums as the schemas write them."""
    sys.stdout.write(
        json.dumps(to_jsonable_python(value), indent=2, ensure_ascii=False) + "\n"
    )


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Print a table without cutting anything off: cells are folded to the terminal's
    width, if there is one.
    """
    say(
        title
    )  # not as the table's own title, which would be folded to the table's width
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else _WIDE_COLUMNS).print(table)


def say(text: str) -> None:
    Console(markup=False, highlight=False, soft_wrap=True).print(text)


def warn(text: str) -> None:
    """Print to the standard error, apart from the command's result."""
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(text)
