"""Who is named by whom in a people file: nobody twice, nobody unknown, nobody above themselves."""

from collections.abc import Iterator, Mapping

from schemas.people import PersonRow, RowProblem

REFERENCES = ("manager", "supervisor", "delegate")


def reference_problems(rows: Mapping[int, PersonRow], known: Mapping[str, str | None]) -> Iterator[RowProblem]:
    """Problems between lines; `rows` by line number, `known` people who are there already, with their manager."""
    lines: dict[str, int] = {}
    for line, row in rows.items():
        if row.external_id in lines:
            what = f"the same as on line {lines[row.external_id]}; everybody stands once"
            yield RowProblem(line=line, column="external_id", what=what)
        lines.setdefault(row.external_id, line)
    everybody = lines.keys() | known.keys()
    for line, row in rows.items():
        yield from _named(line, row, everybody)
    yield from _circles(rows, lines, known)


def _named(line: int, row: PersonRow, everybody: set[str]) -> Iterator[RowProblem]:
    named = [(column, getattr(row, column)) for column in REFERENCES]
    named += [("dotted_managers", manager) for manager in row.dotted_managers]
    for column, external_id in named:
        if external_id is None:
            continue
        if external_id == row.external_id:
            yield RowProblem(
                line=line, column=column, what="names the person themselves; name somebody else, or nobody"
            )
        elif external_id not in everybody:
            what = "names somebody who is neither in this file nor imported; add their line, or correct the id"
            yield RowProblem(line=line, column=column, what=what)


def _circles(
    rows: Mapping[int, PersonRow], lines: Mapping[str, int], known: Mapping[str, str | None]
) -> Iterator[RowProblem]:
    """Each circle in the solid line once, at its first line in the file."""
    managers = {**known, **{row.external_id: row.manager for row in rows.values()}}
    done: set[str] = set()
    for start in lines:
        path: dict[str, None] = {}
        person: str | None = start
        while person is not None and person not in done and person not in path:
            path[person] = None
            person = managers.get(person)
        if person in path and managers[person] != person:
            members = list(path)[list(path).index(person) :]
            here = sorted(lines[member] for member in members if member in lines)
            where = f"lines {', '.join(map(str, here))}" if len(here) > 1 else "with people imported before"
            what = f"{len(members)} people report to one another in a circle ({where}); somebody reports to nobody"
            yield RowProblem(line=here[0], column="manager", what=what)
        done.update(path)
