"""Which decisions about matches are refused."""

import pytest

from activities.persistence.matches import DecisionRefused, read_decision
from schemas.cohort import MatchDecision

STANDS = {"a": "proposed", "b": "proposed", "c": "approved", "d": "refused", "e": "announced"}


@pytest.mark.parametrize(
    ("decision", "approved", "refused"),
    [
        (MatchDecision(all=True), ["a", "b"], []),
        (MatchDecision(all=True, refuse=("b",)), ["a"], ["b"]),
        (MatchDecision(approve=("a",)), ["a"], []),
        (MatchDecision(approve=("c", "e")), ["c", "e"], []),  # repeated: they are approved already
        (MatchDecision(refuse=("d",)), [], ["d"]),  # repeated
        (MatchDecision(approve=("a",), run=3), ["a"], []),
    ],
)
def test_a_decision_names_matches(decision: MatchDecision, approved: list[str], refused: list[str]) -> None:
    assert read_decision(decision, 3, STANDS) == (approved, refused)


@pytest.mark.parametrize(
    ("decision", "run", "text"),
    [
        (MatchDecision(all=True), 0, "nothing was proposed yet"),
        (MatchDecision(all=True, run=2), 3, "run 3 has replaced"),
        (MatchDecision(approve=("a",), refuse=("a",)), 3, "both approved and refused"),
        (MatchDecision(approve=("Jean Dupont",)), 3, "1 of the matches are not in run 3"),
        (MatchDecision(approve=("d",)), 3, "decided otherwise"),
        (MatchDecision(refuse=("e",)), 3, "decided otherwise"),
        (MatchDecision(), 3, "nothing is decided"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(decision: MatchDecision, run: int, text: str) -> None:
    with pytest.raises(DecisionRefused, match=text):
        read_decision(decision, run, STANDS)


@pytest.mark.parametrize(
    "stands", [{"a": "refused", "b": "lapsed"}, {"a": "approved", "b": "lapsed"}, {"a": "refused"}]
)
def test_all_is_refused_once_another_reviewer_left_nothing_of_it(stands: dict[str, str]) -> None:
    with pytest.raises(DecisionRefused, match="somebody decided in the meantime"):
        read_decision(MatchDecision(all=True), 3, stands)


def test_all_said_twice_is_one_decision() -> None:
    assert read_decision(MatchDecision(all=True), 3, {"a": "approved", "b": "announced"}) == ([], [])
