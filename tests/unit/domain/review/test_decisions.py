"""Which decisions about matches are carried out, and which are refused with what words."""

import pytest

from domain.review.decisions import plan_decision
from schemas.cohort import MatchDecision
from schemas.matches.review import DecisionRefused, Swap
from tests.unit.domain.review.snapshots import ids, match_id, standing, two


@pytest.mark.parametrize(
    ("decision", "approved", "refused"),
    [
        (MatchDecision(all=True), ["a", "b"], []),
        (MatchDecision(all=True, refuse=(match_id("b"),)), ["a"], ["b"]),
        (MatchDecision(approve=(match_id("a"),)), ["a"], []),
        (
            MatchDecision(approve=(match_id("c"), match_id("e"))),
            [],
            [],
        ),  # repeated: they are approved already
        (MatchDecision(refuse=(match_id("d"),)), [], []),  # repeated
        (MatchDecision(approve=(match_id("a"),), run=3), ["a"], []),
        (
            MatchDecision(ban=(two("bb"),)),
            [],
            ["b"],
        ),  # who is proposed is refused by a ban
    ],
)
def test_a_decision_names_matches(
    decision: MatchDecision, approved: list[str], refused: list[str]
) -> None:
    assert ids(plan_decision(decision, standing())) == (approved, refused)


@pytest.mark.parametrize(
    ("decision", "run", "text"),
    [
        (MatchDecision(all=True), 0, "nothing was proposed yet"),
        (MatchDecision(all=True, run=2), 3, "run 3 has replaced"),
        (MatchDecision(rerun=True, run=2), 3, "run 3 has replaced"),
        (MatchDecision(approve=(match_id("a"),), run=4), 3, "run 3 has replaced"),
        (
            MatchDecision(approve=(match_id("a"),), refuse=(match_id("a"),)),
            3,
            "both approved and refused",
        ),
        (
            MatchDecision(
                approve=(match_id("a"),),
                swap=(Swap(one=match_id("a"), other=match_id("b")),),
            ),
            3,
            "or swapped too",
        ),
        (
            MatchDecision(swap=(Swap(one=match_id("a"), other=match_id("a")),)),
            3,
            "or swapped too",
        ),
        (
            MatchDecision(pin=(two("aa"),), ban=(two("aa"),)),
            3,
            "with opposite decisions",
        ),
        (
            MatchDecision(approve=(match_id("x"),)),
            3,
            "some of the matches are not in run 3",
        ),
        (MatchDecision(approve=(match_id("d"),)), 3, "decided otherwise"),
        (MatchDecision(refuse=(match_id("e"),)), 3, "decided otherwise"),
        (MatchDecision(ban=(two("xa"),)), 3, "must have a seat in this cohort"),
        (MatchDecision(), 3, "nothing is decided"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(
    decision: MatchDecision, run: int, text: str
) -> None:
    with pytest.raises(DecisionRefused, match=text):
        plan_decision(decision, standing(run=run))


def test_all_asked_for_twice_is_one_decision() -> None:
    assert ids(
        plan_decision(
            MatchDecision(all=True), standing({"a": "approved", "b": "announced"})
        )
    ) == ([], [])
