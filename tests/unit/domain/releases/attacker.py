"""What somebody can compute who has every release and knows the marks of two people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.releases.mean_ranges import MeanRange
from schemas.records.releases import HIGHEST_MARK, LOWEST_MARK

MARKS = range(LOWEST_MARK, HIGHEST_MARK + 1)


@dataclass(frozen=True)
class Mark:
    """One mark in one release."""

    person: int
    value: int


@dataclass(frozen=True)
class Published:
    """A release, with the marks that it added."""

    added: Sequence[Mark]
    mean: MeanRange


def computed_marks(published: Sequence[Published]) -> Iterator[tuple[int, Mark]]:
    """Yield each mark, with its release, of which a reader can say what it is."""
    people = {mark.person for release in published for mark in release.added}
    for two in combinations(sorted(people), 2):
        for number, release in enumerate(published):
            for at, mark in enumerate(release.added):
                if mark.person not in two:
                    possible = [
                        value
                        for value in MARKS
                        if _possible(published, two, (number, at), value)
                    ]
                    if len(possible) < 2:
                        yield number, mark


def _possible(
    published: Sequence[Published],
    known_people: tuple[int, int],
    guessed: tuple[int, int],
    value: int,
) -> bool:
    """Whether some marks of all others fit every release if the guessed mark has this value."""
    least = most = 0
    for number, release in enumerate(published):
        for at, mark in enumerate(release.added):
            if (number, at) == guessed:
                low = high = value
            elif mark.person in known_people:
                low = high = mark.value
            else:
                low, high = LOWEST_MARK, HIGHEST_MARK
            least, most = least + low, most + high
        least = max(least, release.mean.least_sum)
        most = min(most, release.mean.most_sum)
        if least > most:
            return False
    return True
