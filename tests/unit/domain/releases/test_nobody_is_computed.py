"""Marks that people gave stay unknown, whatever is published in which order."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.releases.next_release import ReleasedMarks, next_release
from tests.unit.domain.releases.attacker import MARKS, Mark, Published, computed_marks

Batches = list[list[Mark]]


def publish(batches: Batches) -> list[Published]:
    """Let marks arrive batch by batch; what may be released is, the rest waits."""
    waiting: list[Mark] = []
    published: list[Published] = []
    known: list[ReleasedMarks] = []
    total = 0
    for batch in batches:
        waiting += batch
        made = next_release(known, by_person(waiting), total)
        if made:
            published.append(Published(tuple(waiting), made.mean))
            added = Counter(mark.person for mark in waiting)
            known.append(
                ReleasedMarks(
                    {str(person): count for person, count in added.items()},
                    made.mean.least_sum,
                    made.mean.most_sum,
                )
            )
            waiting, total = [], made.total
    return published


def by_person(marks: list[Mark]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for mark in marks:
        found.setdefault(str(mark.person), []).append(mark.value)
    return found


def everybody(*marks: int, first: int = 0) -> list[Mark]:
    return [Mark(first + n, mark) for n, mark in enumerate(marks)]


@st.composite
def lives(draw: st.DrawFn) -> Batches:
    """Some batches; in half of them people answer again who have answered before."""
    likely = draw(st.sampled_from([(5,), (1,), (4, 5), (1, 5), tuple(MARKS)]))
    batches: Batches = []
    people = 0
    for _ in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 9))
        again = draw(st.integers(0, min(size, people)))
        batch = [
            Mark(person, draw(st.sampled_from(likely)))
            for person in [*range(again), *range(people, people + size - again)]
        ]
        people += size - again
        batches.append(batch)
    return batches


@given(lives())
def test_no_sequence_of_releases_tells_a_mark(batches: Batches) -> None:
    assert list(computed_marks(publish(batches))) == []


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([everybody(5, 5, 5, 5, 5)], id="five 5s"),
        pytest.param([everybody(1, 1, 1, 1, 1)], id="five 1s"),
        pytest.param(
            [everybody(4, 5, 5, 5, 5)], id="the two known ones are the others"
        ),
        pytest.param(
            [everybody(3, 3, 4, 4, 4), everybody(5, 5, 5, 5, 5, first=5)],
            id="from 3.5 to 4.5 by five people",
        ),
        pytest.param(
            [everybody(*[5] * 20), everybody(*[5] * 5, first=20)], id="twenty-five 5s"
        ),
        pytest.param(
            [everybody(*[5] * 10), everybody(*[5] * 10), everybody(*[5] * 10)],
            id="the same ten, three times",
        ),
    ],
)
def test_all_of_one_mind_are_not_read(batches: Batches) -> None:
    assert list(computed_marks(publish(batches))) == []


def test_of_all_five_by_five_marks_none_is_computed() -> None:
    """Every possible set of five marks, with what each is published as."""
    shown = {
        marks: (made.mean.lowest, made.mean.highest)
        for marks in product(MARKS, repeat=5)
        if (made := next_release([], by_person(everybody(*marks))))
    }
    assert len(set(shown.values())) == 2
    for two in combinations(range(5), 2):
        for unknown in set(range(5)) - set(two):
            values: dict[object, set[int]] = {}
            for marks, figure in shown.items():
                key = (figure, *(marks[known] for known in two))
                values.setdefault(key, set()).add(marks[unknown])
            assert min(map(len, values.values())) >= 2


def test_when_a_release_is_made_does_not_depend_on_marks() -> None:
    sizes = [5, 3, 2, 9, 1, 5, 20]
    made = set()
    for value in MARKS:
        first, batches = 0, []
        for size in sizes:
            batches.append(everybody(*[value] * size, first=first))
            first += size
        made.add(tuple(len(release.added) for release in publish(batches)))
    assert len(made) == 1


def test_a_year_of_answers_goes_on_to_be_released() -> None:
    """Eighteen people answer three times; what is known of the first marks does not end it."""
    groups = [everybody(*[4, 5] * 3, first=first) for first in (0, 6, 12)]
    published = publish(groups * 3)
    answers = sum(len(release.added) for release in published)
    assert answers >= 48 and len(published) >= 4
    assert list(computed_marks(published)) == []
