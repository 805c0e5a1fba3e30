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

    @property
    def holds(self) -> bool:
        return self.bound is None or self.figure <= self.bound

    def row(self) -> list[str]:
        figure = f"{self.figure:,.{self.digits}f}"
        if self.bound is None:
            return [self.what, figure, "", ""]
        holds = "yes" if self.holds else "NO"
        return [self.what, figure, f"<= {self.bound:g}", holds]


def bounds(title: str, measured: Sequence[Measured]) -> bool:
    """Print figures with their bounds; returns whether all hold."""
    rows = [each.row() for each in measured]
    table(title, ["what", "measured", "bound", "holds"], rows)
    return all(each.holds for each in measured)
