"""Reporting lines: how many levels lie between two people, solid and dotted lines alike."""

from collections.abc import Iterator, Mapping, Sequence

Managers = Mapping[str, Sequence[str]]


def levels_up(person: str, managers: Managers, deepest: int | None = None) -> dict[str, int]:
    """Everybody above somebody, with the fewest levels to them. Dotted lines may run in a circle; this ends."""
    levels: dict[str, int] = {}
    here, level = [person], 0
    while here and (deepest is None or level < deepest):
        level += 1
        above = dict.fromkeys(m for one in here for m in managers.get(one, ()))
        here = [m for m in above if m not in levels and m != person]
        levels.update(dict.fromkeys(here, level))
    return levels


def levels_between(one: str, other: str, managers: Managers) -> int | None:
    """Levels from one to the other; None when neither reports to the other, however indirectly."""
    found = (levels_up(one, managers).get(other), levels_up(other, managers).get(one))
    return min((levels for levels in found if levels is not None), default=None)


def near(
    mentors: Sequence[str], mentees: Sequence[str], managers: Managers, deepest: int
) -> Iterator[tuple[int, int, int]]:
    """(row, column, levels) of every two in one line with at most `deepest` levels between them."""
    rows = {person: row for row, person in enumerate(mentors)}
    columns = {person: column for column, person in enumerate(mentees)}
    for person, row in rows.items():
        for above, levels in levels_up(person, managers, deepest).items():
            if above in columns:
                yield row, columns[above], levels
    for person, column in columns.items():
        for above, levels in levels_up(person, managers, deepest).items():
            if above in rows:
                yield rows[above], column, levels
