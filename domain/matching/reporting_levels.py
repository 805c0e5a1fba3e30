"""Reporting lines: how many levels lie between two people, solid and dotted lines alike."""

from collections.abc import Iterator, Mapping, Sequence

Managers = Mapping[str, Sequence[str]]


def upwards(
    person: str, managers: Managers, deepest: int | None = None
) -> Iterator[tuple[str, int]]:
    """Everybody above somebody with the fewest levels to them, nearest first.

    Dotted lines may run in a circle; this ends.
    """
    seen, here, level = {person}, [person], 0
    while (
        level != deepest and len(above := managers.get(person, ())) == 1
    ):  # nearly everybody has one
        (person,) = above
        if person in seen:
            return
        level += 1
        seen.add(person)
        here = [person]
        yield person, level
    while here and level != deepest:
        level += 1
        above = []
        for one in here:
            for manager in managers.get(one, ()):
                if manager not in seen:
                    seen.add(manager)
                    above.append(manager)
                    yield manager, level
        here = above


def levels_up(
    person: str, managers: Managers, deepest: int | None = None
) -> dict[str, int]:
    """The same, to be looked up."""
    return dict(upwards(person, managers, deepest))


def levels_between(one: str, other: str, managers: Managers) -> int | None:
    """Levels from one to the other; None when neither reports to the other, however indirectly."""
    found = (_levels_to(other, one, managers), _levels_to(one, other, managers))
    return min((levels for levels in found if levels is not None), default=None)


def _levels_to(above: str, person: str, managers: Managers) -> int | None:
    for manager, levels in upwards(person, managers):
        if manager == above:
            return levels
    return None


def near(
    mentees: Mapping[str, int],
    mentors: Mapping[str, int],
    managers: Managers,
    deepest: int,
) -> Iterator[tuple[int, int, int]]:
    """(mentee, mentor, levels), by their places, of every two in one line with at most `deepest` levels between."""
    for person, place in mentors.items():
        for above, levels in upwards(person, managers, deepest):
            if above in mentees:
                yield mentees[above], place, levels
    for person, place in mentees.items():
        for above, levels in upwards(person, managers, deepest):
            if above in mentors:
                yield place, mentors[above], levels


def depths(managers: Managers) -> dict[str, int]:
    """Levels from whoever has nobody above, by the shortest line; whose lines only run in a circle is not in it."""
    below: dict[str, list[str]] = {}
    for person, above in managers.items():
        for manager in above:
            below.setdefault(manager, []).append(person)
    here = [person for person in below if not managers.get(person)]
    found, depth = dict.fromkeys(here, 0), 0
    while here:
        depth += 1
        here = [
            p
            for p in dict.fromkeys(p for above in here for p in below.get(above, ()))
            if p not in found
        ]
        found.update(dict.fromkeys(here, depth))
    return found
