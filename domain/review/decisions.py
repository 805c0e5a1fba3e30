"""What a decision about matches comes to: all of it, or a refusal in words.

Words hold ids and codes, since a refusal is recorded in the history of the cohort; the
console puts names in their place.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.review.decision_conflicts import (
    check_decided_by_others,
    check_named_once,
    check_run,
    listed,
)
from domain.review.pin_conflicts import check_pins
from domain.review.snapshot import (
    APPROVED,
    UNDECIDED,
    DecisionEntry,
    DecisionPlan,
    ReviewedMatch,
    ReviewSnapshot,
    exchanged,
)
from schemas.cohort import MatchDecision
from schemas.matches.review import CheckedMatch, DecisionRefused, MentorMentee

Swapped = tuple[ReviewedMatch, ReviewedMatch]


class _NamedMatches(NamedTuple):
    """The matches that a decision names, each once."""

    approve: list[ReviewedMatch]
    refuse: list[ReviewedMatch]
    swaps: list[Swapped]


def plan_decision(
    decision: MatchDecision,
    snapshot: ReviewSnapshot,
    checked_matches: Iterable[CheckedMatch] = (),
) -> DecisionPlan:
    """Returns what to write; the same decision again comes to nothing.

    Raises:
        DecisionRefused: it says two things about one match or two people, names what is
            not there, breaks a rule or contradicts a pin, or somebody decided otherwise
            about the same since it was reviewed.
    """
    _check_asks_something(decision, snapshot)
    check_run(decision, snapshot)
    check_named_once(decision)
    named = _named_matches(decision, snapshot)
    check_decided_by_others(decision, snapshot, list(_wanted(decision, named)))
    plan = DecisionPlan(rerun=decision.rerun)
    _plan_matches(decision, snapshot, named, plan)
    _plan_people(decision, snapshot, plan)
    _check_rules([*plan.pin, *_people_after(plan.swap)], checked_matches)
    check_pins(snapshot, plan)
    _check_something_is_left(decision, snapshot, plan)
    return plan


def _check_asks_something(decision: MatchDecision, snapshot: ReviewSnapshot) -> None:
    if not decision.decides:
        raise DecisionRefused("nothing is decided; say all, or name matches or people")
    names_people = decision.pin or decision.unpin or decision.ban or decision.unban
    if not snapshot.run and not names_people:
        raise DecisionRefused(
            "nothing was proposed yet; wait for the first run of matching"
        )


def _named_matches(decision: MatchDecision, snapshot: ReviewSnapshot) -> _NamedMatches:
    return _NamedMatches(
        [_find_match(match, snapshot) for match in dict.fromkeys(decision.approve)],
        [_find_match(match, snapshot) for match in dict.fromkeys(decision.refuse)],
        [
            (_find_match(swap.one, snapshot), _find_match(swap.other, snapshot))
            for swap in decision.swap
        ],
    )


def _find_match(match_id: str, snapshot: ReviewSnapshot) -> ReviewedMatch:
    """Returns the match, or for one of an older run the same two in the newest one."""
    match = snapshot.matches.get(match_id)
    if match is None:
        raise DecisionRefused(
            f"some of the matches are not in run {snapshot.run};"
            " take the ids from the review page"
        )
    if match.run == snapshot.run or match.decision in APPROVED:
        return match
    same_people = [
        other
        for other in snapshot.matches.values()
        if other.run == snapshot.run and other.people == match.people
    ]
    if not same_people:
        raise DecisionRefused(
            f"run {snapshot.run} has replaced the one that was reviewed,"
            f" and does not propose {match.people} any more;"
            f" look at it and decide again{listed(snapshot.since)}"
        )
    return min(same_people, key=lambda other: other.decision not in UNDECIDED)


def _wanted(decision: MatchDecision, named: _NamedMatches) -> Iterable[DecisionEntry]:
    """Yields what the record would say of all that is asked for."""
    swapped = [match for both in named.swaps for match in both]
    for what, people in (
        ("approved", [match.people for match in named.approve]),
        ("refused", [match.people for match in named.refuse]),
        ("swapped", [match.people for match in swapped]),
        ("pinned", [*decision.pin, *_people_after(named.swaps)]),
        ("unpinned", decision.unpin),
        ("banned", decision.ban),
        ("unbanned", decision.unban),
    ):
        yield from (DecisionEntry(what, two) for two in people)


def _plan_matches(
    decision: MatchDecision,
    snapshot: ReviewSnapshot,
    named: _NamedMatches,
    plan: DecisionPlan,
) -> None:
    plan.swap = [swap for swap in named.swaps if not _swapped_before(*swap)]
    approve = [*named.approve]
    if decision.all:
        swapped = [match for swap in plan.swap for match in swap]
        others = {match.id for match in (*approve, *named.refuse, *swapped)}
        approve += [
            match for match in snapshot.newest_matches() if match.id not in others
        ]
    plan.approve = [match for match in approve if not _decided(match, APPROVED)]
    plan.refuse = [match for match in named.refuse if not _decided(match, {"refused"})]


def _swapped_before(one: ReviewedMatch, other: ReviewedMatch) -> bool:
    if one.decision == other.decision == "swapped":
        return True
    same_mentor = one.people.mentor == other.people.mentor
    if same_mentor or one.people.mentee == other.people.mentee:
        raise DecisionRefused(
            f"{one.people} and {other.people} have nothing to exchange;"
            " swap matches of four people"
        )
    for match in (one, other):
        if match.decision != "proposed":
            raise _decided_otherwise(match)
    return False


def _decided(match: ReviewedMatch, as_asked: Iterable[str]) -> bool:
    """Whether it is decided already, and just so."""
    if match.decision in UNDECIDED:
        return False
    if match.decision in as_asked:
        return True
    raise _decided_otherwise(match)


def _decided_otherwise(match: ReviewedMatch) -> DecisionRefused:
    return DecisionRefused(
        f"{match.people} were decided otherwise before; reload the review page"
    )


def _people_after(swaps: Iterable[Swapped]) -> list[MentorMentee]:
    return [
        people for one, other in swaps for people in exchanged(one.people, other.people)
    ]


def _plan_people(
    decision: MatchDecision, snapshot: ReviewSnapshot, plan: DecisionPlan
) -> None:
    """Plans pins and bans without those that exist already; whoever is swapped is
    pinned, and a proposal of two who are banned is refused.
    """
    for people in (*decision.pin, *decision.ban):
        if (
            people.mentor not in snapshot.mentors
            or people.mentee not in snapshot.mentees
        ):
            raise DecisionRefused(
                f"{people}: the first must have a seat in this cohort,"
                " the second be enrolled in it"
            )
    pins = [*decision.pin, *_people_after(plan.swap)]
    plan.pin = _distinct(pins, without=snapshot.pins)
    plan.unpin = [
        people for people in _distinct(decision.unpin) if people in snapshot.pins
    ]
    plan.unban = [
        people for people in _distinct(decision.unban) if people in snapshot.bans
    ]
    banned = _distinct(decision.ban, without=snapshot.bans)
    plan.refuse += [
        match
        for match in snapshot.newest_matches()
        if match.people in banned and match not in plan.refuse
    ]
    plan.ban = _distinct(banned, without={match.people for match in plan.refuse})


def _distinct(
    people: Iterable[MentorMentee], without: Iterable[MentorMentee] = ()
) -> list[MentorMentee]:
    left_out = frozenset(without)
    return [two for two in dict.fromkeys(people) if two not in left_out]


def _check_rules(
    people: Sequence[MentorMentee], checked_matches: Iterable[CheckedMatch]
) -> None:
    checked = {match.people: match for match in checked_matches}
    for two in people:
        if two not in checked:
            raise DecisionRefused(
                f"nobody has looked yet whether the rules let {two}; decide again"
            )
        if rule := checked[two].broken_rule:
            raise DecisionRefused(
                f"{two} must not be matched: {rule.replace('_', ' ')}"
            )


def _check_something_is_left(
    decision: MatchDecision, snapshot: ReviewSnapshot, plan: DecisionPlan
) -> None:
    """Refuses to approve all where another reviewer has left nothing of it."""
    decisions = {
        match.decision
        for match in snapshot.matches.values()
        if match.run == snapshot.run
    }
    names_some = plan.approve or plan.refuse or decision.refuse
    by_others = decisions & {"refused", "lapsed", "replaced"}
    if decision.all and by_others and not names_some:
        raise DecisionRefused(
            "somebody decided in the meantime, and nothing is left to approve; look again"
        )
