"""How benchmarks print: a table in Markdown, ready for docs/performance.md."""

import sys
from collections.abc import Sequence

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
