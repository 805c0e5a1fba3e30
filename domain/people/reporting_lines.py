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
    bits_above: dict[str, int] = {}
    for circle in _circles_from_the_top(people, lines):
        found = 0
        for person in circle:
            for manager in lines.get(person, ()):
                if manager is not None:
                    found |= bits_above.get(manager, 0) | bits.get(manager, 0)
        bits_above |= dict.fromkeys(circle, found)
    return bits_above


def _circles_from_the_top(
    people: Iterable[str], lines: ReportingLines
) -> Iterator[list[str]]:
    """Yields these people and everybody above them, managers before their reports.

    Who are above one another, in a circle of dotted lines, come together; anybody else
    alone. Each line is looked at once (Tarjan's strongly connected components).
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_people: dict[str, None] = {}
    for start in people:
        waiting = [] if start in number else [(start, iter(lines.get(start, ())))]
        while waiting:
            person, managers = waiting[-1]
            if person not in number:
                number[person] = lowest[person] = len(number)
                open_people[person] = None
            for manager in managers:
                if manager is None:
                    continue
                if manager not in number:
                    waiting.append((manager, iter(lines.get(manager, ()))))
                    break
                if manager in open_people:
                    lowest[person] = min(lowest[person], number[manager])
            else:
                waiting.pop()
                if waiting:
                    below = waiting[-1][0]
                    lowest[below] = min(lowest[below], lowest[person])
                if lowest[person] == number[person]:
                    yield _closed_circle(person, open_people)


def _closed_circle(first: str, open_people: dict[str, None]) -> list[str]:
    """Takes out everybody since `first`, who is in the circle too."""
    circle = []
    while first in open_people:
        circle.append(open_people.popitem()[0])
    return circle
