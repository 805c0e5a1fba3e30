"""How commands answer: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def print_json(value: Any) -> None:
    """Models, dates and enums as the schemas write them."""
    sys.stdout.write(json.dumps(_ANY.dump_python(value, mode="json"), indent=2, ensure_ascii=False) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console().print(table)


def say(text: str) -> None:
    Console(markup=False, highlight=False, soft_wrap=True).print(text)


def warn(text: str) -> None:
    """To the standard error, where it does not mix with an answer."""
    Console(stderr=True, markup=False, highlight=False, soft_wrap=True).print(text)
