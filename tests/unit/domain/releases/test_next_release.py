"""When a mean is released, and what it says."""

import pytest

from domain.releases.next_release import (
    MeanRelease,
    ReleasedMarks,
    enough_people,
    next_release,
)


def once_each(*marks: int, first: int = 0) -> dict[str, list[int]]:
    return {f"p{first + n}": [mark] for n, mark in enumerate(marks)}


def released(made: MeanRelease, people: int) -> ReleasedMarks:
    marks = {f"p{n}": 1 for n in range(people)}
    return ReleasedMarks(marks, made.mean.least_sum, made.mean.most_sum)


@pytest.mark.parametrize(
    ("marks", "lowest", "highest"),
    [
        ([4, 4, 4, 5, 5], 3, 5),  # five tell only on which side of the middle
        ([1, 2, 3, 3, 2], 1, 3),
        ([4] * 6, 3.5, 5),
        ([4, 5] * 5, 4, 5),
        ([3, 3, 3, 3, 3, 3, 3, 3, 3, 4], 3, 3),
        ([4] * 19 + [5], 4.1, 4.1),  # twenty people: tenths
        ([5] * 20, 4.6, 5),
        ([5] * 50, 4.8, 5),
    ],
)
def test_a_mean_is_as_fine_as_is_safe(
    marks: list[int], lowest: float, highest: float
) -> None:
    made = next_release([], once_each(*marks))
    assert made is not None
    assert (float(made.mean.lowest), float(made.mean.highest)) == (lowest, highest)
    assert made.people == len(marks)


@pytest.mark.parametrize(
    ("low_score", "people", "shown"),
    [
        (0, 5, (3, 5)),
        (1, 5, None),
        (1, 6, (3.5, 5)),
        (2, 7, None),
        (2, 8, (4, 5)),
        (2, 20, (4.1, 4.1)),
        (3, 12, None),
        (3, 13, (1, 4)),
        (3, 20, (1, 4.2)),
    ],
)
def test_whoever_sees_that_nobody_was_called_can_still_say_nothing(
    low_score: int, people: int, shown: tuple[float, float] | None
) -> None:
    """Without a call a mark was not low; where all are the least that they can be, each would be known."""
    marks = [4] * (people - 1) + [5]
    made = next_release([], once_each(*marks), 0, low_score + 1)
    found = made and (float(made.mean.lowest), float(made.mean.highest))
    assert found == shown


def test_four_people_are_waited_for_by_a_fifth() -> None:
    assert next_release([], once_each(4, 4, 4, 4)) is None


def test_many_marks_of_four_people_are_still_of_four() -> None:
    assert next_release([], {person: [4, 4, 4] for person in "abcd"}) is None


def test_four_new_people_wait_beside_a_hundred_released() -> None:
    first = next_release([], once_each(*[4] * 100))
    assert first is not None
    assert (
        next_release(
            [released(first, 100)], once_each(4, 4, 4, 4, first=100), first.total
        )
        is None
    )


def test_five_more_are_added_to_those_released() -> None:
    first = next_release([], once_each(*[4] * 20))
    assert first is not None
    second = next_release(
        [released(first, 20)], once_each(*[3] * 20, first=20), first.total
    )
    assert second is not None
    assert (second.people, float(second.mean.lowest)) == (40, 3.5)


def test_the_same_people_answer_again() -> None:
    first = next_release([], once_each(*[4, 5] * 10))
    assert first is not None
    second = next_release([released(first, 20)], once_each(*[4] * 20), first.total)
    assert second is not None
    assert (second.people, second.answers) == (20, 20)
    assert float(second.mean.lowest) == 4.3


@pytest.mark.parametrize(("people", "shown"), [(0, False), (4, False), (5, True)])
def test_ideas_are_shown_among_five(people: int, shown: bool) -> None:
    assert enough_people(people) is shown
