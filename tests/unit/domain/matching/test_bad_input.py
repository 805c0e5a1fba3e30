"""Pools that are odd in every way end in a clear result, or in a refusal that says what
to correct.
"""

import pytest
from pydantic import ValidationError

from domain.matching.matching_run import match_pool
from domain.matching.without_mentor import mentees_without_mentor
from schemas.matches.matching import MatchingPool, MatchRun
from schemas.policy import Matching
from tests.support.pools import a_person, a_pool, who

WEIGHTS = [name for name in Matching.model_fields if name.endswith("_weight")]


def _reasons(run: MatchRun) -> set[str]:
    return {reason.rule for left in run.unmatched for reason in left.reasons}


@pytest.mark.parametrize(
    ("pool", "proposed", "reasons"),
    [
        (a_pool([], []), 0, set()),
        (a_pool([], [a_person("x")]), 0, {"nobody_there"}),
        (a_pool([a_person("m")], []), 0, {"nobody_there"}),
        (a_pool([a_person("m")], [a_person("x")], seats=()), 0, {"nobody_there"}),
        (
            a_pool([a_person("m", languages={"de"})], [a_person(n) for n in "xyz"]),
            0,
            {"no_common_language"},
        ),
    ],
    ids=["nobody", "no mentor", "no mentee", "no seat", "everybody is excluded"],
)
def test_where_nobody_can_be_matched_everybody_has_a_reason(
    pool: MatchingPool, proposed: int, reasons: set[str]
) -> None:
    run = match_pool(pool)
    assert (len(run.proposals), _reasons(run)) == (proposed, reasons)


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1, 11])
def test_a_weight_that_is_no_number_from_0_to_10_is_refused(
    name: str, weight: float
) -> None:
    with pytest.raises(ValidationError, match=name):
        Matching.model_validate({name: weight})


def test_a_reporting_line_that_runs_in_a_circle_excludes_whom_it_must_and_ends() -> (
    None
):
    managers = {who("m"): (who("a"),), who("a"): (who("x"),), who("x"): (who("m"),)}
    run = match_pool(
        a_pool(
            [a_person("m", supervisor=who("a"))],
            [a_person("x"), a_person("y")],
            managers=managers,
        )
    )
    assert [proposal.mentee for proposal in run.proposals] == [who("y")]
    assert _reasons(run) == {"all_taken"} or _reasons(run) <= {
        "manager_and_report",
        "too_few_levels",
    }


def _names(count: int, first: str) -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        first + letters[n // 676 % 26] + letters[n // 26 % 26] + letters[n % 26]
        for n in range(count)
    ]


def _of_one_manager(count: int) -> MatchingPool:
    """All of them report to one person, who is a mentee too."""
    boss = a_person("z")
    sides = [
        [a_person(name, manager=boss.person) for name in _names(count, first)]
        for first in "mn"
    ]
    managers = {person.person: (boss.person,) for side in sides for person in side}
    return a_pool(sides[0], [*sides[1], boss], managers=managers)


def test_ten_thousand_people_of_one_manager_are_unmatched_for_that_reason() -> None:
    run = match_pool(_of_one_manager(5_000))
    assert run.proposals == ()
    assert _reasons(run) == {"same_team", "manager_and_report"}
    assert [(gain.rule, gain.more_people) for gain in run.gains] == [
        ("same_team", 5_000)
    ]


def test_a_check_of_them_names_them_all() -> None:
    assert len(mentees_without_mentor(_of_one_manager(500)).mentees) == 501
