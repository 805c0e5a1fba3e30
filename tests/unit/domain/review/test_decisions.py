"""Which decisions about matches are carried out, and which are refused with what words."""

from typing import Any

import pytest

from domain.review.decisions import plan_decision
from domain.review.snapshot import (
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
)
from schemas.cohort import MatchDecision
from schemas.review import CheckedMatch, DecisionRefused, MentorMentee, Swap

DECISIONS = {
    "a": "proposed",
    "b": "proposed",
    "c": "approved",
    "d": "refused",
    "e": "announced",
}


def two(letters: str) -> MentorMentee:
    """A letter for the mentor, one for the mentee."""
    return MentorMentee(
        mentor=letters[0].join(("p", "a" * 12)), mentee=letters[1].join(("p", "b" * 12))
    )


def known(name: str, decision: str, run: int = 3, letters: str = "") -> ReviewedMatch:
    return ReviewedMatch(name, run, f"pair-{name}", two(letters or name * 2), decision)


def standing(
    decisions: dict[str, str] | None = None, *older: ReviewedMatch, **values: Any
) -> ReviewSnapshot:
    found = [
        *(
            known(name, stands)
            for name, stands in (DECISIONS if decisions is None else decisions).items()
        ),
        *older,
    ]
    people = {
        "mentors": frozenset(two(x + x).mentor for x in "abcde"),
        "mentees": frozenset(two(x + x).mentee for x in "abcde"),
    }
    seats = {two(x + x).mentor: 1 for x in "ab"}
    given: dict[str, Any] = {
        "run": 3,
        "seats": seats,
        "waiting": frozenset(two(x + x).mentee for x in "ab"),
        **people,
    }
    return ReviewSnapshot(matches={k.id: k for k in found}, **{**given, **values})


def lets(*letters: str, rule: str | None = None) -> list[CheckedMatch]:
    return [CheckedMatch(people=two(one), broken_rule=rule) for one in letters]


def ids(settled: DecisionPlan) -> tuple[list[str], list[str]]:
    return [k.id for k in settled.approve], [k.id for k in settled.refuse]


@pytest.mark.parametrize(
    ("decision", "approved", "refused"),
    [
        (MatchDecision(all=True), ["a", "b"], []),
        (MatchDecision(all=True, refuse=("b",)), ["a"], ["b"]),
        (MatchDecision(approve=("a",)), ["a"], []),
        (
            MatchDecision(approve=("c", "e")),
            [],
            [],
        ),  # repeated: they are approved already
        (MatchDecision(refuse=("d",)), [], []),  # repeated
        (MatchDecision(approve=("a",), run=3), ["a"], []),
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
        (MatchDecision(approve=("a",), run=4), 3, "run 3 has replaced"),
        (MatchDecision(approve=("a",), refuse=("a",)), 3, "both approved and refused"),
        (
            MatchDecision(approve=("a",), swap=(Swap(one="a", other="b"),)),
            3,
            "or swapped too",
        ),
        (MatchDecision(swap=(Swap(one="a", other="a"),)), 3, "or swapped too"),
        (
            MatchDecision(pin=(two("aa"),), ban=(two("aa"),)),
            3,
            "with opposite decisions",
        ),
        (
            MatchDecision(approve=("Jean Dupont",)),
            3,
            "some of the matches are not in run 3",
        ),
        (MatchDecision(approve=("d",)), 3, "decided otherwise"),
        (MatchDecision(refuse=("e",)), 3, "decided otherwise"),
        (MatchDecision(ban=(two("xa"),)), 3, "must have a seat in this cohort"),
        (MatchDecision(), 3, "nothing is decided"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(
    decision: MatchDecision, run: int, text: str
) -> None:
    with pytest.raises(DecisionRefused, match=text):
        plan_decision(decision, standing(run=run))


@pytest.mark.parametrize(
    "stands",
    [
        {"a": "refused", "b": "replaced"},
        {"a": "approved", "b": "lapsed"},
        {"a": "refused"},
    ],
)
def test_all_is_refused_once_another_reviewer_left_nothing_of_it(
    stands: dict[str, str],
) -> None:
    with pytest.raises(DecisionRefused, match="somebody decided in the meantime"):
        plan_decision(MatchDecision(all=True), standing(stands))


def test_all_said_twice_is_one_decision() -> None:
    assert ids(
        plan_decision(
            MatchDecision(all=True), standing({"a": "approved", "b": "announced"})
        )
    ) == ([], [])


@pytest.mark.parametrize("stands", ["proposed", "replaced"])
def test_a_match_that_a_new_run_proposes_too_is_decided_all_the_same(
    stands: str,
) -> None:
    older = known("old", "replaced", run=2, letters="aa")
    found = plan_decision(
        MatchDecision(approve=("old",), run=2), standing({"a": stands}, older)
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
            MatchDecision(approve=("old",), run=2, revision=1),
            standing(None, older, since=since),
        )


@pytest.mark.parametrize("what", ["refused", "banned", "swapped", "unpinned"])
def test_what_another_reviewer_decided_otherwise_about_the_same_two_is_told(
    what: str,
) -> None:
    since = [DecisionEntry(what, two("aa"), "console")]
    with pytest.raises(
        DecisionRefused, match=f"in the meantime; look again: {what} by console"
    ):
        plan_decision(MatchDecision(approve=("a",), revision=1), standing(since=since))


def test_of_many_decisions_in_the_meantime_three_are_told() -> None:
    since = [DecisionEntry("swapped", two(f"{x}{x}"), "console") for x in "abcde"]
    with pytest.raises(DecisionRefused, match="and 2 more"):
        plan_decision(MatchDecision(all=True, revision=1), standing(since=since))


@pytest.mark.parametrize("what", ["approved", "refused", "swapped", "pinned", "rerun"])
def test_two_reviewers_decide_about_different_matches(what: str) -> None:
    since = [DecisionEntry(what, None if what == "rerun" else two("bb"), "console")]
    assert ids(
        plan_decision(MatchDecision(approve=("a",), revision=1), standing(since=since))
    ) == (["a"], [])


def test_two_reviewers_who_agree_both_succeed() -> None:
    since = [DecisionEntry("approved", two("cc"), "console")]
    assert ids(
        plan_decision(MatchDecision(approve=("c",), revision=1), standing(since=since))
    ) == ([], [])


@pytest.mark.parametrize("what", ["swapped", "refused", "banned"])
def test_all_is_about_what_was_seen(what: str) -> None:
    with pytest.raises(DecisionRefused, match="in the meantime"):
        plan_decision(
            MatchDecision(all=True, revision=1),
            standing(since=[DecisionEntry(what, two("bb"), "console")]),
        )


def test_a_swap_pins_the_new_two_pairs() -> None:
    found = plan_decision(
        MatchDecision(swap=(Swap(one="a", other="b"),)), standing(), lets("ab", "ba")
    )
    assert ([line.what for line in found.entries()], set(found.pin)) == (
        ["swapped", "swapped", "pinned", "pinned"],
        {two("ab"), two("ba")},
    )


def test_a_swap_said_twice_is_one() -> None:
    stands = standing(
        {"a": "swapped", "b": "swapped"},
        since=[DecisionEntry("swapped", two("aa"), "console")],
    )
    assert (
        plan_decision(
            MatchDecision(swap=(Swap(one="a", other="b"),), revision=1), stands
        ).entries()
        == []
    )


@pytest.mark.parametrize(
    ("decision", "twos"),
    [
        (MatchDecision(pin=(two("ab"),)), ["ab"]),
        (MatchDecision(swap=(Swap(one="a", other="b"),)), ["ab", "ba"]),
    ],
)
def test_who_breaks_a_rule_is_not_put_together(
    decision: MatchDecision, twos: list[str]
) -> None:
    with pytest.raises(DecisionRefused, match="must not be matched: too few levels"):
        plan_decision(decision, standing(), lets(*twos, rule="too_few_levels"))


@pytest.mark.parametrize(
    ("decision", "values", "text"),
    [
        (
            MatchDecision(pin=(two("aa"), two("ba"))),
            {},
            "would be pinned to .* and to ",
        ),
        (
            MatchDecision(pin=(two("aa"),)),
            {"pins": frozenset({two("ba")})},
            "would be pinned to .* and to ",
        ),
        (MatchDecision(pin=(two("aa"), two("ab"))), {}, "with 1 free seat"),
        (
            MatchDecision(pin=(two("aa"),)),
            {"bans": frozenset({two("aa")})},
            "are banned",
        ),
        (
            MatchDecision(ban=(two("aa"),)),
            {"pins": frozenset({two("aa")})},
            "are pinned",
        ),
        (MatchDecision(refuse=("a",)), {"pins": frozenset({two("aa")})}, "are pinned"),
        (
            MatchDecision(approve=("a",)),
            {"pins": frozenset({two("ba")})},
            "cannot be approved",
        ),
        (
            MatchDecision(approve=("a",)),
            {"pins": frozenset({two("ab")})},
            "with 0 free seats",
        ),
    ],
)
def test_what_contradicts_a_pin_is_refused(
    decision: MatchDecision, values: dict[str, Any], text: str
) -> None:
    with pytest.raises(DecisionRefused, match=text):
        plan_decision(decision, standing(**values), lets("aa", "ab", "ba"))


def test_a_pin_is_taken_back_and_given_to_another_at_once() -> None:
    decision = MatchDecision(unpin=(two("ba"),), pin=(two("aa"),))
    found = plan_decision(decision, standing(pins=frozenset({two("ba")})), lets("aa"))
    assert (found.unpin, found.pin) == ([two("ba")], [two("aa")])


def test_people_are_pinned_before_anything_was_proposed() -> None:
    assert plan_decision(
        MatchDecision(pin=(two("aa"),)), standing({}, run=0), lets("aa")
    ).pin == [two("aa")]


def test_what_stands_already_is_no_decision() -> None:
    stands = standing(pins=frozenset({two("aa")}), bans=frozenset({two("ab")}))
    decision = MatchDecision(
        pin=(two("aa"),), ban=(two("ab"),), unban=(two("bb"),), unpin=(two("bb"),)
    )
    assert plan_decision(decision, stands, lets("aa")).entries() == []
