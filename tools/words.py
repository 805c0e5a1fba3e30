"""The house's limits of words and sizes: `python -m tools.words` lists what exceeds them and exits 1 if anything does.

`--report` lists and exits 0. What ruff can check is set in pyproject.toml.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from binome.printing import say, warn

ROOT = Path(__file__).parent.parent
PRODUCT = (
    "schemas",
    "domain",
    "workflows",
    "activities",
    "gateway",
    "workers",
    "binome",
    "tools",
)
CHECKED = (*PRODUCT, "benchmarks", "tests")
FILE_LINES = 300
FUNCTION_LINES = 40
FOLDER_MODULES = 20
LINE_CHARACTERS = 80
"""Nine lines in ten are no longer."""

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file; `path` is relative to the repository."""

    path: Path
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text)))

    @property
    def is_product(self) -> bool:
        return self.path.parts[0] in PRODUCT

    def at(self, line: int) -> str:
        return f"{self.path.as_posix()}:{line}"


def read(root: Path = ROOT) -> list[Source]:
    paths = (path for folder in CHECKED for path in (root / folder).rglob("*.py"))
    return [
        Source(path.relative_to(root), path.read_text("utf-8"))
        for path in sorted(paths)
    ]


def problems(sources: list[Source]) -> list[str]:
    """One line each: where, what is wrong, what is allowed."""
    product = [source for source in sources if source.is_product]
    return [
        *twice(product),
        *long_files(sources),
        *full_folders(sources),
        *(found for source in sources for found in long_functions(source)),
        *(found for source in sources for found in riddling_docstrings(source)),
        *wide_lines(product),
    ]


def twice(sources: Iterable[Source]) -> list[str]:
    """Class names that occur more than once."""
    places: dict[str, list[str]] = {}
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(source.at(node.lineno))
    return [
        f"{', '.join(found)}: {name} is the name of {len(found)} classes; allowed: one"
        for name, found in sorted(places.items())
        if len(found) > 1
    ]


def long_files(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        lines = len(source.text.splitlines())
        if lines > FILE_LINES:
            yield f"{source.path.as_posix()}: {lines} lines; allowed: {FILE_LINES}"


def full_folders(sources: Iterable[Source]) -> Iterator[str]:
    modules = Counter(
        source.path.parent.as_posix()
        for source in sources
        if source.path.name != "__init__.py"
    )
    for folder, count in sorted(modules.items()):
        if count > FOLDER_MODULES:
            yield f"{folder}/: {count} modules; allowed: {FOLDER_MODULES}"


def long_functions(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, FUNCTION):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                where = f"{source.at(node.lineno)}: {node.name}"
                yield f"{where} has {lines} lines; allowed: {FUNCTION_LINES}"


def riddling_docstrings(source: Source) -> Iterator[str]:
    """Docstrings that begin with "Of", of functions, classes, modules and of what is assigned."""
    for node in source.nodes:
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            and node.value.value.lstrip().startswith("Of ")
        ):
            yield f'{source.at(node.lineno)}: a docstring begins with "Of"; say what the thing is'


def wide_lines(sources: Iterable[Source]) -> list[str]:
    """Nothing, or one problem: the 90th percentile of the lengths of lines that are not empty."""
    lengths = sorted(
        len(line)
        for source in sources
        for line in source.text.splitlines()
        if line.strip()
    )
    ninth = lengths[len(lengths) * 9 // 10] if lengths else 0
    if ninth <= LINE_CHARACTERS:
        return []
    return [
        f"one line in ten has {ninth} characters or more; allowed: {LINE_CHARACTERS}"
    ]


def main(arguments: list[str]) -> int:
    found = problems(read())
    for problem in found:
        warn(problem)
    if not found:
        say("words and sizes are within the house's limits")
    return 1 if found and "--report" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
