"""Which decisions about matches are carried out, and which are refused with what words."""

from typing import Any

import pytest

from domain.review.decisions import settle
from domain.review.snapshot import Known, Line, Settled, Standing
from schemas.cohort import MatchDecision
from schemas.review import DecisionRefused, Judged, Swap, Two

DECISIONS = {"a": "proposed", "b": "proposed", "c": "approved", "d": "refused", "e": "announced"}


def two(letters: str) -> Two:
    """A letter for the mentor, one for the mentee."""
    return Two(mentor=letters[0].join(("p", "a" * 12)), mentee=letters[1].join(("p", "b" * 12)))


def known(name: str, decision: str, run: int = 3, letters: str = "") -> Known:
    return Known(name, run, f"pair-{name}", two(letters or name * 2), decision)


def standing(decisions: dict[str, str] | None = None, *older: Known, **values: Any) -> Standing:
    found = [*(known(name, stands) for name, stands in (DECISIONS if decisions is None else decisions).items()), *older]
    people = {
        "mentors": frozenset(two(x + x).mentor for x in "abcde"),
        "mentees": frozenset(two(x + x).mentee for x in "abcde"),
    }
    seats = {two(x + x).mentor: 1 for x in "ab"}
    given: dict[str, Any] = {"run": 3, "seats": seats, "waiting": frozenset(two(x + x).mentee for x in "ab"), **people}
    return Standing(matches={k.match: k for k in found}, **{**given, **values})


def lets(*letters: str, rule: str | None = None) -> list[Judged]:
    return [Judged(two=two(one), rule=rule) for one in letters]


def ids(settled: Settled) -> tuple[list[str], list[str]]:
    return [k.match for k in settled.approve], [k.match for k in settled.refuse]


@pytest.mark.parametrize(
    ("decision", "approved", "refused"),
    [
        (MatchDecision(all=True), ["a", "b"], []),
        (MatchDecision(all=True, refuse=("b",)), ["a"], ["b"]),
        (MatchDecision(approve=("a",)), ["a"], []),
        (MatchDecision(approve=("c", "e")), [], []),  # repeated: they are approved already
        (MatchDecision(refuse=("d",)), [], []),  # repeated
        (MatchDecision(approve=("a",), run=3), ["a"], []),
        (MatchDecision(ban=(two("bb"),)), [], ["b"]),  # who is proposed is refused by a ban
    ],
)
def test_a_decision_names_matches(decision: MatchDecision, approved: list[str], refused: list[str]) -> None:
    assert ids(settle(decision, standing())) == (approved, refused)


@pytest.mark.parametrize(
    ("decision", "run", "text"),
    [
        (MatchDecision(all=True), 0, "nothing was proposed yet"),
        (MatchDecision(all=True, run=2), 3, "run 3 has replaced"),
        (MatchDecision(rerun=True, run=2), 3, "run 3 has replaced"),
        (MatchDecision(approve=("a",), run=4), 3, "run 3 has replaced"),
        (MatchDecision(approve=("a",), refuse=("a",)), 3, "both approved and refused"),
        (MatchDecision(approve=("a",), swap=(Swap(one="a", other="b"),)), 3, "or swapped too"),
        (MatchDecision(swap=(Swap(one="a", other="a"),)), 3, "or swapped too"),
        (MatchDecision(pin=(two("aa"),), ban=(two("aa"),)), 3, "with opposite decisions"),
        (MatchDecision(approve=("Jean Dupont",)), 3, "some of the matches are not in run 3"),
        (MatchDecision(approve=("d",)), 3, "decided otherwise"),
        (MatchDecision(refuse=("e",)), 3, "decided otherwise"),
        (MatchDecision(ban=(two("xa"),)), 3, "must have a seat in this cohort"),
        (MatchDecision(), 3, "nothing is decided"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(decision: MatchDecision, run: int, text: str) -> None:
    with pytest.raises(DecisionRefused, match=text):
        settle(decision, standing(run=run))


@pytest.mark.parametrize(
    "stands", [{"a": "refused", "b": "replaced"}, {"a": "approved", "b": "lapsed"}, {"a": "refused"}]
)
def test_all_is_refused_once_another_reviewer_left_nothing_of_it(stands: dict[str, str]) -> None:
    with pytest.raises(DecisionRefused, match="somebody decided in the meantime"):
        settle(MatchDecision(all=True), standing(stands))


def test_all_said_twice_is_one_decision() -> None:
    assert ids(settle(MatchDecision(all=True), standing({"a": "approved", "b": "announced"}))) == ([], [])


@pytest.mark.parametrize("stands", ["proposed", "replaced"])
def test_a_match_that_a_new_run_proposes_too_is_decided_all_the_same(stands: str) -> None:
    older = known("old", "replaced", run=2, letters="aa")
    found = settle(MatchDecision(approve=("old",), run=2), standing({"a": stands}, older))
    assert ids(found) == (["a"], [])


def test_a_match_that_the_new_run_proposes_no_more_is_refused_with_why() -> None:
    older = known("old", "refused", run=2, letters="ab")
    since = [Line("refused", two("ab"), "console")]
    with pytest.raises(DecisionRefused, match=r"run 3 has replaced.*any more.*refused by console \(mentor paa"):
        settle(MatchDecision(approve=("old",), run=2, revision=1), standing(None, older, since=since))


@pytest.mark.parametrize("what", ["refused", "banned", "swapped", "unpinned"])
def test_what_another_reviewer_decided_otherwise_about_the_same_two_is_told(what: str) -> None:
    since = [Line(what, two("aa"), "console")]
    with pytest.raises(DecisionRefused, match=f"in the meantime; look again: {what} by console"):
        settle(MatchDecision(approve=("a",), revision=1), standing(since=since))


def test_of_many_decisions_in_the_meantime_three_are_told() -> None:
    since = [Line("swapped", two(f"{x}{x}"), "console") for x in "abcde"]
    with pytest.raises(DecisionRefused, match="and 2 more"):
        settle(MatchDecision(all=True, revision=1), standing(since=since))


@pytest.mark.parametrize("what", ["approved", "refused", "swapped", "pinned", "rerun"])
def test_two_reviewers_decide_about_different_matches(what: str) -> None:
    since = [Line(what, None if what == "rerun" else two("bb"), "console")]
    assert ids(settle(MatchDecision(approve=("a",), revision=1), standing(since=since))) == (["a"], [])


def test_two_reviewers_who_agree_both_succeed() -> None:
    since = [Line("approved", two("cc"), "console")]
    assert ids(settle(MatchDecision(approve=("c",), revision=1), standing(since=since))) == ([], [])


@pytest.mark.parametrize("what", ["swapped", "refused", "banned"])
def test_all_is_about_what_was_seen(what: str) -> None:
    with pytest.raises(DecisionRefused, match="in the meantime"):
        settle(MatchDecision(all=True, revision=1), standing(since=[Line(what, two("bb"), "console")]))


def test_a_swap_pins_the_new_two_pairs() -> None:
    found = settle(MatchDecision(swap=(Swap(one="a", other="b"),)), standing(), lets("ab", "ba"))
    assert ([line.what for line in found.lines()], set(found.pin)) == (
        ["swapped", "swapped", "pinned", "pinned"],
        {two("ab"), two("ba")},
    )


def test_a_swap_said_twice_is_one() -> None:
    stands = standing({"a": "swapped", "b": "swapped"}, since=[Line("swapped", two("aa"), "console")])
    assert settle(MatchDecision(swap=(Swap(one="a", other="b"),), revision=1), stands).lines() == []


@pytest.mark.parametrize(
    ("decision", "twos"),
    [(MatchDecision(pin=(two("ab"),)), ["ab"]), (MatchDecision(swap=(Swap(one="a", other="b"),)), ["ab", "ba"])],
)
def test_who_breaks_a_rule_is_not_put_together(decision: MatchDecision, twos: list[str]) -> None:
    with pytest.raises(DecisionRefused, match="must not be matched: too few levels"):
        settle(decision, standing(), lets(*twos, rule="too_few_levels"))


@pytest.mark.parametrize(
    ("decision", "values", "text"),
    [
        (MatchDecision(pin=(two("aa"), two("ba"))), {}, "would be pinned to .* and to "),
        (MatchDecision(pin=(two("aa"),)), {"pins": frozenset({two("ba")})}, "would be pinned to .* and to "),
        (MatchDecision(pin=(two("aa"), two("ab"))), {}, "with 1 free seat"),
        (MatchDecision(pin=(two("aa"),)), {"bans": frozenset({two("aa")})}, "are banned"),
        (MatchDecision(ban=(two("aa"),)), {"pins": frozenset({two("aa")})}, "are pinned"),
        (MatchDecision(refuse=("a",)), {"pins": frozenset({two("aa")})}, "are pinned"),
        (MatchDecision(approve=("a",)), {"pins": frozenset({two("ba")})}, "cannot be approved"),
        (MatchDecision(approve=("a",)), {"pins": frozenset({two("ab")})}, "with 0 free seats"),
    ],
)
def test_what_contradicts_a_pin_is_refused(decision: MatchDecision, values: dict[str, Any], text: str) -> None:
    with pytest.raises(DecisionRefused, match=text):
        settle(decision, standing(**values), lets("aa", "ab", "ba"))


def test_a_pin_is_taken_back_and_given_to_another_at_once() -> None:
    decision = MatchDecision(unpin=(two("ba"),), pin=(two("aa"),))
    found = settle(decision, standing(pins=frozenset({two("ba")})), lets("aa"))
    assert (found.unpin, found.pin) == ([two("ba")], [two("aa")])


def test_people_are_pinned_before_anything_was_proposed() -> None:
    assert settle(MatchDecision(pin=(two("aa"),)), standing({}, run=0), lets("aa")).pin == [two("aa")]


def test_what_stands_already_is_no_decision() -> None:
    stands = standing(pins=frozenset({two("aa")}), bans=frozenset({two("ab")}))
    decision = MatchDecision(pin=(two("aa"),), ban=(two("ab"),), unban=(two("bb"),), unpin=(two("bb"),))
    assert settle(decision, stands, lets("aa")).lines() == []
