"""Who is named by whom in a people file: nobody twice, nobody unknown, nobody above themselves."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.people import PersonRow, Role, RowProblem

REFERENCES = ("manager", "supervisor", "delegate")


Known = Mapping[str, Sequence[str | None]]
"""People who are there already: the manager first, None for nobody, then the dotted ones."""


def reference_problems(
    rows: Mapping[int, PersonRow], known: Known, accompanied: Mapping[str, str]
) -> Iterator[RowProblem]:
    """Problems between lines; `rows` by line number, `accompanied` the supervisors of mentors who are there already."""
    lines: dict[str, int] = {}
    for line, row in rows.items():
        if row.external_id in lines:
            what = f"the same as on line {lines[row.external_id]}; everybody stands once"
            yield RowProblem(line=line, column="external_id", what=what)
        lines.setdefault(row.external_id, line)
    everybody = lines.keys() | known.keys()
    for line, row in rows.items():
        yield from _named(line, row, everybody)
    yield from _circles(rows, lines, {person: managers[0] for person, managers in known.items()})
    yield from _supervisors(rows, known)
    yield from _reorganised(rows, known, {mentor: who for mentor, who in accompanied.items() if mentor not in lines})


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


def _supervisors(rows: Mapping[int, PersonRow], known: Known) -> Iterator[RowProblem]:
    """Mentors whose supervisor stands above or below them, dotted lines too: a supervisor is in neither's line."""
    managers = {**known, **_managers(rows)}
    mend = "choose somebody outside their reporting line, or leave it empty and ops accompany them"
    for line, row in rows.items():
        if row.supervisor in (None, row.external_id) or Role.MENTOR not in row.roles:
            continue
        if row.supervisor in _above(row.external_id, managers):
            yield RowProblem(line=line, column="supervisor", what=f"stands above the mentor; {mend}")
        elif row.external_id in _above(str(row.supervisor), managers):
            yield RowProblem(line=line, column="supervisor", what=f"reports to the mentor; {mend}")


def _reorganised(rows: Mapping[int, PersonRow], known: Known, accompanied: Mapping[str, str]) -> Iterator[RowProblem]:
    """Mentors whom the file does not hold, and whom it puts into one line with their supervisor. Told where a line of
    those two changes; who stood in one before is not the business of this file."""
    moved = _managers(rows)
    managers, places = {**known, **moved}, {row.external_id: line for line, row in rows.items()}
    changed = {person for person, above in moved.items() if tuple(known.get(person, ())) != above}
    told: set[int] = set()
    for pair in accompanied.items() if changed else ():
        for one, other in (pair, pair[::-1]):
            if other in _above(one, managers) and other not in _above(one, known):
                told |= {places[person] for person in ({one} | _above(one, managers)) & changed}
    what = "puts a mentor imported before and their supervisor into one reporting line"
    for line in sorted(told):
        mend = "add the mentor's line with somebody else, or nobody, or leave this one as it was"
        yield RowProblem(line=line, column="manager", what=f"{what}; {mend}")


def _managers(rows: Mapping[int, PersonRow]) -> dict[str, tuple[str | None, ...]]:
    return {row.external_id: (row.manager, *row.dotted_managers) for row in rows.values()}


def _above(person: str, managers: Known) -> set[str]:
    above: set[str] = set()
    here = [person]
    while here:
        found = {manager for one in here for manager in managers.get(one, ()) if manager is not None}
        here = list(found - above)
        above |= found
    return above


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
