"""Who stands above whom in the reporting lines, for one person or for very many at once."""

from collections.abc import Iterable, Mapping, Sequence

Lines = Mapping[str, Sequence[str | None]]
"""By person whom they report to."""


def above(person: str, managers: Lines) -> set[str]:
    """Everybody above somebody; in a circle they themselves too."""
    found: set[str] = set()
    here = [person]
    while here:
        more = {
            manager
            for one in here
            for manager in managers.get(one, ())
            if manager is not None
        }
        here = list(more - found)
        found |= more
    return found


def above_whom(
    pairs: Iterable[tuple[str, str]], managers: Lines
) -> set[tuple[str, str]]:
    """Those of `pairs` whose second stands above the first.

    One bit for each second, passed down the lines once: asking for each pair by itself takes as long as the lines are
    deep, for everybody.
    """
    asked = list(pairs)
    leaders = {
        manager for some in managers.values() for manager in some if manager is not None
    }
    bits = {
        who: 1 << place
        for place, who in enumerate({second for _, second in asked} & leaders)
    }
    asked = [pair for pair in asked if pair[1] in bits]
    bits_above: dict[str, int] = {}
    order = _from_the_top({first for first, _ in asked}, managers)
    changed = True
    while changed:  # once, and once more to see that it was enough; more often only where dotted lines go in circles
        changed = False
        for person in order:
            found = 0
            for manager in managers.get(person, ()):
                if manager is not None:
                    found |= bits_above.get(manager, 0) | bits.get(manager, 0)
            if found != bits_above.get(person, 0):
                bits_above[person] = found
                changed = True
    return {
        (first, second)
        for first, second in asked
        if bits_above.get(first, 0) & bits[second]
    }


def _from_the_top(people: Iterable[str], managers: Lines) -> list[str]:
    """These people and everybody above them, whoever is above first."""
    order: list[str] = []
    seen: set[str] = set()
    for start in people:
        waiting = [(start, False)]
        while waiting:
            person, done = waiting.pop()
            if done:
                order.append(person)
            elif person not in seen:
                seen.add(person)
                waiting.append((person, True))
                waiting += [
                    (m, False)
                    for m in managers.get(person, ())
                    if m is not None and m not in seen
                ]
    return order
