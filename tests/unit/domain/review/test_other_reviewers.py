"""What somebody else decided or a new run proposed in the meantime."""

import pytest

from domain.review.decisions import plan_decision
from domain.review.snapshot import (
    DecisionEntry,
)
from schemas.cohort import MatchDecision
from schemas.matches.review import DecisionRefused
from tests.unit.domain.review.snapshots import ids, known, match_id, standing, two


@pytest.mark.parametrize(
    "decided",
    [
        {"a": "refused", "b": "replaced"},
        {"a": "approved", "b": "lapsed"},
        {"a": "refused"},
    ],
)
def test_all_is_refused_once_another_reviewer_left_nothing_of_it(
    decided: dict[str, str],
) -> None:
    with pytest.raises(DecisionRefused, match="somebody decided in the meantime"):
        plan_decision(MatchDecision(all=True), standing(decided))


@pytest.mark.parametrize("decided", ["proposed", "replaced"])
def test_a_match_of_an_older_run_that_the_new_one_proposes_too_is_decided(
    decided: str,
) -> None:
    older = known("old", "replaced", run=2, letters="aa")
    found = plan_decision(
        MatchDecision(approve=(match_id("old"),), run=2),
        standing({"a": decided}, older),
    )
    assert ids(found) == (["a"], [])


def test_a_match_that_the_new_run_proposes_no_more_is_refused_with_why() -> None:
    older = known("old", "refused", run=2, letters="ab")
    since = [DecisionEntry("refused", two("ab"), "console")]
    with pytest.raises(
        DecisionRefused,
        match=r"run 3 has replaced.*any more.*refused by console \(mentor paa",
    ):
        plan_decision(
            MatchDecision(approve=(match_id("old"),), run=2, revision=1),
            standing(None, older, since=since),
        )


@pytest.mark.parametrize("what", ["refused", "banned", "swapped", "unpinned"])
def test_what_another_reviewer_decided_otherwise_about_the_same_two_is_listed(
    what: str,
) -> None:
    since = [DecisionEntry(what, two("aa"), "console")]
    with pytest.raises(
        DecisionRefused, match=f"in the meantime; look again: {what} by console"
    ):
        plan_decision(
            MatchDecision(approve=(match_id("a"),), revision=1), standing(since=since)
        )


def test_of_many_decisions_in_the_meantime_three_are_listed() -> None:
    since = [DecisionEntry("swapped", two(f"{x}{x}"), "console") for x in "abcde"]
    with pytest.raises(DecisionRefused, match="and 2 more"):
        plan_decision(MatchDecision(all=True, revision=1), standing(since=since))


@pytest.mark.parametrize("what", ["approved", "refused", "swapped", "pinned", "rerun"])
def test_two_reviewers_decide_about_different_matches(what: str) -> None:
    since = [DecisionEntry(what, None if what == "rerun" else two("bb"), "console")]
    assert ids(
        plan_decision(
            MatchDecision(approve=(match_id("a"),), revision=1), standing(since=since)
        )
    ) == (["a"], [])


def test_two_reviewers_who_agree_both_succeed() -> None:
    since = [DecisionEntry("approved", two("cc"), "console")]
    assert ids(
        plan_decision(
            MatchDecision(approve=(match_id("c"),), revision=1), standing(since=since)
        )
    ) == ([], [])


@pytest.mark.parametrize("what", ["swapped", "refused", "banned"])
def test_all_is_about_what_was_seen(what: str) -> None:
    with pytest.raises(DecisionRefused, match="in the meantime"):
        plan_decision(
            MatchDecision(all=True, revision=1),
            standing(since=[DecisionEntry(what, two("bb"), "console")]),
        )
