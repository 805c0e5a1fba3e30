"""What lines of a people file say of one another, and of people imported before."""

import pytest

from tests.unit.domain.people.files import file, person, problems


def test_a_circle_of_very_many_lists_some_of_its_lines() -> None:
    (only,) = problems(
        file(
            *(
                person(external_id=f"E{n}", manager=f"E{(n + 1) % 5000}")
                for n in range(5000)
            )
        )
    )
    assert "(lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 4,990 more)" in only


def test_the_same_id_twice_names_the_first_line() -> None:
    assert problems(file(person(), person())) == [
        "line 3, external_id: the same as on line 2; everybody is listed once"
    ]


@pytest.mark.parametrize("length", [2, 3, 50])
def test_a_circle_is_one_problem_with_its_lines(length: int) -> None:
    people = [
        person(external_id=f"E{n}", manager=f"E{(n + 1) % length}")
        for n in range(length)
    ]
    outside = person(external_id="X", manager="E0")
    (only,) = problems(file(outside, *people))
    assert only.startswith(
        f"line 3, manager: {length} people report to one another in a circle (lines 3, 4"
    )


def test_a_circle_through_people_imported_before_is_found() -> None:
    (only,) = problems(file(person(external_id="E1", manager="OLD")), OLD=("E1",))
    assert only.startswith(
        "line 2, manager: 2 people report to one another in a circle (with people imported before)"
    )


LINE = (
    person(external_id="HEAD"),
    person(external_id="MID", manager="HEAD", dotted_managers="DOT"),
    person(external_id="DOT"),
)
MENTOR = {"external_id": "M", "roles": "mentor"}
SUPERVISORS: list[tuple[str, dict[str, str], str | None]] = [
    (
        "the manager",
        {"manager": "MID", "supervisor": "MID"},
        "is above the mentor; choose somebody outside",
    ),
    (
        "a manager's manager",
        {"manager": "MID", "supervisor": "HEAD"},
        "is above the mentor",
    ),
    (
        "above by a dotted line",
        {"manager": "MID", "supervisor": "DOT"},
        "is above the mentor",
    ),
    (
        "imported before",
        {"manager": "OLD", "supervisor": "OLDER"},
        "is above the mentor",
    ),
    (
        "a report",
        {"supervisor": "UNDER"},
        "reports to the mentor; choose somebody outside",
    ),
    ("beside them, under one manager", {"manager": "HEAD", "supervisor": "MID"}, None),
    (
        "nobody's supervisor",
        {"roles": "mentee", "manager": "MID", "supervisor": "MID"},
        None,
    ),
]


@pytest.mark.parametrize("case", SUPERVISORS, ids=[case[0] for case in SUPERVISORS])
def test_a_supervisor_in_the_mentors_own_line_is_refused(
    case: tuple[str, dict[str, str], str | None],
) -> None:
    _, cells, expected = case
    found = problems(
        file(*LINE, person(**{**MENTOR, **cells})),
        OLD=(None, "OLDER"),
        OLDER=(None,),
        UNDER=("OLD", "M"),
    )
    assert [f"line 5, supervisor: {expected}" in problem for problem in found] == (
        [True] if expected else []
    )


def test_somebody_imported_before_may_be_named() -> None:
    assert problems(file(person(manager="OLD")), OLD=(None,)) == []
