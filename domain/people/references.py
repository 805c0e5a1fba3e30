"""The check of references between people of a people file.

Everybody is listed once and names only known people, nobody is above themselves, and no
supervisor is in their mentor's reporting line.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from domain.people.reporting_lines import (
    ReportingLines,
    levels_above,
    pairs_in_line,
)
from schemas.people import PersonRow, Role, RowProblem

REFERENCE_COLUMNS = ("manager", "supervisor", "delegate")
"""Columns that hold the id of one other person."""
MOST_LISTED_LINES = 10
"""Lines of a circle that are listed."""


class PersonReferences(NamedTuple):
    """The person of a line and the ids of all people whom that line names."""

    external_id: str
    manager: str | None
    dotted_managers: tuple[str, ...]
    supervisor: str | None
    delegate: str | None
    is_mentor: bool

    @classmethod
    def of(cls, row: PersonRow) -> Self:
        return cls(
            row.external_id,
            row.manager,
            row.dotted_managers,
            row.supervisor,
            row.delegate,
            Role.MENTOR in row.roles,
        )


def named_people(person: PersonReferences) -> Iterator[tuple[str, str]]:
    """Yields column and name of everybody whom somebody names."""
    for column, name in (
        ("manager", person.manager),
        ("supervisor", person.supervisor),
        ("delegate", person.delegate),
    ):
        if name is not None:
            yield column, name
    for name in person.dotted_managers:
        yield "dotted_managers", name


def reference_problems(
    rows: Mapping[int, PersonReferences],
    known: ReportingLines,
    supervisor_of: Mapping[str, str],
) -> Iterator[RowProblem]:
    """Yields problems between lines.

    Args:
        rows: by line number.
        known: the managers of everybody who was imported before.
        supervisor_of: the supervisor of each mentor among them who has one.
    """
    line_of: dict[str, int] = {}
    for line, row in rows.items():
        first = line_of.setdefault(row.external_id, line)
        if first != line:
            yield RowProblem(
                line=line,
                column="external_id",
                what=f"the same as on line {first}; everybody is listed once",
            )
    for line, row in rows.items():
        yield from _unknown_names(line, row, line_of, known)
    lines = dict(known) | {
        row.external_id: (row.manager, *row.dotted_managers) for row in rows.values()
    }
    yield from _circles(line_of, lines)
    yield from _supervisors_in_line(rows, lines)
    others = {
        mentor: supervisor
        for mentor, supervisor in supervisor_of.items()
        if mentor not in line_of
    }
    yield from _reorganised_mentors(rows, known, lines, others)


def _unknown_names(
    line: int,
    row: PersonReferences,
    line_of: Mapping[str, int],
    known: ReportingLines,
) -> Iterator[RowProblem]:
    for column, name in named_people(row):
        if name == row.external_id:
            what = "names the person themselves; name somebody else, or nobody"
            yield RowProblem(line=line, column=column, what=what)
        elif name not in line_of and name not in known:
            what = (
                "names somebody who is neither in this file nor imported;"
                " add their line, or correct the id"
            )
            yield RowProblem(line=line, column=column, what=what)


def _supervisors_in_line(
    rows: Mapping[int, PersonReferences], lines: ReportingLines
) -> Iterator[RowProblem]:
    """Mentors whose supervisor is above or below them, dotted lines too."""
    pairs = {
        line: (row.external_id, row.supervisor)
        for line, row in rows.items()
        if row.is_mentor and row.supervisor not in (None, row.external_id)
    }
    asked = [(mentor, who) for mentor, who in pairs.values() if who is not None]
    above = pairs_in_line(asked, lines)
    below = pairs_in_line(((who, mentor) for mentor, who in asked), lines)
    for line, (mentor, supervisor) in pairs.items():
        if (mentor, supervisor) in above:
            where = "is above the mentor"
        elif (supervisor, mentor) in below:
            where = "reports to the mentor"
        else:
            continue
        yield RowProblem(
            line=line,
            column="supervisor",
            what=f"{where}; choose somebody outside their reporting line,"
            " or leave it empty and ops accompany them",
        )


def _reorganised_mentors(
    rows: Mapping[int, PersonReferences],
    known: ReportingLines,
    lines: ReportingLines,
    supervisor_of: Mapping[str, str],
) -> Iterator[RowProblem]:
    """Mentors whom the file does not hold, and whom it puts into one reporting line
    with their supervisor.

    The problem is at every line of the file that changes a manager in that reporting
    line; two who were in one before are not the business of this file.
    """
    changed = {
        row.external_id
        for row in rows.values()
        if tuple(known.get(row.external_id, ())) != lines[row.external_id]
    }
    if not (changed and supervisor_of):
        return
    line_of = {row.external_id: line for line, row in rows.items()}
    pairs = [way for pair in supervisor_of.items() for way in (pair, pair[::-1])]
    found: set[int] = set()
    for person, _ in pairs_in_line(pairs, lines) - pairs_in_line(pairs, known):
        above = {who for who, _ in levels_above(person, lines)}
        found |= {line_of[who] for who in ({person} | above) & changed}
    for line in sorted(found):
        yield RowProblem(
            line=line,
            column="manager",
            what="puts a mentor imported before and their supervisor into one reporting line;"
            " add the mentor's line with somebody else, or nobody,"
            " or leave this one as it was",
        )


def _circles(line_of: Mapping[str, int], lines: ReportingLines) -> Iterator[RowProblem]:
    """Yields each circle of direct managers once, at its first line in the file."""
    done: set[str] = set()
    for start in line_of:
        path: dict[str, None] = {}
        person: str | None = start
        while person is not None and person not in done and person not in path:
            path[person] = None
            person = next(iter(lines.get(person, ())), None)
        if person in path and list(path)[-1] != person:
            members = list(path)
            yield _circle(members[members.index(person) :], line_of)
        done.update(path)


def _circle(members: Sequence[str], line_of: Mapping[str, int]) -> RowProblem:
    lines = sorted(line_of[member] for member in members if member in line_of)
    where = "with people imported before"
    if len(lines) > 1:
        where = f"lines {', '.join(map(str, lines[:MOST_LISTED_LINES]))}"
        if len(lines) > MOST_LISTED_LINES:
            where += f" and {len(lines) - MOST_LISTED_LINES:,} more"
    return RowProblem(
        line=lines[0],
        column="manager",
        what=f"{len(members)} people report to one another in a circle ({where});"
        " somebody reports to nobody",
    )
