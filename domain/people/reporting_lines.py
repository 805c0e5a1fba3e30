"""Reporting lines, solid and dotted alike: who is above whom, and by how many levels.

Dotted lines may run in a circle, and everything here ends nevertheless.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

ReportingLines: TypeAlias = Mapping[str, Sequence[str | None]]
"""The managers of each person: the direct one first, None for nobody, then the dotted
ones."""


def levels_above(
    person: str, lines: ReportingLines, deepest: int | None = None
) -> Iterator[tuple[str, int]]:
    """Yields everybody above somebody with the fewest levels between, nearest first.

    `deepest`: how many levels are looked at; None: all.
    """
    seen, level = {person}, 0
    here = [person]
    while here and level != deepest:
        level += 1
        above = []
        for one in here:
            for manager in lines.get(one, ()):
                if manager is not None and manager not in seen:
                    seen.add(manager)
                    above.append(manager)
                    yield manager, level
        here = above


def levels_between(one: str, other: str, lines: ReportingLines) -> int | None:
    """Returns how many levels one is above the other, whichever of them it is; None:
    neither reports to the other, however indirectly.
    """
    found = (_levels_to(other, one, lines), _levels_to(one, other, lines))
    return min((levels for levels in found if levels is not None), default=None)


def _levels_to(manager: str, person: str, lines: ReportingLines) -> int | None:
    for above, levels in levels_above(person, lines):
        if above == manager:
            return levels
    return None


def near_in_line(
    mentees: Mapping[str, int],
    mentors: Mapping[str, int],
    lines: ReportingLines,
    deepest: int,
) -> Iterator[tuple[int, int, int]]:
    """Yields (mentee, mentor, levels) for any two of whom one is above the other by at
    most `deepest` levels. People are given, and yielded, by their places.
    """
    for person, place in mentors.items():
        for above, levels in levels_above(person, lines, deepest):
            if above in mentees:
                yield mentees[above], place, levels
    for person, place in mentees.items():
        for above, levels in levels_above(person, lines, deepest):
            if above in mentors:
                yield place, mentors[above], levels


def levels_from_top(lines: ReportingLines) -> dict[str, int]:
    """Returns the level of each person: 0 without a manager, else 1 more than the
    manager nearest to the top. People in or below a circle of managers have none.
    """
    reports: dict[str, list[str]] = {}
    for person, managers in lines.items():
        for manager in managers:
            if manager is not None:
                reports.setdefault(manager, []).append(person)
    here = [person for person in reports if not any(lines.get(person, ()))]
    found, level = dict.fromkeys(here, 0), 0
    while here:
        level += 1
        below = (person for above in here for person in reports.get(above, ()))
        here = [person for person in dict.fromkeys(below) if person not in found]
        found.update(dict.fromkeys(here, level))
    return found


def pairs_in_line(
    pairs: Iterable[tuple[str, str]], lines: ReportingLines
) -> set[tuple[str, str]]:
    """Returns those of `pairs` whose second is above the first.

    Each second has a bit, which is passed down the lines once: asking for each pair by
    itself takes as long as the lines are deep, for everybody.
    """
    managers = {who for some in lines.values() for who in some if who is not None}
    asked = [pair for pair in pairs if pair[1] in managers]
    seconds = {second for _, second in asked}
    bits = {who: 1 << place for place, who in enumerate(seconds)}
    bits_above = _pass_down(bits, {first for first, _ in asked}, lines)
    return {
        (first, second)
        for first, second in asked
        if bits_above.get(first, 0) & bits[second]
    }


def _pass_down(
    bits: Mapping[str, int], people: Iterable[str], lines: ReportingLines
) -> dict[str, int]:
    """Returns for each of the people, and whoever is above them, the bits of all who
    are above.
    """
    order = _from_the_top(people, lines)
    bits_above: dict[str, int] = {}
    changed = True
    # once, and once more to see that it was enough; more often only in circles
    while changed:
        changed = False
        for person in order:
            found = 0
            for manager in lines.get(person, ()):
                if manager is not None:
                    found |= bits_above.get(manager, 0) | bits.get(manager, 0)
            if found != bits_above.get(person, 0):
                bits_above[person] = found
                changed = True
    return bits_above


def _from_the_top(people: Iterable[str], lines: ReportingLines) -> list[str]:
    """Returns these people and everybody above them, managers before their reports."""
    order: list[str] = []
    seen: set[str] = set()
    for start in people:
        waiting = [(start, False)]
        while waiting:
            person, managers_are_listed = waiting.pop()
            if managers_are_listed:
                order.append(person)
            elif person not in seen:
                seen.add(person)
                waiting.append((person, True))
                waiting += [
                    (manager, False)
                    for manager in lines.get(person, ())
                    if manager is not None and manager not in seen
                ]
    return order
