"""How benchmarks print: a table in Markdown, ready for docs/performance.md."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.support.results import keep_table


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    lines = [
        f"### {title}",
        "",
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
    ]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    sys.stdout.write("\n".join([*lines, "", ""]))
    sys.stdout.flush()
    keep_table(title, header, rows)


class Measured(NamedTuple):
    """A figure, and the most that it may be, if there is a bound."""

    what: str
    figure: float
    bound: float | None = None
    digits: int = 1

    def row(self) -> list[str]:
        figure = f"{self.figure:,.{self.digits}f}"
        if self.bound is None:
            return [self.what, figure, "", ""]
        holds = "yes" if self.figure <= self.bound else "NO"
        return [self.what, figure, f"<= {self.bound:g}", holds]


def bounds(title: str, measured: Sequence[Measured]) -> None:
    """Print figures with their bounds, and whether they hold."""
    rows = [each.row() for each in measured]
    table(title, ["what", "measured", "bound", "holds"], rows)
