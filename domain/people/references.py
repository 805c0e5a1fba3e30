"""Who is named by whom in a people file: nobody twice, nobody unknown, nobody above themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from domain.people.reporting_lines import ReportingLines, levels_above, pairs_in_line
from schemas.people import PersonRow, Role, RowProblem

REFERENCES = ("manager", "supervisor", "delegate")
TOLD = 10
"""Lines of a circle that are listed."""


class PersonReferences(NamedTuple):
    """What of a line others are checked against."""

    external_id: str
    manager: str | None
    dotted_managers: tuple[str, ...]
    supervisor: str | None
    delegate: str | None
    mentor: bool

    @classmethod
    def of(cls, row: PersonRow) -> Self:
        mentor = Role.MENTOR in row.roles
        return cls(
            row.external_id,
            row.manager,
            row.dotted_managers,
            row.supervisor,
            row.delegate,
            mentor,
        )


def reference_problems(
    rows: Mapping[int, PersonReferences],
    known: ReportingLines,
    accompanied: Mapping[str, str],
) -> Iterator[RowProblem]:
    """Problems between lines; `rows` by line number, `accompanied` the supervisors of mentors who are there already."""
    lines: dict[str, int] = {}
    for line, row in rows.items():
        if row.external_id in lines:
            what = (
                f"the same as on line {lines[row.external_id]}; everybody stands once"
            )
            yield RowProblem(line=line, column="external_id", what=what)
        lines.setdefault(row.external_id, line)
    for line, row in rows.items():
        yield from _named(line, row, lines, known)
    yield from _circles(rows, lines, known)
    yield from _supervisors(rows, known)
    yield from _reorganised(
        rows,
        known,
        {mentor: who for mentor, who in accompanied.items() if mentor not in lines},
    )


def _named(
    line: int, row: PersonReferences, lines: Mapping[str, int], known: ReportingLines
) -> Iterator[RowProblem]:
    named = [(column, getattr(row, column)) for column in REFERENCES]
    named += [("dotted_managers", manager) for manager in row.dotted_managers]
    for column, external_id in named:
        if external_id is None:
            continue
        if external_id == row.external_id:
            yield RowProblem(
                line=line,
                column=column,
                what="names the person themselves; name somebody else, or nobody",
            )
        elif external_id not in lines and external_id not in known:
            what = "names somebody who is neither in this file nor imported; add their line, or correct the id"
            yield RowProblem(line=line, column=column, what=what)


def _supervisors(
    rows: Mapping[int, PersonReferences], known: ReportingLines
) -> Iterator[RowProblem]:
    """Mentors whose supervisor stands above or below them, dotted lines too: a supervisor is in neither's line."""
    managers = {**known, **_managers(rows.values())}
    asked = {
        line: (row.external_id, row.supervisor)
        for line, row in rows.items()
        if row.mentor
        and row.supervisor is not None
        and row.supervisor != row.external_id
    }
    over = pairs_in_line(
        ((mentor, supervisor) for mentor, supervisor in asked.values()), managers
    )
    under = pairs_in_line(
        ((supervisor, mentor) for mentor, supervisor in asked.values()), managers
    )
    mend = "choose somebody outside their reporting line, or leave it empty and ops accompany them"
    for line, (mentor, supervisor) in asked.items():
        if (mentor, supervisor) in over:
            yield RowProblem(
                line=line, column="supervisor", what=f"stands above the mentor; {mend}"
            )
        elif (supervisor, mentor) in under:
            yield RowProblem(
                line=line, column="supervisor", what=f"reports to the mentor; {mend}"
            )


def _reorganised(
    rows: Mapping[int, PersonReferences],
    known: ReportingLines,
    accompanied: Mapping[str, str],
) -> Iterator[RowProblem]:
    """Mentors whom the file does not hold, and whom it puts into one line with their supervisor. Told where a line of
    those two changes; who stood in one before is not the business of this file.
    """
    moved = _managers(rows.values())
    changed = {
        person
        for person, managers in moved.items()
        if tuple(known.get(person, ())) != managers
    }
    if not (changed and accompanied):
        return
    managers, places = (
        {**known, **moved},
        {row.external_id: line for line, row in rows.items()},
    )
    pairs = [way for pair in accompanied.items() for way in (pair, pair[::-1])]
    told: set[int] = set()
    for one, _ in pairs_in_line(pairs, managers) - pairs_in_line(pairs, known):
        in_line = {one, *(above for above, _ in levels_above(one, managers))}
        told |= {places[person] for person in in_line & changed}
    what = "puts a mentor imported before and their supervisor into one reporting line"
    for line in sorted(told):
        mend = "add the mentor's line with somebody else, or nobody, or leave this one as it was"
        yield RowProblem(line=line, column="manager", what=f"{what}; {mend}")


def _managers(rows: Iterable[PersonReferences]) -> dict[str, tuple[str | None, ...]]:
    return {row.external_id: (row.manager, *row.dotted_managers) for row in rows}


def _circles(
    rows: Mapping[int, PersonReferences],
    lines: Mapping[str, int],
    known: ReportingLines,
) -> Iterator[RowProblem]:
    """Each circle in the solid line once, at its first line in the file."""
    managers = {row.external_id: row.manager for row in rows.values()}
    done: set[str] = set()
    for start in lines:
        path: dict[str, None] = {}
        person: str | None = start
        while person is not None and person not in done and person not in path:
            path[person] = None
            person = (
                managers[person]
                if person in managers
                else next(iter(known.get(person, ())), None)
            )
        if person in path and list(path)[-1] != person:
            yield _circle(list(path)[list(path).index(person) :], lines)
        done.update(path)


def _circle(members: Sequence[str], lines: Mapping[str, int]) -> RowProblem:
    here = sorted(lines[member] for member in members if member in lines)
    told = ", ".join(map(str, here[:TOLD])) + (
        f" and {len(here) - TOLD:,} more" if len(here) > TOLD else ""
    )
    where = f"lines {told}" if len(here) > 1 else "with people imported before"
    what = f"{len(members)} people report to one another in a circle ({where}); somebody reports to nobody"
    return RowProblem(line=here[0], column="manager", what=what)
